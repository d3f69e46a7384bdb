package domains

import (
	"cmp"
	"slices"
	"strings"
)

// Foremost is the list in the order in which a reader should see it, who may not see all of
// it: what opens most comes first. These are wildcards, then hosts of domains of which the
// other list has none, and then the rest, each in their order.
func (l List) Foremost(other List) List {
	known := map[string]bool{}
	for _, entry := range other {
		known[domainOf(entry)] = true
	}
	opens := func(entry string) int {
		switch {
		case strings.HasPrefix(entry, "*."):
			return 0
		case !known[domainOf(entry)]:
			return 1
		}
		return 2
	}
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(opens(a), opens(b)) })
	return sorted
}

// domainOf are the last two labels of a host. That is no registrable domain of every host:
// those of one public suffix may seem to be of one domain, and come later than they could.
func domainOf(entry string) string {
	name := key(entry)
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return name
	}
	return name[strings.LastIndexByte(name[:at], '.')+1:]
}
