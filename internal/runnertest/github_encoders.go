package runnertest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// errEncoder is .NET's ArgumentOutOfRangeException from a value encoder.
const errEncoder = runnerWords("startIndex cannot be larger than length of string. (Parameter 'startIndex')")

// encodedForms are the forms of a secret that the GitHub runner masks besides
// the secret itself: the encoders of HostContext.cs, from ValueEncoders.cs in
// actions/runner. Some may be empty, which masks nothing.
//
// A value whose first "&+" is also its end makes an encoder throw; the runner
// then masks nothing of it, not even the value itself, and fails the step.
func encodedForms(value string) (forms [11]string, err error) {
	post, err := afterAmpersand(value)
	if err != nil {
		return forms, err
	}
	return [...]string{
		base64From(value, 0), base64From(value, 1), base64From(value, 2),
		strings.ReplaceAll(value, `"`, `\"`), // for docker's command line
		strings.ReplaceAll(value, "'", "''"), // in an expression
		newtonsoftEscape(value),
		uriDataEscape(value),
		xmlEscaper.Replace(value),
		trimDoubleQuotes(value),
		uptoAmpersand(value), post,
	}, nil
}

// base64From skips n bytes, unless nothing would be left.
func base64From(value string, n int) string {
	if len(value) > n {
		value = value[n:]
	}
	return base64.StdEncoding.EncodeToString([]byte(value))
}

// newtonsoftEscape is JsonConvert.ToString without its quotes: besides what
// JSON demands it escapes U+0085, U+2028 and U+2029, in lower-case hex, and
// leaves <, > and & alone.
func newtonsoftEscape(value string) string {
	plain := func(r rune) bool {
		return r >= 0x20 && r != '"' && r != '\\' && r != 0x85 && r != 0x2028 && r != 0x2029
	}
	if strings.IndexFunc(value, func(r rune) bool { return !plain(r) }) < 0 {
		return value
	}
	var b strings.Builder
	for _, r := range value {
		switch {
		case plain(r):
			b.WriteRune(r)
		case strings.ContainsRune("\b\t\n\f\r", r):
			b.WriteByte('\\')
			b.WriteByte("btn\vfr"[r-'\b'])
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// uriDataEscape is Uri.EscapeDataString: all but RFC 3986's unreserved
// characters, in upper-case hex.
func uriDataEscape(value string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	copied := 0
	for i := range len(value) {
		c := value[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if letter || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			continue
		}
		b.WriteString(value[copied:i])
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		copied = i + 1
	}
	if copied == 0 {
		return value
	}
	return b.String() + value[copied:]
}

var xmlEscaper = strings.NewReplacer("<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;", "&", "&amp;")

func trimDoubleQuotes(value string) string {
	if utf16Len(value) > 8 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	return ""
}

// uptoAmpersand and afterAmpersand are the two parts in which PowerShell
// prints a failed command; parts under 6 characters are left out. After "&+"
// one more character is lost, to a colour code.
func uptoAmpersand(value string) string {
	end := strings.LastIndex(value, "&") + 1
	if i := strings.Index(value, "&+"); i >= 0 {
		end = i + 2
	}
	return unlessShort(value[:end])
}

func afterAmpersand(value string) (string, error) {
	if i := strings.Index(value, "&+"); i >= 0 {
		rest := value[i+2:]
		if rest == "" {
			return "", errEncoder
		}
		_, size := utf8.DecodeRuneInString(rest)
		return unlessShort(rest[size:]), nil
	}
	if i := strings.LastIndex(value, "&"); i >= 0 {
		return unlessShort(value[i+1:]), nil
	}
	return "", nil
}

func unlessShort(part string) string {
	if utf16Len(part) < 6 {
		return ""
	}
	return part
}

// utf16Len is .NET's string length.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
