package manifest

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// element is what is added to a mapping or a list in braces: a text in one line, or a
// comment.
type element struct {
	text    string
	comment bool
}

func elements(items []item) []element {
	list := make([]element, len(items))
	for i, item := range items {
		list[i] = element{text: item.comment, comment: true}
		if item.name != "" {
			list[i] = element{text: item.flow()}
		}
	}
	return list
}

// inOneLineOf is a vault in one line, behind its heading and the comments on it.
func inOneLineOf(id nairi.VaultID, heading string, items []item) []element {
	list := []element{{text: heading, comment: true}}
	var inside []string
	for _, element := range elements(items) {
		if element.comment {
			list = append(list, element)
		} else {
			inside = append(inside, element.text)
		}
	}
	return append(list, element{text: fmt.Sprintf("{ vault_id: %s, secrets: { %s } }", id, strings.Join(inside, ", "))})
}

// braces are where something can be added to a mapping or list in braces.
type braces struct {
	last  int  // behind the last element, or the opening brace
	comma bool // one follows the last element, in its line
	close int  // the closing brace
	empty bool
}

func (m *merging) bracesOf(n *yaml.Node) (b braces, err error) {
	end, err := m.end(n)
	if err != nil {
		return b, err
	}
	b.close = end - 1
	if b.empty = len(n.Content) == 0; b.empty {
		b.last, err = m.offset(n)
		b.last++
		return b, err
	}
	if b.last, err = m.end(n.Content[len(n.Content)-1]); err != nil {
		return b, err
	}
	rest := m.text[b.last:min(m.nextLine(b.last), b.close)]
	if before, after, found := bytes.Cut(rest, []byte(",")); found && len(bytes.TrimSpace(before)) == 0 {
		b.comma = true
		b.last += len(rest) - len(after)
	}
	return b, nil
}

// intoBraces adds elements behind the last in braces: where these end in another line,
// in lines of their own, each with a comma where the text has none.
func (m *merging) intoBraces(n *yaml.Node, added []element) error {
	if len(added) == 0 {
		return nil
	}
	b, err := m.bracesOf(n)
	if err != nil {
		return err
	}
	if bytes.IndexByte(m.text[b.last:b.close], '\n') >= 0 {
		m.insert(m.nextLine(b.last), m.linesInBraces(b, added))
		return nil
	}
	m.intoLine(b, added)
	return nil
}

func (m *merging) linesInBraces(b braces, added []element) string {
	indent := m.indentOf(b.close) + m.layout.step
	if !b.empty {
		indent = m.indentOf(b.last - 1)
	}
	var text bytes.Buffer
	for _, element := range added {
		switch {
		case element.comment:
			m.layout.line(&text, indent, element.text)
		case b.empty || b.comma:
			m.layout.line(&text, indent, element.text+",")
		default:
			m.layout.line(&text, indent, ", "+element.text)
		}
	}
	return text.String()
}

// intoLine adds elements to braces in one line, and comments below it.
func (m *merging) intoLine(b braces, added []element) {
	var inside []string
	var below bytes.Buffer
	for _, element := range added {
		if element.comment {
			m.layout.line(&below, m.indentOf(b.close), element.text)
		} else {
			inside = append(inside, element.text)
		}
	}
	if len(inside) > 0 {
		text := strings.Join(inside, ", ")
		switch {
		case b.empty:
			text = " " + text + " "
		case b.comma:
			text = " " + text
		default:
			text = ", " + text
		}
		m.change(b.last - 1)
		m.insert(b.last, text)
	}
	if below.Len() > 0 {
		m.insert(m.nextLine(b.close), below.String())
	}
}
