package mask

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// All quoted forms are the inside of the quotes, which alone are no secret.

var (
	ansiQuote = controls(inOctal).with("\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`,
		"\f", `\f`, "\r", `\r`, "\x1b", `\E`, "\x7f", `\177`, `'`, `\'`, `\`, `\\`)
	octalQuote = octal(ansiQuote)
	wordQuote  = backslashed(" \t!\"$&'()*,;<>?[\\]^`{|}")
	goQuote    = controls(inHex(`\x`, lowerDigits)).with("\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`,
		"\f", `\f`, "\r", `\r`, "\x7f", `\x7f`, `"`, `\"`, `\`, `\\`)
)

// octal adds the bytes outside ASCII to a spelling.
func octal(s spelling) spelling {
	return spelled(func() table {
		t := *s()
		for i := utf8.RuneSelf; i < len(t.size); i++ {
			t.set(byte(i), inOctal(byte(i)))
		}
		return t
	})
}

// backslashed returns the spelling that sets a backslash before each of chars.
func backslashed(chars string) spelling {
	return spelled(func() table {
		t := keep()
		for i := range len(chars) {
			t.set(chars[i], `\`+chars[i:i+1])
		}
		return t
	})
}

// quotesDoubled is how YAML, SQL, PowerShell and the expressions of workflows
// write a quote inside single quotes.
func quotesDoubled(text string) string { return strings.ReplaceAll(text, `'`, `''`) }

// quotesEscaped is how command lines of Windows and of docker write a double
// quote (actions/runner, ValueEncoders.cs, CommandLineArgumentEscape).
func quotesEscaped(text string) string { return strings.ReplaceAll(text, `"`, `\"`) }

// shellReopened is how dash's set -x and Python's shlex.quote write a quote
// inside single quotes.
func shellReopened(text string) string { return strings.ReplaceAll(text, `'`, `'"'"'`) }

// shellEscaped is how bash does.
func shellEscaped(text string) string { return strings.ReplaceAll(text, `'`, `'\''`) }

var tildes = strings.NewReplacer(":~", `:\~`, "=~", `=\~`)

// bashWord is what bash's printf %q writes for a text without control
// characters. A leading # or ~ has a backslash that no form needs to hold.
func bashWord(text string) string {
	word := wordQuote.escape(text)
	if strings.IndexByte(word, '~') < 0 {
		return word
	}
	return tildes.Replace(word)
}

// bashANSI is bash's $'…', which printf %q writes for a text with control
// characters.
func bashANSI(text string) string {
	if !control(text) {
		return text // no spelling that bash writes
	}
	return ansiQuote.escape(text)
}

// bashOctal is bashANSI in the locale C.
func bashOctal(text string) string {
	if ascii(text) {
		return text // as bashANSI has it
	}
	return octalQuote.escape(text)
}

// goQuoted is the spelling of strconv.Quote and of the verb %q.
func goQuoted(text string) string {
	switch {
	case !ascii(text):
		quoted := strconv.Quote(text)
		return quoted[1 : len(quoted)-1]
	case control(text):
		return goQuote.escape(text)
	}
	return text // as jsJSON has it
}

// control reports whether text has a control character of ASCII.
func control(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] == '\x7f' {
			return true
		}
	}
	return false
}
