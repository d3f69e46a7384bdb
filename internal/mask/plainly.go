package mask

import (
	"net/url"
	"strings"
)

// nothings are what settings say yes and no with. They are never a secret, whatever
// they stand under, and a mask of one would cut every log to pieces.
var nothings = set(`true false null none nil undefined yes no on off enabled disabled required optional default`)

func nothing(text string) bool { return nothings.has(strings.ToLower(text)) }

// everyday reports whether a text is clearly no secret where nothing is known of it
// but itself: a word or a few, a host, a region, a number, a date, an e-mail address,
// a path, or a URL without credentials. In doubt it is none of these.
func everyday(text string) bool {
	if len(text) > maxEveryday || !ascii(text) {
		return false
	}
	return nothing(text) || figures(text) || host(text) || mailbox(text) || openURL(text) || path(text) || name(text)
}

// maxEveryday is how long such a text may be, in bytes.
const maxEveryday = 256

// figures reports whether text is a number, a version, a date or a time.
func figures(text string) bool {
	digits := 0
	for i := range len(text) {
		switch {
		case isDigit(text[i]):
			digits++
		case strings.IndexByte(".,:-+_ TZv", text[i]) < 0:
			return false
		}
	}
	date := len(text) >= len("2026-05-02") && text[4] == '-' && text[7] == '-'
	return digits > 0 && (digits <= 12 || date && digits <= 17)
}

// host reports whether text is a host's name of two labels or more, as in
// db.example.com:5432 and *.example.com, an IPv4 address, or localhost.
func host(text string) bool {
	name, port, hasPort := strings.Cut(text, ":")
	if hasPort && (port == "" || !only(port, isDigit)) {
		return false
	}
	labels := strings.Split(strings.TrimSuffix(strings.TrimPrefix(name, "*."), "."), ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || !only(label, hostCharacter) {
			return false
		}
	}
	last := labels[len(labels)-1]
	switch {
	case len(labels) == 1:
		return name == "localhost"
	case len(labels) == 4 && only(strings.Join(labels, ""), isDigit):
		return true
	}
	return len(last) >= 2 && only(last, isSmall)
}

func hostCharacter(b byte) bool { return isSmall(b) || isDigit(b) || b == '-' || b == '_' }

// mailbox reports whether text is an e-mail address.
func mailbox(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && only(local, func(b byte) bool { return word(rune(b)) || strings.IndexByte(".+-", b) >= 0 }) &&
		host(domain) && !tokenLike(local)
}

// openURL reports whether text is a URL without a user, and without a query or a path
// that holds more than words.
func openURL(text string) bool {
	_, rest, ok := strings.Cut(text, "://")
	if !ok || strings.ContainsAny(rest, "@ \t") {
		return false
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	if !host(strings.ToLower(u.Host)) && !name(u.Host) && !figures(u.Host) {
		return false
	}
	for _, segment := range strings.Split(u.Path, "/") {
		if segment != "" && !name(segment) && !host(segment) && !figures(segment) && !mailbox(segment) {
			return false
		}
	}
	return true
}

// path reports whether text is the path of a file, all of words, or the name of a
// resource in a cloud.
func path(text string) bool {
	rest, isARN := strings.CutPrefix(text, "arn:")
	if !isARN && !strings.ContainsAny(text[:min(1, len(text))], "/.~") && !strings.Contains(text, "/") {
		return false
	}
	pieces := strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || isARN && r == ':' })
	const most = 10
	for _, piece := range pieces {
		if piece != "." && piece != ".." && piece != "~" && !name(piece) && !figures(piece) && !host(piece) {
			return false
		}
	}
	return len(pieces) > 0 && len(pieces) <= most
}

// mostWords is how many words a name may have: four make a passphrase.
const mostWords = 3

// name reports whether text is a word, or up to three with signs between them, as in
// us-east-1, service_account and postgres13.
func name(text string) bool {
	const most = 40 // bytes
	if len(text) > most {
		return false
	}
	pieces := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-_.", r) })
	words := 0
	for _, piece := range pieces {
		if only(piece, isDigit) && len(piece) <= 6 || len(piece) <= 3 && only(piece, alphanumeric) {
			continue // an index, a zone, a year
		}
		words++
		letters := strings.TrimRight(piece, "0123456789")
		if len(piece)-len(letters) > 2 || !oneCase(letters) || !speakable(letters) {
			return false
		}
	}
	return len(pieces) > 0 && words <= mostWords && len(pieces) <= mostWords+2
}

// oneCase reports whether text is letters alone, all small, all capital, or with one
// capital before small ones.
func oneCase(text string) bool {
	if text == "" {
		return false
	}
	return only(text, isCapital) || only(text[1:], isSmall) && (isSmall(text[0]) || isCapital(text[0]))
}

// speakable reports whether a text of letters could be a word, or a short abbreviation:
// random letters soon have too many consonants in a row, or none of the vowels.
func speakable(letters string) bool {
	const mostLetters, abbreviation, mostConsonants = 14, 5, 4
	if len(letters) <= abbreviation {
		return true
	}
	consonants, vowels := 0, 0
	for i := range len(letters) {
		if strings.IndexByte("aeiouyAEIOUY", letters[i]) >= 0 {
			vowels, consonants = vowels+1, 0
			continue
		}
		if consonants++; consonants > mostConsonants {
			return false
		}
	}
	return len(letters) <= mostLetters && 5*vowels >= len(letters)
}

// tokenLike reports whether text can hardly be anything but a key made by a machine,
// so that not even the name of something open makes it public.
func tokenLike(text string) bool {
	const least = 24
	var small, capital, digit bool
	for i := range len(text) {
		switch b := text[i]; {
		case isSmall(b):
			small = true
		case isCapital(b):
			capital = true
		case isDigit(b):
			digit = true
		case strings.IndexByte("+/=_-", b) < 0:
			return false
		}
	}
	return len(text) >= least && small && capital && digit
}

func only(text string, is func(byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

func isDigit(b byte) bool      { return '0' <= b && b <= '9' }
func isSmall(b byte) bool      { return 'a' <= b && b <= 'z' }
func isCapital(b byte) bool    { return 'A' <= b && b <= 'Z' }
func alphanumeric(b byte) bool { return isDigit(b) || isSmall(b) || isCapital(b) }
