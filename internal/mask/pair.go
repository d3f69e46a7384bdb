package mask

import (
	"iter"
	"strings"
)

// keyedPasswords yields the secrets of the pairs key=value in a line, be it an ADO,
// ODBC or JDBC connection string, one of libpq, a URL's query with a signature, or a
// line of npmrc: as they stand there without quotes, and with the escapes of each
// undone.
func keyedPasswords(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		setting := "" // that an attribute key="…" names, for the one value="…" behind it
		for at := 0; ; {
			n := strings.IndexByte(line[at:], '=')
			if n < 0 {
				return
			}
			key := strings.TrimRight(line[at:at+n], " ")
			prior := strings.TrimRightFunc(key, pairKey)
			at += n + 1
			key = key[len(prior):]
			value := ""
			switch {
			case (key == "key" || key == "name") && strings.Contains(line[at:], " value="):
				setting = pairValue(line[at:], " ")
				continue
			case key == "value" && setting != "":
				key, value = setting, pairValue(line[at:], " ")
			}
			under := leaf{key: key, verdict: judge(key)}
			if under.verdict != privately {
				continue
			}
			if value == "" {
				value = pairValue(line[at:], separators(line, prior))
			}
			if !atLeast(value, under.least(value)) {
				continue
			}
			for _, password := range spellings(value) {
				if !yield(password) {
					return
				}
			}
		}
	}
}

// pairKey reports whether r can stand in the key of a pair.
func pairKey(r rune) bool { return word(r) || r == '-' || r == '.' }

// separators returns the characters that end an unquoted value, judged by what
// stands before its key.
func separators(line, prior string) string {
	prior = strings.TrimRight(prior, " ")
	switch {
	case strings.HasSuffix(prior, ";"):
		return ";"
	case strings.HasSuffix(prior, "&"), strings.HasSuffix(prior, "?"):
		return "&# \t\""
	case strings.HasSuffix(prior, ","):
		return ","
	case strings.Contains(line, ";"):
		return ";"
	}
	return " \t"
}

// closers are the quotes that end a value, by those that begin it.
var closers = map[byte]byte{'"': '"', '\'': '\'', '{': '}'}

// pairValue returns the value at the start of text: what stands in quotes or
// in ODBC's braces, or all up to a separator.
func pairValue(text, separators string) string {
	text = strings.TrimLeft(text, " \t")
	text = text[:min(len(text), maxCredential)]
	if text == "" {
		return ""
	}
	if quote, ok := closers[text[0]]; ok {
		if end := undoubled(text[1:], quote); end >= 0 {
			return text[1 : end+1]
		}
	}
	if value := before(text, separators); len(value) < maxCredential {
		return value
	}
	return ""
}

// undoubled returns the index of the first quote in text that neither a
// backslash (libpq) nor a second quote (ADO, ODBC) makes part of the value.
func undoubled(text string, quote byte) int {
	for i := 0; ; i += 2 {
		end := closing(text[i:], quote)
		if end < 0 {
			return -1
		}
		i += end
		if i+1 == len(text) || text[i+1] != quote {
			return i
		}
	}
}

var (
	undoubledQuotes = strings.NewReplacer(`''`, `'`, `""`, `"`, `}}`, `}`)
	unescapedQuotes = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\"`, `"`, `\ `, ` `)
)

// spellings returns a password as it stands, up to the quote that ends a connection
// string in an attribute of XML, and undone by each convention, XML's too.
func spellings(password string) []string {
	return []string{
		password, before(password, `"`), undoubledQuotes.Replace(password), unescapedQuotes.Replace(password), percentDecoded(password),
		unescapedXML.Replace(password),
	}
}
