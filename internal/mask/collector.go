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
	// maxLineEscapes is how many of these are escapes of single lines that the
	// escape of the whole shows too.
	maxLineEscapes = 24
	// maxEncoded is how many passwords a value may have for their encodings to get masks.
	maxEncoded = 4
)

// A collector gathers the forms of one value. What is asked for first gets the
// room that maxExtra leaves.
type collector struct {
	seen    map[string]bool // the forms, and whether each gets a mask
	single  []string        // announceable
	local   []string
	plain   []string // of single, those that stand there as in the value
	room    int      // for forms that are not lines
	spare   int      // for those that get no mask, for lack of room
	scratch []byte
	// spelled are the escapes of the whole, which others may cover.
	spelled []wholeForm
	core    string // the value without the white space around it
	// passwords are those that were found.
	passwords  []string
	structured bool     // whether the value is more than its own text
	secrets    []string // the lines of its secret parts
	// shortLine is whether a secret line is too short for a form, and unheldPart whether
	// a secret part has none, or may have none.
	shortLine, unheldPart bool
	// unmasked are the names of parts that are not to be masked alone, and open the
	// texts that everyone sees, which are no parts.
	unmasked names
	open     func() names
}

func newCollector(lines int) *collector {
	return &collector{
		seen:   make(map[string]bool, lines+maxExtra),
		single: make([]string, 0, lines+maxExtra),
		room:   maxExtra,
		spare:  maxExtra,
	}
}

func (c *collector) forms() Forms {
	for _, form := range c.single {
		c.fragments(form)
	}
	return newForms(held{announced: c.single, local: c.local, plain: c.plain})
}

// isOpen reports whether a text is one that everyone may see.
func (c *collector) isOpen(text string) bool { return c.open != nil && c.open().has(text) }

// collect gathers the forms of text in the order of the package's bound.
func collect(text string, o Options) Forms {
	core := strings.TrimSpace(text)
	if !atLeast(core, minOwn) {
		return Forms{}
	}
	lines := split(core)
	c := newCollector(len(lines))
	c.core, c.unmasked, c.open = core, o.unmasked, o.open
	whole := strings.TrimRight(text, "\r\n") // other white space may end its last line
	c.lines(core, lines)
	c.escapes(core)
	c.hexLines(core, whole)
	c.base64(core)
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
	c.columns(whole)
	c.rareEscapes(core)
	if len(lines) > 1 {
		lines = c.withoutNames(lines)
		c.lineEscapes(lines)
	}
	room := c.room
	if len(passwords) > maxEncoded {
		room = 0
	}
	c.within(room, func() {
		for _, password := range passwords {
			c.encodings(password)
		}
		for _, password := range passwords {
			c.rareEscapes(password)
		}
	})
	c.dropCovered(core, lines)
	c.dumps(whole)
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
		if public(line) {
			continue
		}
		c.own(line)
		c.shortLine = c.shortLine || !atLeast(line, minOwn)
	}
}

// encodings holds the encodings of a password.
func (c *collector) encodings(text string) {
	if c.full() {
		return
	}
	c.escapes(text)
	c.hex(text)
	c.base64(text)
}

// own holds a line of the value, whatever room there is.
func (c *collector) own(line string) {
	if atLeast(line, minOwn) && c.hold(line) {
		c.plain = append(c.plain, line)
	}
}

// asItIs holds a part as it stands, while there is room, and reports whether it did.
func (c *collector) asItIs(text string, least int) bool {
	held := c.limited(text, least)
	if held {
		c.plain = append(c.plain, strings.TrimSpace(text))
	}
	return held
}

// extra holds any other form while there is room, and reports whether it did.
func (c *collector) extra(text string) bool { return c.limited(text, minExtra) }

// limited holds text without the white space around it: runners do, beside the
// whole, with what they are told (actions/runner, ActionCommandManager.cs), so
// that is what needs the length of a form.
func (c *collector) limited(text string, least int) bool {
	text = strings.TrimSpace(text)
	if c.full() || !atLeast(text, least) || !oneLine(text) {
		return false
	}
	if c.room == 0 {
		c.unannounced(text)
		return false
	}
	if !c.hold(text) {
		return false
	}
	c.room--
	return true
}

// full reports whether there is no room even for forms that get no mask.
func (c *collector) full() bool { return c.room == 0 && c.spare == 0 }

// within gathers forms, of which at most this many get a mask.
func (c *collector) within(most int, gather func()) {
	kept := max(0, c.room-most)
	c.room -= kept
	gather()
	c.room += kept
}

// unannounced holds a form for the Redactor alone.
func (c *collector) unannounced(text string) {
	if _, dup := c.seen[text]; !dup && c.spare > 0 && atLeast(text, minExtra) {
		c.seen[text] = false
		c.local = append(c.local, text)
		c.spare--
	}
}

// oneLine reports whether text has no line end.
func oneLine(text string) bool {
	return strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0
}

// hold adds a form and reports whether it is new to the platforms: one that was held for
// the Redactor alone, as GitHub's runner derives it, others have to be told of.
func (c *collector) hold(form string) bool {
	if c.seen[form] {
		return false
	}
	announced := strings.IndexByte(form, 0) < 0
	c.seen[form] = announced
	if announced {
		c.single = append(c.single, form)
	} else {
		c.local = append(c.local, form)
	}
	return true
}

// atLeast reports whether text has n characters or more.
func atLeast(text string, n int) bool {
	return len(text) >= n*utf8.UTFMax || utf8.RuneCountInString(text) >= n
}
