package suspect_test

import (
	"os"
	"strings"
	"testing"
)

// Every example of the page is refused as it says, and what it says to pass does.
func TestThePageKeepsItsPromises(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/refused-values.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "## What is refused")
	table, rest, _ := strings.Cut(rest, "## What passes")
	passing, _, _ := strings.Cut(rest, "## What gets a warning")
	examples := 0
	for line := range strings.Lines(table) {
		cells := strings.Split(line, " | ")
		if len(cells) != 3 {
			continue
		}
		for _, example := range codes(cells[1]) {
			examples++
			if verdict, kinds := judge(strings.Replace(example, "ESC", "\x1b", 1)); verdict != "refuse" {
				t.Errorf("%q: %s %v", example, verdict, kinds)
			}
		}
	}
	if examples < 50 {
		t.Errorf("the page has %d examples", examples)
	}
	for _, example := range codes(passing) {
		if strings.HasPrefix(example, "{") || strings.HasPrefix(example, "$") {
			if verdict, kinds := judge(example); verdict != "pass" {
				t.Errorf("%q: %s %v", example, verdict, kinds)
			}
		}
	}
}

// codes are what stands in backticks, but for what names an escape alone. Where
// dots leave something out, there is something.
func codes(text string) (found []string) {
	for i, piece := range strings.Split(text, "`") {
		if i%2 == 1 && piece != `\n` {
			found = append(found, strings.ReplaceAll(strings.ReplaceAll(piece, `\|`, "|"), "…", "abc"))
		}
	}
	return found
}
