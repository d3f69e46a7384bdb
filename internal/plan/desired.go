// Package plan decides what to change, from what is desired and what is there.
// It does no I/O.
package plan

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Operation is what the user asks for of one secret.
type Operation string

// The operations. Only OpSet and OpCreate create, and only by name.
const (
	OpSet    Operation = "set"    // update the secret, or create it if it is named and not there
	OpCreate Operation = "create" // create the secret; one that is there is an error
	OpUpdate Operation = "update" // update the secret; one that is not there is an error
	OpDelete Operation = "delete" // delete the secret; one that is not there is done
)

// Operations lists them in the order in which they are documented.
var Operations = []Operation{OpSet, OpCreate, OpUpdate, OpDelete}

// Vault is what one vault should hold. A single secret is a vault of one.
type Vault struct {
	ID      nairi.VaultID
	Secrets []Desired // no two of one name
}

// Desired is what one secret should be. It is addressed by SecretID or by EnvKey;
// if both are given they must mean the same secret.
type Desired struct {
	Operation Operation
	SecretID  nairi.SecretID
	EnvKey    string
	Value     secret.Value  // absent: left alone
	Domains   *domains.List // nil: left alone; empty: any host
	// Promised says that there will be a value when the plan is carried out: a
	// plan that only shows what it would do needs none of the secrets.
	Promised bool
	// KeepValue leaves the value of a secret alone that is there already.
	KeepValue bool
	// NoValue says why there is no value, of a secret that needs one only if it
	// is created.
	NoValue string
	// DenyWidening makes it an error if the secret could go to more hosts than
	// before.
	DenyWidening bool
	// IfUpdatedAt is the updated_at that the secret must have for anything to be
	// written; nil for any.
	IfUpdatedAt *time.Time
}

// Selects reports whether a secret is the one that is addressed: by its ID if one
// is given, else by its name.
func (d *Desired) Selects(s nairi.Secret) bool {
	if d.SecretID != "" {
		return s.ID == d.SecretID
	}
	return s.EnvKey == d.EnvKey
}

// givesValue reports whether a value is there to be written, or will be.
func (d *Desired) givesValue() bool { return d.Promised || !d.Value.IsZero() }

// name is the secret as it was asked for.
func (d *Desired) name() string {
	if d.SecretID != "" {
		return string(d.SecretID)
	}
	return d.EnvKey
}
