package input

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// needing are needs from words such as "A", of a variable, "f/A" of a file, "id/A" of the
// ID of a vault, and "A?" of what only a new secret needs, each on a line of its own.
func needing(words ...string) []need {
	var list []need
	for i, word := range words {
		n := need{kind: aVariable, line: i + 1}
		n.name, n.rare = strings.CutSuffix(word, "?")
		if strings.HasPrefix(word, "f/") {
			n.kind = aFile
		}
		if strings.HasPrefix(word, "id/") {
			n.kind = aVaultID
		}
		list = append(list, n)
	}
	return list
}

// What a run would miss is a problem where it is needed, unless this cannot be the run
// that would write: then it is said that nothing was checked.
func TestWhatARunWouldMiss(t *testing.T) {
	t.Parallel()
	const (
		fork         = "a fork gets none"
		nothingGiven = " None of them is, and no values are given in another way."
	)
	for name, test := range map[string]struct {
		needs     []string
		there     string
		given     bool
		noSecrets string
		problems  string // their lines
		warnings  string
		notes     []string
	}{
		"nothing is named":        {},
		"all there":               {needs: []string{"A", "B", "f/C"}, there: "A B f/C"},
		"one is not":              {needs: []string{"A", "B", "A", "B"}, there: "A", problems: "2 4"},
		"none, and no other":      {needs: []string{"A", "B", "A"}, notes: []string{"Not checked: whether the 2 variables that the manifest names are set." + nothingGiven}},
		"one, and it is not":      {needs: []string{"A"}, notes: []string{"Not checked: whether the variable that the manifest names is set. It is not, and no values are given in another way."}},
		"none, and a list of all": {needs: []string{"A", "B"}, given: true, problems: "1 2"},
		"none in a fork":          {needs: []string{"A", "B"}, given: true, noSecrets: fork, notes: []string{"Not checked: whether the 2 variables that the manifest names are set. None of them is: a fork gets none."}},
		"one in a fork":           {needs: []string{"A", "B"}, there: "B", noSecrets: fork, problems: "1"},
		"a file is not":           {needs: []string{"A", "f/B", "f/C"}, there: "A f/C", problems: "2"},
		"no file is":              {needs: []string{"A", "f/B"}, there: "A", problems: "2"},
		"no file is in a fork":    {needs: []string{"A", "f/B"}, there: "A", noSecrets: fork, notes: []string{"Not checked: whether the file that the manifest names is there. It is not: a fork gets none."}},
		"a file and no variable":  {needs: []string{"A", "f/B"}, there: "f/B", problems: "1"},
		"nothing of either": {needs: []string{"A", "B", "f/C", "f/D"}, notes: []string{
			"Not checked: whether the 2 variables that the manifest names are set." + nothingGiven, "Not checked: whether the 2 files that the manifest names are there." + nothingGiven,
		}},
		"no ID of a vault":         {needs: []string{"id/V", "A"}, there: "A", problems: "1"},
		"one ID and not the other": {needs: []string{"id/V", "id/W"}, there: "id/V", problems: "2"},
		"an ID and no value":       {needs: []string{"id/V", "A", "B"}, there: "id/V", notes: []string{"Not checked: whether the 2 variables that the manifest names are set." + nothingGiven}},
		"only for a new secret":    {needs: []string{"A", "B?", "C?"}, there: "A C", warnings: "2"},
	} {
		n := needs{list: needing(test.needs...), given: test.given, noSecrets: test.noSecrets}
		got := n.judge(func(n need) string {
			if slices.Contains(strings.Fields(test.there), n.name) {
				return ""
			}
			return "is not there"
		})
		if d := cmp.Diff(test.problems, linesOf(got.problems)); d != "" {
			t.Errorf("%s: problems (-want +got)\n%s", name, d)
		}
		if d := cmp.Diff(test.warnings, linesOf(got.warnings)); d != "" {
			t.Errorf("%s: warnings (-want +got)\n%s", name, d)
		}
		if d := cmp.Diff(test.notes, got.notes); d != "" {
			t.Errorf("%s: notes (-want +got)\n%s", name, d)
		}
	}
}

func linesOf(list problem.List) string {
	var lines []string
	for _, p := range list {
		lines = append(lines, fmt.Sprint(p.Line))
	}
	return strings.Join(lines, " ")
}

// A value is too old once it is older than its age by the date in the manifest, and never
// by a guess.
func TestAValueThatIsTooOld(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	ago := func(age time.Duration) *time.Time { return new(now.Add(-age)) }
	for name, test := range map[string]struct {
		entry manifest.Entry
		want  string
	}{
		"young":         {manifest.Entry{Rotated: ago(89 * day), MaxAge: 90 * day}, ""},
		"of that age":   {manifest.Entry{Rotated: ago(90 * day), MaxAge: 90 * day}, ""},
		"older":         {manifest.Entry{Rotated: ago(90*day + time.Second), MaxAge: 90 * day}, "is more than 90 days ago, and max_age is 90 days. Rotate the value, and give the new date"},
		"much older":    {manifest.Entry{Rotated: ago(200*day + day/2), MaxAge: 12 * time.Hour}, "is 200 days ago, and max_age is 12 hours. Rotate the value, and give the new date"},
		"no date":       {manifest.Entry{MaxAge: time.Hour}, ""},
		"of any age":    {manifest.Entry{Rotated: ago(2000 * day)}, ""},
		"in the future": {manifest.Entry{Rotated: ago(-time.Minute), MaxAge: time.Hour}, ""},
	} {
		test.entry.EnvKey, test.entry.Line, test.entry.Column = "A", 4, 7
		c := &checker{Inputs: &Inputs{}, now: now}
		r := &entryReader{reading: reading{needs: &needs{}}, checker: c, input: "manifest", file: "a.yml"}
		r.noteAge(&test.entry)
		var want problem.List
		if test.want != "" {
			want = problem.List{{Input: "manifest", File: "a.yml", Line: 4, Column: 7, Key: "A.rotated", Text: test.want}}
		}
		if d := cmp.Diff(want, c.problems); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
}
