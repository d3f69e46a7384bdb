package manifest

import (
	"bytes"
	"reflect"
	"slices"
)

// meant is what a text must say of a vault: what it said before, and then what is new.
type meant struct {
	Vault
	added []item
}

// says reports whether a file asks for exactly this, in this order.
func says(file File, meant []meant) bool {
	if len(file.Vaults) != len(meant) {
		return false
	}
	for i, vault := range file.Vaults {
		if vault.ID != meant[i].ID || !meant[i].are(vault.Entries) {
			return false
		}
	}
	return true
}

func (m *meant) are(entries []Entry) bool {
	old := len(m.Entries)
	if len(entries) < old {
		return false
	}
	for i, entry := range m.Entries {
		if !sameEntry(entry, entries[i]) {
			return false
		}
	}
	entries = entries[old:]
	for i := range m.added {
		if m.added[i].name == "" {
			continue
		}
		if len(entries) == 0 || !m.added[i].is(entries[0]) {
			return false
		}
		entries = entries[1:]
	}
	return len(entries) == 0
}

// sameEntry compares entries wherever they stand.
func sameEntry(a, b Entry) bool {
	a.Line, a.Column = b.Line, b.Column
	return reflect.DeepEqual(a, b)
}

// is reports whether an entry says what an item does. What else it has is what the text
// says for all.
func (i item) is(e Entry) bool {
	valued := e.Env != "" || e.File != "" || e.Generate != nil || len(e.Mirrors) > 0
	return e.EnvKey == i.name && e.Domains != nil && slices.Equal(*e.Domains, i.hosts) && !valued && !e.Absent
}

// keepsLines reports whether the lines of a text, but for those that are changed, are
// in another as they were, in their order.
func keepsLines(before, after []byte, changed map[int]bool) bool {
	kept := slices.Collect(bytes.Lines(before))
	for i := range kept {
		if changed[i] {
			kept[i] = nil
		}
	}
	kept = slices.DeleteFunc(kept, func(line []byte) bool { return line == nil })
	at := 0
	for line := range bytes.Lines(after) {
		if at < len(kept) && isLine(line, kept[at]) {
			at++
		}
	}
	return at == len(kept)
}

// isLine reports whether a line is another, which may have been the last of a text and
// without an end.
func isLine(line, before []byte) bool {
	return bytes.Equal(line, before) || !endsLine(before) && bytes.Equal(bytes.TrimRight(line, "\r\n"), before)
}
