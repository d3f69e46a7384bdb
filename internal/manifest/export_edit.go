package manifest

import (
	"bytes"
	"cmp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// edit puts a text in the place of some bytes of another.
type edit struct {
	at, cut int
	text    string
}

// add notes the edits that add items to a vault.
func (m *merging) add(vault *yaml.Node, items []item) error {
	secrets := under(vault, "secrets")
	switch {
	case len(items) == 0:
		return nil
	case !inBraces(secrets):
		return m.intoBlock(secrets, secrets.Column-1, items)
	case len(secrets.Content) == 0 && !inBraces(vault):
		return m.intoNothing(vault, secrets, items)
	}
	return m.intoBraces(secrets, elements(items))
}

// intoBlock adds items behind the last of a mapping, and behind the comments below
// that, by their indentation.
func (m *merging) intoBlock(secrets *yaml.Node, indent int, items []item) error {
	end, err := m.end(secrets)
	if err != nil {
		return err
	}
	m.insert(m.behindComments(m.nextLine(end), indent), m.linesOf(indent, items))
	return nil
}

func (m *merging) linesOf(indent int, items []item) string {
	var text bytes.Buffer
	m.layout.items(&text, indent, items)
	return text.String()
}

// intoNothing adds items to "secrets: {}": the braces go, and what would be in them
// comes below. Comments alone come below the braces.
func (m *merging) intoNothing(vault, secrets *yaml.Node, items []item) error {
	from, err := m.offset(secrets)
	if err != nil {
		return err
	}
	end, err := m.end(secrets)
	if err != nil {
		return err
	}
	if bytes.ContainsAny(m.text[from:end], "\n#") {
		return m.intoBraces(secrets, elements(items))
	}
	if hasEntries(items) {
		for from > 0 && m.text[from-1] == ' ' {
			from--
		}
		m.change(from)
		m.edits = append(m.edits, &edit{at: from, cut: end - from})
	}
	indent := vault.Column - 1 + m.layout.step
	m.insert(m.behindComments(m.nextLine(end), indent), m.linesOf(indent, items))
	return nil
}

// addVaults adds vaults that the text does not have behind its last.
func (m *merging) addVaults(vaults []Held) error {
	if len(vaults) == 0 {
		return nil
	}
	var text bytes.Buffer
	var added []element
	for _, held := range vaults {
		items := m.items(held, inFile{})
		m.meant = append(m.meant, meant{Vault{ID: held.ID}, items})
		added = append(added, inOneLineOf(held.ID, m.heading(held.ID), items)...)
		text.WriteString(m.layout.eol)
		m.layout.vault(&text, held.ID, m.heading(held.ID), items)
	}
	if inBraces(m.list) {
		return m.intoBraces(m.list, added)
	}
	end, err := m.end(m.list)
	if err != nil {
		return err
	}
	m.insert(m.behindComments(m.nextLine(end), m.layout.dash+1), text.String())
	return nil
}

func (m *merging) insert(at int, text string) { m.edits = append(m.edits, &edit{at: at, text: text}) }

// change notes that the line of an offset cannot stay as it is.
func (m *merging) change(at int) {
	if m.changed == nil {
		m.changed = map[int]bool{}
	}
	m.changed[m.lineOf(at)] = true
}

// edited is the text after the edits. A last line without an end gets one.
func (m *merging) edited() []byte {
	slices.SortStableFunc(m.edits, func(a, b *edit) int { return cmp.Compare(a.at, b.at) })
	var text bytes.Buffer
	done := 0
	for _, edit := range m.edits {
		text.Write(m.text[done:edit.at])
		if edit.at == len(m.text) && text.Len() > 0 && !endsLine(text.Bytes()) {
			text.WriteString(m.layout.eol)
		}
		text.WriteString(edit.text)
		done = edit.at + edit.cut
	}
	text.Write(m.text[done:])
	return text.Bytes()
}

func endsLine(text []byte) bool { return text[len(text)-1] == '\n' }
