package generate

import (
	"math"
	"strings"
)

// The classes of a password, without what is mistaken for something else when somebody
// reads it out or types it: 0 O o, 1 I l |.
const (
	clearLower  = "abcdefghijkmnpqrstuvwxyz"
	clearUpper  = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	clearDigits = "23456789"
	// safeSymbols are the marks that a URL has as they are (unreserved, RFC 3986, section
	// 2.3). No shell expands a tilde behind a letter (POSIX, Shell Command Language, 2.6.1).
	safeSymbols = "-._~"
	allSymbols  = safeSymbols + "!#$%&()*+,/:;<=>?@[]^{}"
)

// classes are the characters of a password, a class each.
func (s Spec) classes() []string {
	classes := []string{clearLower, clearUpper, clearDigits}
	switch s.Symbols {
	case AllSymbols:
		return append(classes, allSymbols)
	case NoSymbols:
		return classes
	}
	return append(classes, safeSymbols)
}

// letters begin a password: behind one, nothing looks like an option or a comment.
const letters = clearLower + clearUpper

// password draws whole passwords until one has a character of each class, so that all
// that do are as likely as one another.
func (s *source) password(spec Spec) string {
	classes := spec.classes()
	all := strings.Join(classes, "")
	for {
		text := s.text(letters, 1) + s.text(all, spec.Size-1)
		if s.err != nil || hasEach(text, classes) {
			return text
		}
	}
}

func hasEach(text string, classes []string) bool {
	for _, class := range classes {
		if !strings.ContainsAny(text, class) {
			return false
		}
	}
	return true
}

// passwordBits are those of all passwords that can be drawn: those that begin with a
// letter, without those that lack a class, by inclusion and exclusion.
func (s Spec) passwordBits() int {
	classes := s.classes()
	if s.Size < len(classes) {
		return 0
	}
	all := float64(len(strings.Join(classes, "")))
	share := 0.0
	for lacking := range 1 << len(classes) {
		left, first, sign := all, float64(len(letters)), 1.0
		for i, class := range classes {
			if lacking>>i&1 == 1 {
				left, sign = left-float64(len(class)), -sign
				if i < 2 { // letters
					first -= float64(len(class))
				}
			}
		}
		share += sign * first / float64(len(letters)) * math.Pow(left/all, float64(s.Size-1))
	}
	if share <= 0 {
		return 0
	}
	return int(math.Log2(float64(len(letters))) + float64(s.Size-1)*math.Log2(all) + math.Log2(share))
}
