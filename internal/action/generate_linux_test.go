package action

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// While a generated value is on its way to the vault, it is in its file, and nowhere else
// that another process could look. If nobody hears what became of it, the file stays.
func TestAGeneratedValueOnItsWayIsInItsFileAlone(t *testing.T) {
	t.Parallel()
	for name, interrupted := range map[string]bool{"done": false, "interrupted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			temp := t.TempDir()
			s.env["RUNNER_TEMP"], s.env["GITHUB_ENV"] = temp, filepath.Join(temp, "env")
			began, goOn := make(chan struct{}), make(chan struct{})
			s.Set(func(o *nairitest.Options) {
				o.Intercept = func(http.ResponseWriter, *http.Request) bool { close(began); <-goOn; return false }
			})
			p := s.start(inputs{"secret_id": tokenID, "generate": "base64url", "generated_file": "new", "generated_env": "NEW"})
			<-began
			value := string(contents(filepath.Join(temp, "new")))
			if len(value) != 43 {
				t.Errorf("the file has %d bytes", len(value))
			}
			p.showsNowhere(value)
			want := 0
			if interrupted {
				want = report.ExitCancelled
				p.interruptTwice()
			} else {
				close(goOn)
			}
			<-p.done
			if interrupted {
				close(goOn)
			}
			if got := p.cmd.ProcessState.ExitCode(); got != want {
				t.Errorf("exit code %d, want %d", got, want)
			}
			after := runnertest.GitHub().Run(runnertest.Job{Steps: []runnertest.Step{{Stdout: []byte(p.stdout.String() + value + "\n")}}})
			if strings.Contains(after.Visible(), value) || strings.Contains(string(contents(filepath.Join(p.dir, "output")))+string(contents(filepath.Join(p.dir, "summary"))), value) {
				t.Error("the value shows")
			}
			variables, err := runnertest.ParseOutputs(contents(filepath.Join(temp, "env")))
			if err != nil || variables["NEW"] != value || string(contents(filepath.Join(temp, "new"))) != value {
				t.Errorf("%v, or later steps have another value", err)
			}
		})
	}
}

// interruptTwice ends a run at once, whatever it waits for.
func (p *process) interruptTwice() {
	p.t.Helper()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := p.cmd.Process.Signal(signal); err != nil {
			p.t.Fatal(err)
		}
	}
}

// showsNowhere checks that no process has a value in its arguments, and that the program has
// it neither in its environment nor in the names of the files that it has open.
func (p *process) showsNowhere(value string) {
	p.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(all) == 0 {
		p.t.Fatalf("there are no processes: %v", err)
	}
	own := fmt.Sprintf("/proc/%d/", p.cmd.Process.Pid)
	for _, name := range append(all, own+"environ", own+"comm", own+"maps") {
		if strings.Contains(string(contents(name)), value) {
			p.t.Errorf("the value is in %s", name)
		}
	}
	open, _ := filepath.Glob(own + "fd/*")
	for _, name := range open {
		if target, _ := os.Readlink(name); strings.Contains(target, value) {
			p.t.Errorf("the value is the name of an open file")
		}
	}
}

// A value that later steps cannot have in a variable is no mistake in this program. Without a
// vault that has it, nothing has.
func TestAValueThatCannotBeSetForLaterSteps(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		inputs inputs
		code   int
		result string
		error  string
		bytes  int // in the file
	}{
		"for them alone": {
			inputs{"operation": "generate", "vault_id": "__not_given__", "api_key": "__not_given__"}, report.ExitBadInput, "failed", "bad_input", 0,
		},
		"for a vault": {inputs{"secret_id": tokenID}, report.ExitUnknown, "updated", "", 64},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			temp := t.TempDir()
			s.env["RUNNER_TEMP"], s.env["GITHUB_ENV"] = temp, "/dev/full"
			maps.Copy(want.inputs, inputs{"generate": "hex", "generated_file": "new", "generated_env": "NEW"})
			p := s.start(want.inputs)
			<-p.done
			outputs, err := runnertest.ParseOutputs(contents(filepath.Join(p.dir, "output")))
			if code := p.cmd.ProcessState.ExitCode(); err != nil || code != want.code || outputs["result"] != want.result || outputs["error_code"] != want.error {
				t.Errorf("%v, exit code %d, outputs %v", err, code, outputs)
			}
			if n := len(contents(filepath.Join(temp, "new"))); n != want.bytes {
				t.Errorf("the file has %d bytes", n)
			}
			if log := p.stdout.String(); !strings.Contains(log, "The generated value cannot be written to the file that GITHUB_ENV names: there is no room for it.") || strings.Contains(log, "removed") {
				t.Errorf("the log tells something else: %s", log)
			}
		})
	}
}
