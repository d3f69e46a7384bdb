package plan

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// DeleteGuard bounds how many secrets a plan deletes, in all vaults and shards
// together.
type DeleteGuard struct {
	Most     int
	MayEmpty bool // whether a vault may lose all of its secrets
}

// ErrTooManyDeletes is the error of a plan that its guard does not let through.
var ErrTooManyDeletes = errors.New("too many secrets would be deleted")

// deletes counts what a plan deletes, over all shards: each of them guards
// against the whole.
type deletes struct {
	names   []string
	emptied []nairi.VaultID
}

func (d *deletes) count(vault nairi.VaultID, held int, changes []Change) {
	left := held
	for _, c := range changes {
		if c.Action == Delete {
			d.names = append(d.names, c.Name())
			left--
		}
	}
	// What is created counts for nothing: it may fail, or be another shard's.
	if left == 0 && held > 0 {
		d.emptied = append(d.emptied, vault)
	}
}

// check holds the deletes against the guard. The nil guard lets all through.
func (g *DeleteGuard) check(d deletes) error {
	switch {
	case g == nil:
		return nil
	case len(d.names) > g.Most:
		return fmt.Errorf("%w: %d, and max_deletes is %d: %s", ErrTooManyDeletes, len(d.names), g.Most, some(d.names))
	case len(d.emptied) > 0 && !g.MayEmpty:
		return fmt.Errorf("%w: all of vault %s, and max_deletes is not given: %s", ErrTooManyDeletes, d.emptied[0], some(d.names))
	}
	return nil
}

// some are the first names of a list that may be long.
func some(names []string) string {
	const shown = 10
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
