package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/spelling"
)

// hostList is a list of hosts that has a name.
type hostList struct {
	line  int
	hosts *domains.List // nil if there is something wrong with them
	used  bool
}

// hosts are what an entry says of them.
type hosts struct {
	list  *domains.List // nil leaves them alone, empty means any
	names []string      // of the lists that they are made of
	given bool          // also if there is something wrong with them
}

// readLists reads the lists of a file.
func (r *reader) readLists(n *yaml.Node) {
	at := place{key: "domain_lists"}
	if n == nil || !r.mapping(n, at, "must be a mapping from names to lists of hosts, as in { stripe: [api.stripe.com] }") {
		return
	}
	r.lists = make(map[string]*hostList, len(n.Content)/2)
	seen := make(given, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		p, ok := r.pair(at.key, n, i, seen)
		if !ok {
			continue
		}
		if !plainName(p.name) {
			r.add(p.key, at, "has a name that cannot be used. It must have letters, digits, _, - and . alone, and at most 64 of them")
			continue
		}
		list := &hostList{line: p.key.Line, hosts: r.domains(place{at.key, p.shown()}, p.value, ifNamedEmpty)}
		if r.lists[p.name] = list; list.hosts != nil {
			r.doubt(list.line, place{at.key, p.shown()}, list.hosts)
		}
	}
}

// fromLists are the hosts of one list, or of several, by their names.
func (r *reader) fromLists(at place, n *yaml.Node) hosts {
	names, ok := texts(n)
	if !ok {
		r.add(n, at, "must be the name of one of domain_lists, or a list of names")
		return hosts{given: true}
	}
	names = once(names)
	key := strings.Join(names, ",")
	if known, found := r.made[key]; found && strings.Count(key, ",") == len(names)-1 {
		return known
	}
	made, why := r.join(names)
	if why != "" {
		r.add(n, at, why)
		return hosts{given: true}
	}
	if r.made == nil {
		r.made = map[string]hosts{}
	}
	r.made[key] = made
	return made
}

// maxJoined bounds what is made of lists in one file, in hosts that are looked at.
const maxJoined = 1_000_000

// join makes one list of several, or says why there is none.
func (r *reader) join(names []string) (hosts, string) {
	made := hosts{list: &domains.List{}, names: names, given: true}
	seen := map[string]bool{} // hosts
	for _, name := range names {
		list, found := r.lists[name]
		if !found {
			return hosts{}, r.unknownList(name)
		}
		list.used = true
		switch {
		case list.hosts == nil:
			return hosts{given: true}, ""
		case len(names) == 1:
			made.list = list.hosts
			return made, ""
		}
		for _, host := range *list.hosts {
			if !seen[host] {
				seen[host] = true
				*made.list = append(*made.list, host)
			}
		}
		if r.joined += len(*list.hosts); len(seen) > maxDomains || r.joined > maxJoined {
			return hosts{}, fmt.Sprintf("makes a list of more than %d hosts, or there are too many such lists. Give it a name of its own in domain_lists", maxDomains)
		}
	}
	return made, ""
}

func (r *reader) unknownList(name string) string {
	var known []string
	for list := range r.lists {
		known = append(known, list)
	}
	slices.Sort(known)
	switch near := spelling.Nearest(name, known); {
	case len(known) == 0:
		return "names a list, and the file has no domain_lists. Add them"
	case near != "":
		return "is not one of this file's domain_lists. Did you mean " + near + "?"
	}
	const most = 10
	return "is not one of this file's domain_lists: " + listed(known[:min(len(known), most)], len(known))
}

// warnOfUnused tells of lists that nothing names: most likely one was misspelt, or is
// left over.
func (r *reader) warnOfUnused() {
	for _, name := range slices.Sorted(maps.Keys(r.lists)) {
		if list := r.lists[name]; !list.used {
			r.warn(list.line, place{"domain_lists", name}, "is used by no secret. Remove it, or name it in domain_list")
		}
	}
}

// once are texts without those that come again.
func once(texts []string) []string {
	seen := make(map[string]bool, len(texts))
	return slices.DeleteFunc(texts, func(text string) bool {
		again := seen[text]
		seen[text] = true
		return again
	})
}

// texts are the texts of a list, or the one text that is not in a list.
func texts(n *yaml.Node) (all []string, ok bool) {
	if one, ok := text(n); ok && one != "" {
		return []string{one}, true
	}
	all, odd := listOf(n)
	return all, odd == 0 && len(all) > 0
}

// listOf is the texts of a list, up to the first item that is none, and the number of
// that; 0 if all are texts.
func listOf(n *yaml.Node) (all []string, odd int) {
	if n.Kind != yaml.SequenceNode {
		return nil, 0
	}
	for i, item := range n.Content {
		one, ok := text(item)
		if !ok {
			return nil, i + 1
		}
		all = append(all, one)
	}
	return all, 0
}
