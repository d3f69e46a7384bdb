package input

import (
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// partNames are what the name of a part is made of: a key, or keys with dots between
// them.
const partNames = ascii.Word + "-./ "

// unmaskedParts are the names of parts that are not to be masked alone, separated by
// commas or new lines.
func (c *checker) unmaskedParts() []string {
	var names []string
	for _, name := range strings.FieldsFunc(c.UnmaskedParts, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case !ascii.Only(name, partNames):
			c.add("unmasked_parts", "must be names of parts, as in host, db.username, separated by commas or new lines. A name has letters, digits, "+
				"_, -, /, dots and spaces. Give the names of parts, never their texts")
			c.maskInputs("unmasked_parts")
			return nil
		default:
			names = append(names, name)
		}
	}
	return names
}
