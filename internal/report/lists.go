package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// hostList is a named list of hosts. It belongs to its file: that of another file may have
// the same name.
type hostList struct{ name, file string }

// touched is one with the secrets whose hosts it changes.
type touched struct {
	hostList
	twin    bool           // whether another file has a list of the name, and is named for it
	secrets []*plan.Change // in the order of the plan
}

// touchedByLists are the lists that change hosts, in alphabetical order. What a list was
// before nobody knows; but one that has changed differs from what each of its secrets
// has. So a list is left out as soon as one secret has its hosts already: then it is
// another list, or somebody's hand, that the others differ by.
func touchedByLists(changes []plan.Change) []*touched {
	of, kept := map[hostList][]*plan.Change{}, map[hostList]bool{}
	files := map[string]string{} // of each name
	twins := map[string]bool{}
	for i := range changes {
		c := &changes[i]
		if c.Current == nil || c.Err != nil {
			continue
		}
		for _, name := range c.Desired.Lists {
			list := hostList{name, c.Desired.Place.File}
			if file, seen := files[name]; seen && file != list.file {
				twins[name] = true
			}
			files[name] = list.file
			if c.Action == plan.Update && c.Patch.AllowedDomains != nil {
				of[list] = append(of[list], c)
			} else {
				kept[list] = true
			}
		}
	}
	var all []*touched // pointers are sorted by what sorts all others
	for list, secrets := range of {
		if !kept[list] {
			all = append(all, &touched{list, twins[list.name], secrets})
		}
	}
	slices.SortFunc(all, func(a, b *touched) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.file, b.file))
	})
	return all
}

// vaults are the secrets by their vaults.
func (t *touched) vaults(name func(*plan.Change) string) []group {
	var groups []group
	for _, c := range t.secrets {
		groups = add(groups, c.VaultID, func() string { return name(c) })
	}
	return groups
}

// shown is the name of the list, and of its file where another one has such a list.
func (t *touched) shown(show func(string) string) string {
	if t.twin {
		return show(t.name) + " of " + show(t.file)
	}
	return show(t.name)
}

// sentence is a list with its secrets, of which the first are named. vault is "" where
// there is one alone.
func (t *touched) sentence(list string, groups []group, vault func(nairi.VaultID) string) string {
	var parts []string
	for _, g := range groups {
		part := g.few()
		if in := vault(g.vault); in != "" {
			part += " in " + in
		}
		parts = append(parts, part)
	}
	return fmt.Sprintf("List %s changes the hosts of %s: %s.", list, counted(len(t.secrets), "secret"), strings.Join(parts, "; "))
}

// listLines are a line for each list that changes hosts.
func (r *Report) listLines() []string {
	var lines []string
	for _, t := range touchedByLists(r.Changes) {
		lines = append(lines, t.sentence(t.shown(r.clean), t.vaults(r.name), r.ofSeveral(r.vaultText)))
	}
	return lines
}

// lists are the same in Markdown.
func (r *Report) lists() string {
	all := touchedByLists(r.Changes)
	return listed(len(all), func(i int) string {
		groups := all[i].vaults(func(c *plan.Change) string { return code(r.name(c)) })
		return all[i].sentence(all[i].shown(func(text string) string { return code(r.clean(text)) }), groups, r.ofSeveral(r.vaultMarkdown))
	})
}
