package mask

import (
	"encoding/base64"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// credentials holds the passwords and tokens in each line of text.
func (c *collector) credentials(text string) {
	netrc := strings.Contains(text, "machine ") || strings.Contains(text, "default ")
	var line string
	for rest := text; rest != ""; {
		line, rest = cutLine(rest)
		if strings.IndexByte(line, '=') < 0 && strings.IndexByte(line, ':') < 0 && strings.IndexByte(line, ' ') < 0 {
			continue // none of them can find anything
		}
		finders := credentialFinders
		if netrc {
			finders = netrcFinders
		}
		for _, find := range finders {
			for found := range find(line) {
				if c.full() {
					c.unheldPart = true
					return
				}
				c.structured = true
				c.credential(found)
			}
		}
	}
}

// credentialFinders yield what is secret in a line, wherever it stands in it.
var (
	credentialFinders = []func(line string) iter.Seq[string]{
		urlPasswords, keyedPasswords, authorizations, driverPasswords, pgpassPasswords, argumentPasswords,
	}
	netrcFinders = append(credentialFinders[:len(credentialFinders):len(credentialFinders)], netrcPasswords)
)

// credential holds a password or a token, and what it is the base64 of, as that of
// basic authorization.
func (c *collector) credential(text string) {
	if nothing(text) || c.isOpen(text) {
		return
	}
	c.secrets = append(c.secrets, text)
	c.unheldPart = c.unheldPart || !atLeast(strings.TrimSpace(text), minOwn)
	if c.asItIs(text, minOwn) {
		c.passwords = append(c.passwords, text)
	}
	if decoded, ok := decodedBase64(text); ok {
		c.texts(leaf{text: decoded, verdict: privately})
		c.pair(decoded, true)
	}
}

// pair holds the two halves of user:password. Where only its form tells that it is
// one, halves that are everyday texts are left out: it may be a host and its port.
func (c *collector) pair(text string, sure bool) {
	user, password, ok := strings.Cut(text, ":")
	if !ok || user == "" || strings.ContainsAny(text, " \t\r\n\"{}<>;,") || strings.HasPrefix(password, "//") || len(text) > maxCredential {
		return
	}
	if sure || !everyday(password) && atLeast(password, minExtra) && !strings.ContainsAny(text, "@/=") {
		c.credential(password)
	}
	if sure && (!everyday(user) || strings.ContainsAny(user, "0123456789")) && !c.isOpen(user) {
		c.extra(user) // it may be a token
	}
}

// maxDecoded is how long a text may be that is looked at as base64, in bytes.
const maxDecoded = 256 << 10

// decodedBase64 is the text that text is the base64 of, in either alphabet, padded or
// not, in one line or in many; not ok where it is the base64 of no text.
func decodedBase64(text string) (decoded string, ok bool) {
	const least = 8 // digits; of fewer, many words are base64
	if len(text) < least || len(text) > maxDecoded || !only(text, base64Character) {
		return "", false
	}
	if strings.ContainsAny(text, "\r\n \t") {
		text = strings.Join(strings.Fields(text), "")
	}
	alphabet := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		alphabet = base64.RawURLEncoding
	}
	bytes, err := alphabet.DecodeString(strings.TrimRight(text, "="))
	if err != nil || !utf8.Valid(bytes) {
		return "", false
	}
	decoded = strings.TrimSpace(string(bytes))
	for _, r := range decoded {
		if !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			return "", false
		}
	}
	return decoded, atLeast(decoded, minOwn)
}

func base64Character(b byte) bool {
	return alphanumeric(b) || strings.IndexByte("+/-_=\r\n \t", b) >= 0
}

// schemes are those of HTTP whose credentials are one word (RFC 7617, RFC 6750), and
// what GitHub and others take beside them.
var schemes = []string{"bearer ", "basic ", "token "}

// authorizations yields what stands behind the scheme of an authorization, as in
// Authorization: Bearer TOKEN. The word token is a scheme only in such a header.
func authorizations(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, scheme := range schemes {
			for rest := line; ; {
				at := foldIndex(rest, scheme)
				if at < 0 {
					break
				}
				begins := strings.Trim(rest[:at], " \t\"'") == "" && scheme != "token " && len(rest) == len(line)
				header := strings.HasSuffix(strings.ToLower(strings.TrimRight(rest[max(0, at-24):at], " \t\"'=:")), "authorization")
				rest = rest[at+len(scheme):]
				word := before(strings.TrimLeft(rest, " "), " \t\"',;")
				if word != "" && (begins || header || scheme == "bearer " && !everyday(word)) && !yield(word) {
					return
				}
			}
		}
	}
}

// foldIndex is strings.Index for a part in small ASCII letters, whatever the case in
// text.
func foldIndex(text, part string) int {
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i]|0x20 == part[0] && strings.EqualFold(text[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// driverPasswords yields the password of user:password@tcp(host)/db, as
// go-sql-driver/mysql reads it, and of Oracle's thin:user/password@host.
func driverPasswords(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if at := strings.LastIndexByte(line, '('); at > 0 {
			head := line[:at]
			if at = strings.LastIndexByte(head, '@'); at > 0 && at < len(head)-1 && only(head[at+1:], alphanumeric) {
				head = head[strings.LastIndexAny(head[:at], " \t\"'")+1 : at]
				if _, password, ok := strings.Cut(head, ":"); ok && password != "" && !yield(password) {
					return
				}
			}
		}
		if _, rest, ok := strings.Cut(line, ":thin:"); ok {
			head := before(rest, " \t\"")
			_, password, found := strings.Cut(head[:max(0, strings.LastIndexByte(head, '@'))], "/")
			if found && password != "" {
				yield(strings.Trim(password, `"`))
			}
		}
	}
}

// pgpassPasswords yields the password of a line of PostgreSQL's .pgpass,
// host:port:database:user:password.
func pgpassPasswords(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		fields := strings.SplitN(line, ":", 5)
		if len(fields) == 5 && fields[0] != "" && (fields[1] == "*" || fields[1] != "" && only(fields[1], isDigit)) && fields[4] != "" &&
			!strings.ContainsAny(strings.Join(fields[:4], ""), " \t\"") {
			_ = yield(unescapedColons.Replace(fields[4])) && yield(fields[4])
		}
	}
}

// unescapedColons undoes what a .pgpass does to a password
// (https://www.postgresql.org/docs/current/libpq-pgpass.html).
var unescapedColons = strings.NewReplacer(`\:`, `:`, `\\`, `\`)

// argumentPasswords yields the password of curl -u user:password.
func argumentPasswords(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, option := range []string{" -u ", " --user "} {
			_, rest, found := strings.Cut(line, option)
			_, password, pair := strings.Cut(before(strings.Trim(rest, `"' `), " \t\"'"), ":")
			if found && pair && password != "" && !yield(password) {
				return
			}
		}
	}
}

// netrcPasswords yields the words behind "password" in a line of a netrc.
func netrcPasswords(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		fields := strings.Fields(line)
		for i := 1; i < len(fields); i++ {
			if (fields[i-1] == "password" || fields[i-1] == "account") && !yield(strings.Trim(fields[i], `"`)) {
				return
			}
		}
	}
}
