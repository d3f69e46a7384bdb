package runnertest

import (
	"bufio"
	"bytes"
	"math"
	"strings"
)

// ParseOutputsAct reads a GITHUB_OUTPUT file as nektos/act v0.2.87 does
// (pkg/container/parse_env_file.go). Unlike GitHub it refuses an empty line,
// loses empty lines at the start of a block, and drops a "\r" at the end of a
// line. On an error no output is set at all, so the map is nil.
func ParseOutputsAct(data []byte) (map[string]string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return newActScanner(data, math.MaxInt).pairs()
}

// ParseOutputsForgejo reads a GITHUB_OUTPUT file as the Forgejo runner v12
// does (act/container/parse_env_file.go); Gitea's act v0.261.10 has the same
// code. The rules are act's, without its care for a byte order mark, and with
// the line limit of [bufio.Scanner]: at a line of 64 KiB or more, reading
// stops. Outside a block this goes unnoticed, and that line and all after it
// are lost without an error.
func ParseOutputsForgejo(data []byte) (map[string]string, error) {
	return newActScanner(data, bufio.MaxScanTokenSize).pairs()
}

type actScanner struct {
	*bufio.Scanner
	number int
}

func newActScanner(data []byte, limit int) *actScanner {
	s := bufio.NewScanner(bytes.NewReader(data))
	s.Buffer(nil, min(limit, max(len(data)+1, bufio.MaxScanTokenSize)))
	return &actScanner{Scanner: s}
}

func (s *actScanner) next() bool {
	s.number++
	return s.Scan()
}

func (s *actScanner) pairs() (map[string]string, error) {
	out := map[string]string{}
	for s.next() {
		line := s.Text()
		equals, block := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case equals >= 0 && (block < 0 || equals < block):
			out[line[:equals]] = line[equals+1:]
		case block >= 0:
			number, delimiter := s.number, line[block+2:]
			value, ok := s.block(delimiter)
			if !ok {
				return nil, &outputError{Line: number, Quoted: delimiter, Reason: "the delimiter is missing"}
			}
			out[line[:block]] = value
		default:
			return nil, &outputError{Line: s.number, Quoted: line, Reason: `neither "=" nor "<<"`}
		}
	}
	return out, nil
}

// block joins lines with a newline, but only onto something: empty lines at
// the start leave no trace.
func (s *actScanner) block(delimiter string) (value string, ok bool) {
	var text strings.Builder
	for s.next() {
		line := s.Text()
		if line == delimiter {
			return text.String(), true
		}
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(line)
	}
	return "", false
}
