//go:build unix

package action

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/term"
)

// However a prompt is ended from outside, the terminal is as it was, and the run is told to
// its end.
func TestASignalLeavesATerminalAsItWas(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTERM} {
		for command, asks := range map[string]string{set: prompt, "vault-secret delete TOKEN": "[y/N] "} {
			t.Run(s.String()+", "+command, func(t *testing.T) {
				t.Parallel()
				p := newStage(t).sit(toldPID + command + "'")
				p.sees(asks)
				p.types("y")
				p.signals(s)
				shows(t, p.ends(130), "The run was cancelled. Nothing was changed.")
			})
		}
	}
}

// A terminal that goes away while something is written does not take the outputs with it.
func TestAHangUpIsToldInTheOutputs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.script("update:delay-after-commit=2s")
	p := s.sit(toldPID+"vault-secret set TOKEN --value-env NEW --output-file told.env'", "NEW="+value)
	p.sees("<pid ")
	for end := time.Now().Add(patience); len(s.History()) == 0; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing was written")
		}
	}
	p.signals(syscall.SIGHUP)
	p.ends(130)
	told, err := os.ReadFile(filepath.Join(p.shell.Dir, "told.env"))
	if err != nil || !strings.Contains(string(told), "NAIRI_RESULT=updated\n") {
		t.Errorf("the outputs are missing: %v", err)
	}
}

// Who asked for it, as nohup does, is not ended by a terminal that goes away.
func TestAHangUpThatIsIgnoredEndsNothing(t *testing.T) {
	t.Parallel()
	p := newStage(t).sit("trap '' HUP; " + toldPID + "vault-secret delete TOKEN'")
	p.sees("[y/N] ")
	p.signals(syscall.SIGHUP)
	p.types("y\n")
	p.ends(0)
}

// A program that was stopped finds the terminal as a shell left it, which shows what is typed.
func TestASecretStaysHiddenAfterAStop(t *testing.T) {
	t.Parallel()
	p := newStage(t).sit(toldPID + set + "'")
	p.sees(prompt)
	p.signals(syscall.SIGSTOP)
	if err := term.Restore(int(p.line.Fd()), p.before); err != nil {
		t.Fatal(err)
	}
	p.signals(syscall.SIGCONT)
	for end := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		mode, err := term.GetState(int(p.line.Fd()))
		if err != nil || time.Now().After(end) {
			t.Fatalf("the terminal shows what is typed: %v", err)
		}
		if !reflect.DeepEqual(mode, p.before) {
			break
		}
	}
	p.types(value + "\n")
	p.answers(repeat, value+"\n")
	p.ends(0)
}
