package e2e

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// containerSignals are the ways to end a container. Docker kills one that is
// still there ten seconds after a stop, and the exit code is then 137.
var containerSignals = map[string]func(t *testing.T, run *exec.Cmd, name string){
	// As GitHub cancels a step (actions/runner, ProcessInvoker.cs).
	"SIGINT to docker run": func(t *testing.T, run *exec.Cmd, _ string) {
		if err := run.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
	},
	"docker kill --signal INT": func(t *testing.T, _ *exec.Cmd, name string) { docker(t, "kill", "--signal", "INT", name) },
	"docker stop":              func(t *testing.T, _ *exec.Cmd, name string) { docker(t, "stop", name) },
}

func checkContainerSignals(t *testing.T, s site) {
	for name, strike := range containerSignals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkContainerSignal(t, s, strike)
		})
	}
}

// The first process of a container gets no signal that it does not ask for: it
// has to be the program, and to ask.
func checkContainerSignal(t *testing.T, s site, strike func(t *testing.T, run *exec.Cmd, name string)) {
	c := s.newStep(t, 0o644, s.onNetwork()...)
	name := c.name + "-" + c.vault.VaultID
	c.options = append(c.options, "--name="+name)
	s.later(t, "rm", "--force", name)
	arrived := holdRequests(c.vault)
	run := c.command(t, creation)
	var log bytes.Buffer
	run.Stdout, run.Stderr = &log, &log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = run.Wait(); close(ended) }()
	select {
	case <-arrived:
		strike(t, run, name)
	case <-ended:
		t.Error("it ended before it sent a request")
	}
	<-ended

	diff := cmp.Diff(failure(c.vault, "DATABASE_URL", "cancelled"), c.outputs(t))
	if code := run.ProcessState.ExitCode(); code != 130 || diff != "" {
		t.Errorf("exit code %d, want 130; outputs, - wanted, + set:\n%s", code, diff)
	}
	if sent := c.vault.sent(); len(sent) != 1 {
		t.Errorf("it sent %q, want the one before the signal", sent)
	}
	c.checkShown(t, log.String())
}

// holdRequests lets no request be answered, and tells of the first.
func holdRequests(v vault) (arrived <-chan struct{}) {
	first := make(chan struct{})
	tell := sync.OnceFunc(func() { close(first) })
	v.Set(func(o *nairitest.Options) {
		o.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			tell()
			<-r.Context().Done()
			return true
		}
	})
	return first
}
