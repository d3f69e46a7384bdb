package plan_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const (
	one  = nairi.SecretID("sec_01KQ27AQH800XQTQPJZ0DH14SJ")
	two  = nairi.SecretID("sec_01KQ27AQH800XQTQPJZ0DH14SK")
	name = "TOKEN"
)

// synthetic is the value of every Want that has one.
const synthetic = "synthetic-value"

var updatedAt = time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)

// option gives one field of a Want.
type option func(*plan.Want)

func byID(w *plan.Want)      { w.SecretID = one }
func byName(w *plan.Want)    { w.EnvKey = name }
func withValue(w *plan.Want) { w.Value = secret.New(synthetic) }

func withDomains(hosts ...string) option {
	domains := nairi.Domains(append([]string{}, hosts...))
	return func(w *plan.Want) { w.Domains = &domains }
}

func want(operation plan.Operation, options ...option) plan.Want {
	w := plan.Want{Operation: operation}
	for _, o := range options {
		o(&w)
	}
	return w
}

// stored is a secret of the vault; no hosts mean any.
func stored(id nairi.SecretID, hosts ...string) nairi.Secret {
	return nairi.Secret{ID: id, EnvKey: name, AllowedDomains: append(nairi.Domains{}, hosts...)}
}

// none and some are what a vault holds of a Want.
func none() []nairi.Secret { return nil }

func some(s ...nairi.Secret) []nairi.Secret { return s }

// sent spells a Patch as "value" and the hosts.
func sent(p nairi.Patch) string {
	var parts []string
	if !p.Value.IsZero() {
		parts = append(parts, "value")
	}
	if p.AllowedDomains != nil {
		parts = append(parts, "["+strings.Join(*p.AllowedDomains, " ")+"]")
	}
	return strings.Join(parts, " ")
}

