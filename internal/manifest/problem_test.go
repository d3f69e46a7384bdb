package manifest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

const (
	marked = "hunter2/hunter2+hunter2=" // looks like no name
	named  = "sk_live_hunter2hunter2"   // could be one
)

// problemsOf are the problems of a text, a line each.
func problemsOf(source Source, text string) string {
	_, problems := Parse(source, []byte(text))
	return strings.Join(append(problems.Lines(), ""), "\n")
}

// now is the time of every text, and variables are those of its step.
var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func variables(name string) (string, bool) {
	text, found := map[string]string{
		"VAULT_A": string(vaultA), "VAULT_A2": " " + string(vaultA) + "\n", "VAULT_B": string(vaultB), "VAULT_EMPTY": " \n", "VAULT_ODD": marked, "VAULT_NAME": named,
		"GITHUB_TOKEN": string(vaultA),
	}[name]
	return text, found
}

// from is where a text came from.
func from(name string, inline bool) Source {
	return Source{Name: name, Inline: inline, Lookup: variables, Now: now}
}

// kinds are the sections of testdata/problems.txtar.
var kinds = map[string]func(text string) string{
	"entries": func(text string) string { return problemsOf(from("f", false), entries(text, "Z: { env: Z }")) },
	"inline": func(text string) string {
		return problemsOf(from("secrets", true), entries("A: { value: "+text+" }"))
	},
	"documents": func(text string) string { return problemsOf(from("f", false), text) },
}

// Every problem says where it is, what is wrong and what would be right, and shows
// nothing that is not the name of a key.
func TestProblemsAreToldAsInTheCases(t *testing.T) {
	t.Parallel()
	const name = "testdata/problems.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range archive.Files {
		var told strings.Builder
		for _, group := range groups(file.Data) {
			for _, line := range group.texts {
				text := line
				if strings.HasPrefix(line, `"`) {
					if text, err = strconv.Unquote(line); err != nil {
						t.Fatalf("%s: %v", line, err)
					}
				}
				got := kinds[file.Name](text)
				if diff := cmp.Diff(group.problems, got); diff != "" && !*update {
					t.Errorf("%s (-told +tells)\n%s", line, diff)
				}
				group.problems = got
			}
			told.WriteString(group.String())
		}
		archive.Files[i].Data = []byte(told.String())
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// group are texts that have the same problems.
type group struct {
	texts    []string
	problems string
}

func groups(data []byte) []group {
	all := []group{{}}
	for line := range strings.Lines(string(data)) {
		last := &all[len(all)-1]
		problem, is := strings.CutPrefix(line, "! ")
		switch {
		case is:
			last.problems += problem
		case last.problems != "":
			all = append(all, group{texts: []string{strings.TrimSuffix(line, "\n")}})
		default:
			last.texts = append(last.texts, strings.TrimSuffix(line, "\n"))
		}
	}
	return all
}

func (g group) String() string {
	return strings.Join(g.texts, "\n") + "\n! " + strings.ReplaceAll(strings.TrimSuffix(g.problems, "\n"), "\n", "\n! ") + "\n"
}

// All problems come at once, in the order of lines, up to a number.
func TestProblemsComeInTheOrderOfLinesUpToANumber(t *testing.T) {
	t.Parallel()
	const more = 10
	var lines []string
	var want strings.Builder
	for i := range maxProblems + more {
		lines = append(lines, fmt.Sprintf("A%d: { env: A, file: a }", i))
		if i < maxProblems {
			fmt.Fprintf(&want, "f:%d: A%d has both env and file. Keep one of them.\n", i+4, i)
		}
	}
	want.WriteString("f: There are 10 more problems.\n")
	if diff := cmp.Diff(want.String(), problemsOf(Source{Name: "f"}, entries(lines...))); diff != "" {
		t.Errorf("- wanted, + got:\n%s", diff)
	}
}
