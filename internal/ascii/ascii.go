// Package ascii tells by its characters what a text can be. It is there in place
// of regular expressions: to compile the dozen that the inputs of one run need
// took longer than all else between the start and the first request.
package ascii

import "strings"

// Sets of characters for Only.
const (
	Digits  = "0123456789"
	Upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	Lower   = "abcdefghijklmnopqrstuvwxyz"
	Letters = Upper + Lower
	Word    = Letters + Digits + "_"
)

// Only reports whether text has no character but those of set, which is ASCII.
// The empty text has none.
func Only(text, set string) bool {
	for i := range len(text) {
		if strings.IndexByte(set, text[i]) < 0 {
			return false
		}
	}
	return true
}

// Name reports whether text can be the name of a variable in a shell: letters,
// digits and _, and no digit first. A manifest may have a hundred thousand, so that
// the characters are not looked up in a set.
func Name(text string) bool {
	for i := range len(text) {
		if !isWord(text[i]) {
			return false
		}
	}
	return text != "" && !isDigit(text[0])
}

func isWord(c byte) bool {
	return c >= 'A' && c <= 'Z' || c == '_' || c >= 'a' && c <= 'z' || isDigit(c)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