func TestMake(t *testing.T) {
	t.Parallel()
	both := []option{byID, byName}
	for _, test := range []struct {
		name    string
		want    plan.Want
		found   []nairi.Secret
		action  plan.Action
		patch   string
		problem error
	}{
		// set by ID: only what is given, and never a new secret.
		{"set by ID, value", want(plan.Set, byID, withValue), some(stored(one, "a.example")), plan.Updates, "value", nil},
		{"set by ID, domains", want(plan.Set, byID, withDomains("b.example")), some(stored(one, "a.example")), plan.Updates, "[b.example]", nil},
		{"set by ID, both", want(plan.Set, byID, withValue, withDomains("b.example")), some(stored(one, "a.example")), plan.Updates, "value [b.example]", nil},
		{"set by ID, same domains", want(plan.Set, byID, withDomains("a.example")), some(stored(one, "a.example")), plan.Keep, "", nil},
		{"set by ID, value and same domains", want(plan.Set, byID, withValue, withDomains("a.example")), some(stored(one, "a.example")), plan.Updates, "value", nil},
		{"set by ID, none there", want(plan.Set, byID, withValue, withDomains("a.example")), none(), "", "", plan.ErrNotFound},
		{"set by both, agreeing", want(plan.Set, append(both, withValue)...), some(stored(one)), plan.Updates, "value", nil},
		{"set by both, none there", want(plan.Set, append(both, withValue, withDomains("a.example"))...), none(), "", "", plan.ErrNotFound},

		// set by name: also a new secret, if nothing about it is left open.
		{"set by name, value", want(plan.Set, byName, withValue), some(stored(one, "a.example")), plan.Updates, "value", nil},
		{"set by name, domains", want(plan.Set, byName, withDomains("b.example")), some(stored(one, "a.example")), plan.Updates, "[b.example]", nil},
		{"set by name, same domains", want(plan.Set, byName, withDomains("a.example")), some(stored(one, "a.example")), plan.Keep, "", nil},
		{"set by name, several there", want(plan.Set, byName, withValue), some(stored(one), stored(two)), "", "", plan.ErrAmbiguous},
		{"set by name, none there, both", want(plan.Set, byName, withValue, withDomains("a.example")), none(), plan.Creates, "", nil},
		{"set by name, none there, any domain", want(plan.Set, byName, withValue, withDomains()), none(), plan.Creates, "", nil},
		{"set by name, none there, value", want(plan.Set, byName, withValue), none(), "", "", plan.ErrNotFound},
		{"set by name, none there, domains", want(plan.Set, byName, withDomains("a.example")), none(), "", "", plan.ErrNotFound},

		{"create, none there", want(plan.Create, byName, withValue, withDomains("a.example")), none(), plan.Creates, "", nil},
		{"create, none there, any domain", want(plan.Create, byName, withValue, withDomains()), none(), plan.Creates, "", nil},
		{"create without a name", want(plan.Create, withValue, withDomains("a.example")), none(), "", "", plan.ErrNotFound},
		{"create, one there", want(plan.Create, byName, withValue, withDomains("a.example")), some(stored(one)), "", "", plan.ErrExists},
		{"create, several there", want(plan.Create, byName, withValue, withDomains("a.example")), some(stored(one), stored(two)), "", "", plan.ErrAmbiguous},
		{"create, none there, value", want(plan.Create, byName, withValue), none(), "", "", plan.ErrNotFound},
		{"create, none there, domains", want(plan.Create, byName, withDomains("a.example")), none(), "", "", plan.ErrNotFound},
		{"create by ID, none there", want(plan.Create, byID, withValue, withDomains("a.example")), none(), "", "", plan.ErrNotFound},

		{"update by ID, value", want(plan.Update, byID, withValue), some(stored(one)), plan.Updates, "value", nil},
		{"update by name, domains", want(plan.Update, byName, withDomains("b.example")), some(stored(one, "a.example")), plan.Updates, "[b.example]", nil},
		{"update by name, both", want(plan.Update, byName, withValue, withDomains("b.example")), some(stored(one)), plan.Updates, "value [b.example]", nil},
		{"update by name, same domains", want(plan.Update, byName, withDomains("a.example")), some(stored(one, "a.example")), plan.Keep, "", nil},
		{"update by name, none there", want(plan.Update, byName, withValue, withDomains("a.example")), none(), "", "", plan.ErrNotFound},
		{"update by ID, none there", want(plan.Update, byID, withValue), none(), "", "", plan.ErrNotFound},
		{"update by name, several there", want(plan.Update, byName, withValue), some(stored(one), stored(two)), "", "", plan.ErrAmbiguous},

		{"delete by ID", want(plan.Delete, byID), some(stored(one)), plan.Deletes, "", nil},
		{"delete by name", want(plan.Delete, byName), some(stored(one)), plan.Deletes, "", nil},
		{"delete by both", want(plan.Delete, both...), some(stored(one)), plan.Deletes, "", nil},
		{"delete by ID, none there", want(plan.Delete, byID), none(), plan.Gone, "", nil},
		{"delete by name, none there", want(plan.Delete, byName), none(), plan.Gone, "", nil},
		{"delete by name, several there", want(plan.Delete, byName), some(stored(one), stored(two)), "", "", plan.ErrAmbiguous},

		// domains
		{"order and repetition do not matter", want(plan.Set, byID, withDomains("b.example", "a.example", "b.example")), some(stored(one, "a.example", "b.example")), plan.Keep, "", nil},
		{"a shorter list is another", want(plan.Set, byID, withDomains("a.example")), some(stored(one, "a.example", "b.example")), plan.Updates, "[a.example]", nil},
		{"any domain where some were", want(plan.Set, byID, withDomains()), some(stored(one, "a.example")), plan.Updates, "[]", nil},
		{"any domain where any was", want(plan.Set, byID, withDomains()), some(stored(one)), plan.Keep, "", nil},
		{"any domain where the list is not known", want(plan.Set, byID, withDomains()), some(nairi.Secret{ID: one, EnvKey: name}), plan.Updates, "[]", nil},
		{"some domains where the list is not known", want(plan.Set, byID, withDomains("a.example")), some(nairi.Secret{ID: one, EnvKey: name}), plan.Updates, "[a.example]", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := plan.Make(test.want, test.found)
			if !errors.Is(err, test.problem) || (err == nil) != (test.problem == nil) {
				t.Fatalf("error %v, want %v", err, test.problem)
			}
			if got.Action != test.action || sent(got.Patch) != test.patch {
				t.Errorf("planned %q of %q, want %q of %q", got.Action, sent(got.Patch), test.action, test.patch)
			}
			if !cmp.Equal(got.Want, test.want, sameValue) {
				t.Error("the change wants something else than was wanted")
			}
		})
	}
}

// since asks for the updated_at that a stored secret has, in another time zone,
// or for a later one.
func since(later time.Duration) option {
	at := updatedAt.Add(later).In(time.FixedZone("", 3600))
	return func(w *plan.Want) { w.IfUpdatedAt = &at }
}

func TestMakeOnlyIfNotUpdatedSince(t *testing.T) {
	t.Parallel()
	there := some(nairi.Secret{ID: one, EnvKey: name, AllowedDomains: nairi.Domains{}, UpdatedAt: updatedAt})
	unknown := some(stored(one))
	for _, test := range []struct {
		name    string
		want    plan.Want
		found   []nairi.Secret
		action  plan.Action
		problem error
	}{
		{"set, as it was", want(plan.Set, byID, withValue, since(0)), there, plan.Updates, nil},
		{"set, changed since", want(plan.Set, byID, withValue, since(-time.Second)), there, "", plan.ErrConflict},
		{"set, older than thought", want(plan.Set, byID, withValue, since(time.Second)), there, "", plan.ErrConflict},
		{"set, time not known", want(plan.Set, byID, withValue, since(0)), unknown, "", plan.ErrConflict},
		{"set, nothing to write", want(plan.Set, byID, withDomains(), since(-time.Second)), there, "", plan.ErrConflict},
		{"set by name, none there", want(plan.Set, byName, withValue, withDomains(), since(0)), none(), "", plan.ErrConflict},
		{"create, none there", want(plan.Create, byName, withValue, withDomains(), since(0)), none(), "", plan.ErrConflict},
		{"update, as it was", want(plan.Update, byName, withValue, since(0)), there, plan.Updates, nil},
		{"update, changed since", want(plan.Update, byName, withValue, since(time.Minute)), there, "", plan.ErrConflict},
		{"update, none there", want(plan.Update, byID, withValue, since(0)), none(), "", plan.ErrConflict},
		{"delete, as it was", want(plan.Delete, byID, since(0)), there, plan.Deletes, nil},
		{"delete, changed since", want(plan.Delete, byID, since(time.Minute)), there, "", plan.ErrConflict},
		{"delete, none there", want(plan.Delete, byID, since(0)), none(), plan.Gone, nil},
	} {
		change, err := plan.Make(test.want, test.found)
		if !errors.Is(err, test.problem) || (err == nil) != (test.problem == nil) || change.Action != test.action {
			t.Errorf("%s: %q, %v; want %q, %v", test.name, change.Action, err, test.action, test.problem)
		}
	}
}

