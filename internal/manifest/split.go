package manifest

import (
	"bytes"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Of a text with many secrets, the library's tree takes some 2,000 bytes a secret, most
// of them for the garbage collector to follow. So the secrets of a vault are cut out of
// a long text and read a part at a time, on all processors. That is done only where no
// reader could cut them otherwise: a text that is not as expected anywhere, or of which
// a part cannot be read alone, is read as a whole.

// secretsOfPart is how many secrets a part has, and leastParts how many parts there must
// be to make it worth while.
const (
	secretsOfPart = 200
	leastParts    = 2
)

// standIn stands for a stretch, in the line of its key: no secrets can be text. It is in
// quotes, since a text without them goes on over lines, and over tabs that end no mapping.
const standIn = "cut"

// split cuts stretches out of a text, into parts of so many secrets, and leaves what else
// there is in its lines. Stretches are by the line of their key. Without any, the rest is
// the text.
func split(text []byte, secrets int) (rest []byte, apart map[int]*stretch) {
	s := &splitter{text: text, size: secrets, apart: map[int]*stretch{}}
	for at := 0; at < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		s.line++
		if !s.next(at, text[at:end]) {
			return text, nil
		}
		at = end
	}
	s.close(len(text))
	if len(s.apart) == 0 {
		return text, nil
	}
	return append(s.rest, text[s.copied:]...), s.apart
}

// splitter goes over a text line by line.
type splitter struct {
	text   []byte
	size   int // of a part, in secrets
	line   int // the present one, from 1
	rest   []byte
	copied int // how much of the text is in rest, or was cut out
	apart  map[int]*stretch

	// Of the secrets that the present line may be among; 0 as key for none.
	key, keyIndent int   // the line of the key, and how far it is indented
	keyAt          int   // where that line begins
	begin, from    int   // where the secrets begin, and in which line
	indent         int   // how far they are indented; 0 until the first is seen
	names          []cut // where each begins
}

// cut is where something begins.
type cut struct{ at, line int }

// next takes one line. It returns false for a text that must not be cut.
func (s *splitter) next(at int, line []byte) bool {
	indent := len(line) - len(bytes.TrimLeft(line, " "))
	content := bytes.TrimRight(line[indent:], " \r\n")
	if len(content) == 0 || content[0] == '#' {
		return true
	}
	switch {
	case s.key > 0 && s.indent == 0 && indent > s.keyIndent:
		s.indent = indent
	case s.key > 0 && indent <= s.keyIndent, s.indent > 0 && indent < s.indent:
		s.close(at)
	}
	switch {
	case s.key == 0 && isSecretsKey(content):
		s.key, s.keyIndent, s.keyAt = s.line, indent, at
		s.begin, s.from = at+len(line), s.line+1
		s.indent, s.names = 0, nil
	case s.key > 0 && indent == s.indent:
		if !startsEntry(content) {
			return false
		}
		s.names = append(s.names, cut{at, s.line})
	}
	return true
}

// isSecretsKey reports whether a line is the key of secrets and nothing else.
func isSecretsKey(content []byte) bool {
	after, ok := bytes.CutPrefix(content, []byte("secrets:"))
	after = bytes.TrimLeft(after, " ")
	return ok && (len(after) == 0 || after[0] == '#' && len(content) > len("secrets:") && content[len("secrets:")] == ' ')
}

// startsEntry reports whether a line begins a secret in the plainest of ways: its name,
// a colon, and nothing or what is behind a space.
func startsEntry(content []byte) bool {
	name, after, ok := bytes.Cut(content, []byte(":"))
	return ok && len(name) > 0 && ascii.Name(string(name)) && (len(after) == 0 || after[0] == ' ')
}

// close ends the present secrets, and cuts them out if they are many.
func (s *splitter) close(end int) {
	if s.key > 0 && len(s.names) >= leastParts*s.size {
		s.rest = append(s.rest, s.text[s.copied:s.keyAt+s.keyIndent]...)
		s.rest = append(s.rest, "secrets: \""+standIn+"\"\n"...)
		s.rest = append(s.rest, bytes.Repeat([]byte("\n"), bytes.Count(s.text[s.begin:end], []byte("\n")))...)
		s.copied = end
		s.apart[s.key] = &stretch{parts: s.parts(end)}
	}
	s.key, s.indent = 0, 0
}

// parts are the present secrets, some at a time.
func (s *splitter) parts(end int) []part {
	var parts []part
	begin := cut{s.begin, s.from}
	for i := s.size; i < len(s.names); i += s.size {
		next := s.names[i]
		parts = append(parts, part{s.text[begin.at:next.at], begin.line})
		begin = next
	}
	return append(parts, part{s.text[begin.at:end], begin.line})
}
