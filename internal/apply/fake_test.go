package apply_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const (
	vaultID = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	one     = nairi.SecretID("sec_01KQ27AQH800XQTQPJZ0DH14SJ")
	two     = nairi.SecretID("sec_01KQ27AQH800XQTQPJZ0DH14SK")
)

// answer is what the fake says to one call.
type answer struct {
	secrets []nairi.Secret // one for every call but a list and a delete
	err     error
}

func says(s ...nairi.Secret) answer { return answer{secrets: s} }

func refuses(err error) answer { return answer{err: err} }

// script are the answers to the calls of each kind, in turn.
type script map[string][]answer

// fake is an API that writes down what it is asked, as in "update sec_… value".
// A call that the script has no answer for fails the test.
type fake struct {
	t       *testing.T
	answers script
	calls   []string
}

func (f *fake) ask(kind, rest string) answer {
	f.t.Helper()
	call := strings.TrimSpace(kind + " " + rest)
	answers := f.answers[kind]
	if len(answers) == 0 {
		f.t.Fatalf("unexpected call: %s", call)
	}
	f.calls, f.answers[kind] = append(f.calls, call), answers[1:]
	return answers[0]
}

func (a answer) one() (nairi.Secret, error) {
	if len(a.secrets) == 0 {
		return nairi.Secret{}, a.err
	}
	return a.secrets[0], a.err
}

func (f *fake) vault(id nairi.VaultID) {
	f.t.Helper()
	if id != vaultID {
		f.t.Errorf("asked about the vault %q", id)
	}
}

func (f *fake) List(_ context.Context, v nairi.VaultID) ([]nairi.Secret, error) {
	f.vault(v)
	a := f.ask("list", "")
	return a.secrets, a.err
}

func (f *fake) Look(_ context.Context, v nairi.VaultID, id nairi.SecretID) (nairi.Secret, error) {
	f.vault(v)
	return f.ask("look", string(id)).one()
}

func (f *fake) Create(_ context.Context, v nairi.VaultID, n nairi.New) (nairi.Secret, error) {
	f.vault(v)
	return f.ask("create", fmt.Sprintf("%s %s %v", n.EnvKey, n.Value.Reveal(), n.AllowedDomains)).one()
}

func (f *fake) Update(_ context.Context, v nairi.VaultID, id nairi.SecretID, p nairi.Patch) (nairi.Secret, error) {
	f.vault(v)
	sent := string(id)
	if !p.Value.IsZero() {
		sent += " " + p.Value.Reveal()
	}
	if p.AllowedDomains != nil {
		sent += fmt.Sprint(" ", *p.AllowedDomains)
	}
	return f.ask("update", sent).one()
}

func (f *fake) Delete(_ context.Context, v nairi.VaultID, id nairi.SecretID) error {
	f.vault(v)
	return f.ask("delete", string(id)).err
}

// run carries change out against the answers, and returns the result and the
// calls that were made.
func run(t *testing.T, change plan.Change, answers script) (apply.Result, []string) {
	t.Helper()
	f := &fake{t: t, answers: answers}
	result := apply.Vault{API: f, ID: vaultID}.Run(t.Context(), change)
	return result, f.calls
}

// noon is when the secrets of these tests were written, and looked a later
// moment: long enough for a write to have another updated_at.
var (
	noon   = time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)
	looked = noon.Add(time.Hour)
	wrote  = looked.Add(time.Second)
)

// stored is a whole secret as the API shows it.
func stored(id nairi.SecretID, name string, domains ...string) nairi.Secret {
	return nairi.Secret{
		ID:             id,
		EnvKey:         name,
		AllowedDomains: append(nairi.Domains{}, domains...),
		CreatedAt:      noon,
		UpdatedAt:      noon,
		AnsweredAt:     looked,
	}
}

// written is stored after a write that moved updated_at.
func written(s nairi.Secret) nairi.Secret {
	s.UpdatedAt, s.AnsweredAt = wrote, wrote
	return s
}

func domains(list ...string) *nairi.Domains {
	d := append(nairi.Domains{}, list...)
	return &d
}

// diff compares without showing a value.
func diff(want, got any) string {
	return cmp.Diff(want, got,
		cmpopts.EquateErrors(),
		cmp.Comparer(func(a, b secret.Value) bool { return a.Reveal() == b.Reveal() && a.IsZero() == b.IsZero() }))
}

// The errors that a client gives.
var (
	unauthorized = &nairi.Error{Kind: nairi.Refused, Method: "PATCH", Status: 401}
	notFound     = &nairi.Error{Kind: nairi.Refused, Method: "PATCH", Status: 404, Secret: one}
	noVault      = &nairi.Error{Kind: nairi.Refused, Method: "GET", Status: 404}
	conflict     = &nairi.Error{Kind: nairi.Refused, Method: "POST", Status: 409}
	unsent       = &nairi.Error{Kind: nairi.Network, Method: "PATCH"}
	// broken leaves open what the server does, and may still do; crashed that it
	// has done, and notFoundAfter what an attempt before it did.
	broken        = &nairi.Error{Kind: nairi.Network, Method: "PATCH", Unclear: true}
	crashed       = &nairi.Error{Kind: nairi.Refused, Method: "PATCH", Status: 500, Unclear: true, Finished: true}
	notFoundAfter = &nairi.Error{Kind: nairi.Refused, Method: "DELETE", Status: 404, Secret: one, Unclear: true}
)
