package action

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// internal begins the path of every room.
const internal = "github.com/nairi-community/vault-secret/internal/"

// standIns are for tests, and no part of the product.
var standIns = []string{"nairitest", "githubtest", "markdowntest", "runnertest"}

// The rooms import one another as docs/architecture.md says, and each only rooms
// above it in the table there, so that there is no circle.
func TestRoomsImportOnlyRoomsAboveThem(t *testing.T) {
	t.Parallel()
	written := map[string][]string{}
	var above []string
	for _, row := range table(t, "docs/architecture.md", "## The rooms") {
		room, imports := row[0], names(row[1])
		for _, imported := range imports {
			if !slices.Contains(above, imported) {
				t.Errorf("%s imports %s, which is not above it", room, imported)
			}
		}
		written[room], above = imports, append(above, room)
	}
	same(t, "docs/architecture.md", roomsOfTheCode(t), written)
}

// names are those in a cell, as in "`env`, `secret`".
func names(cell string) []string {
	var list []string
	for _, name := range strings.Split(cell, ",") {
		if name = strings.Trim(name, " `"); name != "–" {
			list = append(list, name)
		}
	}
	return list
}

// roomsOfTheCode are the rooms of the product, and which others each imports.
func roomsOfTheCode(t *testing.T) map[string][]string {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "./internal/...")
	list.Dir = repository
	text, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string][]string{}
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var room struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&room); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(room.ImportPath, internal)
		if first, _, _ := strings.Cut(name, "/"); slices.Contains(standIns, first) {
			continue
		}
		rooms[name] = nil
		for _, imported := range room.Imports {
			if other, ok := strings.CutPrefix(imported, internal); ok {
				rooms[name] = append(rooms[name], other)
			}
		}
	}
	return rooms
}

// The root holds the contract and no other code than main.go.
func TestTheRootHoldsOneGoFile(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-f", "{{.GoFiles}} {{.TestGoFiles}} {{.XTestGoFiles}}", ".")
	list.Dir = repository
	text, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the root", "[main.go] [] []", strings.TrimSpace(string(text)))
}
