package mask

import (
	"encoding/json"
	"slices"
	"strings"
)

// A wholeForm is an escape of the whole value, and what made it.
type wholeForm struct {
	form   string
	escape func(string) string
}

// dropCovered announces no escape of the whole if other forms hide all that is secret in
// it: each mask makes every later line of a job cost more. That is so
//
//   - where each of its lines is a form in the same spelling: what stays readable is how
//     it spells a line end, lines that are public, and the names of withoutNames;
//   - where the value is JSON or a URL, and each of its secret parts is one: what stays
//     readable are names, and texts that are public where they stand alone too.
//
// A password whose quotes are escaped is never covered by the pieces between them.
func (c *collector) dropCovered(core string, lines []string) {
	byLines := len(lines) > 1 && !c.shortLine
	byParts := len(c.secrets) > 0 && !c.unheldPart && (verbatimJSON(core) || c.openBesides(core))
	for _, s := range c.spelled {
		if !slices.Contains(c.plain, s.form) && (byLines && c.tiled(s, lines) || byParts && c.holdsParts(s, core)) {
			c.seen[s.form] = false
		}
	}
	for _, form := range c.single {
		if !c.seen[form] {
			c.local = append(c.local, form)
		}
	}
	untold := func(form string) bool { return !c.seen[form] }
	c.single, c.plain = slices.DeleteFunc(c.single, untold), slices.DeleteFunc(c.plain, untold)
}

// tiled reports whether an escape of a text is one of its lines after the other, each of
// which is announced in it, with nothing secret between them.
func (c *collector) tiled(s wholeForm, lines []string) bool {
	rest := s.form
	for _, line := range lines {
		if public(line) {
			continue
		}
		form := s.escape(line)
		at := strings.Index(rest, form)
		if at < 0 || !c.seen[form] {
			return false
		}
		rest = rest[at+len(form):]
	}
	return true
}

// holdsParts reports whether an escape of a text has each secret part where the text
// has it, in a spelling that is announced. A part that the text does not have was
// decoded of one that it has.
func (c *collector) holdsParts(s wholeForm, core string) bool {
	for _, part := range c.secrets {
		form := s.escape(part)
		if n := strings.Count(core, part); n > 0 && (!c.seen[form] || strings.Count(s.form, form) < n) {
			return false
		}
	}
	return true
}

// verbatimJSON reports whether text is JSON that has each of its strings as it is, but for
// line ends: in another spelling, as with \u0041, a part would not be found.
func verbatimJSON(text string) bool {
	return hasStrings(text) && !strings.Contains(strings.ReplaceAll(text, `\n`, ""), `\`) && json.Valid([]byte(text))
}

// openBesides reports whether text is a URL of which only the password is secret.
func (c *collector) openBesides(text string) bool {
	scheme, rest, ok := strings.Cut(text, "://")
	password := userPassword(rest)
	user, behind, found := strings.Cut(rest, ":"+password+"@")
	address, query, _ := strings.Cut(behind, "?")
	return ok && found && c.seen[password] && name(user) && openURL(scheme+"://"+address) && openQuery(query)
}

// openQuery reports whether the query of a URL says nothing secret.
func openQuery(query string) bool {
	for _, pair := range strings.Split(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if pair != "" && (judge(key) == privately || !name(key) || !everyday(value)) {
			return false
		}
	}
	return true
}

// withoutNames are the lines of a value, of those that are a name and a secret part, as in
// API_KEY="…", the part alone. The platforms are told of that, and not of the line. Where
// a platform cannot be told of all spellings of the part in whole, one of the pieces can be
// the name with what the part begins with. Runners that look from the left would hide that,
// and show the rest.
func (c *collector) withoutNames(lines []string) []string {
	kept := make([]string, len(lines))
	for i, line := range lines {
		kept[i] = line
		if part := behindName(line); part != line && c.seen[part] && !strings.ContainsAny(part, "%:]") {
			kept[i] = part
			if c.seen[line] {
				c.seen[line] = false
			}
		}
	}
	return kept
}

// behindName is what stands behind the name in a line of settings, without quotes; the
// line itself where there is no name, or one that may be the beginning of a secret.
func behindName(line string) string {
	at := strings.IndexAny(line, "=:")
	if at < 0 || !settingName(strings.Trim(line[:at], `"' `)) {
		return line
	}
	text := strings.TrimSpace(line[at+1:])
	text = strings.TrimSuffix(text, ",")
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	return text
}

// settingName reports whether a text is the name of a setting, by its words.
func settingName(key string) bool {
	return envKey(key) && !tokenLike(key) && (judge(key) != unsaid || name(key))
}
