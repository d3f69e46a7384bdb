package suspect_test

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/secret"
	"github.com/nairi-community/vault-secret/internal/suspect"
)

// entry is a line of testdata/values.txt.
type entry struct {
	line          int
	verdict, kind string
	text          string
}

// corpus reads testdata/values.txt.
func corpus(t testing.TB) (entries []entry) {
	t.Helper()
	file, err := os.Open("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	for line := 1; scanner.Scan(); line++ {
		if scanner.Text() == "" || strings.HasPrefix(scanner.Text(), "#") {
			continue
		}
		said, text, found := strings.Cut(scanner.Text(), ": ")
		if strings.HasPrefix(text, `"`) {
			if text, err = strconv.Unquote(text); err != nil {
				t.Fatalf("line %d: %v", line, err)
			}
		}
		verdict, kind, _ := strings.Cut(said, " ")
		if !found || !slices.Contains([]string{"refuse", "warn", "pass"}, verdict) || (verdict == "pass") != (kind == "") {
			t.Fatalf("line %d has no verdict", line)
		}
		entries = append(entries, entry{line, verdict, kind, text})
	}
	return entries
}

// about is what the values of the corpus are looked at with.
var about = suspect.About{
	EnvKey: "DATABASE_URL",
	IsFile: func(name string) bool { return name == "/builds/acme/app.tmp/DATABASE_URL" },
}

// What failed tools leave behind is refused, and what only resembles it passes.
func TestArtefactsAreRefusedAndRealValuesPass(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for _, e := range corpus(t) {
		count[e.verdict]++
		verdict, kinds := judge(e.text)
		if verdict != e.verdict || e.kind != "" && kinds[0] != e.kind || e.verdict == "warn" && len(kinds) != 1 {
			t.Errorf("line %d: %.70q: %s %v, want %s %s", e.line, e.text, verdict, kinds, e.verdict, e.kind)
		}
	}
	if count["refuse"] < 150 || count["pass"] < 150 {
		t.Errorf("the corpus is not of both sides: %v", count)
	}
}

func judge(text string) (verdict string, kinds []string) {
	verdict = "pass"
	for i, finding := range suspect.Check(secret.New(text), about) {
		kinds = append(kinds, finding.Kind)
		switch {
		case finding.Refuse && i > 0:
			return "refuse, but not first", kinds
		case finding.Refuse:
			verdict = "refuse"
		case verdict == "pass":
			verdict = "warn"
		}
	}
	return verdict, kinds
}

// What is said of a value is from a fixed list, and has nothing of the value.
func TestNothingOfAValueIsShown(t *testing.T) {
	t.Parallel()
	texts := map[string]string{} // by kind
	for _, e := range corpus(t) {
		for _, finding := range suspect.Check(secret.New(e.text), about) {
			if known, ok := texts[finding.Kind]; ok && known != finding.Text {
				t.Errorf("line %d: %s has a text of its own", e.line, finding.Kind)
			}
			texts[finding.Kind] = finding.Text
		}
	}
	const stray = "zq7stray9"
	part := rapid.SampledFrom([]string{
		"", " ", "${{ ", "{{", "}}", "$(", "'", `"`, "CCASECRET_", "%", "\n", "\x1b[", "[", "]", "<", ">", "null", "***", "://", "@", ":", "=",
		"-----BEGIN ", "-----", "{", "}",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(part).Draw(t, "before"), "") + stray + strings.Join(rapid.SliceOf(part).Draw(t, "after"), "")
		for _, finding := range suspect.Check(secret.New(text), suspect.About{EnvKey: stray}) {
			if known, ok := texts[finding.Kind]; strings.Contains(finding.Text, stray) || ok && finding.Text != known {
				t.Fatalf("%q is said to be %q", text, finding.Text)
			}
		}
	})
}

// Every kind has a value that shows it.
func TestEveryKindHasAValue(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("suspect.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, e := range corpus(t) {
		kinds[e.kind] = true
	}
	for line := range strings.Lines(string(source)) {
		if kind, ok := strings.CutPrefix(line, "\t{\""); ok {
			if kind, _, _ = strings.Cut(kind, `"`); !kinds[kind] {
				t.Errorf("no value is %s", kind)
			}
		}
	}
}

// A file is asked for only where a value can be the path of one.
func TestOnlyAPathIsLookedFor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"/a/b": true, "/a/b\n": true, "a/b": false, "/a\n/b": false, "synthetic": false, `{"a":"/b"}`: false} {
		asked := false
		suspect.Check(secret.New(text), suspect.About{IsFile: func(string) bool { asked = true; return false }})
		if asked != want {
			t.Errorf("for %q a file is looked for: %t", text, asked)
		}
	}
}
