package ci

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// file is one that is open to be added to.
type file struct {
	io.WriteCloser
	source string // the input or the variable that named it
	name   string
	disk   *os.File // of a regular file, which can be cut back; nil for any other
}

// fileMode is for a file that the platform did not make before.
const fileMode = 0o600

// append opens the file that source names, to add to it: a regular file, a device
// such as /dev/null, or standard output by a name of its own. It waits for nobody,
// as the other end of a pipe may never come.
func (f *Files) append(source, name string) (*file, error) {
	opened, err := openToAppend(name)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat()
	isResult := err == nil && f.console.printsTo(info)
	switch {
	case isResult && f.console.command && info.Mode()&fs.ModeCharDevice == 0:
		err = refused("it is standard output, which is for the result")
	case isResult:
		return &file{WriteCloser: printed{f.console}, source: source, name: name}, opened.Close()
	case err == nil:
		err = f.refuse(info)
	}
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	added := &file{WriteCloser: opened, source: source, name: name}
	if info.Mode().IsRegular() {
		added.disk = opened
	}
	return added, nil
}

// printed is standard output in the place of a file. It stays open.
type printed struct{ io.Writer }

// Close implements io.Closer.
func (printed) Close() error { return nil }

// openToAppend opens a file to add to it, and to read its last byte where that is
// allowed.
func openToAppend(name string) (*os.File, error) {
	const flags = os.O_APPEND | os.O_CREATE | env.NoWait
	opened, err := os.OpenFile(name, flags|os.O_RDWR, fileMode)
	if errors.Is(err, fs.ErrPermission) {
		return os.OpenFile(name, flags|os.O_WRONLY, fileMode)
	}
	return opened, err
}

// refused is why nothing may be added to a file that can be opened.
type refused string

// Error implements error.
func (r refused) Error() string { return string(r) }

// refuse returns why nothing may be added to a file.
func (f *Files) refuse(info fs.FileInfo) error {
	if !info.Mode().IsRegular() && info.Mode()&fs.ModeCharDevice == 0 {
		return refused("it is not a regular file, and nothing may ever read from it")
	}
	for _, input := range f.inputs {
		if os.SameFile(input.Info, info) {
			return refused("it is the file that " + input.Input + " names, and the next run would read what is added to it")
		}
	}
	return nil
}

// unopened is the problem of a file that nothing can be added to. It does not
// repeat the file's name, as what was put in its place may be a secret.
func unopened(source string, err error) problem.Problem {
	return problem.Problem{
		Input: source, Text: "names a file that cannot be opened for writing" + reason(err),
		Hint: "Nothing was sent. Make sure that this run can write to that file.",
	}
}

// reason is what to say of why a file cannot be opened or written, behind the fact.
func reason(err error) string {
	var why refused
	switch {
	case errors.As(err, &why):
		return ": " + string(why)
	case errors.Is(err, fs.ErrNotExist):
		return ": its folder does not exist"
	case errors.Is(err, syscall.EISDIR):
		return ": it is a folder"
	case errors.Is(err, fs.ErrPermission):
		return ": this run may not write to it"
	case errors.Is(err, syscall.ENOSPC):
		return ": there is no room for it"
	}
	return ""
}

// finish adds the text and closes the file: some file systems tell only then that
// they had no room for it. What cannot be added whole is taken back, since a
// runner that finds half an output fails the step and with it the whole ones.
func (f *file) finish(what string, text []byte) error {
	before := f.size()
	_, err := f.Write(append(f.endOfLine(before), text...))
	if err = errors.Join(err, f.Close()); err == nil {
		return nil
	}
	lost := what + " cannot be written to the file that " + f.source + " names" + reason(err)
	if f.disk != nil && os.Truncate(f.name, before) != nil {
		lost += ", and the part that was written cannot be removed"
	}
	return errors.New(lost)
}

// size is how long a regular file is, in bytes.
func (f *file) size() int64 {
	if f.disk == nil {
		return 0
	}
	info, err := f.disk.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// endOfLine ends what somebody left in a file of this size without an end of its
// last line: it must not run into our first. Of a file that cannot be read there
// is nothing to be known.
func (f *file) endOfLine(size int64) []byte {
	if f.disk == nil || size == 0 {
		return nil
	}
	var last [1]byte
	if _, err := f.disk.ReadAt(last[:], size-1); err != nil || last[0] == '\n' {
		return nil
	}
	return []byte("\n")
}

// Spare keeps the files that the run reads from being added to: the next run
// would take what was added for theirs. Those that are open already are closed.
// That two names are of one file is not told by their spelling.
func (f *Files) Spare(read []env.Named) problem.List {
	f.inputs = read
	var problems problem.List
	if f.outputs != nil && f.spares(f.outputs, &problems) {
		f.outputs = nil
	}
	f.variables = slices.DeleteFunc(f.variables, func(opened *file) bool { return f.spares(opened, &problems) })
	return problems
}

// spares closes an open file that the run reads, and notes it.
func (f *Files) spares(opened *file, problems *problem.List) bool {
	if opened.disk == nil {
		return false
	}
	info, err := opened.disk.Stat()
	if err != nil {
		return false
	}
	why := f.refuse(info)
	if why == nil {
		return false
	}
	_ = opened.Close()
	*problems = append(*problems, unopened(opened.source, why))
	return true
}
