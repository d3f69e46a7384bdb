package report

import "strconv"

// agree is a number with the words that agree with it.
func agree(n int, one, many string) string { return strconv.Itoa(n) + " " + plural(n, one, many) }

// counted is a number of things.
func counted(n int, thing string) string { return agree(n, thing, thing+"s") }

// plural are the words that agree with a number.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// thousands is a number with a comma between the thousands.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
