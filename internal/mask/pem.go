package mask

import (
	"iter"
	"strings"
)

// armour reports whether line begins or ends a PEM (RFC 7468, section 2).
func armour(line string) bool {
	label, ok := strings.CutPrefix(line, "-----BEGIN ")
	if !ok {
		label, ok = strings.CutPrefix(line, "-----END ")
	}
	label, closed := strings.CutSuffix(label, "-----")
	return ok && closed && strings.Trim(label, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == ""
}

// pemFields yields the words between the armour of each PEM in text: its lines,
// also where a variable or a JSON text has made one line of them.
// Certificates and public keys are no secret.
func pemFields(text string) iter.Seq[leaf] {
	return func(yield func(leaf) bool) {
		for {
			_, rest, begun := strings.Cut(text, "-----BEGIN ")
			label, rest, closed := strings.Cut(rest, "-----")
			if !begun || !closed {
				return
			}
			var body string
			body, text, _ = strings.Cut(rest, "-----END ")
			if strings.HasSuffix(label, "CERTIFICATE") || strings.HasSuffix(label, "PUBLIC KEY") {
				continue
			}
			body = strings.ReplaceAll(strings.ReplaceAll(body, `\r`, " "), `\n`, " ")
			for _, field := range strings.Fields(body) {
				if !yield(leaf{text: field, verdict: privately}) {
					return
				}
			}
		}
	}
}
