package input

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-envparse"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// readDotenv reads a dotenv text, NAME=value a line, and what is wrong with it.
//
// No two readers of such a text agree on all of it. What they all read alike is
// read here, and the rest is refused: a secret that is stored with half of it
// missing is found out in production. A $ is a $ everywhere.
func readDotenv(text string) (values []named, wrong []string) {
	rest := strings.ReplaceAll(text, "\r\n", "\n")
	for line := 1; rest != ""; {
		s, lines := nextStatement(rest)
		rest = rest[len(s.whole):]
		if value, why := s.read(); why != "" {
			wrong = append(wrong, fmt.Sprintf("Line %d %s", line, why))
		} else if value.name != "" {
			value.place = fmt.Sprintf("Line %d", line)
			values = append(values, value)
		}
		line += lines
	}
	return values, wrong
}

// statement is one assignment of a dotenv text: a line, or several where a value
// in double quotes goes over their ends.
type statement struct {
	whole string
	name  string // with export before it, as it may be
	value string // with its quotes, and what comes behind them
	quote byte   // with which the value begins; 0 for none
	end   int    // of the quoted part in the value; 0 if there is none
	assigns,
	blank bool
}

// nextStatement cuts the next statement off a text, and counts its lines.
func nextStatement(text string) (s statement, lines int) {
	line, _, _ := strings.Cut(text, "\n")
	trimmed := strings.TrimSpace(line)
	s.blank = trimmed == "" || trimmed[0] == '#'
	s.name, s.value, s.assigns = strings.Cut(line, "=")
	length := len(line)
	if begin := strings.TrimLeft(s.value, " \t"); s.assigns && !s.blank && begin != "" && strings.IndexByte(`"'`, begin[0]) >= 0 {
		before := len(line) - len(begin)
		s.quote = begin[0]
		if s.quote == '"' {
			begin = text[before:]
		}
		if s.end = closingQuote(begin); s.end > 0 {
			tail, _, _ := strings.Cut(begin[s.end:], "\n")
			length = before + s.end + len(tail)
			s.value = begin[:s.end+len(tail)]
		}
	}
	if length < len(text) {
		length++ // the end of the line
	}
	s.whole = text[:length]
	return s, max(1, strings.Count(s.whole, "\n"))
}

// closingQuote is where the part of a text ends that is in the quotes with which
// it begins; 0 if they are never closed.
func closingQuote(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return 0
}

// read reads a statement; a blank one has no name. Why it cannot be read is said
// in words that repeat nothing of it.
func (s statement) read() (value named, why string) {
	if s.blank {
		return named{}, ""
	}
	if !s.assigns {
		return named{}, "is not NAME=value"
	}
	spelled, why := s.spelled()
	if why != "" {
		return named{}, why
	}
	if len(s.name)+len(spelled) > maxLine {
		return named{}, "is longer than 64 KiB. Write the values into a .json file"
	}
	parsed, err := envparse.Parse(strings.NewReader(s.name + "=" + spelled))
	if err != nil && s.quote == '"' {
		return named{}, `is not NAME="value", or has a backslash that begins no JSON escape such as \n or \". In single quotes it stays as it is`
	}
	for name, text := range parsed {
		if err == nil && ascii.Name(name) {
			return named{name: name, text: text}, ""
		}
	}
	return named{}, "is not NAME=value"
}

// maxLine is how long a line may be that go-envparse reads, in bytes
// (bufio.MaxScanTokenSize, less the = and the end of the line).
const maxLine = 64<<10 - 2

// spelled is the value as go-envparse takes it: without the comment behind it, of
// which it would take the # of pass#word for one, and in one line.
func (s statement) spelled() (value, why string) {
	value = strings.TrimSpace(s.value)
	switch {
	case s.quote != 0 && s.end == 0 && s.quote == '\'':
		return "", `has a quote that is not closed in this line. A value of several lines goes in double quotes`
	case s.quote != 0 && s.end == 0:
		return "", "has a quote that is never closed"
	case s.quote != 0:
		return s.quoted()
	case strings.ContainsAny(value, "\"'`"):
		return "", "has quotes within its value. Put all of the value in quotes of the other kind"
	}
	if comment := commentIn(value); comment >= 0 {
		value = strings.TrimSpace(value[:comment])
	}
	switch {
	case strings.Contains(value, "#"):
		return "", "has a # in its value, which may begin a comment. Put the value in quotes"
	case strings.ContainsFunc(value, isControl):
		return "", "has a control character. Put the value in double quotes"
	}
	return value, ""
}

// quoted is a value in quotes as go-envparse takes it.
func (s statement) quoted() (value, why string) {
	value, tail := s.value[:s.end], strings.TrimSpace(s.value[s.end:])
	switch {
	case tail != "" && (tail[0] != '#' || tail == s.value[s.end:]):
		return "", "goes on after the closing quote of its value. Put the whole value inside the quotes"
	case s.quote == '\'' && strings.ContainsFunc(value, isControl):
		return "", "has a control character. Put the value in double quotes"
	case s.quote == '\'':
		return value, ""
	case loneSurrogate(value):
		return "", `holds half of a character (\ud800 to \udfff without its other half)`
	}
	return oneLineOf(value)
}

// oneLineOf writes the ends of lines and the tabs within double quotes as escapes.
func oneLineOf(value string) (string, string) {
	var line strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && i+1 < len(value) && isControl(rune(value[i+1])):
			return "", "has a backslash at the end of a line"
		case c == '\\':
			line.WriteString(value[i : i+2])
			i++
		case c == '\n':
			line.WriteString(`\n`)
		case c == '\t':
			line.WriteString(`\t`)
		case isControl(rune(c)):
			return "", `has a control character. Write it as \u and four digits`
		default:
			line.WriteByte(c)
		}
	}
	return line.String(), ""
}

// commentIn is where a comment begins in a text without quotes: at a # behind
// white space; -1 for none.
func commentIn(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] == '#' && (text[i-1] == ' ' || text[i-1] == '\t') {
			return i
		}
	}
	return -1
}

func isControl(c rune) bool { return c < ' ' }
