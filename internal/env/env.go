// Package env is the outside for reading: the variables and the files of a run.
//
// It alone reads the environment and files of the process. All others are handed
// an Env, so that a test can be any machine, and so that every read has a bound
// and ends with the run.
package env

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Lookup returns a variable of the environment, as os.LookupEnv does.
type Lookup func(name string) (value string, found bool)

// Opener opens a file for reading by its name, as os.Open does.
type Opener func(name string) (io.ReadCloser, error)

// Env is an environment to read from.
type Env struct {
	Lookup Lookup
	Open   Opener
}

// Process returns the environment of this process.
func Process() Env {
	return Env{
		Lookup: os.LookupEnv,
		Open:   func(name string) (io.ReadCloser, error) { return os.Open(name) },
	}
}

// Get returns a variable, or "" if it is not set.
func (e Env) Get(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// IsTrue reports whether a variable is true, as the runners set theirs.
func (e Env) IsTrue(name string) bool { return strings.EqualFold(e.Get(name), "true") }

// ErrTooLarge is the error for a file that is longer than the limit.
var ErrTooLarge = errors.New("the file is too large")

// ReadFile reads a file of at most limit bytes. Of a longer one it returns the
// first limit bytes and ErrTooLarge. An error never holds the name of the file:
// that may be a secret which was put in the wrong place.
func (e Env) ReadFile(name string, limit int64) ([]byte, error) {
	f, err := e.Open(name)
	if err != nil {
		return nil, withoutName(err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, withoutName(err)
	case int64(len(text)) > limit:
		return text[:limit], fmt.Errorf("%w: more than %s", ErrTooLarge, size(limit))
	}
	return text, nil
}

// size is a number of bytes for people.
func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// withoutName is what happened to a file, without its name.
func withoutName(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err // of Until, whose errors hold no name
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("the file may not be read")
	}
	return errors.New("the file cannot be read")
}

// Until returns the environment with files whose reading ends when ctx does. A
// pipe or a terminal may never open or never end, and neither call can be
// interrupted, so both happen beside the run. That a file cannot be opened is
// therefore the error of its first read. After the end no file is opened.
func (e Env) Until(ctx context.Context) Env {
	open := e.Open
	e.Open = func(name string) (io.ReadCloser, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		reader, writer := io.Pipe()
		stop := context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
		go func() {
			defer stop()
			// A panic here would end the program, with its message.
			defer func() {
				if recover() != nil {
					_ = writer.CloseWithError(errors.New("a mistake in reading the file"))
				}
			}()
			_ = writer.CloseWithError(copyFile(writer, open, name))
		}()
		return reader, nil
	}
	return e
}

func copyFile(w io.Writer, open Opener, name string) error {
	f, err := open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(w, f)
	return err
}
