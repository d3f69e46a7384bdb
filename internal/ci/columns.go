package ci

import "strings"

// Columns writes rows of the result for another program to read: a line each, with a tab
// between one column and the next.
func (c *Console) Columns(rows ...[]Piece) { c.resultOf(rows, c.columns) }

// columns are those of one row. Each is cleaned by itself, so that no tab is left in it. A
// row that would begin like a command of a runner's does not, whatever follows.
func (c *Console) columns(row []Piece) string {
	columns := make([]string, len(row))
	for i, piece := range row {
		text := c.CleanLine(piece.Text)
		if i == 0 && strings.HasPrefix(strings.TrimLeft(text, " "), "::") {
			text = strings.Replace(text, "::", ": :", 1)
		}
		if columns[i] = text; piece.Loud && text == piece.Text && c.to.colour {
			columns[i] = loud + text + usual
		}
	}
	return strings.Join(columns, "\t")
}
