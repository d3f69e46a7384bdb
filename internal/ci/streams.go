package ci

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"unicode/utf16"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/visible"
)

// Streams are where a command line prints.
type Streams struct {
	Results io.Writer // standard output
	Log     io.Writer // for all else: standard error
	Quiet   bool      // whether only errors are printed
	Object  bool      // whether the results are one JSON object, and no lines
	Colour  bool      // whether Results shows colours
}

// writers are where a Console prints what.
type writers struct {
	out     io.Writer // standard output
	results io.Writer // lines of the result
	unshown io.Writer // the same, of what is wrong and not shown there
	log     io.Writer // what else there is to know
	errors  io.Writer
	outputs io.Writer // where no file takes them
	colour  bool      // whether results shows colours
}

// toAll are those of a step: its log.
func toAll(out io.Writer) writers {
	return writers{out: out, results: out, unshown: io.Discard, log: out, errors: out, outputs: out}
}

// apart are those of a command line, whose outputs no step of a CI reads.
func (s Streams) apart() writers {
	apart := writers{out: s.Results, results: s.Results, unshown: io.Discard, log: s.Log, errors: s.Log, outputs: io.Discard, colour: s.Colour}
	if s.Quiet {
		apart.log = io.Discard
	}
	if s.Quiet || s.Object {
		apart.results, apart.unshown = io.Discard, s.Log
	}
	return apart
}

// ForCommand returns the Console of a command line. It tells no CI anything: what it
// prints may be piped anywhere, and a mask would be the secret itself.
func ForCommand(streams Streams) *Console {
	c := newConsole(streams.apart(), &plain{})
	c.command = true
	return c
}

// ShowsColour decides whether a stream gets colours: a terminal, unless NO_COLOR is there
// (https://no-color.org), and what is none only where CLICOLOR_FORCE asks for it
// (https://bixense.com/clicolors).
func ShowsColour(isTerminal bool, lookup env.Lookup) bool {
	e := env.Env{Lookup: lookup}
	forced := e.Get("CLICOLOR_FORCE")
	switch {
	case e.Get("NO_COLOR") != "":
		return false
	case forced != "" && forced != "0":
		return true
	}
	return isTerminal && e.Get("TERM") != "dumb"
}

// Live is a line of a terminal that is written over by what is printed next.
type Live interface{ Clear() }

// Keep clears a line before anything is printed.
func (c *Console) Keep(live Live) { c.Alone(func() { c.live = live }) }

// Alone does something while nothing is printed, such as to draw such a line.
func (c *Console) Alone(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
}

func (c *Console) clear() {
	if c.live != nil {
		c.live.Clear()
	}
}

// Result writes lines of the result. For a step they are lines of its log.
func (c *Console) Result(lines ...string) { c.result(c.cleanLines(lines)) }

// result writes clean lines of the result.
func (c *Console) result(lines []string) { c.note(c.write(c.to.results, lines)) }

// Piece is a piece of a line.
type Piece struct {
	Text string
	Loud bool // whether it stands out where there are colours
}

// ResultOf writes lines of the result that are given in pieces.
func (c *Console) ResultOf(lines ...[]Piece) { c.resultOf(lines, c.shown) }

func (c *Console) resultOf(lines [][]Piece, spelled func([]Piece) string) {
	all := make([]string, len(lines))
	for i, pieces := range lines {
		all[i] = spelled(pieces)
	}
	c.result(all)
}

// shown is a line of pieces, in colour only if nothing of it had to be cleaned.
func (c *Console) shown(pieces []Piece) string {
	var text, coloured string
	for _, piece := range pieces {
		text += piece.Text
		if piece.Loud {
			coloured += loud + piece.Text + usual
		} else {
			coloured += piece.Text
		}
	}
	if clean := c.CleanLine(text); clean != text || !c.to.colour {
		return clean
	}
	return coloured
}

// Sequences of a terminal (ECMA-48, 8.3.117): bold and yellow, which can be read on black
// and on white, and no more of either.
const (
	loud  = "\x1b[1;33m"
	usual = "\x1b[0m"
)

// Object writes the one JSON object that a command line was asked for. Whoever formed it
// took secrets out; what a terminal would act on is escaped here, so that it is the same
// text to every reader of JSON.
func (c *Console) Object(json []byte) {
	var escaped strings.Builder
	escaped.Grow(len(json))
	for _, r := range string(json) {
		if r == '\n' || visible.Is(r) {
			escaped.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&escaped, `\u%04x`, unit)
		}
	}
	_, err := c.Write([]byte(escaped.String()))
	c.note(err)
}

// note keeps the first error of writing results.
func (c *Console) note(err error) {
	if err != nil {
		c.Alone(func() {
			if c.lost == nil {
				c.lost = err
			}
		})
	}
}

// ErrGone is the error for results whose reader went away, as head does: it has what it
// wants.
var ErrGone = errors.New("the result was not read to its end")

// Lost is what became of results that were not printed in whole; nil if they were.
func (c *Console) Lost() (lost error) {
	c.Alone(func() { lost = c.lost })
	switch {
	case lost == nil:
		return nil
	case isGone(lost):
		return ErrGone
	}
	return errors.New("the result cannot be printed: standard output is closed, or has no room")
}

// isGone reports whether the reader of a pipe went away. Windows has two names of its own
// for that: ERROR_BROKEN_PIPE and ERROR_NO_DATA (winerror.h).
func isGone(err error) bool {
	if runtime.GOOS == "windows" {
		return errors.Is(err, syscall.Errno(109)) || errors.Is(err, syscall.Errno(232))
	}
	return errors.Is(err, syscall.EPIPE)
}
