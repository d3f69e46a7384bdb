package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// mirrors reads the places that get the same value: a list of them, or one.
func (r *reader) mirrors(at place, n *yaml.Node, d *draft) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	err := mirror.CheckName(d.EnvKey)
	switch {
	case len(nodes) == 0:
		r.add(n, at, "is empty. Name the places that get the same value, or remove it")
		return
	case len(nodes) > mirror.Most:
		r.add(n, at, fmt.Sprintf("names more than %d places", mirror.Most))
		return
	case err != nil:
		r.add(n, at, err.Error())
		return
	}
	for i, node := range nodes {
		entry := ""
		if len(nodes) > 1 {
			entry = fmt.Sprintf("entry %d ", i+1)
		}
		target, why := targetOf(node)
		switch {
		case why != "":
			r.add(node, at, entry+why)
		case slices.ContainsFunc(d.Mirrors, func(known mirror.Target) bool { return known.Place() == target.Place() }):
			r.add(node, at, entry+"is a place that is named already. Keep it once")
		default:
			d.Mirrors = append(d.Mirrors, target)
		}
	}
}

// targetOf is a place as a manifest names it, or why it is none. Two slips are of the manifest
// alone: YAML reads "repo: octo/cats" as a mapping, and several places in one text are for the
// input.
func targetOf(n *yaml.Node) (target mirror.Target, why string) {
	if n.Kind == yaml.MappingNode {
		return target, "must be text, as in repo:octo/cats, with no space after the colon"
	}
	name, _ := text(n)
	target, err := mirror.Parse(name)
	switch {
	case err != nil && strings.Contains(name, ","):
		return target, "must be one place. Several are a list: [repo:octo/cats, dependabot:octo/cats], for example"
	case err != nil:
		return target, err.Error()
	}
	return target, ""
}

// mirrored is a secret on GitHub, which counts no case in its name.
type mirrored struct{ place, name string }

// sameMirrors are the mirrors that would get the values of two entries under one name: the
// later one would stay, whichever that is.
func sameMirrors(files []File) (problems problem.List) {
	first := map[mirrored]string{} // where its entry is
	for _, file := range files {
		where := "line "
		if len(files) > 1 {
			where = file.Name + ":"
		}
		for i := range file.Vaults {
			for _, p := range again(first, file.Vaults[i].Entries, where) {
				p.File = file.Name
				problems = append(problems, p)
			}
		}
	}
	return problems
}

// again are the mirrors of entries that others have already. It adds the new ones to first.
func again(first map[mirrored]string, entries []Entry, where string) (problems problem.List) {
	for i := range entries {
		e := &entries[i]
		for _, target := range e.Mirrors {
			secret := mirrored{target.Place(), strings.ToUpper(e.EnvKey)}
			if other, taken := first[secret]; taken {
				problems = append(problems, problem.Problem{Line: e.Line, Key: placeOf(e, "mirror").String(), Text: "names a place that the entry in " + other +
					" names too, for the same name. A secret there has one value, so keep one of them"})
				continue
			}
			first[secret] = where + strconv.Itoa(e.Line)
		}
	}
	return problems
}
