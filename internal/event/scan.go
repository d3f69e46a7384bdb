package event

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// visitor is told what stands in a JSON text, in its order.
type visitor interface {
	open(bracket byte) // { or [
	close()
	key(name []byte)
	text(part []byte, last bool) // a text comes in parts
	number(digits []byte)
	literal(begin byte) // t, f or n
	stopped() bool      // no more is wanted
}

// scanner reads a JSON text (RFC 8259) as it comes. An event may have 25 MB, and
// anybody who may set one off can fill it: it takes time by its length, and memory
// by its depth, a bit a level.
type scanner struct {
	in     *bufio.Reader
	to     visitor
	levels levels
	part   []byte // of the text or number being read
}

// levels are the brackets that are open: a bit each, set for a list.
type levels struct {
	bits  []byte
	depth int
}

func (l *levels) push(bracket byte) {
	if l.depth/8 == len(l.bits) {
		l.bits = append(l.bits, 0)
	}
	bit := byte(1) << (l.depth % 8)
	if l.bits[l.depth/8] &^= bit; bracket == '[' {
		l.bits[l.depth/8] |= bit
	}
	l.depth++
}

// last is the bracket that was opened last.
func (l *levels) last() byte {
	if l.bits[(l.depth-1)/8]&(1<<((l.depth-1)%8)) != 0 {
		return '['
	}
	return '{'
}

// maxPart is how long a part of a text is, and a number at most, in bytes.
const maxPart = 4 << 10

// Why an event cannot be used.
var (
	errNotJSON  = errors.New("names a file that is not JSON")
	errTwoTexts = errors.New("names a file that is not one JSON text")
	errEmpty    = errors.New("names a file that is empty")
	errUTF16    = errors.New("names a file in UTF-16, not UTF-8")
)

// scan tells a visitor of all that in holds. A byte order mark before it means
// nothing.
func scan(in io.Reader, to visitor) error {
	s := &scanner{in: bufio.NewReaderSize(in, 64<<10), to: to, part: make([]byte, 0, maxPart+utf8.UTFMax)}
	mark, err := s.in.Peek(len("\ufeff"))
	switch {
	case len(mark) == 0 && errors.Is(err, io.EOF):
		return errEmpty
	case len(mark) >= 2 && (mark[0] == 0xff && mark[1] == 0xfe || mark[0] == 0xfe && mark[1] == 0xff || mark[0] == 0 || mark[1] == 0):
		return errUTF16
	case string(mark) == "\ufeff":
		_, _ = s.in.Discard(len(mark))
	}
	err = s.whole()
	if errors.Is(err, io.EOF) {
		return errNotJSON
	}
	return err
}

// whole reads one value, and the end behind it.
func (s *scanner) whole() error {
	c, err := s.next()
	for err == nil && !s.to.stopped() {
		if err = s.value(c); err != nil {
			return err
		}
		if c, err = s.after(); err == nil && s.levels.depth == 0 {
			return errTwoTexts
		}
		if errors.Is(err, io.EOF) && s.levels.depth == 0 {
			return nil
		}
	}
	return err
}

// next is the next byte that is no white space.
func (s *scanner) next() (byte, error) {
	for {
		c, err := s.in.ReadByte()
		if err != nil || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, err
		}
	}
}

// value reads a value that begins with c: all of it, or up to the first value in
// it, or its end if it is empty.
func (s *scanner) value(c byte) error {
	switch {
	case c == '{' || c == '[':
		s.levels.push(c)
		s.to.open(c)
		return s.first(c)
	case c == '"':
		return s.text(s.to.text)
	case c == '-' || c >= '0' && c <= '9':
		return s.number(c)
	}
	return s.literal(c)
}

// first reads on to the first value of what was just opened. A value that is
// there is read too, so that one follows for whatever is open.
func (s *scanner) first(bracket byte) error {
	c, err := s.next()
	for err == nil {
		if c == closing(bracket) {
			s.leave()
			return nil
		}
		if bracket == '{' {
			if c, err = s.key(c); err != nil {
				return err
			}
		}
		if c != '{' && c != '[' {
			return s.value(c)
		}
		bracket = c // without recursion: an event can be nested as deep as it is long
		s.levels.push(c)
		s.to.open(c)
		c, err = s.next()
	}
	return err
}

