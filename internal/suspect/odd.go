package suspect

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minShow is how many characters a value needs to be masked: a shorter one
// would be hidden all over the log, in every word that happens to contain it.
const minShow = 4

func short(s *sample) bool { return utf8.RuneCountInString(s.text) < minShow }

// blank has nothing that can be seen.
func blank(s *sample) bool {
	return !strings.ContainsFunc(s.text, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) })
}

func spaced(s *sample) bool { return strings.TrimSpace(s.text) != s.text }

// quoted has one quote more than a value has of its own, on either side.
func quoted(s *sample) bool {
	text := strings.TrimSpace(s.text)
	return !emptyPair(text) && slices.ContainsFunc(quotes, func(pair string) bool {
		_, ok := between(text, pair[:len(pair)/2], pair[len(pair)/2:])
		return ok
	})
}

func carriageReturn(s *sample) bool { return strings.Contains(s.text, "\r") }

func byteOrderMark(s *sample) bool { return strings.HasPrefix(s.text, "\ufeff") }

// control has a control character that no text has. Those of a terminal's colours
// are refused.
func control(s *sample) bool {
	return !coloured(s) && strings.ContainsFunc(s.text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) })
}

// invisible has a character that is copied without being seen. A byte order mark
// at the begin has words of its own.
func invisible(s *sample) bool {
	return !blank(s) && strings.ContainsFunc(strings.TrimPrefix(s.text, "\ufeff"), func(r rune) bool {
		return unicode.Is(unicode.Cf, r) || r == '\u00a0' || r == '\u202f'
	})
}

// escapedEnd ends in what echo -e and printf were to make a line break of.
func escapedEnd(s *sample) bool {
	return s.inLine() && s.core != `\n` && strings.HasSuffix(s.core, `\n`)
}

// cut ends in dots. A sentence may.
func cut(s *sample) bool {
	dots := strings.HasSuffix(s.core, "...") || strings.HasSuffix(s.core, "…")
	return dots && s.inLine() && !strings.Contains(s.core, " ") && strings.Trim(s.core, ".…") != ""
}

// ownName is the name in place of what it names.
func ownName(s *sample) bool { return s.about.EnvKey != "" && s.core == s.about.EnvKey }

// dummies are values that stand for real ones, and real ones that everybody
// tries first.
var dummies = []string{
	"changeit", "password", "passwd", "pass", "secret", "test", "testing", "tester", "true", "false", "foo", "bar", "foobar",
	"123456", "1234567", "12345678", "123456789", "1234567890", "abc123",
	"abcdef", "qwerty", "letmein", "admin", "root", "postgres", "guest", "default",
	"token", "apikey", "key", "value", "mysecret", "mypassword", "mytoken",
	"mykey", "supersecret", "topsecret", "testkey", "testtoken", "testsecret",
	"testpassword", "password1", "password123", "secret123", "p@ssw0rd", "passw0rd", "deadbeef", "akiaiosfodnn7example",
	"wjalrxutnfemi/k7mdeng/bpxrficyexamplekey", "00000000000000000000000000000000",
	"mysecretpassword", "mysupersecretpassword", "verysecret", "unknown", "empty", "unset",
}

// dummy compares without case, white space, and the hyphens of my-secret; and
// finds what is one character over and over.
func dummy(s *sample) bool {
	text := strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-_<>", r) {
			return -1
		}
		return r
	}, s.core))
	if len(text) < minShow || len(text) > maxPlaceholder {
		return slices.Contains(dummies, text)
	}
	return slices.Contains(dummies, text) || strings.Trim(text, text[:1]) == "" && s.refusal() == nil
}
