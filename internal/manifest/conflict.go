package manifest

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/wildcard"
)

// maxAllPatterns is how many patterns there may be of one vault in all files.
const maxAllPatterns = 400

// claim is what one file says of a vault that another one names too.
type claim struct {
	file string
	*Vault
}

func (c claim) place(line int) string { return fmt.Sprintf("%s:%d", c.file, line) }

func (c claim) problem(line int, at place, text string) problem.Problem {
	return problem.Problem{File: c.file, Line: line, Key: at.String(), Text: text}
}

// Conflicts are what files that are good by themselves say against one another. A
// vault may be in several files, and a secret in one. Where what no file names is
// deleted, each must say which names it owns: else each would delete the others'. A lint
// has more of them.
func Conflicts(files []File, prune, lint bool) problem.List {
	if len(files) < 2 {
		return nil
	}
	var problems problem.List
	for _, claims := range claimsOf(files) {
		if len(claims) < 2 {
			continue
		}
		problems = append(problems, twice(claims)...)
		problems = append(problems, unnamed(claims, prune)...)
		problems = append(problems, overlapping(claims)...)
		problems = append(problems, taken(claims)...)
	}
	return first(append(problems, sameMirrors(files)...), Source{Lint: lint})
}

// claimsOf are the claims of each vault, in the order of files and lines.
func claimsOf(files []File) [][]claim {
	var all [][]claim
	at := map[string]int{}
	for _, file := range files {
		for i := range file.Vaults {
			v := &file.Vaults[i]
			id := v.Identity()
			if _, known := at[id]; !known {
				at[id] = len(all)
				all = append(all, nil)
			}
			all[at[id]] = append(all[at[id]], claim{file.Name, v})
		}
	}
	return all
}

// twice are the secrets that more than one file decides about, also by their old names.
func twice(claims []claim) (problems problem.List) {
	first := map[string]string{}
	for _, c := range claims {
		for i := range c.Entries {
			e := &c.Entries[i]
			if there, found := first[e.EnvKey]; found {
				problems = append(problems, c.problem(e.Line, placeOf(e, ""), "is in "+there+" too. Keep it in one file"))
				continue
			}
			first[e.EnvKey] = c.place(e.Line)
		}
	}
	renamed := map[string]string{}
	for _, c := range claims {
		for i := range c.Entries {
			e := &c.Entries[i]
			if e.RenamedFrom == "" {
				continue
			}
			if there, found := first[e.RenamedFrom]; found {
				problems = append(problems, c.problem(e.Line, placeOf(e, "renamed_from"), "is the name of the entry in "+there+". Leave that entry out, since renamed_from deletes the secret"))
			}
			if there, found := renamed[e.RenamedFrom]; found {
				problems = append(problems, c.problem(e.Line, placeOf(e, "renamed_from"), "is that of the entry in "+there+" too. A secret can get one new name"))
			}
			renamed[e.RenamedFrom] = c.place(e.Line)
		}
	}
	return problems
}

// unnamed are the files that do not say what they own where they must.
func unnamed(claims []claim, prune bool) (problems problem.List) {
	for i, c := range claims {
		if prune && len(c.Names) == 0 {
			other := claims[(i+1)%len(claims)]
			problems = append(problems, c.problem(c.Line, place{key: "names"}, "is not set, and the vault is in "+other.place(other.Line)+
				" too. With prune, each file would delete what the other made. Say which names each file owns, as names: [BILLING_*] does"))
		}
	}
	return problems
}

// overlapping are the files whose names another file may have too.
func overlapping(claims []claim) (problems problem.List) {
	count := 0
	for i, c := range claims {
		if count += len(c.Names); count > maxAllPatterns {
			return append(problems, c.problem(c.Line, place{key: "names"}, fmt.Sprintf("makes more than %d patterns for one vault. Use fewer", maxAllPatterns)))
		}
		for _, other := range claims[:i] {
			if overlap(c.Names, other.Names) {
				problems = append(problems, c.problem(c.Line, place{key: "names"}, "overlaps the names of "+other.place(other.Line)+". A name must have one owner"))
			}
		}
	}
	return problems
}

func overlap(a, b []string) bool {
	for _, one := range a {
		for _, other := range b {
			if wildcard.Overlap(one, other) {
				return true
			}
		}
	}
	return false
}

// taken are the entries of a file without names that are among those of another.
func taken(claims []claim) (problems problem.List) {
	for _, owner := range claims {
		if len(owner.Names) == 0 {
			continue
		}
		for _, c := range claims {
			if len(c.Names) > 0 {
				continue
			}
			for i := range c.Entries {
				e := &c.Entries[i]
				if owner.owns(e.EnvKey) || e.RenamedFrom != "" && owner.owns(e.RenamedFrom) {
					problems = append(problems, c.problem(e.Line, placeOf(e, ""), "is among the names of "+owner.place(owner.Line)+". Move the entry there"))
				}
			}
		}
	}
	return problems
}
