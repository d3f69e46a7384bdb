package domains

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// overSuffix reports whether a wildcard over host allows the hosts of anybody: host
// is a public suffix of https://publicsuffix.org, of its private section too, or
// everything right below it is one, as below compute.amazonaws.com. A last label
// that is not in the list, such as internal, is nobody's to give away.
func overSuffix(host string) bool {
	suffix, icann := publicsuffix.PublicSuffix(host)
	if suffix == host && (icann || strings.Contains(host, ".")) {
		return true
	}
	below := "0." + host
	suffix, _ = publicsuffix.PublicSuffix(below)
	return suffix == below
}

// isTopLevel reports whether a name is a top-level domain of the internet.
func isTopLevel(host string) bool {
	_, icann := publicsuffix.PublicSuffix(host)
	return icann && !strings.Contains(host, ".")
}
