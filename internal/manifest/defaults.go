package manifest

import (
	"cmp"
	"time"

	"go.yaml.in/yaml/v3"
)

// defaults are what the entries of a file, or of a vault, have unless they say
// otherwise.
type defaults struct {
	hosts  hosts
	maxAge time.Duration
	values string
}

// defaultKeys are what there can be a default of.
var defaultKeys = table[*defaults]{
	{"allowed_domains", func(r *reader, at place, n *yaml.Node, d *defaults) {
		if d.hosts = (hosts{list: r.domains(at, n, ifNamedEmpty), given: true}); d.hosts.list != nil {
			r.doubt(n.Line, at, d.hosts.list)
		}
	}},
	{"domain_list", func(r *reader, at place, n *yaml.Node, d *defaults) { d.hosts = r.fromLists(at, n) }},
	{"max_age", func(r *reader, at place, n *yaml.Node, d *defaults) { d.maxAge = r.age(at, n) }},
	{"values", func(r *reader, at place, n *yaml.Node, d *defaults) { d.values = r.valueMode(at, n) }},
}

// defaultsOf reads defaults, over those around them.
func (r *reader) defaultsOf(n *yaml.Node, around defaults) defaults {
	at := place{key: "defaults"}
	if n == nil || !r.mapping(n, at, "must be a mapping, as in { max_age: 90d }") {
		return around
	}
	var own defaults
	keys := defaultKeys.read(r, at.key, n, &own)
	if len(n.Content) == 0 {
		r.add(n, at, "is empty. Set allowed_domains or domain_list, max_age or values, or leave it out")
	}
	if keys.has("allowed_domains") && keys.has("domain_list") {
		r.add(n, at, twoLists)
	}
	if !own.hosts.given {
		own.hosts = around.hosts
	}
	return defaults{own.hosts, cmp.Or(own.maxAge, around.maxAge), cmp.Or(own.values, around.values)}
}

// inherit gives an entry what it does not say itself.
func (d *draft) inherit(from defaults) {
	if d.Absent {
		return
	}
	if d.MaxAge == 0 {
		d.MaxAge = from.maxAge
	}
	// A default of always is about values that are given: one that is made is new each time.
	if d.Env != "" || d.File != "" || d.Generate != nil && from.values != always {
		d.Values = cmp.Or(d.Values, from.values)
	}
	if !d.hosts.given {
		d.hosts = from.hosts
	}
}
