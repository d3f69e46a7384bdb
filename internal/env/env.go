// Package env is the outside for reading: the variables and the files of a run.
//
// It alone reads the environment and files of the process. All others are handed
// an Env, so that a test can be any machine, and so that every read has a bound
// and ends with the run.
package env

import (
	"bytes"
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
	// Names lists the names of all variables, in any order; nil where nobody
	// asks for them.
	Names func() []string
	// Stat describes a file, as os.Stat does; nil where nothing is known of files
	// but their text.
	Stat func(name string) (fs.FileInfo, error)
	// Glob lists files by a pattern; nil where there are none to list.
	Glob Globber
}

// Process returns the environment of this process.
func Process() Env {
	return Env{Lookup: os.LookupEnv, Open: open, Stat: os.Stat, Names: processNames, Glob: glob}
}

// Named is a file that a run reads, and the input that names it.
type Named struct {
	Input string
	Info  fs.FileInfo
}

// processNames are the names of the variables of this process, without those in
// which Windows keeps the folder of each drive (=C:).
func processNames() []string {
	var names []string
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// IsFile reports whether a name is that of a regular file.
func (e Env) IsFile(name string) bool {
	if e.Stat == nil {
		return false
	}
	info, err := e.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// Get returns a variable, or "" if it is not set.
func (e Env) Get(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// IsTrue reports whether a variable is true, as the runners set theirs.
func (e Env) IsTrue(name string) bool { return strings.EqualFold(e.Get(name), "true") }

// ErrTooLarge is the error for a file that is longer than the limit.
var ErrTooLarge = errors.New("names a file that is too large")

// ReadFile reads a file of at most limit bytes. Of a longer one it returns the
// first limit bytes and ErrTooLarge. An error never holds the name of the file:
// that may be a secret which was put in the wrong place.
func (e Env) ReadFile(name string, limit int64) ([]byte, error) {
	f, err := e.Open(name)
	if err != nil {
		return nil, withoutName(err)
	}
	defer func() { _ = f.Close() }()
	var text bytes.Buffer
	text.Grow(e.room(name, limit))
	_, err = text.ReadFrom(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, withoutName(err)
	case int64(text.Len()) > limit:
		return text.Bytes()[:limit], fmt.Errorf("%w: more than %s", ErrTooLarge, size(limit))
	}
	return text.Bytes(), nil
}

// room is what a file will need to be read at once. Its size is no promise.
func (e Env) room(name string, limit int64) int {
	if e.Stat == nil {
		return 0
	}
	info, err := e.Stat(name)
	if err != nil {
		return 0
	}
	return int(min(max(info.Size(), 0), limit)) + bytes.MinRead
}

// size is a number of bytes for people.
func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// Find is why there is no file of a name that could be read; nil if there is, or if
// nothing is known of files. It opens none.
func (e Env) Find(name string) error {
	if e.Stat == nil {
		return nil
	}
	info, err := e.Stat(name)
	switch {
	case err != nil:
		return withoutName(err)
	case !readable(info.Mode()):
		return kindOf(info.Mode())
	}
	return nil
}

// ReadRegular reads a file as ReadFile does, and refuses at once what is no
// regular file: nobody puts a pipe or a terminal there that will ever end.
func (e Env) ReadRegular(name string, limit int64) ([]byte, error) {
	if err := e.mustBeRegular(name); err != nil {
		return nil, err
	}
	return e.ReadFile(name, limit)
}

// mustBeRegular is the error for a file of another kind. One that is not there has
// its own, once it is opened.
func (e Env) mustBeRegular(name string) error {
	if e.Stat == nil {
		return nil
	}
	if info, err := e.Stat(name); err == nil && !info.Mode().IsRegular() {
		return kindOf(info.Mode())
	}
	return nil
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
