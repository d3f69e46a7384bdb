package runnertest

import (
	"fmt"
	"strings"
)

// Contexts holds what expressions may read, by context and property:
// Contexts{"github": {"action_path": "/a"}}. Names are matched without regard
// to case, as on GitHub.
type Contexts map[string]map[string]string

// lookup answers one dotted path; an error means that the model does not know.
type lookup func(path []string) (string, error)

func (c Contexts) lookup(path []string) (string, error) {
	if len(path) == 2 {
		for context, properties := range c {
			if !strings.EqualFold(context, path[0]) {
				continue
			}
			if v, ok := fold(properties, path[1]); ok {
				return v, nil
			}
		}
	}
	return "", fmt.Errorf("%s is not known", strings.Join(path, "."))
}

func fold(m map[string]string, name string) (string, bool) {
	if v, ok := m[name]; ok {
		return v, true
	}
	for k, v := range m {
		if strings.EqualFold(k, name) {
			return v, true
		}
	}
	return "", false
}

// expand replaces every ${{ }} in template. Values are inserted as they are
// and never read again as a template.
func expand(template string, look lookup) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "${{")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		expr, after, found := cutExpression(rest)
		if !found {
			return "", fmt.Errorf("an expression is not closed")
		}
		v, err := evaluate(expr, look)
		if err != nil {
			return "", err
		}
		out.WriteString(v)
		template = after
	}
}

// cutExpression cuts at the first }} outside a string literal.
func cutExpression(s string) (expr, after string, found bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(s[i:], "}}"):
			return s[:i], s[i+2:], true
		}
	}
	return "", "", false
}

// evaluate knows paths (a.b, a['b']), 'literals', and || between them, which
// takes the first that is not empty. Everything else is an error, not a guess.
func evaluate(expr string, look lookup) (string, error) {
	for {
		operand, rest, more := cutOperand(expr)
		v, err := operandValue(strings.TrimSpace(operand), look)
		if err != nil || v != "" || !more {
			return v, err
		}
		expr = rest
	}
}

func cutOperand(s string) (operand, rest string, more bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(s[i:], "||"):
			return s[:i], s[i+2:], true
		}
	}
	return s, "", false
}

func operandValue(s string, look lookup) (string, error) {
	if inner, ok := literal(s); ok {
		return inner, nil
	}
	path, ok := parsePath(s)
	if !ok {
		return "", fmt.Errorf("cannot evaluate the expression %q", s)
	}
	return look(path)
}

// literal reads 'text', where two quotes stand for one.
func literal(s string) (string, bool) {
	if len(s) < 2 || s[0] != '\'' || s[len(s)-1] != '\'' {
		return "", false
	}
	inner := s[1 : len(s)-1]
	bare := strings.ReplaceAll(inner, "''", "")
	return strings.ReplaceAll(inner, "''", "'"), !strings.Contains(bare, "'")
}

// parsePath reads a.b.c and a['b'] as steps; the first must be a name.
func parsePath(s string) ([]string, bool) {
	n := nameLength(s)
	if n == 0 {
		return nil, false
	}
	path := []string{s[:n]}
	for s = s[n:]; s != ""; {
		step, rest, ok := pathStep(s)
		if !ok {
			return nil, false
		}
		path, s = append(path, step), rest
	}
	return path, true
}

func pathStep(s string) (step, rest string, ok bool) {
	if s[0] == '.' {
		n := nameLength(s[1:])
		return s[1 : 1+n], s[1+n:], n > 0
	}
	if inner, found := strings.CutPrefix(s, "["); found {
		quoted, rest, found := strings.Cut(inner, "]")
		step, ok := literal(quoted)
		return step, rest, found && ok
	}
	return "", "", false
}

// nameLength counts the leading bytes of s that may be in a name: a letter or
// underscore, then also digits and hyphens.
func nameLength(s string) int {
	for i := range len(s) {
		c := s[i]
		letter := c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return i
		}
	}
	return len(s)
}
