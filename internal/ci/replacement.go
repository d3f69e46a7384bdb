package ci

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Replacement is a file that will stand in the place of another as a whole, or not at
// all: it is written beside it, and renamed once the disk has it. Readers see the old
// text or the new one, whenever the run ends.
type Replacement struct {
	root   *os.Root
	file   *os.File
	name   string // to take the place of
	beside string // that of the file until then
	source string // the input that named it
	// there is the file as it was when the run looked, nil for none: what somebody else
	// wrote meanwhile is not replaced. any says that it may be.
	there fs.FileInfo
	any   bool
}

// ErrNotReplaced is the error for a file that could not be written.
var ErrNotReplaced = errors.New("names a file that cannot be written")

// Replace opens a replacement for the file that source names, before anything is sent.
// One that is there is only replaced if overwrite says so.
func (f *Files) Replace(source, name string, overwrite bool) (*Replacement, problem.List) {
	target, err := env.TargetOf(name)
	if err == nil && target.Info != nil {
		err = f.mustStay(target.Info, overwrite)
	}
	if err != nil {
		return nil, problem.List{unreplaced(source, err)}
	}
	r := &Replacement{name: target.Name, source: source, there: target.Info}
	if err := r.open(target, f.random); err != nil {
		r.Discard()
		return nil, problem.List{unopened(source, err)}
	}
	return r, nil
}

// mustStay is why a file that is there is not replaced; nil if it may be.
func (f *Files) mustStay(there fs.FileInfo, overwrite bool) error {
	switch {
	case !overwrite:
		return refused("it exists already")
	case f.writes(there) || f.console.printsTo(there):
		return refused("the outputs are added to it")
	}
	return nil
}

// unreplaced is the problem of a name that no file can be written to.
func unreplaced(source string, err error) problem.Problem {
	p := unopened(source, err)
	var why env.Unreadable
	switch {
	case errors.Is(err, env.NotThere):
		p = unopened(source, fs.ErrNotExist)
	case errors.As(err, &why):
		p.Text = string(why)
	}
	return p
}

// ofRunner are the variables that name files of the runner beside that of the outputs:
// it reads them when the step is over (actions/runner, FileCommandManager.cs).
var ofRunner = []string{"GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"}

// writes reports whether a file is one that outputs are added to, or the runner's: what
// is in it would be lost.
func (f *Files) writes(info fs.FileInfo) bool {
	for _, variable := range ofRunner {
		name := f.env.Get(variable)
		if other, err := env.TargetOf(name); name != "" && err == nil && other.Info != nil && os.SameFile(other.Info, info) {
			return true
		}
	}
	for _, opened := range append([]*file{f.outputs}, f.variables...) {
		if opened == nil || opened.disk == nil {
			continue
		}
		if other, err := opened.disk.Stat(); err == nil && os.SameFile(other, info) {
			return true
		}
	}
	return false
}

// publicMode is for a file that holds no secret; the umask of the step takes from it.
const publicMode = 0o666

// open makes the file beside the other, with the permissions of that.
func (r *Replacement) open(target env.Target, random io.Reader) (err error) {
	var token [8]byte
	if _, err := io.ReadFull(random, token[:]); err != nil {
		return err
	}
	if r.root, err = os.OpenRoot(target.Folder); err != nil {
		return err
	}
	folder, name := filepath.Split(target.Name)
	r.beside = filepath.Join(folder, "."+name+"."+hex.EncodeToString(token[:])+".tmp")
	if r.file, err = r.root.OpenFile(r.beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, publicMode); err != nil {
		return err
	}
	if target.Info == nil {
		return nil
	}
	return r.file.Chmod(target.Info.Mode().Perm())
}

// Write puts the text in the place of the file.
func (r *Replacement) Write(text []byte) error {
	defer r.Discard()
	_, err := r.file.Write(text)
	if err = errors.Join(err, r.file.Sync(), r.file.Close()); err == nil {
		err = r.move()
	}
	r.file = nil
	if err != nil {
		_ = r.root.Remove(r.beside)
		return fmt.Errorf("%s %w%s", r.source, ErrNotReplaced, reason(err))
	}
	return nil
}

// What somebody else did to the file while the run lasted.
const (
	changedSince refused = "it was changed while this run lasted. Run it again"
	madeSince    refused = "it was not there when this run began, and is now. Run it again"
)

// move gives the file its name. Where none was there a link does: unlike a new name, it
// replaces nothing. Between the last look at a file that is there and its replacement is
// no time in which anybody edits it.
func (r *Replacement) move() error {
	now, err := r.root.Stat(r.name)
	switch {
	case r.any:
	case r.there == nil && err == nil:
		return madeSince
	case r.there == nil:
		switch err := r.root.Link(r.beside, r.name); {
		case err == nil:
			_ = r.root.Remove(r.beside)
			return nil
		case errors.Is(err, fs.ErrExist):
			return madeSince
		} // and not every file system has links
	case err != nil || !os.SameFile(now, r.there) || now.Size() != r.there.Size() || !now.ModTime().Equal(r.there.ModTime()):
		return changedSince
	}
	return r.root.Rename(r.beside, r.name)
}

// Discard removes what was opened, if it is still there.
func (r *Replacement) Discard() {
	if r == nil || r.root == nil {
		return
	}
	if r.file != nil {
		_ = r.file.Close()
		_ = r.root.Remove(r.beside)
	}
	_ = r.root.Close()
	r.root = nil
}
