package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/markdowntest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// planOf is the plan of these changes of one vault.
func planOf(changes ...plan.Change) *report.Report {
	return &report.Report{Manifest: true, Redact: asItIs, About: about, Desired: []plan.Vault{{ID: vaultID}}, Changes: changes, Results: apply.Preview(changes)}
}

// Whoever writes a manifest chooses the order in it, and what else is there. None of that
// keeps the host of a stranger from whoever approves the plan.
func TestAHostIsNotHiddenBehindOthers(t *testing.T) {
	t.Parallel()
	decoys := domains.List{"a.example.com"}
	for i := range 200 {
		decoys = append(decoys, fmt.Sprintf("node-%03d.a.example.com", i))
	}
	for name, hidden := range map[string]string{"a wildcard": "*.evil.example", "another domain": "evil.example"} {
		hosts := slices.Concat(decoys, domains.List{hidden})
		r := planOf(entryOf("DATABASE_URL", list("a.example.com"), &hosts, false))
		_, warning := r.MoreHosts()
		one := of(preview(r.Changes[0]))
		_, alone := one.MoreHosts()
		alert := markdowntest.Comment(r.Comment()).Alerts()[0].Text
		for place, text := range map[string]string{
			"the alert": alert, "the diff": strings.SplitN(r.Comment(), "```", 3)[1], "the warning": warning,
			"the log": strings.Join(r.PlanLines(), "\n"), "the summary of one secret": one.Summary(), "its log": strings.Join(one.PlanLines(), "\n"),
		} {
			if !strings.Contains(text, hidden) {
				t.Errorf("%s: %s does not show it: %s", name, place, text)
			}
		}
		if alone != "" && !strings.Contains(alone, hidden) {
			t.Errorf("%s: its warning is %s", name, alone)
		}
	}
}

func TestAnyHostIsNotHiddenBehindOtherSecrets(t *testing.T) {
	t.Parallel()
	var changes []plan.Change
	for i := range 900 {
		changes = append(changes, entryOf(fmt.Sprintf("SECRET_%03d", i), list("a.example.com"), list("a.example.com", "b.example.com"), false))
	}
	changes = append(changes, entryOf("WILD", list("a.example.com"), list("*.example.com"), false), entryOf("STRIPE_KEY", list("a.example.com"), list(), false))
	r := planOf(changes...)
	alert := markdowntest.Comment(r.Comment()).Alerts()[0].Text
	_, warning := r.MoreHosts()
	for _, text := range []string{alert, warning} {
		first, second := strings.Index(text, "STRIPE_KEY"), strings.Index(text, "WILD")
		if first < 0 || second < first || strings.Index(text, "SECRET_000") < second {
			t.Errorf("not in the order of what opens most: %.300s", text)
		}
	}
}

// An entry that is very long takes the room of no other.
func TestOneLongEntryTakesNoRoomFromOthers(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("_", 61)
	hosts := domains.List{"a.example.com"}
	for i := range 100 {
		hosts = append(hosts, fmt.Sprintf("%s.%s.%s.%s._%02d", label, label, label, label, i))
	}
	long := strings.Repeat("_", 1024)
	r := planOf(entryOf(long, list("a.example.com"), &hosts, false), entryOf("STRIPE_KEY", list("a.example.com"), list(), false))
	for kind, text := range map[string]string{"the comment": r.Comment(), "the summary": r.Summary()} {
		page := markdowntest.Comment(text)
		if !strings.Contains(page.Alerts()[0].Text, "STRIPE_KEY → any host") || !strings.Contains(text, "! STRIPE_KEY  update hosts\n+   any host\n") {
			t.Errorf("%s does not show the other: %.2000s", kind, text)
		}
	}
}

// A plan of the past goes before anything of the present does.
func TestAnOutdatedPlanTakesNoRoom(t *testing.T) {
	t.Parallel()
	earlier := inVaults(1, 1040, "vault ", "b.example.com").Comment()
	var changes []plan.Change
	for i := range 60 {
		changes = append(changes, entryOf(fmt.Sprintf("A_TOKEN_%02d", i), nil, list("api.example.com"), true))
	}
	r := carriedOut(planOf(append(changes, entryOf("NEW_TOKEN", nil, list("evil.example"), true))...))
	r.Digest, r.Plan = plan.Identify(r.Changes)
	if got := r.Over(earlier, "3bbb3ac3bbb3ac3bbb3ac3bbb3ac3bbb3ac3bbb3", "0123456789abcdef"); !strings.Contains(got, "+   evil.example\n") {
		t.Errorf("%d bytes without the last change: %.300s", len(got), got)
	}
}

