package env

import (
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