// after closes what ends behind a value, and returns how the next one begins.
func (s *scanner) after() (byte, error) {
	for {
		c, err := s.next()
		if err != nil || s.levels.depth == 0 {
			return c, err
		}
		bracket := s.levels.last()
		switch {
		case c == closing(bracket):
			s.leave()
		case c != ',':
			return c, errNotJSON
		case bracket == '{':
			if c, err = s.next(); err != nil {
				return c, err
			}
			return s.key(c)
		default:
			return s.next()
		}
	}
}

func (s *scanner) leave() {
	s.levels.depth--
	s.to.close()
}

func closing(bracket byte) byte {
	if bracket == '{' {
		return '}'
	}
	return ']'
}

// key reads a name that begins with c, and the colon behind it, and returns how
// the value begins. Of a very long name the begin is enough.
func (s *scanner) key(c byte) (byte, error) {
	if c != '"' {
		return c, errNotJSON
	}
	told := false
	err := s.text(func(part []byte, _ bool) {
		if !told {
			s.to.key(part)
			told = true
		}
	})
	if err != nil {
		return 0, err
	}
	if c, err = s.next(); err == nil && c != ':' {
		err = errNotJSON
	}
	if err != nil {
		return c, err
	}
	return s.next()
}

// text reads a text up to its end, and hands it on in parts.
func (s *scanner) text(to func(part []byte, last bool)) error {
	s.part = s.part[:0]
	for {
		c, err := s.in.ReadByte()
		switch {
		case err != nil:
			return err
		case c == '"':
			to(s.part, true)
			return nil
		case c < ' ':
			return errNotJSON
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		default:
			s.part = append(s.part, c)
		}
		if len(s.part) >= maxPart {
			to(s.part, false)
			s.part = s.part[:0]
		}
	}
}

// escapes are what follows a backslash, but for u; 0 for what may not.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() error {
	c, err := s.in.ReadByte()
	if err != nil {
		return err
	}
	if c != 'u' {
		plain := escapes[c]
		if plain == 0 {
			return errNotJSON
		}
		s.part = append(s.part, plain)
		return nil
	}
	r, err := s.hex()
	if err != nil {
		return err
	}
	if ahead, _ := s.in.Peek(2); utf16.IsSurrogate(r) && string(ahead) == `\u` {
		_, _ = s.in.Discard(2)
		low, err := s.hex()
		if err != nil {
			return err
		}
		r = utf16.DecodeRune(r, low)
	}
	s.part = utf8.AppendRune(s.part, r) // a lone surrogate becomes U+FFFD
	return nil
}

// hex reads the four digits behind \u.
func (s *scanner) hex() (r rune, _ error) {
	for range 4 {
		c, err := s.in.ReadByte()
		if err != nil {
			return 0, err
		}
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, errNotJSON
		}
		r = r<<4 | rune(c)
	}
	return r, nil
}

// number reads a number that begins with c.
func (s *scanner) number(c byte) error {
	s.part = append(s.part[:0], c)
	for len(s.part) < maxPart {
		c, err := s.in.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err == nil && (c == '+' || c == '-' || c == '.' || c|0x20 == 'e' || c >= '0' && c <= '9') {
			s.part = append(s.part, c)
			continue
		}
		if err == nil {
			_ = s.in.UnreadByte()
		}
		break
	}
	if !json.Valid(s.part) {
		return errNotJSON
	}
	s.to.number(s.part)
	return nil
}

// literal is the one that begins so; "" for none.
func literal(begin byte) string {
	switch begin {
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	}
	return ""
}

func (s *scanner) literal(begin byte) error {
	_ = s.in.UnreadByte() // of begin
	whole := literal(begin)
	ahead, err := s.in.Peek(len(whole))
	if whole == "" || string(ahead) != whole {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return errNotJSON
	}
	_, _ = s.in.Discard(len(whole))
	s.to.literal(begin)
	return nil
}
