package domains

import (
	"net/netip"
	"slices"
	"strings"
)

// Beyond returns the entries of l that allow a host which other does not, in l's
// order: by them a list that replaces other would let the secret go to more hosts
// than before. Where other allows every host there are none.
func (l List) Beyond(other List) List {
	var beyond List
	if other.Unlimited() {
		return beyond
	}
	keys := other.keys()
	for _, entry := range l {
		if !covers(keys, key(entry)) {
			beyond = append(beyond, entry)
		}
	}
	return beyond
}

// covers reports whether one of some sorted keys allows every host that a key
// does. What *.example.com stands for is documented by that example alone. Here
// it is the least that it can be, one label before example.com: what decides
// whether a secret can reach more hosts must not take more for allowed before
// than was.
func covers(keys []string, key string) bool {
	if _, found := slices.BinarySearch(keys, key); found {
		return true
	}
	first, parent, below := strings.Cut(key, ".")
	if !below || first == star {
		return false
	}
	if _, err := netip.ParseAddr(key); err == nil {
		return false // the last parts of an address are no name
	}
	_, found := slices.BinarySearch(keys, star+"."+parent)
	return found
}
