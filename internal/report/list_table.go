package report

import (
	"strings"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// The layout of a table, in cells of a terminal.
const (
	gap         = "  "
	mostPadding = 60 // of a column where nothing is wrapped; a longer text pushes its own line
	leastColumn = 12 // of hosts; a terminal that has no room for that wraps lines itself
	usualName   = 40
	fewHosts    = 3 // of a secret that a terminal shows if there are many
)

// ListTable are the secrets for people: a table for each vault, no wider than a terminal
// of a width. Where that is 0 there is none, and nothing is cut or wrapped.
func (r *Report) ListTable(width int) [][]ci.Piece {
	var lines [][]ci.Piece
	for i, secrets := range r.Listed.Secrets {
		if i > 0 {
			lines = append(lines, nil)
		}
		lines = append(lines, []ci.Piece{{Text: r.vaultText(r.Desired[i].ID)}})
		if len(secrets) == 0 {
			lines = append(lines, []ci.Piece{{Text: "No secrets."}})
			continue
		}
		lines = append(lines, r.table(secrets, width)...)
	}
	return lines
}

// row is one line of a table, or more where it has no room in one.
type row struct {
	name    string
	hosts   []string
	open    bool // whether any host may get it
	age, id string
}

// table is that of one vault.
func (r *Report) table(secrets []*nairi.Secret, width int) [][]ci.Piece {
	most := 0
	if width > 0 {
		most = fewHosts
	}
	rows := make([]row, 0, len(secrets)+1)
	rows = append(rows, row{name: "NAME", hosts: []string{"HOSTS"}, age: "AGE", id: "ID"})
	for _, s := range secrets {
		rows = append(rows, row{
			r.listedName(s.EnvKey), r.listedHosts(s.AllowedDomains, most, strings.Clone), s.AllowedDomains.Unlimited(), r.listedAge(s), r.id(s.ID),
		})
	}
	columns := widths(rows, width)
	lines := make([][]ci.Piece, 0, len(rows))
	for i := range rows {
		lines = append(lines, columns.lines(&rows[i])...)
	}
	return lines
}

// columns are the widths of a table's columns. The last has none.
type columns struct {
	name, hosts, age int
	wrapped          bool // whether a terminal bounds them
	stacked          bool // whether the ID stands below the name, for lack of room
}

// widths are those of the columns that rows need, or that a terminal has room for.
func widths(rows []row, width int) columns {
	c := columns{wrapped: width > 0}
	host, id := 0, 0 // the longest of each
	longest := func(column *int, text string) {
		if n := cells(text); c.wrapped || n <= mostPadding {
			*column = max(*column, n)
		}
	}
	for i := range rows {
		longest(&c.name, rows[i].name)
		longest(&c.hosts, sentence(rows[i].hosts))
		longest(&c.age, rows[i].age)
		longest(&id, rows[i].id)
		for _, word := range words(rows[i].hosts) {
			longest(&host, word)
		}
	}
	if c.wrapped {
		c.fit(width-c.age-2*len(gap), host, id)
	}
	return c
}

// fit gives names and hosts the room that a terminal has, beside IDs if for that neither a
// host nor a usual name is cut.
func (c *columns) fit(room, host, id int) {
	if c.stacked = min(c.name, usualName)+host+len(gap)+id > room; c.stacked {
		c.name = max(c.name, id)
	} else {
		room -= len(gap) + id
		id = 0
	}
	room = max(room, id+leastColumn)
	c.name = max(id, min(c.name, max(room-c.hosts, min(room/2, room-host))))
	c.hosts = min(c.hosts, room-c.name)
}

// lines are the lines of one row.
func (c *columns) lines(r *row) [][]ci.Piece {
	names, hosts, last := []string{r.name}, []string{sentence(r.hosts)}, gap+r.id
	if c.wrapped {
		names, hosts = wrap(r.name, c.name), flow(words(r.hosts), c.hosts)
	}
	if c.stacked {
		names, last = append(names, r.id), ""
	}
	lines := [][]ci.Piece{{
		{Text: pad(names[0], c.name) + gap}, {Text: hosts[0], Loud: r.open},
		{Text: pad("", c.hosts-cells(hosts[0])) + gap + strings.TrimRight(pad(r.age, c.age)+last, " ")},
	}}
	for i := 1; i < max(len(names), len(hosts)); i++ {
		text := ""
		if i < len(names) {
			text = names[i]
		}
		if i < len(hosts) {
			text = pad(text, c.name) + gap + hosts[i]
		}
		lines = append(lines, []ci.Piece{{Text: text}})
	}
	return lines
}

// words are those of hosts, with the commas between hosts. One that has another spelling is
// shown as two.
func words(hosts []string) []string {
	var words []string
	for i, host := range hosts {
		if i+1 < len(hosts) && !strings.HasPrefix(hosts[i+1], "and ") {
			host += ","
		}
		host, other, isTwo := strings.Cut(host, " (")
		if words = append(words, host); isTwo {
			words = append(words, "("+other)
		}
	}
	return words
}

// sentence is the same in one line.
func sentence(hosts []string) string { return strings.Join(words(hosts), " ") }
