package domains

import "strings"

// Beyond returns the entries of l that allow a host which other does not, in l's
// order: by them a list that replaces other would let the secret go to more hosts
// than before. Where other is empty, which means any host, there are none.
func (l List) Beyond(other List) List {
	var beyond List
	if len(other) == 0 {
		return beyond
	}
	for _, entry := range l {
		if !other.covers(entry) {
			beyond = append(beyond, entry)
		}
	}
	return beyond
}

// covers reports whether one entry of l allows every host that entry does. What
// *.example.com stands for is documented by that example alone. Here it is the
// least that it can be, one label before example.com: what decides whether a
// fence was widened must not take more for allowed before than was.
func (l List) covers(entry string) bool {
	first, parent, below := strings.Cut(entry, ".")
	for _, allowed := range l {
		if allowed == entry || below && first != "*" && allowed == "*."+parent {
			return true
		}
	}
	return false
}
