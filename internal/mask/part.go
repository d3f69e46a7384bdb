package mask

import (
	"iter"
	"strings"
)

// maxNesting is how deep parts are looked for in parts: a URL in a JSON text in
// a dotenv value, and one more.
const maxNesting = 4

// parts holds the parts of text that leak alone, in the order of the text while
// there is room, and returns the passwords among them.
func (c *collector) parts(text string) []string {
	c.walk(leaf{text: text, verdict: privately}, maxNesting)
	return c.passwords
}

func (c *collector) walk(from leaf, nesting int) {
	if nesting == 0 {
		c.unheldPart = c.unheldPart || !everyday(from.text)
		return
	}
	leaves, plain := leavesOf(from.text)
	if plain {
		c.credentials(from.text)
		c.plainText(from, nesting)
	}
	for found := range leaves {
		if c.full() {
			c.unheldPart = true
			return
		}
		c.structured = true
		c.leaf(found)
		c.walk(found, nesting-1)
	}
}

// plainText holds the parts of a text as it stands: what it is the base64 of, and of
// a pair user:password the two.
func (c *collector) plainText(from leaf, nesting int) {
	if !from.secretive() || c.unmasked.name(from) {
		return
	}
	text := strings.TrimSpace(from.text)
	c.pair(text, false)
	if decoded, ok := decodedBase64(text); ok {
		c.texts(leaf{text: decoded, verdict: privately})
		c.pair(decoded, from.key != "" && from.verdict == privately)
		c.walk(leaf{text: decoded}, nesting-1)
	}
}

// leavesOf returns the texts that text is made of, and whether text is also to
// be read as it stands.
func leavesOf(text string) (leaves iter.Seq[leaf], plain bool) {
	if hasStrings(text) {
		return jsonLeaves(text), false
	}
	return all(pemFields(text), envValues(text), yamlValues(text), elements(text)), true
}

func all(seqs ...iter.Seq[leaf]) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		for _, seq := range seqs {
			for found := range seq {
				if !yield(found) {
					return
				}
			}
		}
	}
}

// leaf holds a part that is secret by itself. What the user or the vault says in the
// open is none, and what unmasked_parts names neither.
func (c *collector) leaf(l leaf) {
	switch {
	case !l.secretive():
	case c.unmasked.name(l):
		c.unheldPart = true
	default:
		c.texts(l)
	}
}

// texts holds a part line by line, and as the JSON string it may come back as.
func (c *collector) texts(l leaf) {
	lines := split(l.text)
	for _, line := range lines {
		if len(lines) > 1 && public(line) || c.isOpen(line) {
			continue
		}
		if c.asItIs(line, l.least(line)) {
			c.runnerSpellings(line)
		}
		c.secrets = append(c.secrets, line)
		c.unheldPart = c.unheldPart || !atLeast(line, l.least(line)) && strings.Contains(c.core, line)
	}
	if c.isOpen(l.text) {
		return
	}
	for _, escape := range []func(string) string{jsJSON.escape, goJSON} {
		s := wholeForm{escape(l.text), escape}
		if c.tiled(s, lines) {
			c.unannounced(s.form)
		} else {
			c.extra(s.form)
		}
	}
}

// least is how many characters a line of the leaf needs. One under the name of a
// password or a token needs no more than a password, and so does any other secret that
// is not a word: to mask "basic" because of auth: basic would only garble the log.
func (l leaf) least(line string) int {
	words := wordsOf(l.key)
	ofPassword := passwordWords.hasAny(words) || len(words) > 0 && joined(words[len(words)-1])
	if l.verdict == privately && (ofPassword || !everyday(line)) {
		return minOwn
	}
	return minExtra
}

var passwordWords = set(`password passwords passwd passphrase passcode pass pwd pw pin secret secrets token tokens userpass`)
