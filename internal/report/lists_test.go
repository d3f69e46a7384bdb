package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// ofLists is the change of a secret with hosts of these lists, of which the vault has
// others, the same, or no such secret.
func ofLists(vault nairi.VaultID, name, there string, lists ...string) plan.Change {
	d := setByName
	d.EnvKey, d.Lists, d.Domains = name, lists, list("api.stripe.com")
	c := plan.Change{VaultID: vault, Desired: d}
	switch there {
	case "new":
		return c.Again(nil)
	case "same":
		d.Values = plan.ValuesWhenCreated
		return c.Again([]nairi.Secret{{ID: secretID, EnvKey: name, AllowedDomains: *list("api.stripe.com")}})
	}
	return c.Again([]nairi.Secret{{ID: secretID, EnvKey: name, AllowedDomains: *list("stripe.example")}})
}

// listLines are those of a plan that are about lists.
func listLines(r *report.Report) []string {
	return slices.DeleteFunc(r.PlanLines(), func(line string) bool { return !strings.HasPrefix(line, "List ") })
}

func ofChanges(changes ...plan.Change) *report.Report {
	r := manifest()
	r.Changes = changes
	for _, c := range changes {
		r.Results = append(r.Results, preview(c))
	}
	return r
}

// A list is named with what it touches, unless some of its secrets have its hosts.
func TestAListThatChangesIsOneLine(t *testing.T) {
	t.Parallel()
	one := func(name, there string, lists ...string) plan.Change { return ofLists(vaultID, name, there, lists...) }
	refused := one("A", "other", "stripe")
	refused.Action, refused.Err = "", plan.ErrWidens
	for what, test := range map[string]struct {
		changes []plan.Change
		want    []string
	}{
		"one secret":                {[]plan.Change{one("A", "other", "stripe")}, []string{"List stripe changes the hosts of 1 secret: A."}},
		"several":                   {[]plan.Change{one("B", "other", "stripe"), one("A", "other", "stripe")}, []string{"List stripe changes the hosts of 2 secrets: B, A."}},
		"several lists":             {[]plan.Change{one("B", "other", "stripe"), one("A", "other", "aws")}, []string{"List aws changes the hosts of 1 secret: A.", "List stripe changes the hosts of 1 secret: B."}},
		"no list":                   {[]plan.Change{one("A", "other")}, nil},
		"hosts that are the same":   {[]plan.Change{one("A", "same", "stripe")}, nil},
		"a new secret":              {[]plan.Change{one("A", "new", "stripe")}, nil},
		"a new one beside another":  {[]plan.Change{one("A", "new", "stripe"), one("B", "other", "stripe")}, []string{"List stripe changes the hosts of 1 secret: B."}},
		"one that somebody changed": {[]plan.Change{one("A", "other", "stripe"), one("B", "same", "stripe")}, nil},
		"one of two lists":          {[]plan.Change{one("A", "other", "aws", "stripe"), one("B", "same", "aws")}, []string{"List stripe changes the hosts of 1 secret: A."}},
		"one without a plan":        {[]plan.Change{refused}, nil},
	} {
		if d := cmp.Diff(test.want, listLines(ofChanges(test.changes...)), cmp.Transformer("nil", func(s []string) string { return strings.Join(s, "\n") })); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
}

func TestTheSecretsOfAListAreShownByVault(t *testing.T) {
	t.Parallel()
	r := inTwoVaults(ofChanges(ofLists(vaultID, "A", "other", "a_b"), ofLists(vaultID, "B", "other", "a_b"), ofLists(otherID, "A", "other", "a_b")))
	r.VaultNames = map[nairi.VaultID]string{vaultID: "production"}
	want := "List a_b changes the hosts of 3 secrets: A, B in production (" + string(vaultID) + "); A in " + string(otherID) + "."
	if lines := listLines(r); len(lines) != 1 || lines[0] != want {
		t.Errorf("%q, want %q", lines, want)
	}
	want = "\n- List <code>a&#95;b</code> changes the hosts of 3 secrets: <code>A</code>, <code>B</code> in production · <code>" +
		escaped(vaultID) + "</code>; <code>A</code> in <code>" + escaped(otherID) + "</code>.\n"
	if text := r.Summary(); !strings.Contains(text, want) {
		t.Error(text)
	}
}

// Each file has lists of its own: one of the name in another file is another list.
func TestAListIsOfItsFile(t *testing.T) {
	t.Parallel()
	in := func(file string, c plan.Change) plan.Change {
		c.Desired.Place = plan.Place{File: file, Line: 3}
		return c
	}
	kept := in("a.yml", ofLists(vaultID, "A", "same", "stripe"))
	changed := in("b_.yml", ofLists(vaultID, "B", "other", "stripe"))
	r := ofChanges(kept, changed)
	if d := cmp.Diff([]string{"List stripe of b_.yml changes the hosts of 1 secret: B."}, listLines(r)); d != "" {
		t.Errorf("what one file keeps hides what the other changes: %s", d)
	}
	if text, want := r.Summary(), "- List <code>stripe</code> of <code>b&#95;.yml</code> changes the hosts of 1 secret"; !strings.Contains(text, want) {
		t.Error(text)
	}
	both := ofChanges(in("b.yml", ofLists(vaultID, "B", "other", "stripe")), in("a.yml", ofLists(vaultID, "A", "other", "stripe")), in("a.yml", ofLists(vaultID, "C", "other", "aws")))
	want := []string{
		"List aws changes the hosts of 1 secret: C.",
		"List stripe of a.yml changes the hosts of 1 secret: A.",
		"List stripe of b.yml changes the hosts of 1 secret: B.",
	}
	if d := cmp.Diff(want, listLines(both)); d != "" {
		t.Error(d)
	}
}

// Many lists of many secrets leave room for the changes.
func TestManyListsAreCut(t *testing.T) {
	t.Parallel()
	var changes []plan.Change
	for i := range 30 {
		changes = append(changes, ofLists(vaultID, fmt.Sprintf("NAME_%d", i), "other", "all"))
	}
	if lines := listLines(ofChanges(changes...)); len(lines) != 1 || !strings.HasSuffix(lines[0], "NAME_9 and 20 more.") {
		t.Errorf("%q", lines)
	}
	for i := range 200 {
		changes = append(changes, ofLists(vaultID, fmt.Sprintf("NAME_%d", i), "other", fmt.Sprintf("list_%d", i)))
	}
	text := ofChanges(changes...).Summary()
	if n := strings.Count(text, "\n- List "); n < 5 || n > 60 || !strings.Contains(text, "\n- … and ") {
		t.Errorf("%d lists in %s", n, text)
	}
}
