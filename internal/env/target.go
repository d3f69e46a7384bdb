package env

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Target is the file that a name stands for, to be written as a whole.
type Target struct {
	Folder string      // that the file is held in: the working folder, or that of a whole path
	Name   string      // in the folder, without links
	Info   fs.FileInfo // of the file that is there; nil if none is
}

// TargetOf is the file that a name stands for, by the rules for reading: a relative
// name stays in the working folder, through links too, and out of .git; and what is
// there must be a regular file. An error never holds the name.
func TargetOf(name string) (Target, error) {
	whole := filepath.IsAbs(name)
	if !whole && !filepath.IsLocal(name) {
		return Target{}, Outside
	}
	resolved, info, err := resolve(name)
	switch {
	case err != nil:
		return Target{}, withoutName(err)
	case info != nil && !info.Mode().IsRegular():
		return Target{}, kindOf(info.Mode())
	case whole:
		return Target{filepath.Dir(resolved), filepath.Base(resolved), info}, nil
	case !filepath.IsLocal(resolved):
		return Target{}, Outside
	case inGit(resolved):
		return Target{}, Git
	}
	return Target{".", resolved, info}, nil
}

// TargetIn is the file that a name stands for in a folder, which neither the name nor a link
// in it leaves: a relative name starts there. An error never holds the name.
func TargetIn(folder, name string) (Target, error) {
	if filepath.IsAbs(name) {
		name = relative(folder, name)
	}
	if !filepath.IsLocal(name) {
		return Target{}, Outside
	}
	if info, err := os.Stat(folder); err == nil && !info.IsDir() { // to open a pipe would wait for its other end
		return Target{}, FileOnWay
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return Target{}, inRoot(err)
	}
	defer func() { _ = root.Close() }()
	if _, err := root.Stat(filepath.Dir(name)); err != nil {
		return Target{}, inRoot(err)
	}
	info, err := root.Lstat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Target{}, inRoot(err)
	}
	return Target{folder, filepath.Clean(name), info}, nil
}

// relative is a whole path from a folder on. Either may be spelled with links, as the
// folders for temporary files of macOS are.
func relative(folder, name string) string {
	local, err := filepath.Rel(folder, name)
	if err == nil && filepath.IsLocal(local) {
		return local
	}
	inFolder, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		return local
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return local
	}
	resolved, _ := filepath.Rel(folder, filepath.Join(inFolder, filepath.Base(name)))
	return resolved
}

// resolve is a name without links, of a file that need not be there; its folder must be.
func resolve(name string) (string, fs.FileInfo, error) {
	if _, err := os.Lstat(name); err == nil {
		// What /dev/stdout links to has no name if it is a pipe.
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
			return name, info, nil
		}
		resolved, err := filepath.EvalSymlinks(name)
		if err != nil {
			return "", nil, err
		}
		info, err := os.Stat(resolved)
		return resolved, info, err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		return "", nil, err
	}
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return "", nil, FileOnWay
	}
	return filepath.Join(folder, filepath.Base(name)), nil, nil
}
