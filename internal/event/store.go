package event

import (
	"bytes"
	"strings"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// store holds many texts, to look for a value in all of them at once. Each has a
// NUL on either side, no white space at its ends, and line breaks without a
// carriage return: web forms add those. It is in chunks, so that it never needs
// twice its length to grow.
type store struct {
	chunks [][]byte
	begun  bool // a text that has a character
	cr     bool // a carriage return that is not written yet
}

// chunkSize is the length of all chunks but the last. No value is longer, so that
// none lies in three.
const chunkSize = secret.MaxSize

func (s *store) write(part []byte) {
	if s.begun && !s.cr && bytes.IndexByte(part, '\r') < 0 && bytes.IndexByte(part, 0) < 0 {
		s.push(part...) // as nearly every part of a long text
		return
	}
	for _, c := range part {
		if s.cr && c != '\n' {
			s.add('\r')
		}
		if s.cr = c == '\r'; s.cr {
			continue
		}
		if c == 0 {
			c = ' '
		}
		s.add(c)
	}
}

// add adds a byte of a text, but for white space at its begin.
func (s *store) add(c byte) {
	if s.begun = s.begun || !space(c); s.begun {
		s.push(c)
	}
}

// end ends a text.
func (s *store) end() {
	for s.begun && space(s.last()) {
		s.pop()
	}
	s.push(0)
	s.begun, s.cr = false, false
}

// whiteSpace is what is taken off the ends of texts.
const whiteSpace = " \n\t\r\v\f"

func space(c byte) bool { return strings.IndexByte(whiteSpace, c) >= 0 }

func (s *store) push(part ...byte) {
	if len(s.chunks) == 0 {
		s.chunks = append(s.chunks, []byte{0}) // before the first text
	}
	for len(part) > 0 {
		if len(s.chunks[len(s.chunks)-1]) == chunkSize {
			s.chunks = append(s.chunks, make([]byte, 0, chunkSize))
		}
		at := &s.chunks[len(s.chunks)-1]
		fits := min(len(part), chunkSize-len(*at))
		*at, part = append(*at, part[:fits]...), part[fits:]
	}
}

func (s *store) last() byte {
	chunk := s.chunks[len(s.chunks)-1]
	return chunk[len(chunk)-1]
}

func (s *store) pop() {
	n := len(s.chunks) - 1
	if s.chunks[n] = s.chunks[n][:len(s.chunks[n])-1]; len(s.chunks[n]) == 0 {
		s.chunks = s.chunks[:n]
	}
}

// at is the byte at a place.
func (s *store) at(place int) byte { return s.chunks[place/chunkSize][place%chunkSize] }

// find is the first place of a text from a place on, or -1.
func (s *store) find(text []byte, from int) int {
	for i := from / chunkSize; i < len(s.chunks); i++ {
		begin := max(from-i*chunkSize, 0)
		if begin > len(s.chunks[i]) {
			return -1
		}
		if at := bytes.Index(s.chunks[i][begin:], text); at >= 0 {
			return i*chunkSize + begin + at
		}
		if at := s.findAcross(text, i, begin); at >= 0 {
			return at
		}
	}
	return -1
}

// findAcross is the place of a text that begins in a chunk, not before a place in
// it, and ends in the next.
func (s *store) findAcross(text []byte, i, begin int) int {
	if i+1 == len(s.chunks) {
		return -1
	}
	chunk, next := s.chunks[i], s.chunks[i+1]
	begin = max(begin, len(chunk)-len(text)+1)
	seam := append(bytes.Clone(chunk[begin:]), next[:min(len(text)-1, len(next))]...)
	if at := bytes.Index(seam, text); at >= 0 {
		return i*chunkSize + begin + at
	}
	return -1
}

// ordinal is the number, from 1, of the text in which a place is.
func (s *store) ordinal(place int) int {
	n := 0
	for _, chunk := range s.chunks[:place/chunkSize] {
		n += bytes.Count(chunk, []byte{0})
	}
	return n + bytes.Count(s.chunks[place/chunkSize][:place%chunkSize], []byte{0})
}
