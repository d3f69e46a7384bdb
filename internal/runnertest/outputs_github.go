package runnertest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// ParseOutputs reads a GITHUB_OUTPUT file as the GitHub runner does on Linux
// and macOS (actions/runner FileCommandManager.cs). Lines end at "\n" alone,
// so that a "\r" stays in the value. The same rules hold for GITHUB_ENV and
// GITHUB_STATE.
//
// On an error the runner fails the step, yet keeps the outputs read before
// it; so does the map returned beside the error. Names differ without regard
// to case: of two that differ only so, the last one stays.
func ParseOutputs(data []byte) (map[string]string, error) {
	return parseOutputs(data, false)
}

// ParseOutputsWindows is [ParseOutputs] on a Windows runner, where "\r\n"
// ends a line too.
func ParseOutputsWindows(data []byte) (map[string]string, error) {
	return parseOutputs(data, true)
}

// outputError says why a runner refuses an output file. Its text gives the
// line's number only; what the runner itself would print of the line, and so
// show to everyone who can read the log, is kept apart in Quoted.
type outputError struct {
	Line   int // from 1; of a block, where it starts
	Quoted string
	Reason string
}

func (e *outputError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

func parseOutputs(data []byte, crlf bool) (map[string]string, error) {
	text, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	out := foldedMap{values: map[string]string{}, spelled: map[string]string{}}
	r := &lineReader{text: text, crlf: crlf}
	for {
		line, _, ok := r.next()
		if !ok {
			return out.values, nil
		}
		if line == "" {
			continue
		}
		number := r.number
		name, value, err := r.pair(line)
		if err != nil {
			return out.values, &outputError{Line: number, Quoted: line, Reason: err.Error()}
		}
		out.set(name, value)
	}
}

// pair reads the pair that starts on line, and the lines after it where the
// value is a block.
func (r *lineReader) pair(line string) (name, value string, err error) {
	equals, block := strings.Index(line, "="), strings.Index(line, "<<")
	switch {
	case equals >= 0 && (block < 0 || equals < block):
		// FileCommandManager tests the line, not the name, for emptiness
		// here; ExecutionContext.SetOutput then refuses the empty name.
		if equals == 0 {
			return "", "", errors.New("the name is empty")
		}
		return line[:equals], line[equals+1:], nil
	case block >= 0:
		name, delimiter := line[:block], line[block+2:]
		if name == "" || delimiter == "" {
			return "", "", errors.New("the name or the delimiter is empty")
		}
		value, err := r.block(delimiter)
		return name, value, err
	}
	return "", "", errors.New(`neither "=" nor "<<"`)
}

// block reads up to the delimiter, which needs a whole line but no newline
// after it. The value ends before the last newline.
func (r *lineReader) block(delimiter string) (string, error) {
	start, end := r.at, r.at
	for {
		line, newline, ok := r.next()
		switch {
		case !ok:
			return "", errors.New("the delimiter is missing")
		case line == delimiter:
			return r.text[start:end], nil
		case newline == 0:
			return "", errors.New("the delimiter is not on a line of its own")
		}
		end = r.at - newline
	}
}

// lineReader hands out lines without their newline, and its length.
type lineReader struct {
	text   string
	at     int
	number int // of the line handed out last, from 1
	crlf   bool
}

func (r *lineReader) next() (line string, newline int, ok bool) {
	if r.at >= len(r.text) {
		return "", 0, false
	}
	r.number++
	line, _, found := strings.Cut(r.text[r.at:], "\n")
	r.at += len(line)
	if !found {
		return line, 0, true
	}
	r.at++
	if short, cut := strings.CutSuffix(line, "\r"); cut && r.crlf {
		return short, 2, true
	}
	return line, 1, true
}

// decodeText is .NET's File.ReadAllText: a UTF-8 mark is dropped and bytes
// that are not UTF-8 become U+FFFD. (.NET makes one of some sequences of
// which this makes several.) A UTF-16 mark would change the meaning of the
// whole file; nothing here writes one, so it is an error.
func decodeText(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return "", errors.New("the file is UTF-16")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return string([]rune(string(data))), nil
}

// foldedMap replaces an entry whose name differs only in case, with the new
// spelling (actions/runner DictionaryContextData.cs).
type foldedMap struct{ values, spelled map[string]string }

func (m foldedMap) set(name, value string) {
	key := strings.ToUpper(name)
	delete(m.values, m.spelled[key])
	m.spelled[key] = name
	m.values[name] = value
}
