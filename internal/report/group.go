package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// group are some secrets of one vault.
type group struct {
	vault nairi.VaultID
	names []string // of the first of them, without secrets in them
	more  int      // how many have no name here
}

// maxNames is how many names of a group are shown at most: as many as a fold has room
// for. To take secrets out of all of many thousands takes its time.
const maxNames = maxFold / len("`A`")

// add adds a secret to the group of its vault. Those of one vault follow one another.
func add(groups []group, vault nairi.VaultID, name func() string) []group {
	if len(groups) == 0 || groups[len(groups)-1].vault != vault {
		groups = append(groups, group{vault: vault})
	}
	g := &groups[len(groups)-1]
	if len(g.names) < maxNames {
		g.names = append(g.names, name())
	} else {
		g.more++
	}
	return groups
}

// few are the first names of a list that may be long, and how many more there are.
func (g group) few() string { return g.first(10) }

// first are so many names at most, and how many more there are.
func (g group) first(most int) string {
	more := len(g.names) - most + g.more
	switch {
	case more <= 0:
		return strings.Join(g.names, ", ")
	case most == 0:
		return strconv.Itoa(more)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(g.names[:most], ", "), more)
}

// groupLines are a line for each vault.
func (r *Report) groupLines(what string, groups []group) []string {
	lines := make([]string, len(groups))
	for i, group := range groups {
		lines[i] = fmt.Sprintf("%s in %s: %s.", what, r.vaultText(group.vault), group.few())
	}
	return lines
}

// maxFold is how long the names in one fold may be, in bytes of Markdown.
const maxFold = 4 << 10

// fold are names that show once a reader asks for them.
type fold struct {
	summary string // says how many there are; empty for none
	groups  []group
}

// folded is a fold in Markdown, or its summary where that is all. The lists of GitHub's
// Markdown need the blank lines around them.
func (r *Report) folded(f fold) string {
	switch {
	case f.summary == "":
		return ""
	case len(f.groups) == 0:
		return "\n" + escape(problem.Sentence(f.summary)) + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary>%s</summary>\n\n", escape(f.summary))
	left := 0
	for _, group := range f.groups {
		shown := group.fitting(maxFold - b.Len())
		if left += len(group.names) + group.more - len(shown); len(shown) == 0 {
			continue
		}
		label := r.vaultLabel(group.vault)
		if label != "" {
			label += ": "
		}
		b.WriteString("- " + label + strings.Join(shown, ", ") + "\n")
	}
	if left > 0 {
		fmt.Fprintf(&b, "- %d more\n", left)
	}
	return b.String() + "\n</details>\n"
}

// fitting are the first names, as code, that have room.
func (g group) fitting(room int) []string {
	var shown []string
	for _, name := range g.names {
		text := code(name)
		if room -= len(text); room < 0 {
			break
		}
		shown = append(shown, text)
	}
	return shown
}
