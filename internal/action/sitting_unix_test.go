//go:build unix

package action

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// crowd runs subtests side by side, more than there are processors: they wait for people and
// for silences, and hardly use one.
type crowd struct {
	t       *testing.T
	free    chan struct{}
	running sync.WaitGroup
}

func newCrowd(t *testing.T) *crowd { return &crowd{t: t, free: make(chan struct{}, 8)} }

// run begins a subtest, once there is a place for it. Whoever calls it waits for running.
func (c *crowd) run(name string, test func(t *testing.T)) {
	c.free <- struct{}{}
	c.running.Go(func() {
		defer func() { <-c.free }()
		c.t.Run(name, test)
	})
}

// desk is a terminal with somebody at it.
type desk struct {
	test     *testing.T
	keyboard *os.File // and screen
	line     *os.File // what a program has of the terminal
	screen   transcript
	read     int // how much of the screen was looked at
}

// newDesk opens a terminal.
func newDesk(t *testing.T) *desk {
	t.Helper()
	keyboard, line, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{test: t, keyboard: keyboard, line: line}
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		for piece := make([]byte, 4096); ; {
			n, err := keyboard.Read(piece)
			_, _ = d.screen.Write(piece[:n])
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = line.Close()
		_ = keyboard.Close()
		<-shown
	})
	d.resize(100)
	return d
}

// sitting is a person at a terminal of their own, in whose shell a command runs.
type sitting struct {
	*stage
	*desk
	before *term.State
	shell  *exec.Cmd
}

// shellLines run a command in the way of a shell, which outlives it: they tell its exit code,
// and how many characters the next program to read the terminal gets.
const shellLines = `here=$PWD
trap : INT TERM
eval "$1"
echo "<exit $?>"
while [ ! -e "$here/looked" ]; do sleep 0.01; done
stty -icanon -echo min 0 time 2
echo "<left $(($(cat | wc -c)))>"`

// sit runs a command line in a shell at a new terminal, with the key, the vault and the server
// of the stage in its environment, beside variables.
func (s *stage) sit(command string, variables ...string) *sitting {
	s.t.Helper()
	path, err := program()
	if err != nil {
		s.t.Fatal(err)
	}
	p := &sitting{stage: s, desk: newDesk(s.t)}
	if p.before, err = term.GetState(int(p.line.Fd())); err != nil {
		s.t.Fatal(err)
	}
	p.shell = exec.Command("/bin/sh", "-c", shellLines, "sh", command)
	p.shell.Dir = s.t.TempDir()
	p.shell.Env = append([]string{
		"PATH=" + filepath.Dir(path) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"NAIRI_API_KEY=" + s.Key, "NAIRI_VAULT_ID=" + s.VaultID, "NAIRI_BASE_URL=" + s.BaseURL,
	}, variables...)
	p.shell.Stdin, p.shell.Stdout, p.shell.Stderr = p.line, p.line, p.line
	p.shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.shell.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = syscall.Kill(-p.shell.Process.Pid, syscall.SIGKILL)
		_ = p.shell.Wait()
	})
	return p
}

func (d *desk) resize(columns uint16) {
	d.test.Helper()
	if err := pty.Setsize(d.keyboard, &pty.Winsize{Rows: 30, Cols: columns}); err != nil {
		d.test.Fatal(err)
	}
}

// sees waits until the screen shows something that it did not show when it was last looked at.
func (d *desk) sees(text string) {
	d.test.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		screen := d.screen.String()
		if i := strings.Index(screen[d.read:], text); i >= 0 {
			d.read += i + len(text)
			return
		}
		if time.Now().After(end) {
			d.test.Fatalf("%q does not show: %q", text, screen)
		}
	}
}

// types presses keys, as a person or as a paste does.
func (d *desk) types(keys string) {
	d.test.Helper()
	if _, err := d.keyboard.WriteString(keys); err != nil {
		d.test.Fatal(err)
	}
}

// answers waits for a prompt and types.
func (d *desk) answers(prompt, keys string) {
	d.test.Helper()
	d.sees(prompt)
	d.types(keys)
}

// tells makes a file that the shell waits for.
func (p *sitting) tells(file string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.shell.Dir, file), nil, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

var toldByShell = regexp.MustCompile(`<(exit|left) (\d+)>`)

// ends waits for the end of the command. The terminal must be as it was, nothing of what was
// typed may be left for the shell, and no secret may show. It returns the screen until then.
func (p *sitting) ends(code int) string {
	p.t.Helper()
	p.sees("<exit ")
	p.sees(">")
	shown := strings.ReplaceAll(p.screen.String()[:p.read], "\r\n", "\n")
	after, err := term.GetState(int(p.line.Fd()))
	if err != nil || !reflect.DeepEqual(p.before, after) {
		p.t.Errorf("the terminal is in another mode than before: %v", err)
	}
	p.tells("looked")
	p.sees("<left ")
	p.sees(">")
	for _, word := range toldByShell.FindAllStringSubmatch(p.screen.String(), -1) {
		want := 0
		if word[1] == "exit" {
			want = code
		}
		if word[2] != strconv.Itoa(want) {
			p.t.Errorf("%s %s, want %d: %s", word[1], word[2], want, shown)
		}
	}
	for i, secret := range p.hidden {
		if strings.Contains(p.screen.String(), secret) {
			p.t.Errorf("secret %d shows", i)
		}
	}
	return shown
}

// shows checks what a command left on the screen.
func shows(t *testing.T, screen string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			t.Errorf("%q does not show: %s", text, screen)
		}
	}
}
