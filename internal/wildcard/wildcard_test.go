package wildcard_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/wildcard"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern string
		takes   string
		not     string
	}{
		{"A", "A", "a AA B"},
		{"BILLING_*", "BILLING_ BILLING_KEY", "BILLING XBILLING_KEY billing_key"},
		{"*_KEY", "_KEY A_KEY A_KEY_KEY", "KEY A_KEYS"},
		{"A*B*C", "ABC AXBXC ABCBC ABBCC", "AC ACB BAC ABCD"},
		{"*", "A AB", ""},
		{"A**B", "AB AXB", "A B"},
		{"AB*BC", "ABBC ABXBC", "ABC"},
	} {
		for name := range strings.FieldsSeq(test.takes) {
			if !wildcard.Match(test.pattern, name) {
				t.Errorf("%s does not take %s", test.pattern, name)
			}
		}
		for name := range strings.FieldsSeq(test.not) {
			if wildcard.Match(test.pattern, name) {
				t.Errorf("%s takes %s", test.pattern, name)
			}
		}
	}
}

func TestAny(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"A_1": true, "B_1": true, "C_1": false} {
		if got := wildcard.Any([]string{"A_*", "B_*"}, name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if wildcard.Any(nil, "A") {
		t.Error("no pattern takes a name")
	}
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"BILLING_*", "BILLING_*", true}, {"BILLING_*", "SEARCH_*", false}, {"BILLING_*", "*_KEY", true},
		{"BILLING_*", "BILLING_KEY", true}, {"BILLING_*", "BILLING", false}, {"*", "A", true}, {"A*C", "AB*BC", true},
		{"A*B", "B*A", false}, {"*A*", "*B*", true}, {"AB*", "A*X", true}, {"A", "A", true}, {"A", "B", false},
		{"A*B*C", "A*C", true}, {"*_A", "*_B", false}, {"A*A", "A", false}, {"A*A", "AA", true},
	} {
		if got := wildcard.Overlap(test.a, test.b); got != test.want {
			t.Errorf("%s and %s: %t", test.a, test.b, got)
		}
	}
}

// takes is Match, spelled out: a star ends, or takes one more.
func takes(pattern, name string) bool {
	switch {
	case pattern == "":
		return name == ""
	case pattern[0] == '*':
		return takes(pattern[1:], name) || name != "" && takes(pattern, name[1:])
	}
	return name != "" && pattern[0] == name[0] && takes(pattern[1:], name[1:])
}

// allNames are all names over two letters of up to n of them: letters that no
// pattern has make no difference but to be another.
func allNames(letters string, n int) []string {
	names := []string{""}
	for from := 0; n > 0; n-- {
		last := names[from:]
		from = len(names)
		for _, name := range last {
			for _, letter := range letters {
				names = append(names, name+string(letter))
			}
		}
	}
	return names
}

// A name that two patterns of up to five characters both take need not be longer
// than the letters of both: more would be taken by a star of each.
func TestOverlapIsWhatAllNamesSay(t *testing.T) {
	t.Parallel()
	names := allNames("ab", 10)
	pattern := rapid.StringMatching(`[ab*]{0,5}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := pattern.Draw(t, "a"), pattern.Draw(t, "b")
		want := false
		for _, name := range names {
			inA, inB := takes(a, name), takes(b, name)
			if inA != wildcard.Match(a, name) || inB != wildcard.Match(b, name) {
				t.Fatalf("%s or %s and %s", a, b, name)
			}
			want = want || inA && inB
		}
		if got := wildcard.Overlap(a, b); got != want || wildcard.Overlap(b, a) != want {
			t.Fatalf("%s and %s: %t", a, b, got)
		}
	})
}

// FuzzOverlap holds for any two patterns: it is the same both ways, a name that
// both take is an overlap, and one without a star overlaps just what takes it.
func FuzzOverlap(f *testing.F) {
	f.Add("A*", "*B", "AB")
	f.Add("A*B*C", "AB*BC", "ABBC")
	f.Fuzz(func(t *testing.T, a, b, name string) {
		if len(a)+len(b)+len(name) > 200 {
			t.Skip()
		}
		got := wildcard.Overlap(a, b)
		if got != wildcard.Overlap(b, a) {
			t.Error("it is not the same both ways")
		}
		if !got && wildcard.Match(a, name) && wildcard.Match(b, name) {
			t.Error("a name is taken by both")
		}
		if !strings.Contains(name, "*") && wildcard.Overlap(a, name) != wildcard.Match(a, name) {
			t.Error("a name is no pattern of its own")
		}
	})
}
