package mask

import (
	"iter"
	"net/url"
	"strings"
)

// maxCredential is the number of bytes within which a URL's at sign and the end
// of a keyed password are looked for: it keeps the time linear in the text.
const maxCredential = 4096

// urlPasswords yields the password of each URL in a line as it stands there,
// and without its percent-encoding. A user without a password is taken for a
// token, as in https://TOKEN@github.com, if it has the length of one.
func urlPasswords(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			_, rest, ok := strings.Cut(line, "://")
			if !ok {
				return
			}
			line = rest
			password := userPassword(rest)
			if password != "" && (!yield(password) || !yield(percentDecoded(password))) {
				return
			}
		}
	}
}

// userPassword returns the password of a URL's part behind "://". Passwords are
// often pasted into URLs as they are, so where no at sign stands in the
// authority, one behind it counts, unless a port was meant.
func userPassword(rest string) string {
	rest = before(rest[:min(len(rest), maxCredential)], " \t\"<>")
	authority := before(rest, "/?#")
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		at = strings.LastIndexByte(rest, '@')
	}
	user, password, ok := strings.Cut(rest[:max(at, 0)], ":")
	switch {
	case ok && (at <= len(authority) || strings.Trim(before(password, "/?#"), "0123456789") != ""):
		return password
	case !ok && at < len(authority) && atLeast(user, minExtra):
		return user
	}
	return ""
}

// percentDecoded returns text without percent-encoding, or as it is where that
// is none.
func percentDecoded(text string) string {
	decoded, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	return decoded
}

// before returns text up to the first of the characters.
func before(text, characters string) string {
	if end := strings.IndexAny(text, characters); end >= 0 {
		return text[:end]
	}
	return text
}
