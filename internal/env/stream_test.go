package env_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
)

// streamed reads a file piece by piece.
func streamed(e env.Env, size int64) (text string, err error) {
	err = e.Stream(hidden, size, func(file io.Reader) error {
		read, err := io.ReadAll(file)
		text = string(read)
		return err
	})
	return text, err
}

// A file that comes piece by piece is the same as one that is read as a whole, and
// so are its limit and its errors, which hold no name.
func TestAStreamIsAsTheWholeFile(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]func() io.Reader{
		"empty":                func() io.Reader { return strings.NewReader("") },
		"short":                func() io.Reader { return strings.NewReader("abc\r\n\xff") },
		"as long as the limit": func() io.Reader { return strings.NewReader(strings.Repeat("x", limit)) },
		"longer by one":        func() io.Reader { return strings.NewReader(strings.Repeat("x", limit+1)) },
		"without an end":       func() io.Reader { return &endless{} },
		"broken":               func() io.Reader { return io.MultiReader(strings.NewReader(hidden), broken{}) },
	} {
		want, wantErr := of(file()).ReadFile(hidden, limit)
		text, err := streamed(of(file()), limit)
		if errors.Is(wantErr, env.ErrTooLarge) != errors.Is(err, env.ErrTooLarge) || (wantErr == nil) != (err == nil) {
			t.Errorf("%s: %v, want %v", name, err, wantErr)
		}
		if wantErr != nil && err.Error() != wantErr.Error() {
			t.Errorf("%s: %v, want %v", name, err, wantErr)
		}
		if name != "broken" && text != string(want) {
			t.Errorf("%s: %d bytes, want %d", name, len(text), len(want))
		}
	}
	failing := env.Env{Open: func(name string) (io.ReadCloser, error) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}}
	if _, err := streamed(failing, limit); err == nil || err.Error() != "names a file that does not exist" {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestAStreamIsClosed(t *testing.T) {
	t.Parallel()
	file := &closer{Reader: &endless{}}
	_, _ = streamed(env.Env{Open: func(string) (io.ReadCloser, error) { return file, nil }}, limit)
	if file.closed != 1 {
		t.Errorf("closed %d times, want once", file.closed)
	}
}

// Only a regular file is one: to open a pipe or a terminal may never end.
func TestAFileIsKnown(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := filepath.Join(folder, "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{name: true, folder: false, name + "-not": false, "a\x00b": false, os.DevNull: false} {
		if got := env.Process().IsFile(path); got != want {
			t.Errorf("%q is a file: %t", path, got)
		}
	}
}
