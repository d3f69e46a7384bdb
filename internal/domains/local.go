package domains

import (
	"net/netip"
	"strings"
)

// Doubts are what is odd about the hosts of a list, a sentence each.
func (l List) Doubts() []string {
	var doubts []string
	for _, entry := range l {
		if doubt := doubtOf(strings.TrimPrefix(entry, wildcard)); doubt != "" {
			doubts = append(doubts, Shown(entry)+" "+doubt)
		}
	}
	return doubts
}

// What is odd. The proxy of agents leaves what is local to the machine alone
// (github.com/nairiai/nairid, CHANGELOG.md, 0.0.121).
const (
	localOnly  = "is local to the machine or network that asks for it, and agents reach it without their proxy: the secret is never sent there"
	anAddress  = "is an address: whoever has that address later can get the secret; the name of the host is safer"
	topLevel   = "is a top-level domain, and allows no host below it; write the whole name, such as api.example.com"
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
