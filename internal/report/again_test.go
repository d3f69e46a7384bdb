package report_test

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// kinds are a result of each kind that a plan can have.
var kinds = []apply.Result{
	preview(creation), preview(opening), preview(fencing), preview(rotation), preview(dated), preview(datedAndFenced),
	preview(deletion), preview(keeping), preview(gone), preview(upToDate),
}

// numbers are the outputs that are numbers.
func numbers(r *report.Report) map[string]int {
	all := map[string]int{}
	for _, o := range r.Outputs() {
		if n, err := strconv.Atoi(o.Value); err == nil {
			all[o.Name] = n
		}
	}
	return all
}

// counted are the numbers of a sentence about a plan.
var counted = regexp.MustCompile(`(\d+) to create, (\d+) to update, (\d+) to delete, (\d+) unchanged(?:\. (\d+) values? to write again)?`)

// The log counts what the outputs count: what is to create, update, delete and write
// again are all writes, and those that were done are what was updated.
func TestTheLogAndTheOutputsCountTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		results := rapid.SliceOfN(rapid.SampledFrom(kinds), 1, 30).Draw(t, "results")
		r := manifest(results...)
		outputs := numbers(r)
		var said [5]int
		match := counted.FindStringSubmatch(strings.Join(r.PlanLines(), "\n"))
		if match == nil {
			t.Fatal(r.PlanLines())
		}
		for i := range said {
			said[i], _ = strconv.Atoi(match[i+1])
		}
		if n := said[0] + said[1] + said[2] + said[4]; n != outputs["planned_count"] || n != plan.Writes(r.Changes) {
			t.Fatalf("%d writes are told, and the output says %d", n, outputs["planned_count"])
		}
		if said[3] != outputs["unchanged_count"] || said[4] != outputs["rewritten_count"] {
			t.Fatalf("%v are told, and the outputs say %v", said, outputs)
		}
		if news := said[0]+said[1]+said[2] > 0; news != r.HasNews() || news == strings.HasPrefix(r.Summary(), "### No changes") {
			t.Fatalf("%v, and the summary begins %.40q", said, r.Summary())
		}
		done := manifest(results...)
		for i := range done.Results {
			if c := &done.Results[i].Change; c.Action == plan.Update {
				done.Results[i].Outcome = apply.Updated
			}
		}
		after := numbers(done)
		if after["rewritten_count"] != said[4] || after["updated_count"] != said[1]+said[4] {
			t.Fatalf("%v were planned, and %v is done", said, after)
		}
	})
}

// A secret whose value is written again has no line and no row of its own, unless that
// failed.
func TestValuesThatAreWrittenAgainAreFolded(t *testing.T) {
	t.Parallel()
	var results []apply.Result
	for i := range 500 {
		results = append(results, named(fmt.Sprintf("AGAIN_%03d", i), done(rotation, apply.Updated, rotated("db.example.com"))))
	}
	results = append(results, named("BAD", apply.Fail(rotation, refused(400, "no"))))
	r := manifest(results...)
	folds := r.Folds()
	if len(r.PlanLines()) != 1 || len(folds) != 1 || len(folds[0].Lines) != 501 || !strings.HasSuffix(folds[0].Short, "AGAIN_009 and 491 more.") {
		t.Errorf("%q", folds)
	}
	printed := 0
	for _, result := range r.Results {
		printed += len(r.ResultLines(result))
	}
	if printed != 1 {
		t.Errorf("%d lines of results", printed)
	}
	summary := r.Summary()
	if rows := strings.Count(summary, "\n| <code>"); rows != 1 || !strings.Contains(summary, "| <code>BAD</code> |") {
		t.Errorf("%d rows: %s", rows, summary)
	}
	before, fold, found := strings.Cut(summary, "<details><summary>500 values written again</summary>")
	if !found || strings.Contains(before, "AGAIN") || len(fold) > 5<<10 || !regexp.MustCompile(`\n- \d+ more\n`).MatchString(fold) {
		t.Errorf("%d bytes of fold, in %.3000s", len(fold), summary)
	}
}

