package mask

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// minOwn is how many characters a line or a password needs to be a form:
	// what google-github-actions/get-secretmanager-secrets asks of a mask too.
	minOwn = 4
	// minExtra is how many any other form needs. Encodings grow, and the parts
	// of structured values are often plain words.
	minExtra = 8
	// maxExtra is how many forms a value has beside its lines.
	maxExtra = 100
)

// A collector gathers the forms of one value. What is asked for first gets the
// room that maxExtra leaves.
type collector struct {
	seen    map[string]struct{}
	single  []string // announceable
	local   []string
	room    int // for forms that are not lines
	scratch []byte
	// passwords are those that were found.
	passwords  []string
	structured bool // whether the value is more than its own text
	// unmasked are the names of parts that are not to be masked alone, and open the
	// texts that everyone sees, which are no parts.
	unmasked, open names
}

func newCollector(lines int) *collector {
	return &collector{
		seen:   make(map[string]struct{}, lines+maxExtra),
		single: make([]string, 0, lines+maxExtra),
		room:   maxExtra,
	}
}

func (c *collector) forms() Forms {
	for _, form := range c.single {
		c.fragments(form)
	}
	return newForms(c.single, c.local)
}

// collect gathers the forms of text in the order of the package's bound.
func collect(text string, o Options) Forms {
	core := strings.TrimSpace(text)
	if !atLeast(core, minOwn) {
		return Forms{}
	}
	lines := split(core)
	c := newCollector(len(lines))
	c.unmasked, c.open = o.unmasked, o.open
	c.lines(core, lines)
	c.encodings(core)
	inner := strings.TrimRightFunc(text, unicode.IsSpace)
	if inner != core { // leading white space moves the digits
		c.base64(inner)
	}
	if !atLeast(core, minExtra) {
		c.short(core, text)
	}
	var passwords []string
	if o.Parts {
		passwords = c.parts(core)
	}
	c.structured = c.structured || len(lines) > 1 || !o.Parts && !plain(core)
	whole := strings.TrimRight(text, "\r\n") // other white space may end its last line
	c.columns(whole)
	c.rareEscapes(core)
	c.dumps(whole)
	if len(lines) > 1 {
		c.escapes(lines...)
	}
	for _, password := range passwords {
		c.encodings(password)
	}
	for _, password := range passwords {
		c.rareEscapes(password)
	}
	return c.forms()
}

// short holds the encodings of a value that have the length of a form only with
// the white space that is around it, or with the newline that echo adds, and what
// GitHub's runner masks of its base64 however short (ValueEncoders.cs).
func (c *collector) short(core, text string) {
	if !plain(core) {
		c.escapes(core+"\n", core+"\r\n", text, text+"\n", text+"\r\n")
	}
	if text != core {
		c.shortBase64(text)
	}
	for skipped := range 3 {
		c.fragment(base64.StdEncoding.EncodeToString([]byte(core[skipped:])))
	}
}

// lines holds each line of a value, and the whole where that is not a line.
func (c *collector) lines(core string, lines []string) {
	if len(lines) == 1 {
		c.own(core)
		return
	}
	c.local = append(c.local, core)
	for _, line := range lines {
		if !public(line) {
			c.own(line)
		}
	}
}

// encodings holds the encodings of text but for base64 in columns.
func (c *collector) encodings(text string) {
	if c.room == 0 {
		return
	}
	c.escapes(text)
	c.hex(text)
	c.base64(text)
}

// own holds a line of the value, whatever room there is.
func (c *collector) own(line string) {
	if atLeast(line, minOwn) {
		c.hold(line)
	}
}

// password holds a password while there is room, and reports whether it did.
func (c *collector) password(text string) bool { return c.limited(text, minOwn) }

// extra holds any other form while there is room.
func (c *collector) extra(text string) { c.limited(text, minExtra) }

// limited holds text without the white space around it: runners do, beside the
// whole, with what they are told (actions/runner, ActionCommandManager.cs), so
// that is what needs the length of a form.
func (c *collector) limited(text string, least int) bool {
	text = strings.TrimSpace(text)
	if c.room == 0 || !atLeast(text, least) || !oneLine(text) || !c.hold(text) {
		return false
	}
	c.room--
	return true
}

// oneLine reports whether text has no line end.
func oneLine(text string) bool {
	return strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0
}

// hold adds a form and reports whether it is new.
func (c *collector) hold(form string) bool {
	if _, dup := c.seen[form]; dup {
		return false
	}
	c.seen[form] = struct{}{}
	if strings.IndexByte(form, 0) >= 0 {
		c.local = append(c.local, form)
	} else {
		c.single = append(c.single, form)
	}
	return true
}

// atLeast reports whether text has n characters or more.
func atLeast(text string, n int) bool {
	return len(text) >= n*utf8.UTFMax || utf8.RuneCountInString(text) >= n
}
