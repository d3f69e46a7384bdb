package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

const (
	oneVault     = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	anotherVault = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
)

// near is a change of a name that is not there, and is close to others.
func near(action plan.Action, name string, others ...string) plan.Change {
	return plan.Change{VaultID: oneVault, Action: action, Desired: plan.Desired{EnvKey: name}, Near: others}
}

func TestNamesThatAreCloseAreWarnedOf(t *testing.T) {
	t.Parallel()
	failed := near("", "C", "D")
	failed.Err = plan.ErrNotFound
	for name, test := range map[string]struct {
		report Report
		want   []string
	}{
		"nothing":             {Report{Changes: []plan.Change{near(plan.Create, "A")}}, nil},
		"a delete":            {Report{Changes: []plan.Change{near(plan.NoOp, "A", "B")}}, []string{"A is not in the vault, so there is nothing to delete. Did you mean B?"}},
		"a create":            {Report{Changes: []plan.Change{near(plan.Create, "A", "B", "C")}}, []string{"A is not in the vault, and is new. Did you mean B or C?"}},
		"an error":            {Report{Changes: []plan.Change{failed}}, nil},
		"a create of a twin":  {Report{Changes: []plan.Change{near(plan.Create, "A", "a")}}, nil},
		"one of two vaults":   {Report{Manifest: true, Desired: make([]plan.Vault, 2), Changes: []plan.Change{near(plan.NoOp, "A", "B")}}, []string{"A is not in vault " + string(oneVault) + ", so there is nothing to delete. Did you mean B?"}},
		"twins of one secret": {Report{Changes: []plan.Change{near(plan.Update, "A")}, Twins: []plan.Twins{{VaultID: oneVault, Names: []string{"A", "a"}}, {VaultID: oneVault, Names: []string{"B", "b"}}}}, []string{"A and a differ only in case, and are 2 secrets of vault " + string(oneVault) + ". Check that you write the one that you mean."}},
		"twins of a manifest": {Report{Manifest: true, Twins: []plan.Twins{{VaultID: oneVault, Names: []string{"A", "a"}, Desired: true}, {VaultID: anotherVault, Names: []string{"AB", "Ab", "ab"}}}}, []string{"AB and Ab and ab differ only in case, and are 3 secrets of vault " + string(anotherVault) + ". Check that you write the one that you mean."}},
	} {
		test.report.Redact = func(text string) string { return text }
		if d := cmp.Diff(test.want, test.report.Warnings()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A single secret that can reach more hosts is warned of once it can.
func TestASecretThatCanGoToMoreHostsIsCalledOut(t *testing.T) {
	t.Parallel()
	secret := func(hosts ...string) *nairi.Secret {
		return &nairi.Secret{ID: "sec_1", EnvKey: "TOKEN", AllowedDomains: append(domains.List{}, hosts...)}
	}
	update := func(before *nairi.Secret, hosts ...string) plan.Change {
		return plan.Change{Action: plan.Update, Current: before, Patch: nairi.Patch{AllowedDomains: &secret(hosts...).AllowedDomains}}
	}
	create := plan.Change{Action: plan.Create, Desired: plan.Desired{EnvKey: "TOKEN", Domains: &domains.List{}}}
	const anyHost, more = "TOKEN can now be sent to any host. Set allowed_domains to limit it.", "TOKEN can now reach more hosts than before: "
	for name, test := range map[string]struct {
		change  plan.Change
		outcome apply.Outcome
		want    string
	}{
		"to any host, seen":               {update(secret("a.example")), apply.Updated, anyHost},
		"to any host, unseen":             {update(nil), apply.Updated, anyHost},
		"to any host, but it was so":      {update(secret()), apply.Updated, ""},
		"to any host, and nothing was":    {update(nil), apply.Unchanged, ""},
		"to any host, and nobody knows":   {update(nil), apply.Unknown, ""},
		"to any host, but refused":        {update(nil), apply.Failed, ""},
		"to any host, as planned":         {update(secret("a.example")), apply.Planned, "TOKEN could then be sent to any host. Set allowed_domains to limit it."},
		"created, for any host":           {create, apply.Created, anyHost},
		"to more hosts, seen":             {update(secret("a.example"), "a.example", "b.example", "c.example"), apply.Updated, more + "b.example, c.example."},
		"to fewer hosts, seen":            {update(secret("a.example", "b.example"), "a.example"), apply.Updated, ""},
		"to hosts, unseen: perhaps fewer": {update(nil, "a.example"), apply.Updated, ""},
	} {
		r := Report{Changes: []plan.Change{test.change}, Redact: func(text string) string { return text }}
		r.Results = []apply.Result{{Change: test.change, Outcome: test.outcome, After: secret("whatever.example")}}
		title, text := r.MoreHosts()
		if d := cmp.Diff(test.want, text); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if title == "any host" != slices.Contains(test.change.WiderHosts(), domains.Any) {
			t.Errorf("%s: the title is %q", name, title)
		}
	}
}

// A runner keeps ten annotations of a step.
func TestManyNamesThatAreCloseAreFewWarnings(t *testing.T) {
	t.Parallel()
	r := Report{Redact: func(text string) string { return text }}
	for i := range 50 {
		r.Changes = append(r.Changes, near(plan.NoOp, fmt.Sprint("A", i), "B"))
	}
	lines := r.Warnings()
	if len(lines) != 9 || lines[8] != "42 more names are close to others of their vault." || !strings.HasPrefix(lines[7], "A7 ") {
		t.Errorf("%d: %q", len(lines), lines)
	}
}
