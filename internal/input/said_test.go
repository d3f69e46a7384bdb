package input_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// Every problem and every warning of the cases is whole sentences: it begins with its
// subject or a capital, ends with one stop, and has none of the words that no text has.
func TestEveryProblemIsWholeSentences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../problem/testdata/banned.txt")
	if err != nil {
		t.Fatal(err)
	}
	var banned []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			banned = append(banned, line)
		}
	}
	files, _ := filepath.Glob("testdata/*.txtar")
	told := 0
	for _, name := range append(files, "../manifest/testdata/problems.txtar") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "dotenv.txtar") { // which has parts of sentences
			continue
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if said := strings.TrimPrefix(strings.TrimPrefix(line, "! "), "? "); said != line {
				told++
				wantSentences(t, said, banned)
			}
		}
	}
	if told < 500 {
		t.Errorf("only %d problems were looked at", told)
	}
}

func wantSentences(t *testing.T, said string, banned []string) {
	t.Helper()
	if !strings.HasSuffix(said, ".") && !strings.HasSuffix(said, "?") || strings.HasSuffix(said, "..") || strings.HasSuffix(said, "?.") {
		t.Errorf("ends without one stop: %s", said)
	}
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' }
	padded := " " + strings.Join(strings.FieldsFunc(said, between), " ") + " "
	for _, phrase := range banned {
		text := padded
		if strings.ToLower(phrase) == phrase {
			text = strings.ToLower(text)
		}
		if words := strings.Join(strings.FieldsFunc(phrase, between), " "); words != "" && strings.Contains(text, " "+words+" ") {
			t.Errorf("has %q: %s", phrase, said)
		}
	}
}
