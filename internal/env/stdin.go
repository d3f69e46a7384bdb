package env

import (
	"io"
	"io/fs"
	"os"
)

// StandardInput is the name by which the standard input of a command line is opened. No
// file can have it.
const StandardInput = "\x00"

// What is in the place of a file where somebody sits, and nobody piped anything in.
const (
	Terminal Unreadable = "is -, and standard input is a terminal"
	Typed    Unreadable = "names a terminal, where what is typed would show"
)

// WithInput returns the environment with a standard input to read from. What is typed at
// a terminal would show, and is not read, by whatever name.
func (e Env) WithInput(in *os.File, isTerminal func(*os.File) bool) Env {
	openFile, stat := e.Open, e.Stat
	e.Open = func(name string) (io.ReadCloser, error) {
		switch {
		case name != StandardInput:
			opened, err := openFile(name)
			if f, is := opened.(*os.File); is && isDevice(f) && isTerminal(f) {
				_ = f.Close()
				return nil, Typed
			}
			return opened, err
		case isTerminal(in):
			return nil, Terminal
		}
		return io.NopCloser(in), nil
	}
	e.Stat = func(name string) (fs.FileInfo, error) {
		if name == StandardInput {
			return in.Stat()
		}
		return stat(name)
	}
	return e
}

func isDevice(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}
