package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// DeleteGuard bounds how many secrets a plan deletes, in all vaults and shards
// together. Whether a vault may lose all that it holds is up to the vault.
type DeleteGuard struct{ Most int }

// ErrTooManyDeletes is the error of a plan that its guard does not let through.
var ErrTooManyDeletes = errors.New("too many secrets would be deleted")

// ErrDeclined is the error of a plan that a person did not want carried out.
var ErrDeclined = errors.New("the answer was not yes")

// deletes counts what a plan deletes, over all shards: each of them guards
// against the whole.
type deletes struct {
	names   []string
	emptied []emptied
}

// emptied is a vault that would lose all that the manifest, or one of its files, owns.
type emptied struct {
	vault nairi.VaultID
	part  Part
	names []string
}

// count counts the deletes of a vault. What is created counts for nothing: it may
// fail, or be another shard's. But an old name only goes once the new one is there,
// so that takes nothing from the vault. What the manifest does not own is not there
// for it: of a vault that several share, a file can lose all of its part.
func (d *deletes) count(vault *Vault, current []nairi.Secret, changes []Change) {
	var lost []string
	for i := range changes {
		c := &changes[i]
		if c.Action != Delete {
			continue
		}
		d.names = append(d.names, c.Name())
		if c.RenamedTo == "" {
			lost = append(lost, c.Name())
		}
	}
	if len(lost) == 0 {
		return
	}
	for _, part := range vault.parts() {
		names := part.of(lost)
		if len(names) > 0 && len(names) == part.held(current) && !part.MayEmpty {
			d.emptied = append(d.emptied, emptied{vault.ID, part, names})
		}
	}
}

// of are the names that the part owns.
func (p *Part) of(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !p.owns(name) })
}

// held is how many secrets the part owns.
func (p *Part) held(current []nairi.Secret) int {
	held := 0
	for i := range current {
		if p.owns(current[i].EnvKey) {
			held++
		}
	}
	return held
}

// check holds the deletes against the guard. The nil guard lets all through.
func (g *DeleteGuard) check(d deletes) error {
	switch {
	case g == nil:
		return nil
	case len(d.names) > g.Most:
		refusal := refuse(ErrTooManyDeletes, "this plan deletes %d %s, and max_deletes is %d: %s", len(d.names), words(noun(len(d.names))), g.Most, some(d.names)).
			advise(fmt.Sprintf("Check the manifest, and which vault it is for. If all of them should go, set max_deletes to %d%s.", len(d.names), d.allowEmpty()))
		return &OverMost{refusal, len(d.names), g.Most}
	case len(d.emptied) > 0:
		return d.emptied[0].refusal()
	}
	return nil
}

// allowEmpty says what a plan that empties a vault needs as well.
func (d deletes) allowEmpty() string {
	if len(d.emptied) == 0 {
		return ""
	}
	return ", and allow_empty: true for the vault in the manifest"
}

// OverMost is the refusal of a plan with more deletes than the guard allows.
type OverMost struct {
	*Refusal
	Deletes, Most int
}

// Unwrap gives the refusal.
func (e *OverMost) Unwrap() error { return e.Refusal }

// noun is what a number is of.
func noun(n int) string {
	if n == 1 {
		return "secret"
	}
	return "secrets"
}

// refusal says what a vault would lose, and what lets it.
func (e emptied) refusal() error {
	owner := ""
	switch {
	case e.part.Place.File != "":
		owner = fmt.Sprintf(" that %s:%d owns", e.part.Place.File, e.part.Place.Line)
	case len(e.part.Owned) > 0:
		owner = " that the manifest owns"
	}
	return refuse(ErrTooManyDeletes, "this plan deletes every secret%s in vault %s, which needs allow_empty: true: %s", words(owner), e.vault, some(e.names)).
		advise("Check the manifest, and which vault it is for. If all of them should go, set allow_empty: true for this vault in the manifest.")
}

// some are the first names of a list that may be long.
func some(names []string) string {
	const shown = 10
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
