package report_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// about is what the comments of testdata were made of.
var about = report.About{
	Commit: "9f2c1d4e8b7a6f5d4c3b2a1908f7e6d5c4b3a291", Manifest: "vaults.yaml", Run: "8412345678", Version: "1.2.3",
	RepositoryURL: "https://github.com/octo/cats",
}

// commented is the comment on a run, made of what is known of it.
func commented(r *report.Report, of report.About) string {
	copied := *r
	r = &copied
	r.About = of
	return r.Comment()
}

// threeProblems are those of one manifest.
var threeProblems = problem.List{
	{Input: "manifest", File: "vaults.yaml", Line: 4, Key: "DATABASE_URL", Text: "has an unknown key, allowed_domain"},
	{Input: "manifest", File: "vaults.yaml", Line: 5, Key: "STRIPE_KEY", Text: "has both env and file"},
	{Input: "manifest", File: "vaults.yaml", Line: 6, Key: "LEGACY_TOKEN.absent", Text: "must be true or false"},
}

// comments are the runs of a manifest that have a golden file, and more that have
// no plan.
func comments() map[string]*report.Report {
	runs := map[string]*report.Report{
		"the manifest is broken":    but(threeProblems, manifest()),
		"one problem":               but(threeProblems[:1], manifest()),
		"one problem of the inputs": but(problem.List{{Input: "api_key", Code: problem.WrongKeyKind, Text: "is an agent's key"}}, manifest()),
		"nothing is known":          but(errors.New("nothing is known"), manifest()),
		"a mistake before the plan": but(mistaken, manifest()),
	}
	for name, r := range golden {
		if r.Manifest {
			runs[name] = r
		}
	}
	return runs
}

// The comment of each run is in testdata/comments.txtar.
func TestCommentsOfRuns(t *testing.T) {
	t.Parallel()
	const file = "testdata/comments.txtar"
	got := &txtar.Archive{Comment: []byte("Comments on a pull request, of which the runs of the same name are in golden files.\n")}
	runs := comments()
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(commented(runs[name], about))})
	}
	isInFile(t, file, string(txtar.Format(got)))
}

// What is not known is not shown, and no link leads nowhere.
func TestACommentSaysOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]report.About{
		"<sub>**failed** · vault-secret 1.2.3</sub>":                                 {Version: "1.2.3"},
		"<sub>**failed** for <code>9f2c1d4</code> · vault-secret 1.2.3</sub>":        {Version: "1.2.3", Commit: about.Commit},
		"<sub>**failed** · shard 1/3 · run 7 · vault-secret 1.2.3</sub>":             {Version: "1.2.3", Run: "7", Shard: "1/3"},
		"<sub>**failed** · <code>a&#96;b&lt;c</code> · vault-secret &lt;b&gt;</sub>": {Version: "<b>", Manifest: "a`b<c"},
	} {
		if got := commented(but(threeProblems, manifest()), a); !strings.HasSuffix(got, "\n"+want+"\n") {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// However many problems there are, and whatever they quote, a comment has room for
// them, and hides what is secret before it is escaped.
func TestACommentOfManyProblems(t *testing.T) {
	t.Parallel()
	var problems problem.List
	for i := range 10_000 {
		problems = append(problems, problem.Problem{Input: "manifest", File: "vaults.yaml", Line: i + 1, Key: "S", Text: "</details> @octocat a_secret " + strings.Repeat("`", 20)})
	}
	r := but(problems, manifest())
	r.Redact = func(text string) string { return strings.ReplaceAll(text, "a_secret", "***") }
	got := commented(r, about)
	if len(got) > 60_000 || strings.ContainsAny(strings.ReplaceAll(got, "https://", ""), "@`") || strings.Contains(got, "</details>") || strings.Contains(got, "a_secret") || strings.Contains(got, "a&#95;secret") {
		t.Errorf("%d bytes: %.500s", len(got), got)
	}
	for _, want := range []string{"### ❌ No plan: 10000 problems in <code>vaults.yaml</code>\n", "- … and ", "**failed** for "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the comment", want)
		}
	}
}

// A heading is short: it names no request and no path.
func TestEveryReasonForNoPlanIsAHeading(t *testing.T) {
	t.Parallel()
	for _, code := range problem.Codes() {
		r := but(problem.List{{Code: code, Text: "x"}}, manifest())
		if first, _, _ := strings.Cut(commented(r, about), "\n"); first != "### ❌ No plan: 1 problem with the inputs" {
			t.Errorf("%s: %s", code, first)
		}
	}
	for status, want := range map[int]string{
		401: "Nairi does not accept the API key", 404: "the run failed", 429: "Nairi receives too many requests", 500: "Nairi answered with an error",
	} {
		first, _, _ := strings.Cut(commented(but(refused(status, "hostile"), manifest()), about), "\n")
		if d := cmp.Compare(first, fmt.Sprint("### ❌ No plan: ", want)); d != 0 {
			t.Errorf("%d: %s", status, first)
		}
	}
}
