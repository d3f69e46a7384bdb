// Package spelling tells of which known name another one is most likely a slip.
package spelling

import (
	"math/bits"
	"slices"
	"strings"
)

// Name is a name made ready to be compared with many.
type Name struct {
	Text   string
	folded string
	has    uint64 // a bit for each letter and digit in it, of which some share one
}

// Of returns a name ready to be compared.
func Of(text string) Name {
	name := Name{Text: text, folded: Fold(text)}
	for i := range len(name.folded) {
		name.has |= 1 << (name.folded[i] % 64) // 48 to 57 for a digit, 33 to 58 for a letter
	}
	return name
}

// Fold is a name without what is easily confused: only its letters, in lower
// case, and its digits, so that DRY-RUN, DryRun and dry_run are one.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// far is a distance that is no slip.
const far = 3

// reach is how many slips a name may have and still be meant: in a short one a
// single letter makes another word. It goes by the shorter of two names.
func reach(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 9: // SMTP_HOST and SMTP_PORT are two names
		return 1
	}
	return 2
}

// Slips is how many slips lead from one name to another, 0 if they differ in
// case and separators alone, and whether they are few enough for the one to have
// been meant for the other.
func (n Name) Slips(other Name) (slips int, near bool) {
	a, b := n.folded, other.folded
	most := reach(min(len(a), len(b)))
	// A slip takes one character out at most, and puts one in.
	if a == "" || len(a)-len(b) > most || len(b)-len(a) > most || bits.OnesCount64(n.has^other.has) > 2*most {
		return far, false
	}
	slips = distance(a, b)
	return slips, slips <= most
}

// Nearest is the known name that a name was most likely meant to be, or "".
func Nearest(name string, known []string) string {
	if nearest := Near(Of(name), all(known), far); len(nearest) > 0 {
		return nearest[0]
	}
	return ""
}

func all(texts []string) []Name {
	names := make([]Name, len(texts))
	for i, text := range texts {
		names[i] = Of(text)
	}
	return names
}

// Near are the names that another was most likely meant to be: those with the
// fewest slips, at most so many, in their order.
func Near(name Name, known []Name, most int) []string {
	var nearest []string
	for _, k := range known {
		slips, near := name.Slips(k)
		if !near || slips > most || k.Text == name.Text {
			continue
		}
		if slips < most {
			most, nearest = slips, nil
		}
		if !slices.Contains(nearest, k.Text) {
			nearest = append(nearest, k.Text)
		}
	}
	return nearest
}

// Guess are those of a few words that another was most likely meant to be. As there is no
// other word than these, also a short one may have a slip.
func Guess(word string, known []string) []string {
	a, least := Fold(word), far
	var nearest []string
	for _, text := range known {
		b := Fold(text)
		shorter, longer := min(len(a), len(b)), max(len(a), len(b))
		most := max(reach(shorter), 1)
		if shorter < 3 || longer-shorter > most || text == word {
			continue
		}
		slips := distance(a, b)
		if slips > min(most, least) {
			continue
		}
		if slips < least {
			least, nearest = slips, nil
		}
		nearest = append(nearest, text)
	}
	return nearest
}

// distance is how many letters must be put in, left out, changed, or swapped
// with the next one, to make b of a (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
