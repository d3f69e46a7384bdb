package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// How much a question names: of more secrets or vaults it says how many there are.
const (
	mostNamesAsked  = 20
	mostVaultsAsked = 5
)

// DeleteQuestion asks whether to delete what the plan deletes; "" if that is nothing. A
// name that goes because its secret has another one is a delete as well. What goes is named
// here too: of a long plan the lines above it are gone by now, and a quiet run shows none.
func (r *Report) DeleteQuestion() string {
	var groups []group
	var last *plan.Change
	all := 0
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Action == plan.Delete {
			groups = add(groups, c.VaultID, func() string { return r.clean(unspoofed(*c.Current).EnvKey) })
			all, last = all+1, c
		}
	}
	switch {
	case all == 0:
		return ""
	case all == 1:
		return fmt.Sprintf("Delete %s from %s?", r.secretName(unspoofed(*last.Current)), r.vaultText(last.VaultID))
	case len(groups) == 1:
		return fmt.Sprintf("Delete %d secrets from %s: %s?", all, r.vaultText(last.VaultID), groups[0].first(mostNamesAsked))
	}
	return fmt.Sprintf("Delete %d secrets: %s?", all, r.goingOf(groups))
}

// goingOf says what goes from each of several vaults.
func (r *Report) goingOf(groups []group) string {
	var parts []string
	room := mostNamesAsked
	for _, g := range groups[:min(len(groups), mostVaultsAsked)] {
		parts = append(parts, g.first(room)+" from "+r.vaultText(g.vault))
		room -= min(room, len(g.names))
	}
	if more := len(groups) - mostVaultsAsked; more > 0 {
		parts = append(parts, "and the rest from "+agree(more, "other vault", "other vaults"))
	}
	return strings.Join(parts, "; ")
}

// unspoofed is a secret whose name cannot be taken for a part of a question: no API lets a
// name have more than letters, digits and _.
func unspoofed(s nairi.Secret) nairi.Secret {
	if s.EnvKey != "" && !ascii.Name(s.EnvKey) {
		s.EnvKey = strconv.QuoteToASCII(s.EnvKey)
	}
	return s
}
