package domains

import (
	"net/netip"
	"strings"
)

// Doubts are what is odd about the hosts of a list, what is said of it each.
func (l List) Doubts() []string {
	var doubts []string
	for _, entry := range l {
		if doubt := doubtOf(strings.TrimPrefix(entry, wildcard)); doubt != "" {
			doubts = append(doubts, "names "+Shown(entry)+", which is "+doubt)
		}
	}
	return doubts
}

// What is odd. The proxy of agents leaves what is local to the machine alone
// (github.com/nairiai/nairid, CHANGELOG.md, 0.0.121).
const (
	localOnly  = "local to the machine or network that asks for it. Agents reach it without their proxy, so the secret is never sent there"
	anAddress  = "an address. Whoever has that address later can get the secret; the name of the host is safer"
	topLevel   = "a top-level domain and allows no host below it. Write the whole name, as in api.example.com"
	localNames = " localhost localhost.localdomain ip6-localhost ip6-loopback "
)

func doubtOf(host string) string {
	if address, err := netip.ParseAddr(host); err == nil {
		if address = address.Unmap(); address.IsLoopback() || address.IsUnspecified() ||
			address.IsLinkLocalUnicast() || address.IsLinkLocalMulticast() || address.IsInterfaceLocalMulticast() {
			return localOnly
		}
		return anAddress
	}
	last := host[strings.LastIndex(host, ".")+1:]
	switch {
	case strings.Contains(localNames, " "+host+" "), last == "local", last == "localhost", last == "localdomain":
		return localOnly
	case isTopLevel(host):
		return topLevel
	}
	return ""
}
