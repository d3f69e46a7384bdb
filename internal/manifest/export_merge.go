package manifest

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Merge adds to a text, which Parse takes, what it lacks of the vaults. Whatever is in
// it stays as it is, byte for byte, in its order: the text is edited where the nodes of
// YAML say, and never written anew. Only a line that holds a whole mapping in braces,
// as "secrets: {}" does, is changed, since there is no other place for what is in it.
func (e Exporter) Merge(text []byte, vaults []Held) (Export, error) {
	file, problems := Parse(e.Source, text)
	root := (&reader{source: e.Source}).decode(text)
	if problems != nil || root == nil {
		return Export{}, problems
	}
	m := &merging{
		exporting: exporting{Exporter: e, Export: Export{Vaults: len(vaults)}},
		places:    newPlaces(text), list: under(root, "vaults"),
	}
	for _, vault := range file.Vaults {
		m.meant = append(m.meant, meant{Vault: vault})
	}
	m.layout = m.layoutOf()
	if err := m.all(vaults); err != nil {
		return Export{}, err
	}
	m.Text = text
	if len(m.edits) == 0 {
		return m.Export, nil
	}
	m.Text = m.edited()
	m.list = nil // nodes are large, and those of the new text come beside them
	if err := m.verify(m.meant); err != nil {
		return Export{}, err
	}
	if !keepsLines(text, m.Text, m.changed) {
		return Export{}, errBroken
	}
	return m.Export, nil
}

// merging is the merging of vaults into a text.
type merging struct {
	exporting
	places
	layout  layout
	list    *yaml.Node // of the vaults
	meant   []meant    // what the new text must say
	edits   []*edit
	changed map[int]bool // the lines, from 0, that cannot stay as they are
}

// under is the value of a key of a mapping; nil if there is none.
func under(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// layoutOf is that of the first vault that is not in braces.
func (m *merging) layoutOf() layout {
	l := defaultLayout
	if first, _, _ := bytes.Cut(m.text, []byte("\n")); bytes.HasSuffix(first, []byte("\r")) {
		l.eol = "\r\n"
	}
	if inBraces(m.list) {
		return l
	}
	l.dash = m.list.Column - 1
	for _, vault := range m.list.Content {
		secrets := under(vault, "secrets")
		if inBraces(vault) || inBraces(secrets) {
			continue
		}
		l.gap, l.step = max(vault.Column-m.list.Column, 2), max(secrets.Column-vault.Column, 1)
		break
	}
	return l
}

func inBraces(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// all notes the edits for all vaults: first for those that the text has, then for
// the others, behind them.
func (m *merging) all(vaults []Held) error {
	at := make(map[nairi.VaultID]int, len(m.meant))
	for i, vault := range m.meant {
		at[vault.ID] = i
	}
	var comments map[string]bool
	var others []Held
	for _, held := range vaults {
		i, found := at[held.ID]
		if !found {
			others = append(others, held)
			continue
		}
		if comments == nil {
			comments = commentsOf(m.text)
		}
		node := m.list.Content[i]
		m.meant[i].added = m.items(held, has(m.meant[i].Vault, comments))
		if err := m.add(node, m.meant[i].added); err != nil {
			return err
		}
	}
	return m.addVaults(others)
}

// has is what the text says of a vault.
func has(vault Vault, comments map[string]bool) inFile {
	has := inFile{entries: make(map[string]*Entry, len(vault.Entries)), renamed: map[string]bool{}, owned: vault.Names, comments: comments}
	for i := range vault.Entries {
		entry := &vault.Entries[i]
		has.entries[entry.EnvKey] = entry
		if entry.RenamedFrom != "" {
			has.renamed[entry.RenamedFrom] = true
		}
	}
	return has
}

// commentsOf are the lines of a text that are comments.
func commentsOf(text []byte) map[string]bool {
	comments := map[string]bool{}
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); bytes.HasPrefix(line, []byte("#")) {
			comments[string(line)] = true
		}
	}
	return comments
}
