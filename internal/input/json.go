package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// readJSON reads a JSON object of texts, and what is wrong with it. encoding/json
// would take the last of two members with one name, and put a replacement
// character in the place of what is no text: neither is what was meant.
func readJSON(text string) (values []named, wrong []string) {
	const noObject = "It is not a JSON object of texts"
	if !utf8.ValidString(text) {
		return nil, []string{"It is not UTF-8 text"}
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	if begin, err := decoder.Token(); err != nil || begin != json.Delim('{') {
		return nil, []string{noObject}
	}
	for i := 1; decoder.More(); i++ {
		value, raw, err := member(decoder, i)
		if err != nil {
			return values, []string{noObject}
		}
		if why := noText(raw); why != "" {
			wrong = append(wrong, value.shown()+" "+why)
			continue
		}
		values = append(values, value)
	}
	if _, err := decoder.Token(); err != nil {
		return values, []string{noObject}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return values, []string{noObject}
	}
	return values, wrong
}

// member reads the next member of an object: its name, and its text if it is one.
func member(decoder *json.Decoder, number int) (value named, raw json.RawMessage, err error) {
	name, err := decoder.Token()
	if err != nil {
		return named{}, nil, err
	}
	value.name, _ = name.(string)
	value.place = fmt.Sprintf("Member %d", number)
	if err := decoder.Decode(&raw); err != nil {
		return named{}, nil, err
	}
	_ = json.Unmarshal(raw, &value.text) // of anything else it stays empty
	return value, raw, nil
}

// noText is why a JSON value is no text; "" for one.
func noText(raw json.RawMessage) string {
	const must = ", not text in quotes"
	switch raw[0] {
	case '"':
		if loneSurrogate(string(raw)) {
			return `holds half of a character (\ud800 to \udfff without its other half)`
		}
		return ""
	case '{':
		return "is an object" + must
	case '[':
		return "is a list" + must
	case 'n':
		return "is null" + must
	case 't', 'f':
		return "is " + string(raw) + must
	}
	return "is a number" + must
}

// loneSurrogate reports whether an escape in a text of JSON stands for half of a
// character (RFC 8259, section 8.2).
func loneSurrogate(text string) bool {
	for {
		at := strings.IndexByte(text, '\\')
		if at < 0 || at+1 >= len(text) {
			return false
		}
		first := escaped(text[at:])
		text = text[at+2:]
		if !utf16.IsSurrogate(first) {
			continue
		}
		text = text[4:]
		if utf16.DecodeRune(first, escaped(text)) == utf8.RuneError {
			return true
		}
		text = text[6:]
	}
}

// escaped is what \uXXXX at the beginning of a text stands for; 0 for no such
// escape.
func escaped(text string) rune {
	if len(text) < 6 || text[:2] != `\u` {
		return 0
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	if err != nil {
		return 0
	}
	return rune(n)
}
