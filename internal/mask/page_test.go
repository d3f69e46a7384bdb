package mask

import (
	"os"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// pageTables are the tables of docs/masking.md that make a promise, by their heads,
// and what a text of theirs has to come to. Those that are for runners are held to
// what a runner is told.
var pageTables = map[string]struct {
	rows  int // at least
	keeps func(forms Forms, text string) bool
}{
	"| form | of the value | is hidden |":        {30, hiddenByRunners},
	"| part | of the value | is hidden |":        {20, hiddenByRunners},
	"| public | in the value | stays readable |": {6, func(f Forms, text string) bool { return NewRedactor(f).Redact("<"+text+">") == "<"+text+">" }},
	"| spelling | of the value | is taken out |": {7, func(f Forms, text string) bool { return strings.Trim(NewRedactor(f).Redact(text), " *") == "" }},
}

// hiddenByRunners reports whether a runner with these masks hides a text. What may be left
// says nothing: the padding of base64, and how line ends are spelled.
func hiddenByRunners(f Forms, text string) bool {
	told := NewRedactor(Literal(f.Announce()...)).Redact("<" + text + ">")
	return strings.Trim(lineEnds.Replace(told), "<> *=") == ""
}

var lineEnds = strings.NewReplacer(`\r`, "", `\n`, "")

// Whoever reads the page relies on each of its rows.
func TestThePageAboutMaskingKeepsItsPromises(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/masking.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	head := ""
	for line := range strings.Lines(string(page)) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "|") {
			head = ""
			continue
		}
		if head == "" {
			head = line
			continue
		}
		table, promises := pageTables[head]
		if !promises || strings.HasPrefix(line, "| ---") {
			continue
		}
		rows[head]++
		name, value, text := cells(t, line)
		if !table.keeps(Of(secret.New(value), WithParts(nil, nil)), text) {
			t.Errorf("%s: of the value %q, the page promises something else of %q", name, value, text)
		}
	}
	for head, table := range pageTables {
		if rows[head] < table.rows {
			t.Errorf("%q has %d rows, and %d are there to be checked", head, rows[head], table.rows)
		}
	}
}

// cells are those of a row: a name, and two texts as code.
func cells(t *testing.T, line string) (name, value, text string) {
	t.Helper()
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | ")
	if len(parts) != 3 {
		t.Fatalf("%d cells in %s", len(parts), line)
	}
	code := func(cell string) string { return strings.ReplaceAll(strings.Trim(cell, "`"), "↵", "\n") }
	return parts[0], code(parts[1]), code(parts[2])
}
