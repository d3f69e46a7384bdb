package mask

import "strings"

// split cuts text into its trimmed lines, at CR LF, CR and LF, as actions/runner
// does with a mask (ActionCommandManager.cs, AddMaskCommandExtension). The white
// space of .NET's Trim and that of strings.TrimSpace are the same set.
func split(text string) []string {
	lines := make([]string, 0, strings.Count(text, "\n")+1)
	for text != "" {
		var line string
		line, text = cutLine(text)
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// cutLine returns the first line of text and what follows its line end, of
// which CR LF is two with nothing between.
func cutLine(text string) (line, rest string) {
	for i := range len(text) {
		if text[i] == '\n' || text[i] == '\r' {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// public reports whether a line of a longer value is no secret, so that masking
// it would only damage other text: PEM armour and the punctuation of JSON.
func public(line string) bool { return armour(line) || punctuation(line) }

func punctuation(line string) bool {
	for i := range len(line) {
		if strings.IndexByte("{}[](),:;\"' \t", line[i]) < 0 {
			return false
		}
	}
	return true
}