// A list may have a thousand hosts, also in a plan that was approved.
func TestAPlanThatChangedFitsAComment(t *testing.T) {
	t.Parallel()
	var hosts domains.List
	for i := range 1000 {
		hosts = append(hosts, fmt.Sprintf("%s.h%05d.example.com", strings.Repeat("a", 60), i))
	}
	r := planOf(entryOf("A", list("a.example.com"), &hosts, false))
	r.Digest, r.Plan = plan.Identify(r.Changes)
	r.Err = &plan.Changed{New: []plan.Line{line(plan.Update, domains.List{"a.example.com"}, hosts)}}
	if comment, summary := r.Comment(), r.Summary(); len(comment) > 65_536 || len(summary) > 65_536 || !strings.Contains(comment, " and 980 more") {
		t.Errorf("%d and %d bytes", len(comment), len(summary))
	}
}

// What failed, what is unknown and what is done are told apart.
func TestAnUnknownOutcomeIsCountedAndNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		failed, written int
		first, said     string
	}{
		"among failures":   {99, 0, "### ⚠️ Outcome unknown for 1 secret, 99 failed\n", "99 of 100 secrets failed, and 1 may or may not have been changed."},
		"among all":        {98, 1, "### ⚠️ Applied in part: 1 written, 98 failed, 1 unknown\n", "98 of 100 secrets failed, and 1 may or may not have been changed."},
		"among successes":  {0, 99, "### ⚠️ Applied, 1 outcome unknown\n", "1 of 100 secrets may or may not have been changed."},
		"the only outcome": {0, 0, "### ⚠️ Outcome unknown for 1 secret\n", "1 of 1 secret may or may not have been changed."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var results []apply.Result
			for i := range tt.failed {
				results = append(results, named(fmt.Sprintf("S_%d", i), apply.Fail(rotation, refused(400, "no"))))
			}
			for i := range tt.written {
				results = append(results, named(fmt.Sprintf("W_%d", i), done(rotation, apply.Updated, stored("db.example.com"))))
			}
			r := manifest(append(results, named("LOST_TOKEN", apply.Lost(creation, lostCreate)))...)
			r.About = about
			r.About.Applies = true
			comment := r.Comment()
			failure, _ := r.Failure()
			if !strings.HasPrefix(comment, tt.first) || !strings.Contains(markdowntest.Comment(comment).Text(), "LOST_TOKEN") || !strings.HasPrefix(failure.What, tt.said) {
				t.Errorf("%q: %.400s", failure.What, comment)
			}
		})
	}
}

// Two vaults whose names look the same are told apart by their IDs.
func TestVaultsThatLookAlikeAreToldApart(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"production\u3164\u034f", "production\ufe0f"} {
		r := inVaults(2, 1, "", "b.example.com")
		r.VaultNames = map[nairi.VaultID]string{r.Desired[0].ID: "production", r.Desired[1].ID: other}
		comment := markdowntest.Comment(r.Comment()).Alerts()[0].Text
		if !strings.Contains(comment, string(r.Desired[1].ID)) {
			t.Errorf("%q looks like the other: %s", other, comment)
		}
		said := strings.Join(carriedOut(r).ResultLines(carriedOut(r).Results[1]), "\n")
		if !strings.Contains(said, string(r.Desired[1].ID)) {
			t.Errorf("%q looks like the other: %s", other, said)
		}
	}
}

func TestAMailAddressInAName(t *testing.T) {
	t.Parallel()
	r := inVaults(1, 1, "x", "b.example.com")
	r.Unmanaged, r.Private = []plan.Unmanaged{{VaultID: r.Desired[0].ID, Secrets: []*nairi.Secret{{EnvKey: "mailto:billing@evil.example.com"}}}}, true
	if got := r.Comment(); !strings.Contains(got, "billing&#64;&#8203;evil") {
		t.Errorf("GitHub makes a link of it: %s", got)
	}
}
