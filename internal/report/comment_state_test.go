package report_test

import (
	"fmt"
	"html"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// entryOf is the change of one secret, from its hosts before, or nil for one that is not
// there, to its hosts now, or nil for those that it has.
func entryOf(name string, before, now *domains.List, written bool) plan.Change {
	d := plan.Desired{Operation: plan.OpSync, EnvKey: name, Domains: now}
	if written {
		d.Value = secret.New(value)
	}
	var there []nairi.Secret
	if before != nil {
		there = []nairi.Secret{{ID: secretID, EnvKey: name, AllowedDomains: *before, UpdatedAt: createdAt}}
	}
	return planned(d, there...)
}

func deletionOf(name string) plan.Change {
	return planned(plan.Desired{Operation: plan.OpDelete, EnvKey: name}, nairi.Secret{ID: secretID, EnvKey: name, AllowedDomains: *list("a.example.com")})
}

// twoVaults is the plan of production and staging that docs/pull-request.md shows.
func twoVaults() *report.Report {
	some := list("a.example.com")
	changes := []plan.Change{
		entryOf("OPEN_TOKEN", nil, list(), true),
		entryOf("DATABASE_URL", list("db.example.com"), list("*.example.com", "new.example.net"), true),
		deletionOf("LEGACY_TOKEN"),
		entryOf("STRIPE_KEY", some, some, false), entryOf("SEARCH_TOKEN", some, some, false),
	}
	for i := range 12 {
		changes = append(changes, entryOf(fmt.Sprintf("SERVICE_TOKEN_%d", i+1), some, nil, true))
	}
	for _, change := range []plan.Change{entryOf("KEEP", list("keep.example.com"), list(), false), entryOf("WEBHOOK_SECRET", some, some, false)} {
		change.VaultID = otherID
		changes = append(changes, change)
	}
	r := &report.Report{
		Manifest: true, Desired: []plan.Vault{{ID: vaultID}, {ID: otherID}}, Changes: changes, Results: apply.Preview(changes), Redact: asItIs,
		VaultNames: map[nairi.VaultID]string{vaultID: "production", otherID: "staging"}, About: about,
	}
	r.About.Manifest, r.About.Version = ".github/nairi-vault.yml", "v1.2.3"
	r = beside(true, r, "OLD_1", "OLD_2", "OLD_3")
	r.Unmanaged = append(r.Unmanaged, plan.Unmanaged{VaultID: otherID, Secrets: []*nairi.Secret{{EnvKey: "TMP_1"}, {EnvKey: "TMP_2"}}})
	return r
}

// carriedOut is a run that did what a plan says.
func carriedOut(r *report.Report) *report.Report {
	outcomes := map[plan.Action]apply.Outcome{plan.Create: apply.Created, plan.Update: apply.Updated, plan.Delete: apply.Deleted}
	for i := range r.Results {
		if outcome, writes := outcomes[r.Changes[i].Action]; writes {
			r.Results[i].Outcome, r.Results[i].Changed = outcome, true
		}
	}
	r.About.Applies, r.About.Commit = true, "c0ffee1c0ffee1c0ffee1c0ffee1c0ffee1c0ffe"
	return r
}

// The texts that reviewers see are those of testdata/*.md, of which the documentation shows
// the first.
func TestCommentsOfTheSameRunInEachState(t *testing.T) {
	t.Parallel()
	quiet := twoVaults()
	quiet.Changes = quiet.Changes[3:17]
	quiet.Results = apply.Preview(quiet.Changes)
	inPart := carriedOut(twoVaults())
	inPart.Results[0] = apply.Fail(inPart.Changes[0], refused(400, "bad request"))
	unknown := carriedOut(twoVaults())
	unknown.Results[1] = apply.Lost(unknown.Changes[1], lostUpdate)
	denied := twoVaults()
	for _, i := range []int{1, 17} {
		d := denied.Changes[i].Desired
		d.DenyWidening = true
		vault := denied.Changes[i].VaultID
		denied.Changes[i] = planned(d, *denied.Changes[i].Current)
		denied.Changes[i].VaultID = vault
	}
	denied.Results = apply.Preview(denied.Changes)
	for name, r := range map[string]*report.Report{
		"planned": twoVaults(), "applied": carriedOut(twoVaults()), "no-changes": quiet, "in-part": inPart, "unknown": unknown, "denied": denied,
		"no-plan": but(threeProblems, twoVaults()),
	} {
		if name == "no-plan" {
			r.Changes, r.Results = nil, nil
		}
		got := r.Comment()
		isInFile(t, "testdata/comment-"+name+".md", got)
		wellFormed(t, got)
		if name != "no-changes" {
			if d := cmp.Diff(got, r.Summary()); d != "" {
				t.Errorf("%s: the summary is another: %s", name, d)
			}
		}
	}
}

// wellFormed fails unless each block and fold of a text ends, none begins within a block, and
// no table has more than four columns.
func wellFormed(t interface {
	Helper()
	Errorf(string, ...any)
}, text string,
) {
	t.Helper()
	block, folds := false, 0
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			if block == (line == "```diff") || !block && line != "```diff" {
				t.Errorf("a block at %q", line)
			}
			block = !block
		case block:
			if strings.Contains(line, "`") || strings.IndexByte("+-!#", line[0]) < 0 {
				t.Errorf("in a block: %q", line)
			}
		case strings.HasPrefix(line, "| "):
			if n := strings.Count(line, "|"); n > 5 {
				t.Errorf("%d columns: %q", n-1, line)
			}
		default:
			folds += strings.Count(line, "<details>") - strings.Count(line, "</details>")
			if strings.Contains(line, "`") {
				t.Errorf("out of a block: %q", line)
			}
		}
	}
	if block || folds != 0 {
		t.Errorf("a block is open (%t), and %d folds: %s", block, folds, text)
	}
}

// The documentation shows the comment as it is read.
func TestThePageOnPullRequestsShowsTheComment(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/pull-request.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := html.UnescapeString(strings.NewReplacer("<code>", "`", "</code>", "`").Replace(twoVaults().Comment()))
	if !strings.Contains(string(page), "\n````markdown\n"+shown+"````\n") {
		t.Errorf("docs/pull-request.md does not show\n%s", shown)
	}
}
