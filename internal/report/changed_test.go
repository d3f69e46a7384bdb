package report_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// line is one of a plan about DATABASE_URL.
func line(action plan.Action, before, after domains.List) plan.Line {
	l := plan.Line{Vault: vaultID, Name: "DATABASE_URL", ID: secretID, Action: action, Before: before, After: after, Written: action == plan.Create}
	if action == plan.Create {
		l.ID = ""
	}
	return l
}

// refusedPlan is a sync whose plan is not the one that was approved.
func refusedPlan(changed *plan.Changed) *report.Report {
	r := manifest(preview(creation))
	r.Err = changed
	return r
}

func TestHowAPlanDiffersIsTold(t *testing.T) {
	t.Parallel()
	db, all := domains.List{"db.example.com"}, domains.List{}
	renamed := line(plan.Delete, nil, nil)
	renamed.RenamedTo = "DB_URL"
	r := refusedPlan(&plan.Changed{
		New:  []plan.Line{line(plan.Delete, db, nil), renamed},
		Gone: []plan.Line{line(plan.Create, nil, all)},
		Other: [][2]plan.Line{
			{line(plan.Update, db, db), line(plan.Update, db, all)},
			{line(plan.Create, nil, db), line(plan.Update, all, db)},
		},
	})
	const id = "DATABASE_URL (" + string(secretID) + ")"
	want := []string{
		"New since the approval: delete " + id + "; hosts: db.example.com.",
		"New since the approval: delete " + id + ", which becomes DB_URL; hosts: not known.",
		"Approved, and no longer in the plan: create DATABASE_URL; hosts: any host; the value is written.",
		"Different: DATABASE_URL. Approved: update " + id + "; hosts: db.example.com, unchanged; the value is not written." +
			" Now: update " + id + "; hosts: db.example.com → any host; the value is not written.",
		"Different: DATABASE_URL. Approved: create DATABASE_URL; hosts: db.example.com; the value is written." +
			" Now: update " + id + "; hosts: any host → db.example.com; the value is not written.",
	}
	lines := r.PlanLines()
	if d := cmp.Diff(want, lines[max(0, len(lines)-len(want)):]); d != "" {
		t.Error(d)
	}
	for name, text := range map[string]string{"summary": r.Summary(), "comment": commented(r, about)} {
		for _, said := range want {
			if !strings.Contains(html.UnescapeString(text), "- "+said+"\n") {
				t.Errorf("the %s lacks %q:\n%s", name, said, text)
			}
		}
	}
	if first, _, _ := strings.Cut(commented(r, about), "\n"); first != "### ❌ Plan refused: it is not the plan that was approved" {
		t.Error(first)
	}
	failure, hint := failureOf(r)
	if failure != "The plan is not the one that was approved: 2 new, 1 gone, 2 different. "+want[0]+" Nothing was changed. [plan_changed]" || hint != problem.PlanChanged.Hint() || r.ExitCode() != report.ExitFailed {
		t.Error(failure, hint, r.ExitCode())
	}
}

// A value that goes elsewhere too, or is another one than was approved, is a difference.
func TestWhereAValueComesFromAndGoesToIsPartOfADifference(t *testing.T) {
	t.Parallel()
	db := domains.List{"db.example.com"}
	approved, now := line(plan.Update, db, db), line(plan.Update, db, db)
	approved.Written, approved.Mirrors = true, []string{"repo:octo/cats"}
	now.Written, now.Made, now.Mirrors = true, true, []string{"org:octo:all", "repo:octo/cats"}
	r := refusedPlan(&plan.Changed{Other: [][2]plan.Line{{approved, now}}})
	want := "Approved: update DATABASE_URL (" + string(secretID) + "); hosts: db.example.com, unchanged; the value is written, also to repo:octo/cats." +
		" Now: update DATABASE_URL (" + string(secretID) + "); hosts: db.example.com, unchanged; a generated value is written, also to org:octo:all and repo:octo/cats."
	if text := strings.Join(r.PlanLines(), "\n"); !strings.Contains(text, want) {
		t.Errorf("the log is %s", text)
	}
	r.Changes[0].Desired.Mirrors = mirrorsThere
	r.Redact = func(text string) string { return strings.ReplaceAll(text, "production", "***") }
	if !r.HidesPlan() {
		t.Error("a secret is in the name of a mirror, and the plan is an output")
	}
}

func TestWithADigestAloneTheDifferenceIsNotKnown(t *testing.T) {
	t.Parallel()
	r := refusedPlan(&plan.Changed{Unseen: true})
	for name, text := range map[string]string{"log": strings.Join(r.PlanLines(), "\n"), "summary": r.Summary(), "comment": commented(r, about)} {
		if !strings.Contains(text, "Only the digest of the approved plan is known") || !strings.Contains(strings.ReplaceAll(text, "&#95;", "_"), "DATABASE_URL") {
			t.Errorf("the %s is %s", name, text)
		}
	}
}