// sameValue lets cmp compare the texts of Values.
var sameValue = cmp.Comparer(func(a, b secret.Value) bool {
	return a.IsZero() == b.IsZero() && a.Reveal() == b.Reveal()
})

func TestMakeTellsWhatWasThere(t *testing.T) {
	t.Parallel()
	there := stored(one, "a.example")
	for _, operation := range plan.Operations {
		change, _ := plan.Make(want(operation, byName, withValue), some(there))
		if change.Before == nil || !cmp.Equal(*change.Before, there) {
			t.Errorf("%s: Before is %+v, want %+v", operation, change.Before, there)
		}
		change, _ = plan.Make(want(operation, byName, withValue, withDomains("a.example")), none())
		if change.Before != nil {
			t.Errorf("%s of nothing: Before is %+v, want none", operation, change.Before)
		}
	}
}

func TestMakeRefusesTwoDifferentSecrets(t *testing.T) {
	t.Parallel()
	other := nairi.Secret{ID: one, EnvKey: "OTHER", AllowedDomains: nairi.Domains{}}
	for _, operation := range plan.Operations {
		change, err := plan.Make(want(operation, byID, byName, withValue, withDomains("a.example")), some(other))
		if !errors.Is(err, plan.ErrMismatch) || change.Writes() {
			t.Errorf("%s: action %q, error %v; want ErrMismatch and no write", operation, change.Action, err)
		}
	}
	// env_key is case-sensitive, as environment variables are.
	if _, err := plan.Make(want(plan.Delete, byID, byName), some(nairi.Secret{ID: one, EnvKey: "token"})); !errors.Is(err, plan.ErrMismatch) {
		t.Errorf("another case: %v, want ErrMismatch", err)
	}
}

func TestErrorsSayWhich(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		want  plan.Want
		found []nairi.Secret
		text  string
	}{
		{"every ID of several", want(plan.Set, byName, withValue), some(stored(one), stored(two)), "several secrets have this name: choose one by secret_id: " + string(one) + ", " + string(two)},
		{"the ID that exists", want(plan.Create, byName, withValue), some(stored(one)), "the secret is in the vault already: " + string(one)},
		{"what the ID is instead", want(plan.Set, byID, func(w *plan.Want) { w.EnvKey = "OTHER" }), some(stored(one)), "secret_id and env_key name different secrets: " + string(one) + " is " + name},
		{"the name that is missing", want(plan.Update, byName, withValue), none(), "the secret is not in the vault: TOKEN"},
		{"the ID that is missing", want(plan.Set, byID, byName, withValue), none(), "the secret is not in the vault: " + string(one)},
		{"that it is not there any more", want(plan.Update, byName, withValue, since(0)), none(), "the secret was changed since if_updated_at: the secret is not in the vault"},
		{"no value for a new one", want(plan.Set, byName, withDomains()), none(), "the secret is not in the vault: TOKEN; a secret cannot be created without a value"},
		{"no domains for a new one", want(plan.Set, byName, withValue), none(), "the secret is not in the vault: TOKEN; a secret created without a domain list could be sent to any host; give it allowed_domains"},
	} {
		_, err := plan.Make(test.want, test.found)
		if err == nil || err.Error() != test.text {
			t.Errorf("%s: %v\nwant %s", test.name, err, test.text)
		}
	}
}

func TestWrites(t *testing.T) {
	t.Parallel()
	for action, writes := range map[plan.Action]bool{
		plan.Creates: true, plan.Updates: true, plan.Deletes: true,
		plan.Keep: false, plan.Gone: false, "": false,
	} {
		if got := (plan.Change{Action: action}).Writes(); got != writes {
			t.Errorf("%q writes: %v, want %v", action, got, writes)
		}
	}
}

func TestOperationsAreListed(t *testing.T) {
	t.Parallel()
	listed := []plan.Operation{"set", "create", "update", "delete"}
	if diff := cmp.Diff(listed, plan.Operations); diff != "" {
		t.Errorf("(-documented +listed)\n%s", diff)
	}
}
