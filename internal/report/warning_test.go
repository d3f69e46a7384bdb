package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		"a delete":            {Report{Changes: []plan.Change{near(plan.NoOp, "A", "B")}}, []string{"A is not in the vault, so there is nothing to delete; did you mean B?"}},
		"a create":            {Report{Changes: []plan.Change{near(plan.Create, "A", "B", "C")}}, []string{"A is not in the vault, and is new; did you mean B or C?"}},
		"an error":            {Report{Changes: []plan.Change{failed}}, nil},
		"a create of a twin":  {Report{Changes: []plan.Change{near(plan.Create, "A", "a")}}, nil},
		"one of two vaults":   {Report{Manifest: true, Desired: make([]plan.Vault, 2), Changes: []plan.Change{near(plan.NoOp, "A", "B")}}, []string{"A is not in vault " + string(oneVault) + ", so there is nothing to delete; did you mean B?"}},
		"twins of one secret": {Report{Changes: []plan.Change{near(plan.Update, "A")}, Twins: []plan.Twins{{VaultID: oneVault, Names: []string{"A", "a"}}, {VaultID: oneVault, Names: []string{"B", "b"}}}}, []string{"A and a differ only in case, and are 2 secrets of vault " + string(oneVault) + ": check that you write the one that you mean"}},
		"twins of a manifest": {Report{Manifest: true, Twins: []plan.Twins{{VaultID: oneVault, Names: []string{"A", "a"}, Desired: true}, {VaultID: anotherVault, Names: []string{"AB", "Ab", "ab"}}}}, []string{"AB and Ab and ab differ only in case, and are 3 secrets of vault " + string(anotherVault) + ": check that you write the one that you mean"}},
	} {
		test.report.Redact = func(text string) string { return text }
		if d := cmp.Diff(test.want, test.report.Warnings()); d != "" {
			t.Errorf("%s: %s", name, d)
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
	if len(lines) != 9 || lines[8] != "42 more names are close to others of their vault" || !strings.HasPrefix(lines[7], "A7 ") {
		t.Errorf("%d: %q", len(lines), lines)
	}
}
