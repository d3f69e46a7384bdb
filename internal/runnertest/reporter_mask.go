package runnertest

import (
	"slices"
	"strings"
)

// rankedMasks replaces as [strings.Replacer] does, which both reporters use:
// from the left, and of the masks that match at one place the first in rank.
// Building a Replacer for every new mask would cost the most of a run.
type rankedMasks struct {
	longestFirst bool // else the oldest ranks first
	filed        [256][]string
	all          []string // as they came
	empty        bool     // an empty mask matches between any two characters
}

func (m *rankedMasks) add(mask string) {
	if mask == "" && m.longestFirst {
		return // Forgejo ignores an empty mask
	}
	m.all = append(m.all, mask)
	if mask == "" {
		m.empty = true
		return
	}
	list := m.filed[mask[0]]
	at := len(list)
	if m.longestFirst {
		at, _ = slices.BinarySearchFunc(list, len(mask), func(s string, n int) int { return n - len(s) })
	}
	m.filed[mask[0]] = slices.Insert(list, at, mask)
}

func (m *rankedMasks) replace(text string) string {
	if m.empty {
		return m.replaceWithEmpty(text)
	}
	var out strings.Builder
	copied := 0
	for i := 0; i < len(text); {
		n := m.at(text[i:])
		if n == 0 {
			i++
			continue
		}
		out.WriteString(text[copied:i] + "***")
		i += n
		copied = i
	}
	if copied == 0 {
		return text
	}
	return out.String() + text[copied:]
}

func (m *rankedMasks) at(text string) int {
	for _, mask := range m.filed[text[0]] {
		if strings.HasPrefix(text, mask) {
			return len(mask)
		}
	}
	return 0
}

func (m *rankedMasks) replaceWithEmpty(text string) string {
	var pairs []string
	for _, mask := range m.all {
		pairs = append(pairs, mask, "***")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// maskMultiLines is Forgejo's mask.go: a mask of several lines matches rows
// of which the first ends with its first line, the last starts with its last
// line, and those between are equal. The masks with most lines go first. At a
// match that the log's end cuts off, the runner gives up on all of them.
func maskMultiLines(masks [][]string, rows []row) {
	slices.SortFunc(masks, func(a, b []string) int { return len(b) - len(a) })
	for _, mask := range masks {
		for i := range rows {
			match, cut := matchMultiLine(mask, rows[i:])
			if cut {
				return
			}
			if match {
				maskMultiLine(mask, rows[i:])
			}
		}
	}
}

func matchMultiLine(mask []string, rows []row) (match, cut bool) {
	last := len(mask) - 1
	if !strings.HasSuffix(rows[0].text, mask[0]) {
		return false, false
	}
	for i := 1; i <= last; i++ {
		switch {
		case i >= len(rows):
			return false, true
		case i < last && rows[i].text != mask[i]:
			return false, false
		}
	}
	return strings.HasPrefix(rows[last].text, mask[last]), false
}

func maskMultiLine(mask []string, rows []row) {
	last := len(mask) - 1
	rows[0].text = strings.TrimSuffix(rows[0].text, mask[0]) + "***"
	for i := 1; i < last; i++ {
		rows[i].text = "***"
	}
	rows[last].text = "***" + strings.TrimPrefix(rows[last].text, mask[last])
}