// Those that have no name in a fold are counted, also where most have none, and no more
// names are redacted than are shown.
func TestNamesThatAreLeftOutAreCounted(t *testing.T) {
	t.Parallel()
	const all = 5000
	var results []apply.Result
	for range all {
		results = append(results, named("A", preview(rotation)))
	}
	r := manifest(results...)
	fold := r.Folds()[0]
	if !strings.HasSuffix(fold.Short, "A, A and 4990 more.") || fold.Lines[len(fold.Lines)-1] != "  … and 4,500 more" {
		t.Errorf("%q", fold)
	}
	redacted := 0
	r.Redact = func(text string) string {
		redacted++
		return text
	}
	summary := r.Summary()
	shown := strings.Count(summary, "<code>A</code>")
	if shown < 100 || redacted > 2000 || !strings.Contains(summary, fmt.Sprintf("\n- %d more\n", all-shown)) {
		t.Errorf("%d names shown, %d redacted: %.300s", shown, redacted, summary)
	}
}

// However much there is of each kind, a comment has room for it.
func TestACommentOfAllThereCanBe(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("LONG_", 20)
	results, left := manySecrets(-1).Results, []string(nil)
	for i := range 10_000 {
		results = append(results, named(fmt.Sprintf("%s%d", long, i), preview(rotation)))
		left = append(left, fmt.Sprintf("%sLEFT_%d", long, i))
	}
	got := commented(beside(true, manifest(results...), left...), about)
	if len(got) > 60_000 || !strings.Contains(got, "\n10000 values to write again.\n") || !strings.Contains(got, " more changes, see the run\n") || !strings.HasSuffix(got, "</sub>\n") {
		t.Errorf("%d bytes: %.3000s", len(got), got)
	}
}

// Names that only a vault knows are no secret of the one who may see the repository,
// and nobody else's.
func TestNamesThatOnlyTheVaultKnows(t *testing.T) {
	t.Parallel()
	for _, refused := range []error{nil, fmt.Errorf("%w: the vault has 1 more, and unmanaged is error", plan.ErrUnmanaged)} {
		for _, private := range []bool{true, false} {
			r := but(refused, beside(private, manifest(preview(rotation)), "ONLY_THERE"))
			failure, hint := failureOf(r)
			for where, text := range map[string]string{
				"the log": strings.Join(r.PlanLines(), "\n"), "the summary": r.Summary(), "the comment": commented(r, about), "the failure": failure + hint,
			} {
				shows := strings.Contains(strings.ReplaceAll(text, "&#95;", "_"), "ONLY_THERE")
				if want := private && (where != "the failure" && where != "the comment" || refused != nil); shows != want {
					t.Errorf("private %t, %v: %s shows the name: %t", private, refused, where, shows)
				}
			}
			for _, o := range r.Outputs() {
				if strings.Contains(o.Value, "ONLY_THERE") {
					t.Errorf("the output %s shows the name", o.Name)
				}
			}
			if n := numbers(r)["unmanaged_count"]; n != 1 {
				t.Errorf("%d are counted", n)
			}
		}
	}
}

// Whatever a server calls its secrets, a fold stays one, and shows no secret value.
func TestFoldsOfHostileNames(t *testing.T) {
	t.Parallel()
	const leaked = "p_ss|w*rd<"
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(hostile(), 1, 60).Draw(t, "names")
		r := beside(true, manifest(named(names[0], preview(rotation))), append(names, "</details>X"+leaked)...)
		r.Redact = func(text string) string { return strings.ReplaceAll(text, leaked, "***") }
		r.Desired = append(r.Desired, plan.Vault{ID: nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")})
		summary := r.Summary()
		if strings.Count(summary, "<details>") != 2 || strings.Count(summary, "</details>") != 2 || strings.Contains(html.UnescapeString(summary), leaked) {
			t.Fatal(summary)
		}
		ours := strings.NewReplacer("<details>", "", "</details>", "", "<summary>", "", "</summary>", "")
		for _, line := range strings.Split(ours.Replace(summary), "\n") {
			inert(t, strings.TrimPrefix(line, "### "))
		}
	})
}

// A secret that was to be created, and was there by then, had a value of somebody else's:
// that is no value which was written again.
func TestAnUpdateInPlaceOfACreateIsToldByName(t *testing.T) {
	t.Parallel()
	r := manifest(preview(rotation))
	r.Results[0].Outcome, r.Results[0].Note = apply.Updated, "The secret was there by the time of the create."
	if n := numbers(r); n["rewritten_count"] != 0 || n["updated_count"] != 1 {
		t.Errorf("%v", n)
	}
	lines := r.ResultLines(r.Results[0])
	if len(lines) != 2 || !strings.Contains(lines[0], "DATABASE_URL") || lines[1] != r.Results[0].Note {
		t.Error(lines)
	}
	if !strings.Contains(r.Summary(), "! DATABASE_URL  wrote value\n") {
		t.Error(r.Summary())
	}
}
