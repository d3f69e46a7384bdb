package domains

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Shown is an entry for people. Of an international name both forms are shown:
// xn--bcher-kva.example (bücher.example). What cannot be part of a host, as of a
// server's list, or would look like something else is escaped.
func Shown(entry string) string {
	if !isASCII(entry) {
		if readable(entry) {
			return entry
		}
		return strconv.QuoteToASCII(entry)
	}
	if strings.ContainsFunc(entry, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return strconv.QuoteToASCII(entry)
	}
	if !strings.Contains(strings.ToLower(entry), "xn--") {
		return entry
	}
	if name := unicodeName(entry); name != entry && readable(name) {
		return entry + " (" + name + ")"
	}
	return entry
}

// unicodeName is a name with its international labels as they are read; itself if
// one of them is none.
func unicodeName(name string) string {
	labels := strings.Split(name, ".")
	for i, text := range labels {
		if !strings.HasPrefix(strings.ToLower(text), "xn--") {
			continue
		}
		read, ok := toUnicode(text)
		if !ok {
			return name
		}
		labels[i] = read
	}
	return strings.Join(labels, ".")
}

// scripts are those that may be read in a log, each with what may stand beside it:
// none that runs from right to left, which turns the line around it about.
func scripts() [][]*unicode.RangeTable {
	return [][]*unicode.RangeTable{
		{unicode.Latin}, {unicode.Cyrillic}, {unicode.Greek}, {unicode.Armenian}, {unicode.Georgian},
		{unicode.Devanagari}, {unicode.Bengali}, {unicode.Tamil}, {unicode.Telugu}, {unicode.Thai},
		{unicode.Han, unicode.Hiragana, unicode.Katakana, prolonged}, {unicode.Han, unicode.Hangul},
	}
}

// prolonged is the mark for a long vowel, which two scripts of Japan share.
var prolonged = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 'ー', Hi: 'ー', Stride: 1}}}

// readable reports whether every label is of one script, so that none is made up
// of letters that only look alike, and has no character that does not show.
func readable(name string) bool {
	for _, label := range strings.Split(strings.TrimPrefix(name, wildcard), ".") {
		if !ofOneScript(label) {
			return false
		}
	}
	return true
}

func ofOneScript(label string) bool {
	letters := strings.Map(func(r rune) rune {
		if strings.ContainsRune(ascii.Digits+"-_", r) {
			return -1
		}
		return r
	}, label)
	for _, script := range scripts() {
		if !strings.ContainsFunc(letters, func(r rune) bool { return !unicode.In(r, script...) }) {
			return true
		}
	}
	return false
}