// What was approved may have been done by another run: then nothing is left to write, or
// the vaults have nothing left at all.
func TestAPlanThatWritesNothingMoreIsRefusedInTheSameWords(t *testing.T) {
	t.Parallel()
	kept := plan.Change{VaultID: vaultID, Action: plan.NoOp, Desired: setByName, Current: stored("db.example.com")}
	for name, r := range map[string]*report.Report{"kept": manifest(preview(kept)), "empty": manifest()} {
		r.Err = &plan.Changed{Gone: []plan.Line{line(plan.Delete, domains.List{"db.example.com"}, nil)}}
		for place, text := range map[string]string{"log": strings.Join(r.PlanLines(), "\n"), "summary": r.Summary(), "comment": commented(r, about)} {
			if !strings.Contains(text, "Approved, and no longer in the plan: delete") {
				t.Errorf("%s: the %s is %s", name, place, text)
			}
			if place != "log" && !strings.HasPrefix(text, "### ❌ Plan refused: it is not the plan that was approved\n") {
				t.Errorf("%s: the heading of the %s: %.80s", name, place, text)
			}
		}
	}
}

// Each shard counts the deletes of all, and may have none itself.
func TestAShardWithoutChangesIsRefusedForTheDeletesOfOthers(t *testing.T) {
	t.Parallel()
	r := manifest()
	r.Err = tooMany(5, strings.Fields("A B C D E F")...)
	for _, text := range []string{r.Summary(), commented(r, about)} {
		if !strings.HasPrefix(text, "### ❌ Plan refused: 6 deletes, and <code>max&#95;deletes</code> is 5\n") {
			t.Error(text)
		}
	}
}

// A text that was given as the approved plan may hold anything.
func TestADifferenceIsHarmlessAndHidesWhatIsSecret(t *testing.T) {
	t.Parallel()
	hostile := line(plan.Delete, domains.List{"a_secret.example", "</details>`@octocat`"}, nil)
	hostile.Name = "a_secret</details>\n::error::@octocat"
	var changed plan.Changed
	for range 10_000 {
		changed.Gone = append(changed.Gone, hostile)
	}
	r := refusedPlan(&changed)
	r.Redact = func(text string) string { return strings.NewReplacer("a_secret", "***", "\n", " ").Replace(text) }
	for _, text := range []string{r.Summary(), commented(r, about)} {
		wellFormed(t, text)
		if len(text) > 60_000 || strings.Contains(strings.ReplaceAll(text, "https://", ""), "@") || strings.Contains(text, "</details>") || strings.Contains(text, "secret<") || strings.Contains(text, "a&#95;secret") {
			t.Errorf("%d bytes: %.900s", len(text), text)
		}
		if !strings.Contains(text, " more.\n") {
			t.Error("nothing says that there is more")
		}
	}
	for _, line := range r.PlanLines() {
		if strings.Contains(line, "a_secret") || strings.Contains(line, "\n") {
			t.Fatal(line)
		}
	}
}

// The text is an output as it is, or not at all: with a part taken out, it would be
// another plan.
func TestAPlanMayNameASecret(t *testing.T) {
	t.Parallel()
	for secret, hidden := range map[string]bool{
		"nowhere": false, "DATABASE": true, "db.example.com": true, "*.replicas": true, "create": false, "sec_": false, ",": false, "RENAMED": true,
	} {
		forgetting := deletion
		forgetting.RenamedTo = "RENAMED"
		r := manifest(preview(creation), preview(fencing), preview(forgetting))
		r.Digest, r.Plan = plan.Identify(r.Changes)
		r.Redact = func(text string) string { return strings.ReplaceAll(text, secret, "***") }
		if r.HidesPlan() != hidden {
			t.Errorf("%s: %t", secret, !hidden)
		}
		for _, o := range r.Outputs() {
			if o.Name == "plan" && o.Value != r.Plan {
				t.Errorf("%s: %s", secret, o.Value)
			}
		}
	}
	if empty := (&report.Report{Manifest: true, Redact: asItIs}); empty.HidesPlan() {
		t.Error("there is no plan")
	}
}

// Where there are no outputs, a later job gets the digest as a variable.
func TestTheDigestIsAVariableIfThereIsAPlan(t *testing.T) {
	t.Parallel()
	r := manifest(preview(creation))
	r.Digest, r.Plan = plan.Identify(r.Changes)
	variables := r.Variables()
	if last := variables[len(variables)-1]; last.Name != "NAIRI_PLAN_DIGEST" || last.Value != r.Digest {
		t.Error(last)
	}
}

func TestAPlanThatChangedHasItsCode(t *testing.T) {
	t.Parallel()
	wantCode(t, "changed", &plan.Changed{}, problem.PlanChanged)
	if _, hint := failureOf(of(apply.Fail(plan.Change{}, fmt.Errorf("x: %w", plan.ErrPlanChanged)))); hint != problem.PlanChanged.Hint() {
		t.Error(hint)
	}
}
