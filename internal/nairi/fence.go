package nairi

import "strings"

// Beyond returns the entries of d that allow a host which other does not, in d's
// order: by them a list that replaces other would let the secret go to more hosts
// than before. Where other is empty, which means any host, there are none.
func (d Domains) Beyond(other Domains) Domains {
	var beyond Domains
	if len(other) == 0 {
		return beyond
	}
	for _, entry := range d {
		if !other.covers(entry) {
			beyond = append(beyond, entry)
		}
	}
	return beyond
}

// covers reports whether one entry of d allows every host that entry does. What
// the API takes *.example.com for is only documented by that example: here it is
// any name under example.com, and not example.com itself.
func (d Domains) covers(entry string) bool {
	for _, wide := range d {
		suffix, wildcard := strings.CutPrefix(wide, "*")
		if wide == entry || wildcard && strings.HasSuffix(entry, suffix) && entry != suffix {
			return true
		}
	}
	return false
}
