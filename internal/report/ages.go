package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/drift"
)

// The chart of ages.
const (
	mostAges = 20 // rows
	barWidth = 20 // of the oldest
	fullBar  = "█"
	halfBar  = "▌"
)

// ages are a chart of how long the secrets that the manifest names were not changed:
// a table with bars of text, which every renderer shows and every reader can read.
// The oldest come first.
func (r *Report) ages() string {
	var aged []*drift.Compared
	for i := range r.Check.Compared {
		if c := &r.Check.Compared[i]; c.HasAge() && c.AgeKnown() {
			aged = append(aged, c)
		}
	}
	if len(aged) == 0 {
		return ""
	}
	slices.SortStableFunc(aged, func(a, b *drift.Compared) int { return cmp.Compare(b.Age, a.Age) })
	var b strings.Builder
	b.WriteString("#### Ages\n\n| Secret | Age | | max_age |\n| --- | ---: | --- | ---: |\n")
	for _, c := range aged[:min(len(aged), mostAges)] {
		b.WriteString(r.ageRow(c, aged[0].Age))
	}
	if more := aged[min(len(aged), mostAges):]; len(more) > 0 {
		fmt.Fprintf(&b, "\n%s changed %s ago or later.\n", agree(len(more), "more was", "more were"), drift.Span(more[0].Age, 0))
	}
	return b.String()
}

// ageRow is one secret of the chart, with a bar as long as its age is of the oldest.
func (r *Report) ageRow(c *drift.Compared, oldest time.Duration) string {
	name, limit := code(r.clean(c.Name))+r.inVaultMarkdown(c.VaultID), "–"
	if c.MaxAge > 0 {
		limit = drift.Span(c.MaxAge, c.MaxAge)
	}
	if c.MaxAge > 0 && c.Age > c.MaxAge {
		limit = "⚠️ over " + limit
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", name, drift.Span(c.Age, c.MaxAge), bar(c.Age, oldest), limit)
}

// bar is a bar as long as a part is of the whole, in halves of a character. What is
// not nothing shows.
func bar(part, whole time.Duration) string {
	if part <= 0 {
		return ""
	}
	halves := max(int(2*barWidth*part.Hours()/whole.Hours()+0.5), 1)
	return strings.Repeat(fullBar, halves/2) + strings.Repeat(halfBar, halves%2)
}
