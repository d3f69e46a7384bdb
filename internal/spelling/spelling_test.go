package spelling_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/spelling"
)

// Each line of testdata/slips.txt is a name, a known one, and whether the known
// one is what was meant.
func TestWhatIsASlipAndWhatIsAnotherName(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/slips.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		want := map[string]string{"meant": fields[1], "another": ""}[fields[2]]
		if got := spelling.Nearest(fields[0], []string{"UNLIKE_ALL_OTHERS", fields[1]}); got != want {
			t.Errorf("%s: %q is near, want %q", fields[0], got, want)
		}
	}
}

func TestTheNearestOfSeveralIsMeant(t *testing.T) {
	t.Parallel()
	known := []spelling.Name{spelling.Of("DATABASE_URLS"), spelling.Of("DATABASE_URI"), spelling.Of("DATABASE_KEY"), spelling.Of("DATABASE_URI")}
	if got := strings.Join(spelling.Near(spelling.Of("DATABASE_URL"), known, 2), " "); got != "DATABASE_URLS DATABASE_URI" {
		t.Error(got)
	}
	if got := spelling.Near(spelling.Of("DATABSE_ULR"), known, 1); got != nil {
		t.Error(got)
	}
}

// However a name is written, one slip in it is found, whatever the slip.
func TestOneSlipInALongNameIsAlwaysFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z][A-Z_]{3,8}[A-Z]{4}`).Draw(t, "name")
		at := rapid.IntRange(0, len(name)-2).Draw(t, "at")
		slip := map[string]string{
			"put in":   name[:at] + "X" + name[at:],
			"left out": name[:at] + name[at+1:],
			"changed":  name[:at] + "X" + name[at+1:],
			"swapped":  name[:at] + name[at+1:at+2] + name[at:at+1] + name[at+2:],
			"case":     strings.ToLower(name),
			"hyphens":  strings.ReplaceAll(name, "_", "-"),
			"together": strings.ReplaceAll(name, "_", ""),
		}[rapid.SampledFrom([]string{"put in", "left out", "changed", "swapped", "case", "hyphens", "together"}).Draw(t, "slip")]
		if slip != name && spelling.Nearest(slip, []string{name}) != name {
			t.Fatalf("%s is not found by %s", name, slip)
		}
	})
}

// Of a few words, also a short one may have a slip.
func TestGuess(t *testing.T) {
	t.Parallel()
	known := []string{"set", "sync", "list", "lint", "export", "allowed-domains", "allow-any-domain"}
	for word, want := range map[string][]string{
		"sett": {"set"}, "ste": {"set"}, "Set": {"set"}, "se": nil, "st": nil, "": nil, "s-e-t": {"set"},
		"lit": {"list", "lint"}, "lnit": {"lint"}, "lisp": {"list"}, "lists": {"list"}, "snc": {"sync"}, "syyncc": nil,
		"set": nil, "exprot": {"export"}, "exprotx": nil,
		"alloved-domain": {"allowed-domains"}, "allowed_domain": {"allowed-domains"}, "alovd-domain": nil,
		"hunter2": nil,
	} {
		if got := spelling.Guess(word, known); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
