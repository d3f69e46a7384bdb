// Package plan decides what to change, from what is wanted and what is there.
// It does no I/O.
package plan

import (
	"errors"
	"fmt"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Operation is what the user asks for.
type Operation string

// The operations. Only Set and Create create, and only by name.
const (
	Set    Operation = "set"    // update the secret, or create it if it is named and not there
	Create Operation = "create" // create the secret; one that is there is an error
	Update Operation = "update" // update the secret; one that is not there is an error
	Delete Operation = "delete" // delete the secret; one that is not there is done
)

// Operations lists them in the order in which they are documented.
var Operations = []Operation{Set, Create, Update, Delete}

// Want is what one secret is wanted to be. It is addressed by SecretID or by
// EnvKey; if both are given they must mean the same secret.
type Want struct {
	Operation Operation
	SecretID  nairi.SecretID
	EnvKey    string
	Value     secret.Value   // absent: left alone
	Domains   *nairi.Domains // nil: left alone; empty: any domain
	// Promised says that there will be a value when the plan is carried out: a
	// plan that only shows what it would do needs none of the secrets.
	Promised bool
	// KeepValue leaves the value of a secret alone that is there already.
	KeepValue bool
	// DenyWidening makes it an error if the secret could go to more hosts than
	// before.
	DenyWidening bool
	// IfUpdatedAt is the updated_at that the secret must have for anything to
	// be written; nil for whichever.
	IfUpdatedAt *time.Time
}

// givesValue reports whether a value is there to be written, or will be.
func (w Want) givesValue() bool { return w.Promised || !w.Value.IsZero() }

// name is the secret as it was asked for.
func (w Want) name() string {
	if w.SecretID != "" {
		return string(w.SecretID)
	}
	return w.EnvKey
}

// Action is what a Change does.
type Action string

// The actions, each but Keep and Gone one request that writes.
const (
	Keep    Action = "keep"   // nothing: the secret is as wanted
	Gone    Action = "gone"   // nothing: the secret to delete is not there
	Creates Action = "create" // POST
	Updates Action = "update" // PATCH
	Deletes Action = "delete" // DELETE
)

// Change is one step of a plan.
type Change struct {
	Action Action
	Want   Want
	// Before is the secret as it was read; nil if it was not there.
	Before *nairi.Secret
	// Patch is what an update sends: only what is to change.
	Patch nairi.Patch
}

// Writes reports whether carrying the change out sends a request that writes.
func (c Change) Writes() bool {
	return c.Action == Creates || c.Action == Updates || c.Action == Deletes
}

// Name is the name of the secret, which the want may leave to its ID.
func (c Change) Name() string {
	if c.Before != nil && c.Before.EnvKey != "" {
		return c.Before.EnvKey
	}
	return c.Want.EnvKey
}

// SendsValue reports whether carrying the change out sends a value.
func (c Change) SendsValue() bool {
	return c.Want.givesValue() && (c.Action == Creates || c.Action == Updates && !c.Want.KeepValue)
}

// Error is a plan that cannot be made. Nothing has been changed.
type Error struct {
	Problem error // one of the Err values
	Detail  string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Detail == "" {
		return e.Problem.Error()
	}
	return e.Problem.Error() + ": " + e.Detail
}

// Unwrap gives the Problem.
func (e *Error) Unwrap() error { return e.Problem }

// Why a plan cannot be made.
var (
	ErrNotFound  = errors.New("the secret is not in the vault")
	ErrExists    = errors.New("the secret is in the vault already")
	ErrAmbiguous = errors.New("several secrets have this name")
	ErrConflict  = errors.New("the secret was changed since if_updated_at")
	ErrMismatch  = errors.New("secret_id and env_key name different secrets")
	ErrNoValue   = errors.New("a secret cannot be created without a value")
	ErrNoDomains = errors.New("a secret created without a domain list could be sent to any host; give it allowed_domains")
)

// Make plans the change that brings one secret to what is wanted. found are the
// secrets of the vault that Want addresses: all with its SecretID if it has one,
// else all with its EnvKey.
func Make(want Want, found []nairi.Secret) (Change, error) {
	change := Change{Want: want}
	switch {
	case len(found) > 1:
		return change, &Error{ErrAmbiguous, "choose one by secret_id: " + IDs(found)}
	case len(found) == 0:
		return absent(change)
	}
	change.Before = &found[0]
	if at := want.IfUpdatedAt; at != nil && !at.Equal(change.Before.UpdatedAt) {
		return change, &Error{Problem: ErrConflict}
	}
	if want.SecretID != "" && want.EnvKey != "" && change.Before.EnvKey != want.EnvKey {
		return change, &Error{ErrMismatch, fmt.Sprintf("%s is %s", want.SecretID, change.Before.EnvKey)}
	}
	return present(change)
}

// absent plans for a secret that is not there.
func absent(change Change) (Change, error) {
	want := change.Want
	switch {
	case want.IfUpdatedAt != nil && want.Operation != Delete:
		return change, &Error{ErrConflict, ErrNotFound.Error()}
	case want.Operation == Delete:
		change.Action = Gone
		return change, nil
	case want.Operation == Update || want.SecretID != "" || want.EnvKey == "":
		return change, &Error{ErrNotFound, want.name()}
	case !want.givesValue():
		return change, &Error{ErrNotFound, want.name() + "; " + ErrNoValue.Error()}
	case want.Domains == nil:
		return change, &Error{ErrNotFound, want.name() + "; " + ErrNoDomains.Error()}
	}
	change.Action = Creates
	return change.allowed()
}

// present plans for a secret that is there.
func present(change Change) (Change, error) {
	switch change.Want.Operation {
	case Delete:
		change.Action = Deletes
		return change, nil
	case Create:
		return change, &Error{ErrExists, string(change.Before.ID)}
	}
	change.Patch = patch(change.Want, *change.Before)
	change.Action = Updates
	if !change.SendsValue() && change.Patch.AllowedDomains == nil {
		change.Action = Keep
	}
	return change.allowed()
}

// patch is what has to be sent. A value that is given always is: the one that
// is there cannot be read, so it cannot be compared.
func patch(want Want, have nairi.Secret) nairi.Patch {
	var p nairi.Patch
	if !want.KeepValue {
		p.Value = want.Value
	}
	unknown := have.AllowedDomains == nil
	if want.Domains != nil && (unknown || !want.Domains.Equal(have.AllowedDomains)) {
		p.AllowedDomains = want.Domains
	}
	return p
}

// IDs lists the first IDs of secrets in words.
func IDs(secrets []nairi.Secret) string {
	texts := make([]string, len(secrets))
	for i, s := range secrets {
		texts[i] = string(s.ID)
	}
	return some(texts)
}
