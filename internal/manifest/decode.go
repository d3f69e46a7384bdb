package manifest

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decode reads a text as one YAML document. It returns nil if it cannot, and
// then there is a problem.
func (r *reader) decode(text []byte) *yaml.Node {
	lines := &lineReader{text: text}
	root, err := r.only(yaml.NewDecoder(lines))
	if err != nil {
		r.note(lines.lineOf(err), place{}, explain(err))
		return nil
	}
	return root
}

// only reads the one document that there may be. Without any it returns nil.
func (r *reader) only(decoder *yaml.Decoder) (*yaml.Node, error) {
	root, err := document(decoder)
	if errors.Is(err, io.EOF) {
		r.note(1, place{}, "is empty. It needs vaults:, a list")
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	second, err := document(decoder)
	switch {
	case err == nil:
		r.note(second.Line, place{}, "A second document begins here. Put all vaults in one list")
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return root, nil
}

var errLibrary = errors.New("the YAML library gave up")

// document reads the next document; io.EOF if there is none. The library does
// not expand an alias into a Node, and panics where it finds itself at fault.
func document(decoder *yaml.Decoder) (content *yaml.Node, err error) {
	defer func() {
		if recover() != nil {
			content, err = nil, errLibrary
		}
	}()
	var doc yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		return nil, err
	}
	return doc.Content[0], nil
}

// explanations are errors of the library, by a part of their text, in words of
// ours: its own quote the document. At 10,000 levels it stops (scannerc.go:
// max_flow_level, max_indents), so that no document overflows a stack.
var explanations = []struct{ says, text string }{
	{"exceeded max depth", "This line is nested too deeply"},
	{"alphabetic or numeric", quoteStar},
	{"unknown anchor", quoteStar},
	{"cannot start any token", "This line has a tab before a key, or a word that begins with @, % or ` and needs quotes"},
	{"found unexpected end of stream", "A quote is never closed. Close it"},
	{"expected ',' or", "A { or [ is not closed before this line, or a ${NAME} inside one needs quotes"},
}

const quoteStar = `A word that begins with * or & needs quotes, as in "*.example.com"`

// explain is what an error of the library means.
func explain(err error) string {
	for _, known := range explanations {
		if strings.Contains(err.Error(), known.says) {
			return known.text
		}
	}
	return "This is not YAML from about here. Check the indentation, quotes and brackets of this line and the one before it"
}

// lineReader hands a text to the library line by line, so that it is known how
// far the library came.
type lineReader struct {
	text []byte
	line int // the last one handed over
}

// Read implements io.Reader.
func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.text) == 0 {
		return 0, io.EOF
	}
	part := l.text[:min(len(p), len(l.text))]
	if end := bytes.IndexByte(part, '\n') + 1; end > 0 {
		part = part[:end]
		l.line++
	} else if len(part) == len(l.text) {
		l.line++
	}
	l.text = l.text[len(part):]
	return copy(p, part), nil
}

// lineOf returns the line of an error of the library, which begins with it as in
// "yaml: line 3: ": its own where it is right, as for a quote that is never closed,
// else the one that it had come to. Where the library's parser, not its scanner,
// fails ("did not find expected …"), the line is that before the mapping or list
// around the mistake (decode.go: fail), which may be far away.
func (l *lineReader) lineOf(err error) int {
	text, found := strings.CutPrefix(err.Error(), "yaml: line ")
	number, said, _ := strings.Cut(text, ": ")
	line, notNumber := strconv.Atoi(number)
	if !found || notNumber != nil || strings.HasPrefix(said, "did not find expected ") {
		return l.line
	}
	return min(line, l.line)
}
