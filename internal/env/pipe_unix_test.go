//go:build unix

package env_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
)

// pipe makes a named pipe in a folder and goes there.
func pipe(t *testing.T) (whole string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := filepath.Abs("pipe")
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// Nobody ever writes to a pipe that came with a repository.
func TestAPipeInTheWorkingFolderIsNotWaitedFor(t *testing.T) {
	whole := pipe(t)
	if _, err := env.Process().ReadFile("pipe", limit); !errors.Is(err, env.Pipe) {
		t.Errorf("%v", err)
	}
	if _, err := env.Process().ReadRegular(whole, limit); !errors.Is(err, env.Pipe) {
		t.Errorf("as a regular file: %v", err)
	}
}

// A shell hands a value over as <(command), or a program by /dev/stdin: it is
// read to its end, whoever of the two comes first.
func TestAPipeByItsWholePathIsReadToItsEnd(t *testing.T) {
	whole := pipe(t)
	for range 20 {
		go func() {
			if f, err := os.OpenFile(whole, os.O_WRONLY, 0); err == nil {
				_, _ = f.WriteString("te")
				_, _ = f.WriteString("xt")
				_ = f.Close()
			}
		}()
		if text, err := env.Process().Until(t.Context()).ReadFile(whole, limit); err != nil || string(text) != "text" {
			t.Fatalf("%q, %v", text, err)
		}
	}
}

// A pipe to which nobody writes ends with the run.
func TestAPipeWithoutAWriterEndsWithTheRun(t *testing.T) {
	whole := pipe(t)
	ctx, cancel := context.WithCancel(t.Context())
	e := env.Process().Until(ctx)
	done := make(chan error)
	go func() {
		_, err := e.ReadFile(whole, limit)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// What still waits in open(2) is let go, so that no goroutine outlasts the test.
	if f, err := os.OpenFile(whole, os.O_RDWR, 0); err == nil {
		_ = f.Close()
	}
}

func TestWhatIsNoRegularFileIsNamed(t *testing.T) {
	for name, want := range map[string]env.Unreadable{os.TempDir(): env.Folder, "/dev/null": env.Device} {
		if _, err := env.Process().ReadRegular(name, limit); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text, err := env.Process().ReadFile("/dev/null", limit); err != nil || len(text) > 0 {
		t.Errorf("%q, %v", text, err)
	}
}

// Nor is one that stands in the place of the folder for temporary files.
func TestAPipeIsNoFolderAndIsNotWaitedFor(t *testing.T) {
	whole := pipe(t)
	if _, err := env.TargetIn(whole, "new"); !errors.Is(err, env.FileOnWay) {
		t.Errorf("%v", err)
	}
}
