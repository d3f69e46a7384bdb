package scripts

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)

// The index of the documentation names every page, and nothing that is not there.
func TestIndexOfDocs(t *testing.T) {
	t.Parallel()
	root := os.DirFS(here.dir)
	var linked, pages []string
	for _, match := range link.FindAllStringSubmatch(here.read(t, "docs/README.md"), -1) {
		target := path.Join("docs", match[1])
		if _, err := fs.Stat(root, target); err != nil {
			t.Error(err)
		}
		if strings.HasPrefix(target, "docs/") {
			linked = append(linked, target)
		}
	}
	err := fs.WalkDir(root, "docs", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && name != "docs/README.md" {
			pages = append(pages, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(linked)
	if diff := cmp.Diff(pages, slices.Compact(linked)); diff != "" {
		t.Errorf("- in docs, + linked from docs/README.md:\n%s", diff)
	}
}
