package ci

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/env"
)

// Workspace is the folder of the repository. By names in it, the pages of a forge show
// annotations.
type Workspace struct{ env env.Env }

// WorkspaceOf is the workspace of a run.
func WorkspaceOf(e env.Env) Workspace { return Workspace{e} }

// place is a place in a file of the repository.
type place struct {
	file         string // "" for none
	line, column int
}

// file is the name of a file from the workspace, or "" if it is not in it, or if its
// name is none that could be shown without a mask. A step need not run in the
// workspace: what stands there by the name must be that very file.
func (w Workspace) file(name string) string {
	root := w.env.Get("GITHUB_WORKSPACE")
	if name == "" || root == "" || w.env.Stat == nil {
		return ""
	}
	there, err := w.env.Stat(name)
	if err != nil {
		return ""
	}
	for _, candidate := range w.candidates(root, name) {
		if !plainPath(candidate) {
			continue
		}
		same, err := w.env.Stat(filepath.Join(root, candidate))
		if err == nil && os.SameFile(there, same) {
			return candidate
		}
	}
	return ""
}

// candidates are the names by which a file may be known in the workspace: as it was
// given, or from where the step runs.
func (w Workspace) candidates(root, name string) []string {
	names := []string{name, filepath.Join(w.env.Get("PWD"), name)}
	var relative []string
	for _, name := range names {
		if filepath.IsAbs(name) {
			name, _ = filepath.Rel(root, name)
		}
		if filepath.IsLocal(name) {
			relative = append(relative, filepath.ToSlash(filepath.Clean(name)))
		}
	}
	return relative
}

// longestPath is how long a path may be that is shown in an annotation.
const longestPath = 200

// plainPath reports whether a path is one that people choose, and needs no escape.
func plainPath(path string) bool {
	return len(path) <= longestPath && ascii.Only(path, ascii.Word+"-./") && !strings.Contains(path, "//")
}
