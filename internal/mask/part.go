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
	var passwords []string
	c.walk(text, maxNesting, &passwords)
	return passwords
}

func (c *collector) walk(text string, nesting int, passwords *[]string) {
	if nesting == 0 {
		return
	}
	leaves, plain := leavesOf(text)
	if plain {
		c.credentials(text, passwords)
	}
	for leaf := range leaves {
		if c.room == 0 {
			return
		}
		c.leaf(leaf)
		c.walk(leaf, nesting-1, passwords)
	}
}

// leavesOf returns the texts that text is made of, and whether text is also to
// be read as it stands.
func leavesOf(text string) (leaves iter.Seq[string], plain bool) {
	if hasStrings(text) {
		return jsonStrings(text), false
	}
	return both(pemFields(text), envValues(text)), true
}

func both(first, second iter.Seq[string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, seq := range []iter.Seq[string]{first, second} {
			for text := range seq {
				if !yield(text) {
					return
				}
			}
		}
	}
}

// credentials holds the passwords in each line of text.
func (c *collector) credentials(text string, passwords *[]string) {
	var line string
	for text != "" {
		line, text = cutLine(text)
		if !strings.Contains(line, "=") && !strings.Contains(line, "://") {
			continue
		}
		for _, found := range []iter.Seq[string]{urlPasswords(line), keyedPasswords(line)} {
			for password := range found {
				if c.room == 0 {
					return
				}
				if c.password(password) {
					*passwords = append(*passwords, password)
				}
			}
		}
	}
}

// leaf holds a part line by line, and as the JSON string it may come back as.
func (c *collector) leaf(text string) {
	lines := split(text)
	for _, line := range lines {
		if (len(lines) == 1 || !public(line)) && c.limited(line, minExtra) {
			c.runnerSpellings(line)
		}
	}
	c.extra(jsJSON.escape(text))
	c.extra(goJSON(text))
}
