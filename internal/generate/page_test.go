package generate

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The page has a row for each kind, with its sizes and its bits.
func TestThePageTellsSizesAndBits(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/generate.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		given Given
	}{
		{"`base64url`", Given{Kind: "base64url"}},
		{"`hex`", Given{Kind: "hex"}},
		{"`alphanumeric`", Given{Kind: "alphanumeric"}},
		{"`uuid`", Given{Kind: "uuid"}},
		{"`password`", Given{Kind: "password"}},
		{"`password` with `generate_symbols: all`", Given{Kind: "password", Symbols: "all"}},
		{"`password` with `generate_symbols: none`", Given{Kind: "password", Symbols: "none"}},
	} {
		s, faults := row.given.Parse()
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		end := fmt.Sprintf(" | it has one size | %d | – |\n", s.Bits())
		if s.Kind != UUID {
			end = fmt.Sprintf(" | `generate_length: %d` | %d | %d |\n", s.Size, s.Bits(), s.least())
		}
		if s.Kind.CountsBytes() {
			end = strings.Replace(end, "length", "bytes", 1)
		}
		_, rest, found := strings.Cut(string(page), "\n| "+row.name+" | ")
		line, _, _ := strings.Cut(rest, "\n")
		if !found || !strings.HasSuffix(line+"\n", end) {
			t.Errorf("docs/generate.md has no row for %s that ends in%s", row.name, end)
		}
	}
	if !strings.Contains(string(page), fmt.Sprintf("At most %d bytes", Most)) || !strings.Contains(string(page), fmt.Sprintf("fewer than %d bits", MinBits)) {
		t.Error("docs/generate.md tells other bounds")
	}
}
