package action

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// programDir is where the program was built, once for all tests; "" for not yet.
var programDir string

// program builds the program as it is released, without the race detector, and
// returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "vault-secret")
	if err != nil {
		return "", err
	}
	programDir = dir
	path := filepath.Join(dir, "vault-secret")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	build := exec.Command("go", "build", "-o", path, "github.com/nairi-community/vault-secret")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, text)
	}
	return path, nil
})

func removeProgram() {
	if programDir != "" {
		_ = os.RemoveAll(programDir)
	}
}

// process is the real program at work on a stage.
type process struct {
	*stage
	attempt
	cmd    *exec.Cmd
	stdout transcript
	stderr bytes.Buffer
	done   chan struct{}
}

// start runs the real program with inputs added to those of the stage, and with
// no variable but the stage's. It is killed if it outlasts the test.
func (s *stage) start(with inputs) *process {
	s.t.Helper()
	path, err := program()
	if err != nil {
		s.t.Fatal(err)
	}
	p := &process{stage: s, attempt: s.attempt(with), done: make(chan struct{})}
	ctx, kill := context.WithCancel(context.Background())
	p.cmd = exec.CommandContext(ctx, path)
	p.cmd.Env = p.environment()
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		kill()
		s.t.Fatal(err)
	}
	go func() { defer close(p.done); _ = p.cmd.Wait() }()
	s.t.Cleanup(func() { kill(); <-p.done })
	return p
}

func (p *process) environment() []string {
	environment := []string{"SystemRoot=" + os.Getenv("SystemRoot")} // without it Windows has no sockets
	for name, text := range p.vars {
		environment = append(environment, name+"="+text)
	}
	return environment
}

// patience is how long a test waits for what is bound to come.
const patience = time.Minute

// until waits for something that the process or the server is about to do.
func (p *process) until(what string, came func() bool) {
	p.t.Helper()
	for end := time.Now().Add(patience); !came(); time.Sleep(2 * time.Millisecond) {
		select {
		case <-p.done:
			p.t.Fatalf("the program ended before %s: %s", what, unmasked(p.t, p.stdout.String()))
		default:
		}
		if time.Now().After(end) {
			p.t.Fatalf("there was no %s", what)
		}
	}
}

// wait returns what the process left behind, and checks that no secret is in it.
func (p *process) wait() ended {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatal("the program does not end")
	}
	if p.stderr.Len() > 0 {
		p.t.Error("standard error is not empty")
	}
	return p.ended(p.attempt, []byte(p.stdout.String()), p.cmd.ProcessState.ExitCode())
}

// ends is wait for a process that comes to its end by itself, as it should.
func (p *process) ends(code int, result string, errorCode problem.Code) ended {
	p.t.Helper()
	e := p.wait()
	e.ends(p.t, code, result, errorCode)
	return e
}

// steps are of two requests, the second of which writes, or of a write alone.
var steps = map[string]struct {
	with        inputs
	read, write nairitest.Kind
	done        string
}{
	"set by ID":   {rotation, "", nairitest.KindUpdate, "updated"},
	"set by name": {inputs{"env_key": "TOKEN", "value": value, "allowed_domains": hosts}, nairitest.KindList, nairitest.KindUpdate, "updated"},
	"create":      {inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}, nairitest.KindList, nairitest.KindCreate, "created"},
	"delete":      {inputs{"operation": "delete", "secret_id": tokenID}, nairitest.KindLook, nairitest.KindDelete, "deleted"},
}

// again is in the line about a request that will be sent again.
const again = ". Retrying "

// transcript is what a process has printed so far.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(b)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// atOnce runs subtests side by side, as many as wait well on few processors:
// t.Parallel would run as many as there are processors.
func atOnce[K ~string, T any](t *testing.T, tests map[K]T, test func(t *testing.T, tt T)) {
	const limit = 8
	var running sync.WaitGroup
	free := make(chan struct{}, limit)
	for name, tt := range tests {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			t.Run(string(name), func(t *testing.T) { test(t, tt) })
		})
	}
	running.Wait()
}
