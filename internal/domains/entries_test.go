package domains_test

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
)

var update = flag.Bool("update", false, "write the verdicts into testdata")

// A line of testdata/entries.txt is an entry, quoted as in Go, and its verdict:
// the host that it becomes after =, what is odd about that after ?, or the words
// for what is wrong after !.
func TestEntriesAreTakenOrToldWhatTheyAre(t *testing.T) {
	t.Parallel()
	const file = "testdata/entries.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var judged strings.Builder
	for line := range strings.Lines(string(text)) {
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil { // a comment
			judged.WriteString(line)
			continue
		}
		entry, _ := strconv.Unquote(quoted)
		judged.WriteString(quoted + " " + verdict(t, entry) + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(judged.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(text), judged.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// verdict is what is said of an entry that stands behind a good one, and keeps that
// the error has no text of it.
func verdict(t *testing.T, entry string) string {
	t.Helper()
	list, err := domains.Parse([]string{"first.example", entry})
	if err != nil {
		if strings.Contains(err.Error(), "zq7stray") {
			t.Errorf("%q: the error repeats it", entry)
		}
		words, _ := strings.CutPrefix(err.Error(), "entry 2 ")
		return "! " + words
	}
	if len(list) < 2 {
		return "= the same as before"
	}
	verdict := "= " + domains.Shown(list[1])
	for _, doubt := range list.Doubts() {
		verdict += " ? " + doubt
	}
	return verdict
}
