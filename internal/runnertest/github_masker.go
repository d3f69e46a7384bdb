package runnertest

import "strings"

// masker finds every occurrence of every mask and replaces each run of
// overlapping or adjacent ones by one "***" (actions/runner SecretMasker.cs).
//
// A job of 200 masks makes 2400 forms, so they are chained by a hash of their
// first two bytes: most places in a text need one look.
type masker struct {
	short  [256]bool   // forms of one byte
	heads  [4096]int32 // by hash, the place in forms after that of a form; 0 is none
	forms  []maskForm
	values map[string]bool // without derived forms
}

type maskForm struct {
	text string
	next int32 // as in heads
}

func newMasker() *masker { return &masker{values: map[string]bool{}} }

func maskHash(a, b byte) int { return (int(a)<<5 ^ int(b)) & 4095 }

// addValue masks value and its encoded forms. On an error nothing is masked.
func (m *masker) addValue(value string) error {
	if value == "" || m.values[value] {
		return nil
	}
	forms, err := encodedForms(value)
	if err != nil {
		return err
	}
	m.values[value] = true
	m.file(value)
	for _, form := range forms {
		if form != value {
			m.file(form)
		}
	}
	return nil
}

func (m *masker) file(form string) {
	switch len(form) {
	case 0:
	case 1:
		m.short[form[0]] = true
	default:
		head := &m.heads[maskHash(form[0], form[1])]
		m.forms = append(m.forms, maskForm{form, *head})
		*head = int32(len(m.forms))
	}
}

// longestAt is the length of the longest mask at the start of text, or 0: of
// those that match at one place only the longest counts for the run.
func (m *masker) longestAt(text string) int {
	longest := 0
	if m.short[text[0]] {
		longest = 1
	}
	if len(text) < 2 {
		return longest
	}
	for at := m.heads[maskHash(text[0], text[1])]; at != 0; {
		form := m.forms[at-1]
		if len(form.text) > longest && strings.HasPrefix(text, form.text) {
			longest = len(form.text)
		}
		at = form.next
	}
	return longest
}

func (m *masker) mask(text string) string {
	var out strings.Builder
	copied := 0          // text before this is in out
	start, end := -1, -1 // the run of hits under way
	for i := range len(text) {
		n := m.longestAt(text[i:])
		if n == 0 {
			continue
		}
		if i > end {
			if start >= 0 {
				out.WriteString(text[copied:start] + "***")
				copied = end
			}
			start = i
		}
		end = max(end, i+n)
	}
	if start < 0 {
		return text
	}
	out.WriteString(text[copied:start] + "***" + text[end:])
	return out.String()
}
