// Package plan decides what to change, from what is desired and what is there.
// It does no I/O.
package plan

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Vault is what one vault should hold. A single secret is a vault of one.
type Vault struct {
	ID      nairi.VaultID
	Secrets []Desired // no two of one name
	// Owned are patterns of the names that the manifest owns, as in BILLING_*: the
	// others are not its concern. None means that it owns all.
	Owned []string
	// MayEmpty says that the vault may lose all of its secrets.
	MayEmpty bool
	// Parts are the names that each of several files owns; none where one file, or each,
	// owns all.
	Parts []Part
	// AllManaged makes it an error that the vault has a secret which the manifest
	// does not name.
	AllManaged bool
	// ByVariable says that a variable has the ID: in another run of the same manifest it
	// may be that of another vault.
	ByVariable bool
	Place      Place
}

// Part is what one file owns of a vault that several share by name.
type Part struct {
	Owned    []string
	MayEmpty bool // whether the vault may lose all of these
	Place    Place
}

// Place is where in a manifest something stands; zero where there is none.
type Place struct {
	File string
	Line int // from 1
}

// Values says when the value of a secret that is there is written.
type Values string

// The modes. A secret that is created gets its value in each. That it was rotated is
// told by a date in the manifest.
const (
	ValuesByDate      Values = ""             // as ValuesWhenRotated where there is a date, and else as ValuesAlways
	ValuesAlways      Values = "always"       // in each run, since none can be read back to compare
	ValuesWhenCreated Values = "when_created" // never
	ValuesWhenRotated Values = "when_rotated" // if it was rotated since the secret was last changed
)

// MayLack reports whether a run can do without the value of a secret until that is
// written.
func (v Values) MayLack() bool { return v == ValuesWhenCreated || v == ValuesWhenRotated }

// Desired is what one secret should be. It is addressed by SecretID or by EnvKey;
// if both are given they must mean the same secret.
type Desired struct {
	Operation Operation
	SecretID  nairi.SecretID
	EnvKey    string
	Value     secret.Value  // absent: left alone
	Domains   *domains.List // nil: left alone; empty: any host
	// Generate is how a new value is made when one is due, in the place of one that is
	// given; nil for none.
	Generate *generate.Spec
	// NewerThan is the time that the generated value of a manifest must be newer than; nil
	// for one that is only made for a new secret.
	NewerThan *time.Time
	// Mirrors get the value once the vault has it.
	Mirrors []mirror.Mirror
	// Promised says that there will be a value when the plan is carried out: a
	// plan that only shows what it would do needs none of the secrets.
	Promised bool
	// Values says when the value of a secret that is there already is written.
	Values Values
	// Rotated is when the value was last rotated; nil if that is not said.
	Rotated *time.Time
	// MaxAge is how old a value may become; 0 for any age.
	MaxAge time.Duration
	// RenamedFrom is the name that the secret had before; empty for none.
	RenamedFrom string
	// Lists are the names of the lists that Domains are made of, if it is made of any.
	Lists []string
	Place Place
	// NoValue says why there is no value, of a secret that needs one only if it
	// is created or was rotated.
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
func (d *Desired) givesValue() bool { return d.Promised || d.Generate != nil || !d.Value.IsZero() }

// named is the secret as it was asked for, for a Refusal.
func (d *Desired) named() any {
	if d.SecretID != "" {
		return d.SecretID
	}
	return d.EnvKey
}
