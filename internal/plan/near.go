package plan

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/spelling"
)

// How many slips a name may have to be taken for another one. A name that is
// created is one that somebody chose.
const (
	slipsOfMissing = 2
	slipsOfNew     = 1
)

// maxComparisons keeps the search for slips out of the time of a run: five hundred
// new names beside five hundred others are no slips.
const maxComparisons = 1 << 18

// slips looks for names of a vault that were meant by those that are not in it.
type slips struct {
	others []spelling.Name // that nothing desired selects: what is asked for by its own name is no slip
	left   int             // comparisons
}

// newSlips goes by what is not asked for. A name that the API would not take is
// not shown: it is a text from outside.
func newSlips(current []nairi.Secret, asked map[nairi.SecretID]bool) *slips {
	s := &slips{left: maxComparisons}
	for i := range current {
		if !asked[current[i].ID] && nairi.CheckEnvKey(current[i].EnvKey) == nil {
			s.others = append(s.others, spelling.Of(current[i].EnvKey))
		}
	}
	return s
}

// look completes the change of a secret that is not there.
func (s *slips) look(c *Change) {
	if c.Current != nil || c.Desired.SecretID != "" || c.Desired.EnvKey == "" || errors.Is(c.Err, ErrAmbiguous) {
		return
	}
	if s.left -= len(s.others); s.left < 0 {
		return
	}
	most := slipsOfMissing
	if c.Action == Create {
		most = slipsOfNew
	}
	c.Near = spelling.Near(spelling.Of(c.Desired.EnvKey), s.others, most)
	if c.Action == Create {
		c.Near = slices.DeleteFunc(c.Near, func(near string) bool { return differInDigits(near, c.Desired.EnvKey) })
	}
	slices.Sort(c.Near)
	if len(c.Near) > 0 && c.Err != nil {
		c.Err = c.misspelt()
	}
}

// misspelt is why there is no plan for a name that most likely is a slip. How to
// create a secret of that name is then no advice.
func (c *Change) misspelt() error {
	kind := ErrNotFound
	if errors.Is(c.Err, ErrConflict) {
		kind = ErrConflict
	}
	return refuse(kind, "vault %s has no secret %s. Did you mean %s?", c.VaultID, c.Desired.EnvKey, strings.Join(c.Near, " or "))
}

// differInDigits reports whether names differ in digits alone, as TOKEN_1 and
// TOKEN_2 do, which is meant.
func differInDigits(a, b string) bool {
	return a != b && withoutDigits(a) == withoutDigits(b)
}

func withoutDigits(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, name)
}

// Twins are names of one vault that differ in case alone, and are two secrets.
type Twins struct {
	VaultID nairi.VaultID
	Names   []string // in alphabetical order
	// Desired says that all of them are, or were before a rename: whoever wrote the
	// manifest can see them.
	Desired bool
}

// FindTwins finds them among what the vaults hold and what is to be created.
func FindTwins(desired []Vault, current [][]nairi.Secret, changes []Change) []Twins {
	created := map[nairi.VaultID][]string{}
	for i := range changes {
		if c := &changes[i]; c.Action == Create {
			created[c.VaultID] = append(created[c.VaultID], c.Desired.EnvKey)
		}
	}
	var all []Twins
	for i, vault := range desired {
		names := make([]string, len(current[i]), len(current[i])+len(created[vault.ID]))
		for j := range current[i] {
			names[j] = current[i][j].EnvKey
		}
		several := differInCase(append(names, created[vault.ID]...))
		if len(several) == 0 {
			continue
		}
		known := vault.names()
		for _, twins := range several {
			unknown := func(name string) bool { return !known[name] }
			all = append(all, Twins{VaultID: vault.ID, Names: twins, Desired: !slices.ContainsFunc(twins, unknown)})
		}
	}
	return all
}

// names are those that the manifest names, also as what a secret was before.
func (v Vault) names() map[string]bool {
	names := make(map[string]bool, len(v.Secrets))
	for i := range v.Secrets {
		names[v.Secrets[i].EnvKey] = true
		if was := v.Secrets[i].RenamedFrom; was != "" {
			names[was] = true
		}
	}
	return names
}

// differInCase are the groups of names that differ in case alone. In each there is
// one that has a lower-case letter, as hardly any name does.
func differInCase(names []string) [][]string {
	groups := map[string][]string{}
	for _, name := range names {
		if folded := strings.ToUpper(name); folded != name {
			groups[folded] = nil
		}
	}
	if len(groups) == 0 {
		return nil
	}
	for _, name := range names {
		folded := strings.ToUpper(name)
		if group, wanted := groups[folded]; wanted && nairi.CheckEnvKey(name) == nil && !slices.Contains(group, name) {
			groups[folded] = append(group, name)
		}
	}
	var several [][]string
	for _, folded := range slices.Sorted(maps.Keys(groups)) {
		if group := groups[folded]; len(group) > 1 {
			slices.Sort(group)
			several = append(several, group)
		}
	}
	return several
}
