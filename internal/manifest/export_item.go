package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/wildcard"
)

// inFile is what a text says of a vault already.
type inFile struct {
	entries  map[string]*Entry
	renamed  map[string]bool // the names that secrets had before, which are not to be kept
	owned    []string        // patterns of the names that the text speaks of; none means all
	comments map[string]bool
}

// owns reports whether the text speaks of a name.
func (f inFile) owns(name string) bool { return len(f.owned) == 0 || wildcard.Any(f.owned, name) }

// items are what the text lacks of a vault, in the order of names.
func (x *exporting) items(held Held, has inFile) []item {
	secrets := make([]*nairi.Secret, len(held.Secrets))
	for i := range held.Secrets {
		secrets[i] = &held.Secrets[i]
	}
	slices.SortFunc(secrets, func(a, b *nairi.Secret) int {
		return cmp.Or(strings.Compare(a.EnvKey, b.EnvKey), cmp.Compare(a.ID, b.ID))
	})
	var items []item
	for len(secrets) > 0 {
		n := 1
		for n < len(secrets) && secrets[n].EnvKey == secrets[0].EnvKey {
			n++
		}
		if added := x.item(held.ID, secrets[:n], has); added != nil {
			items = append(items, *added)
		}
		secrets = secrets[n:]
	}
	return items
}

// item is what the text lacks of the secrets of one name; nil for nothing.
func (x *exporting) item(vault nairi.VaultID, secrets []*nairi.Secret, has inFile) *item {
	name := secrets[0].EnvKey
	entry := has.entries[name]
	switch {
	case entry != nil || has.renamed[name]:
		x.Named += len(secrets)
		x.compare(vault, secrets, entry)
		return nil
	case !has.owns(name):
		x.Outside += len(secrets)
		return nil
	}
	hosts, why := x.writable(secrets)
	if why == "" {
		x.Named++
		x.Added++
		return &item{name: name, hosts: hosts}
	}
	text := "Left out: " + why
	x.remark(Remark{Vault: vault, Name: x.shown(secrets), LeftOut: true, Text: text})
	if has.comments["# "+text] {
		return nil
	}
	return &item{comment: "# " + text}
}

// compare remarks on an entry that says something else than the vault.
func (x *exporting) compare(vault nairi.VaultID, secrets []*nairi.Secret, entry *Entry) {
	name, text := x.shown(secrets), ""
	switch there := secrets[0].AllowedDomains; {
	case len(secrets) > 1:
		text = fmt.Sprintf("%s is in the manifest, and %s", name, x.times(secrets))
	case entry == nil:
	case entry.Absent:
		text = fmt.Sprintf("%s is absent: true in the manifest, and the vault still has it%s.", name, x.ids(secrets))
	case entry.Domains != nil && there.Known() && !entry.Domains.Equal(there):
		text = fmt.Sprintf("%s keeps the hosts of the manifest: %s. The vault has %s.", name, x.hosts(*entry.Domains), x.hosts(there))
	}
	if text != "" {
		x.remark(Remark{Vault: vault, Name: name, Text: text})
	}
}

func (x *exporting) remark(r Remark) { x.Remarks = append(x.Remarks, r) }

// writable are the hosts of the one secret of a name, or why there can be no entry
// for it.
func (x *exporting) writable(secrets []*nairi.Secret) (hosts domains.List, why string) {
	first, name := secrets[0], x.shown(secrets)
	if x.hidden(secrets) {
		return nil, name + ". Its name or one of its hosts contains a text that is masked."
	}
	if len(secrets) > 1 {
		return nil, name + ". " + capital(x.times(secrets))
	}
	name += x.ids(secrets)
	if err := nairi.CheckEnvKey(first.EnvKey); err != nil {
		return nil, fmt.Sprintf("%s. Its name %v.", name, err)
	}
	if !first.AllowedDomains.Known() {
		return nil, name + ". The API does not say which hosts it has."
	}
	if first.AllowedDomains.IsAny() {
		return domains.List{}, ""
	}
	hosts, err := domains.Parse(first.AllowedDomains)
	switch {
	case err != nil:
		return nil, fmt.Sprintf("%s. Its hosts are %s, which a manifest cannot say: %s.", name, x.hosts(first.AllowedDomains), inOneLine(err))
	case len(hosts) > maxDomains:
		return nil, fmt.Sprintf("%s. It has %d hosts, and a manifest can say %d.", name, len(hosts), maxDomains)
	case !hosts.Equal(first.AllowedDomains):
		return nil, fmt.Sprintf("%s. Its hosts are %s, which a manifest would say in another way.", name, x.hosts(first.AllowedDomains))
	}
	return hosts, ""
}
