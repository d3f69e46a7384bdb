package apply_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// renames are changes of a secret that gets the name NEW, and of its old name.
func renames(action string) []plan.Change {
	all := changes(action+" NEW", "delete OLD")
	all[0].Desired.RenamedFrom = "OLD"
	all[1].RenamedTo, all[1].Desired = "NEW", plan.Desired{Operation: plan.OpDelete, SecretID: "sec_OLD", EnvKey: "OLD"}
	return all
}

// An old name is kept, and why is told, unless the list of the vault shows the new one
// as the run left it.
func TestAnOldNameGoesOnlyBesideANewOneThatIsSeen(t *testing.T) {
	t.Parallel()
	const as, other = "sec_NEW NEW [a.example]", "sec_OTHER OTHER [a.example]"
	for text, test := range map[string]struct {
		action, listed string // the answer to the list, or the name of a failure
		want           string // why the old name stays; empty if it goes
	}{
		"a new name":                  {"create", as + "|" + other, ""},
		"a new name that is updated":  {"update", as, ""},
		"a new name as it should be":  {"no-op", as, ""},
		"one that the list lacks":     {"create", other, ": NEW is not in the list of the vault"},
		"an empty list":               {"no-op", "", ": NEW is not in the list of the vault"},
		"one with other hosts":        {"no-op", "sec_NEW NEW [b.example]", ": NEW has other hosts by now"},
		"one for any host":            {"no-op", "sec_NEW NEW []", ": NEW has other hosts by now"},
		"one without hosts":           {"no-op", "sec_NEW NEW", ": NEW has other hosts by now"},
		"one that is there twice":     {"create", as + "|sec_2 NEW [a.example]", ": NEW is in it more than once: sec_NEW, sec_2"},
		"another secret of that name": {"update", "sec_2 NEW [a.example]", ": NEW is another secret by now: sec_2"},
		"a list that fails":           {"create", "broken", ": "},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var calls []string
			m := api(func(call string) ([]nairi.Secret, error) {
				word, _, _ := strings.Cut(call, " ")
				calls = append(calls, word)
				if word != "list" {
					return []nairi.Secret{stored(as)}, nil
				}
				if failure := failures[test.listed]; failure != nil {
					return nil, failure
				}
				var secrets []nairi.Secret
				for _, line := range strings.FieldsFunc(test.listed, func(r rune) bool { return r == '|' }) {
					secrets = append(secrets, stored(line))
				}
				return secrets, nil
			})
			e := (&many{}).engine(1)
			e.API = m
			results := carriedOut(t.Context(), t, e, renames(test.action))
			switch err := results[1].Err; {
			case test.want == "" && (err != nil || results[1].Outcome != apply.Deleted):
				t.Errorf("%s, %v", results[1].Outcome, err)
			case test.want != "" && (!errors.Is(err, apply.ErrOldName) || !errors.Is(err, apply.ErrNotBegun) || !strings.Contains(err.Error(), apply.ErrOldName.Error()+test.want)):
				t.Errorf("got %v, want %s", err, test.want)
			}
			if got := strings.Join(calls, " "); strings.Contains(got, "delete") != (test.want == "") || strings.Count(got, "list") != 1 {
				t.Errorf("calls: %s", got)
			}
		})
	}
}

// Hosts that nobody asked for may be any.
func TestAnOldNameGoesBesideANewOneWithoutHostsInTheManifest(t *testing.T) {
	t.Parallel()
	all := renames("no-op")
	all[0].Desired.Domains = nil
	all[0].Current.AllowedDomains = domains.List{"b.example"}
	e := (&many{}).engine(1)
	e.API = api(func(string) ([]nairi.Secret, error) { return []nairi.Secret{stored("sec_NEW NEW [b.example]")}, nil })
	if got := outcomes(carriedOut(t.Context(), t, e, all)); got != "NEW unchanged, OLD deleted" {
		t.Error(got)
	}
}

// Without the change that puts the new name there, nothing is known of it.
func TestAnOldNameAloneIsKept(t *testing.T) {
	t.Parallel()
	e := (&many{}).engine(1)
	e.API = api(func(string) ([]nairi.Secret, error) { return []nairi.Secret{stored("sec_NEW NEW [a.example]")}, nil })
	results := carriedOut(t.Context(), t, e, renames("no-op")[1:])
	if !errors.Is(results[0].Err, apply.ErrOldName) {
		t.Errorf("%s, %v", results[0].Outcome, results[0].Err)
	}
}

// A failed write of the vault is reason enough, and nothing is listed.
func TestNoListIsAskedForWhereNothingIsDeletedAnyway(t *testing.T) {
	t.Parallel()
	e := (&many{}).engine(1)
	e.API = api(func(call string) ([]nairi.Secret, error) {
		if !strings.HasPrefix(call, "create") {
			t.Errorf("unexpected call: %s", call)
		}
		return nil, failures["unprocessable"]
	})
	results := carriedOut(t.Context(), t, e, renames("create"))
	if got := outcomes(results[1:]); got != "OLD failed" || !errors.Is(results[1].Err, apply.ErrVaultIncomplete) {
		t.Errorf("%s: %v", got, results[1].Err)
	}
}
