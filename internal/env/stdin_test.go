package env

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestStandardInputIsOpenedByNoNameOfAFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "-")
	if err := os.WriteFile(name, []byte("a text"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	e := Env{Open: func(string) (io.ReadCloser, error) { return nil, os.ErrNotExist }, Stat: func(string) (os.FileInfo, error) { return nil, os.ErrNotExist }}
	with := e.WithInput(in, func(*os.File) bool { return false })
	if text, err := with.ReadFile(StandardInput, 10); err != nil || string(text) != "a text" {
		t.Errorf("read %q, %v", text, err)
	}
	if _, err := with.ReadFile("-", 10); !errors.Is(err, NotThere) {
		t.Errorf("a file named -: %v", err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := with.Stat(StandardInput); err != nil || !os.SameFile(got, info) {
		t.Errorf("standard input is %v, %v", got, err)
	}
	if _, err := with.Stat("-"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file named - is there: %v", err)
	}
	if _, err := e.WithInput(in, func(*os.File) bool { return true }).ReadFile(StandardInput, 10); !errors.Is(err, Terminal) {
		t.Errorf("a terminal is read: %v", err)
	}
}
