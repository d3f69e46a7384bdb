package plan

import (
	"github.com/nairi-community/vault-secret/internal/domains"
)

// WiderHosts are the entries, for people, by which a change lets a secret go to hosts that it
// could not go to before: new names, wildcards in place of names, or domains.Any.
// A created secret had no list to widen, but needs one; one that is renamed had that of
// its old name. If the hosts from before are unknown, all count as new. What opens most
// comes first, since not each place has room for all.
func (c *Change) WiderHosts() []string {
	now, before := c.Patch.AllowedDomains, c.Hosts()
	switch {
	case c.Action == Create && c.Former != nil:
		now, before = c.Desired.Domains, c.Former.AllowedDomains
	case c.Action == Create && c.Desired.Domains.IsAny():
		return []string{domains.Any}
	case c.Action != Update || now == nil:
		return nil
	}
	switch {
	case now.IsAny() && !before.Unlimited():
		return []string{domains.Any}
	case !before.Known(): // what is not known cannot be said to be as wide
		return now.Foremost(nil).Entries()
	case now.IsAny():
		return nil
	}
	return now.Beyond(before).Foremost(before).Entries()
}

// checkWidening is why the change is not made, if it reaches more hosts and that
// is denied.
func (c *Change) checkWidening() error {
	if wider := c.WiderHosts(); c.Desired.DenyWidening && len(wider) > 0 {
		var hosts any = some(wider)
		if wider[0] == domains.Any {
			hosts = words("any host")
		}
		return refuse(ErrWidens, "%s could reach more hosts, and deny_widening is on: %s", c.Name(), hosts)
	}
	return nil
}
