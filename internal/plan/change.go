package plan

import (
	"errors"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Action is what a Change does.
type Action string

// The actions, each but NoOp one request that writes.
const (
	NoOp   Action = "no-op"  // the secret is as desired, or the one to delete is not there
	Create Action = "create" // POST
	Update Action = "update" // PATCH
	Delete Action = "delete" // DELETE
)

// Change is what is planned for one secret.
type Change struct {
	VaultID nairi.VaultID
	Action  Action // empty if there is an Err
	Desired Desired
	// Current is the secret as it was read; nil if it was not there, or if there was no
	// look before an update.
	Current *nairi.Secret
	// Patch is what an update sends: only what is to change.
	Patch nairi.Patch
	// Pruned says that it is a delete which no Desired asks for.
	Pruned bool
	// RenamedTo says that it is a delete under the old name of the Desired that has
	// this name: it is only begun once that one is known to be there.
	RenamedTo string
	// Former is the secret under its old name, if it is there and is renamed.
	Former *nairi.Secret
	// Awaits says that a delete is not to be begun: another shard creates a secret
	// of the vault, and what becomes of that is not known here.
	Awaits bool
	// Near are the names that are in the vault in place of the one that is not,
	// and that it may be a slip for.
	Near []string
	// Err is why nothing can be planned for the secret; nil if something is.
	Err error
}

// Writes reports whether carrying the change out sends a request that writes.
func (c *Change) Writes() bool { return c.Action == Create || c.Action == Update || c.Action == Delete }

// Name is the name of the secret, which may have been addressed by its ID.
func (c *Change) Name() string {
	if c.Current != nil && c.Current.EnvKey != "" {
		return c.Current.EnvKey
	}
	return c.Desired.EnvKey
}

// SecretID is the ID of the secret; empty if it is not known yet.
func (c *Change) SecretID() nairi.SecretID {
	if c.Current != nil {
		return c.Current.ID
	}
	return c.Desired.SecretID
}

// Hosts are the hosts of the secret before the change; nil if they are unknown.
func (c *Change) Hosts() domains.List {
	if c.Current == nil {
		return nil
	}
	return c.Current.AllowedDomains
}

// SendsValue reports whether carrying the change out sends a value.
func (c *Change) SendsValue() bool {
	return c.Desired.givesValue() && (c.Action == Create || c.Action == Update && c.isDue())
}

// Again plans the change anew, by the secrets that Desired selects of what is
// there by now.
func (c *Change) Again(found []nairi.Secret) Change {
	return makeOne(c.VaultID, c.Desired, found, c.Former)
}

// Why a change cannot be planned.
var (
	ErrNotFound  = errors.New("the secret is not in the vault")
	ErrExists    = errors.New("the secret is in the vault already")
	ErrAmbiguous = errors.New("several secrets have this name")
	ErrConflict  = errors.New("the secret was changed since if_updated_at")
	ErrMismatch  = errors.New("secret_id and env_key name different secrets")
	ErrWidens    = errors.New("the secret could go to more hosts than before")
	ErrNoValue   = errors.New("there is no value to create the secret with")
	ErrLacking   = errors.New("the value must be written, and is not given")
)

// What a secret that is not there cannot be created without.

// absent is an error about a secret that is not there.
func (c *Change) absent(kind error, why, hint string) error {
	return refuse(kind, "vault %s has no secret %s"+why, c.VaultID, c.Desired.named()).advise(hint)
}

// moment is a time as updated_at shows it, to be given back as it is.
func moment(t time.Time) words { return words(t.UTC().Format("2006-01-02T15:04:05.000Z")) }

// makeOne plans the change of one secret. found are the secrets of the vault that
// desired selects, and former is the one under its old name, if there is one.
func makeOne(vault nairi.VaultID, desired Desired, found []nairi.Secret, former *nairi.Secret) Change {
	c := Change{VaultID: vault, Desired: desired, Former: former}
	if len(found) == 1 {
		c.Current = &found[0]
	}
	c.Action, c.Err = c.decide(found)
	if c.Err == nil {
		c.Err = c.checkWidening()
	}
	if c.Err != nil {
		c.Action, c.Patch = "", nairi.Patch{}
	}
	return c
}

// unseen plans the update of a secret without a look before it.
func unseen(vault nairi.VaultID, desired Desired) Change {
	return Change{VaultID: vault, Action: Update, Desired: desired, Patch: desired.patch(nil)}
}

// decide is the action, and completes the patch of an update; or why there is none.
func (c *Change) decide(found []nairi.Secret) (Action, error) {
	switch len(found) {
	case 0:
		return c.ifAbsent()
	case 1:
		return c.ifPresent()
	}
	return "", refuse(ErrAmbiguous, "vault %s has %d secrets named %s: %s", c.VaultID, len(found), c.Desired.EnvKey, words(IDs(found)))
}

// ifAbsent is the action for a secret that is not there.
func (c *Change) ifAbsent() (Action, error) {
	d := &c.Desired
	switch {
	case d.IfUpdatedAt != nil && d.Operation != OpDelete:
		return "", c.absent(ErrConflict, " any more, and if_updated_at says that it was there", "Check why it is gone. To create it again, leave if_updated_at out.")
	case d.Operation == OpDelete:
		return NoOp, nil
	case d.SecretID != "" || d.EnvKey == "":
		return "", c.absent(ErrNotFound, "", "")
	case d.Operation == OpUpdate:
		return "", c.absent(ErrNotFound, ", and operation: update never creates one", "Check the name, or use operation: set.")
	case d.NoValue != "":
		return "", refuse(ErrNoValue, "%s cannot be created without a value. %s", d.EnvKey, words(d.NoValue))
	case !d.givesValue():
		return "", c.absent(ErrNotFound, ", and it cannot be created without a value", "Check the name. To create the secret, add value (or value_env, value_file).")
	case d.Domains == nil:
		return "", c.absent(ErrNotFound, ", and it cannot be created without allowed_domains", "Check the name. To create the secret, add allowed_domains, or allow_any_domain: true if any host is meant.")
	}
	return Create, nil
}

// ifPresent is the action for a secret that is there.
func (c *Change) ifPresent() (Action, error) {
	d := &c.Desired
	switch {
	case d.IfUpdatedAt != nil && !d.IfUpdatedAt.Equal(c.Current.UpdatedAt):
		return "", refuse(ErrConflict, "%s was last changed at %s, and if_updated_at is %s", c.Name(), moment(c.Current.UpdatedAt), moment(*d.IfUpdatedAt)).
			advise("Check that change, then set if_updated_at to " + string(moment(c.Current.UpdatedAt)) + ", and run again.")
	case d.SecretID != "" && d.EnvKey != "" && c.Current.EnvKey != d.EnvKey:
		return "", refuse(ErrMismatch, "secret_id is %s, which is named %s, but env_key is %s", d.SecretID, c.Current.EnvKey, d.EnvKey).advise("Fix one, or remove it.")
	case d.Operation == OpDelete:
		return Delete, nil
	case d.Operation == OpCreate:
		return "", refuse(ErrExists, "%s already exists (%s), and operation: create never changes a secret", c.Name(), c.Current.ID)
	}
	c.Patch = d.patch(c.Current)
	due := c.isDue()
	switch {
	case due && d.NoValue != "":
		return "", refuse(ErrLacking, "%s must be written with its value, because %s. %s", c.Name(), words(c.whyDue()), words(d.NoValue))
	case due && d.givesValue(), c.Patch.AllowedDomains != nil:
		return Update, nil
	}
	return NoOp, nil
}

// patch is what has to be sent to a secret; nil for one that is not known. Hosts that
// are not known cannot be compared.
func (d *Desired) patch(there *nairi.Secret) nairi.Patch {
	var p nairi.Patch
	if d.Domains != nil && (there == nil || !there.AllowedDomains.Known() || !d.Domains.Equal(there.AllowedDomains)) {
		p.AllowedDomains = d.Domains
	}
	if d.isDue(there, p.AllowedDomains != nil) {
		p.Value = d.Value
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
