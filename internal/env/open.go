package env

import (
	"cmp"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// open opens a file as an input names it.
//
// A relative name is for what came with the repository, and anybody who may open
// a pull request can put a link there: it is held in the working folder, and
// names a regular file. A whole path is the choice of whoever wrote the workflow,
// and may be a pipe or a terminal.
func open(name string) (io.ReadCloser, error) {
	if filepath.IsAbs(name) {
		return openWhole(name)
	}
	return openWithin(name)
}

// openWithin opens a regular file of the working folder. Links within it are
// followed; os.Root holds what is opened in it, whatever becomes of the names
// meanwhile.
func openWithin(name string) (io.ReadCloser, error) {
	if !filepath.IsLocal(name) {
		return nil, Outside
	}
	resolved, err := filepath.EvalSymlinks(name)
	switch {
	case err != nil:
		_, reason := os.Stat(name) // in the system's own words
		return nil, cmp.Or(reason, err)
	case !filepath.IsLocal(resolved):
		return nil, Outside
	case inGit(resolved):
		return nil, Git
	}
	if info, err := os.Stat(resolved); err == nil && !info.Mode().IsRegular() {
		return nil, kindOf(info.Mode())
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	f, err := root.OpenFile(resolved, os.O_RDONLY|NoWait, 0)
	if err != nil {
		return nil, err
	}
	return only(f, fs.FileMode.IsRegular)
}

// openWhole opens a file by its whole path. To open a pipe waits for who writes
// to it: done without waiting, an end would be read before a beginning.
func openWhole(name string) (io.ReadCloser, error) {
	flags := os.O_RDONLY | NoWait
	if info, err := os.Stat(name); err == nil {
		if !readable(info.Mode()) {
			return nil, kindOf(info.Mode())
		}
		if info.Mode()&fs.ModeNamedPipe != 0 {
			flags = os.O_RDONLY
		}
	}
	f, err := os.OpenFile(name, flags, 0)
	if err != nil {
		return nil, err
	}
	return only(f, readable)
}

// readable reports whether text may come from a file: of a disk it would be the
// raw blocks.
func readable(mode fs.FileMode) bool {
	return mode.IsRegular() || mode&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0
}

// only closes what is not of the right kind.
func only(f *os.File, right func(fs.FileMode) bool) (io.ReadCloser, error) {
	info, err := f.Stat()
	if err == nil && !right(info.Mode()) {
		err = kindOf(info.Mode())
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// inGit reports whether a file without links in its name is in .git, in any of
// the spellings that a file system takes for it: .GIT, .git with a dot behind it
// and GIT~1 are one folder on Windows.
func inGit(name string) bool {
	folder := "."
	for _, part := range strings.Split(filepath.ToSlash(name), "/") {
		git := filepath.Join(folder, ".git")
		if folder = filepath.Join(folder, part); strings.EqualFold(part, ".git") || same(folder, git) {
			return true
		}
	}
	return false
}

func same(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
