package manifest

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sameInParts fails the test if a text says another thing in parts than as a whole.
func sameInParts(t rapid.TB, text string) {
	source := Source{Name: "f", Lint: true}
	want, wrong := parse(source, []byte(text), math.MaxInt/leastParts)
	for size := 1; size < 4; size++ {
		got, problems := parse(source, []byte(text), size)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("in parts of %d, of %q: - whole, + in parts:\n%s", size, text, diff)
		}
		if diff := cmp.Diff(wrong, problems); diff != "" {
			t.Fatalf("problems in parts of %d, of %q: - whole, + in parts:\n%s", size, text, diff)
		}
	}
}

// hard are secrets that look as if they could be cut where they cannot.
var hard = []string{
	"A: { env: A,\n    B: x }\n    C: { any_domain: true }",
	"A: \"x\n    B: { any_domain: true }\n    C: y\"\n    D: { any_domain: true }",
	"A: 'x\n  secrets:\n    B: y'\n    C: { any_domain: true }",
	"A: |\n      text\n    B: { any_domain: true }\n    C: { any_domain: true }",
	"A: |\n    B: { any_domain: true }\n    C: { any_domain: true }",
	"A: >-\n\n\n      # no comment\n    B: { any_domain: true }",
	"? A\n    : { any_domain: true }\n    B: { any_domain: true }",
	"? A\n    ? B\n    C: { any_domain: true }",
	"A: &x { any_domain: true }\n    B: *x\n    C: { any_domain: true }",
	"A: { any_domain: true }\n    A: { any_domain: true }\n    B: { any_domain: true }\n    A: { any_domain: true }",
	"A: { any_domain: true }\n    # of B\n\n  # of nobody\n# of the file\n    B: { any_domain: true }\n    C:\n      env: C",
	"A: { any_domain: true }\n   B: { any_domain: true }\n    C: { any_domain: true }",
	"A: { any_domain: true }\n     B: { any_domain: true }\n    C: { any_domain: true }",
	"A: { any_domain: true }\n    \tB: { any_domain: true }\n    C: { any_domain: true }",
	"A: { any_domain: true }\n    \"B\": { any_domain: true }\n    C: { any_domain: true }",
	"A:\n      secrets:\n        B: { any_domain: true }\n        C: { any_domain: true }\n    secrets:\n      env: D\n    E: { any_domain: true }",
	"A: { any_domain: true }\n    B:x\n    C: { any_domain: true }",
	"A: { any_domain: true }\n    B\n    C: { any_domain: true }",
	"A: x\n    B: y\n---\nvaults: []",
	"A: { any_domain: true }\n    B: { any_domain: true }\n...\n",
	"A: { any_domain: true }\n    B: { any_domain: true }\n  names: [B*]\n  secrets:\n    C: { any_domain: true }\n    D: { any_domain: true }",
	"A: { any_domain: true }\r\n    B: { env: B }\r\n    C: { any_domain: true }\r\n",
	"A: { any_domain: true } }\n    B: { any_domain: true }",
	"A: [x\n    B: y\n    C: z ]",
	"<<: { any_domain: true }\n    B: { any_domain: true }",
	"A: !x\n    B: y\n    C: z",
	"%A: x\n    B: y",
	"  A: { any_domain: true }\n      B: { any_domain: true }\n\n    secrets:#x",
	"  A: { any_domain: true }\n      B: { any_domain: true }\n   C: { any_domain: true }",
	"A: { any_domain: true }\n    B: { any_domain: true }\n  }",
	"A: { any_domain: true }\n    B: { any_domain: true }\n  [x]",
	"A: { any_domain: true }\n    B: { any_domain: true }\n  : x",
	"A: { any_domain: true }\n    B:\n  , names: [A] }",
	"  A: { any_domain: true }\n      B: { any_domain: true }\n    \t\n",
	"A: { any_domain: true }\n    B: { any_domain: true }\n   \t# x\n  names: [A]",
}

// A long text is read in parts. Whatever is in it, it says the same as a whole.
func TestATextSaysTheSameInParts(t *testing.T) {
	t.Parallel()
	for _, entry := range hard {
		for _, head := range []string{"vaults:\n- vault_id: " + string(vaultA) + "\n  secrets:\n    ", "vaults:\n- { vault_id: " + string(vaultA) + ",\n  secrets:\n    ", "- secrets: # of all\n    ", "x: |\n  secrets:\n    ", "x: \"\n  secrets:\n    "} {
			sameInParts(t, head+entry+"\n")
			sameInParts(t, head+"Z: { any_domain: true }\n    "+entry+"\n    Y: { any_domain: true }\n")
		}
	}
	names, _ := filepath.Glob("testdata/*.yml")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for document := range strings.SplitSeq(string(text), "---\n") {
			sameInParts(t, document)
		}
	}
}

// textsOfCheck are how many texts each check of rapid draws: a hundred checks are 2,000.
const textsOfCheck = 20

// The same of texts that are put together from what is cut and what is not.
func TestRandomTextsSayTheSameInParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for range textsOfCheck {
			sameInParts(t, drawText(t))
		}
	})
}

// linesOfTexts are lines of what is cut and of what is not.
var linesOfTexts = rapid.OneOf(
	rapid.SampledFrom([]string{
		"secrets:", "secrets: # x", "secrets:#x", "secrets: x", "- secrets:", "vaults:", "- vault_id: " + string(vaultA), "names: [A*]", "# x", "", "\t", "|", "env: A", "}", "]", "'", "\"",
	}),
	rapid.Map(rapid.IntRange(0, 9), func(i int) string { return fmt.Sprintf("S%d: { env: S, any_domain: true }", i) }),
	rapid.SampledFrom(hard),
	rapid.StringMatching(`[A-C: {}\[\]"'|>&*#?,-]{0,6}`),
)

// drawText draws a text, which often begins as a manifest does.
func drawText(t *rapid.T) string {
	text := ""
	if rapid.Bool().Draw(t, "usual") {
		text = "vaults:\n- " + rapid.SampledFrom([]string{"", "", "{ "}).Draw(t, "brace") + "vault_id: " + string(vaultA)
		text += rapid.SampledFrom([]string{"", "", ","}).Draw(t, "comma") + "\n  secrets:\n"
	}
	for range rapid.IntRange(1, 12).Draw(t, "lines") {
		indent := rapid.SampledFrom([]int{0, 2, 4, 4, 4, 4, 6}).Draw(t, "indent")
		text += strings.Repeat(" ", indent) + linesOfTexts.Draw(t, "line") + rapid.SampledFrom([]string{"\n", "\n", "\r\n"}).Draw(t, "end")
	}
	return text
}

// Most texts are cut: else the tests above would be about nothing.
func TestALongTextIsCut(t *testing.T) {
	t.Parallel()
	for name, text := range map[string][]byte{"flow": flow(1000), "block": block(1000)} {
		rest, apart := split(text, secretsOfPart)
		if len(apart) != 1 || len(apart[3].parts) != 5 || strings.Count(string(rest), "\n") != strings.Count(string(text), "\n") {
			t.Errorf("%s: %d stretches", name, len(apart))
		}
		if _, problems := Parse(Source{Name: "f"}, append(text, "  unknown: x\n"...)); len(problems) == 0 || problems[0].Line != 1+strings.Count(string(text), "\n") {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
