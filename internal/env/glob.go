package env

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Globber lists the names of the files that a pattern takes, sorted, or fails if
// there are more than most.
type Globber func(pattern string, most int) (names []string, err error)

// Errors of a pattern. Neither holds the pattern nor a name.
var (
	ErrPattern     = errors.New("has a [ that is never closed")
	ErrManyMatches = errors.New("matches too many files")
)

// maxListed is how many names are looked at for one pattern: a repository may have
// a folder of a million files.
const maxListed = 100_000

// wild are the characters of a pattern. What stands between two slashes is compared
// with the names of one folder (path.Match).
const wild = "*?["

// IsPattern reports whether a name is a pattern of names.
func IsPattern(name string) bool { return strings.ContainsAny(name, wild) }

// glob lists files of the working folder. Like open it follows links within it and
// leaves it through none. As in a shell, a wildcard does not take a name that begins
// with a dot, such as .git, unless the pattern says the dot.
func glob(pattern string, most int) ([]string, error) {
	if !filepath.IsLocal(pattern) {
		return nil, Outside
	}
	parts := strings.Split(path.Clean(filepath.ToSlash(pattern)), "/")
	for _, part := range parts {
		if _, err := path.Match(part, ""); err != nil {
			return nil, ErrPattern
		}
	}
	root, err := os.OpenRoot(".")
	if err != nil {
		return nil, withoutName(err)
	}
	defer func() { _ = root.Close() }()
	g := globbing{root: root, most: most}
	if err := g.in(".", parts); err != nil {
		return nil, err
	}
	slices.Sort(g.names)
	return g.names, nil
}

// globbing is a search for the files of one pattern.
type globbing struct {
	root   *os.Root
	most   int // files
	listed int // names so far
	names  []string
}

// in looks for the rest of a pattern in a folder.
func (g *globbing) in(folder string, parts []string) error {
	part, rest := parts[0], parts[1:]
	if !IsPattern(part) {
		return g.found(path.Join(folder, part), rest)
	}
	entries, err := g.list(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if fits, _ := path.Match(part, name); !fits || name[0] == '.' && part[0] != '.' {
			continue
		}
		if err := g.found(path.Join(folder, name), rest); err != nil {
			return err
		}
	}
	return nil
}

// found goes on with what a part of the pattern took: a file where the pattern ends,
// a folder before that. What is neither is not meant.
func (g *globbing) found(name string, rest []string) error {
	info, err := g.root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return inRoot(err)
	case info.IsDir() && len(rest) > 0:
		return g.in(name, rest)
	case info.IsDir() || len(rest) > 0:
		return nil
	}
	if g.names = append(g.names, name); len(g.names) > g.most {
		return fmt.Errorf("%w: more than %d", ErrManyMatches, g.most)
	}
	return nil
}

// list are the names in a folder, in any order.
func (g *globbing) list(folder string) ([]fs.DirEntry, error) {
	f, err := g.root.Open(folder)
	if err != nil {
		return nil, inRoot(err)
	}
	defer func() { _ = f.Close() }()
	entries, err := f.ReadDir(maxListed - g.listed + 1)
	if g.listed += len(entries); g.listed > maxListed {
		return nil, fmt.Errorf("%w: there are more than %d names to compare it with", ErrManyMatches, maxListed)
	}
	if err != nil && len(entries) == 0 && !errors.Is(err, io.EOF) {
		return nil, inRoot(err)
	}
	return entries, nil
}
