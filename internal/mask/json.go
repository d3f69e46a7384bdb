package mask

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsJSON is the inside of a string as JSON.stringify spells it (ECMA-262,
// QuoteJSONString): quotes, backslashes and control characters alone.
var jsJSON = controls(inHex(`\u00`, lowerDigits)).with(
	"\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`, `"`, `\"`, `\`, `\\`)

// htmlJSON is Go's default, which also makes a text safe inside HTML.
var htmlJSON = jsJSON.with("<", `\u003c`, ">", `\u003e`, "&", `\u0026`)

var (
	// slashJSON is PHP's json_encode with JSON_UNESCAPED_UNICODE, and JSON inside
	// HTML.
	slashJSON = jsJSON.with("/", `\/`)
	// gsonJSON is Java's Gson, and Newtonsoft's StringEscapeHandling.EscapeHtml but
	// for the equals sign.
	gsonJSON = htmlJSON.with("=", `\u003d`, "'", `\u0027`)
	netHTML  = htmlJSON.with(`"`, `\u0022`, "'", `\u0027`)
	// textJSON is .NET's System.Text.Json, whose digits are capitals.
	textJSON = controls(inHex(`\u00`, upperDigits)).with("\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`, `\`, `\\`,
		`"`, `\u0022`, "&", `\u0026`, "'", `\u0027`, "+", `\u002B`, "<", `\u003C`, ">", `\u003E`, "`", `\u0060`, "\x7f", `\u007F`)
)

// phpJSON is PHP's json_encode.
func phpJSON(text string) string { return inUnits(slashJSON.escape(text), lowerDigits) }

// netJSON is .NET's System.Text.Json.
func netJSON(text string) string { return inUnits(textJSON.escape(text), upperDigits) }

// capitalJSON is asciiJSON with capital digits, as Java's Jackson writes it.
func capitalJSON(text string) string { return inUnits(jsJSON.escape(text), upperDigits) }

// goJSON is the spelling of encoding/json, json.Marshal.
func goJSON(text string) string {
	if !utf8.ValidString(text) {
		return marshalled(text)
	}
	return lineSeparators(htmlJSON.escape(text))
}

// plainGoJSON is the spelling of encoding/json without the escapes for HTML.
func plainGoJSON(text string) string {
	if ascii(text) {
		return text // as jsJSON has it
	}
	return lineSeparators(jsJSON.escape(text))
}

// marshalled is for the texts that encoding/json alters to be able to write.
func marshalled(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil { // no string has one
		return text
	}
	return string(quoted[1 : len(quoted)-1])
}

// lineSeparators escapes the two line ends of JavaScript that JSON allows.
func lineSeparators(text string) string {
	text = strings.ReplaceAll(text, "\u2028", `\u2028`)
	return strings.ReplaceAll(text, "\u2029", `\u2029`)
}

// newtonsoftJSON is the spelling of JsonConvert.ToString, which GitHub's runner
// uses for the masks it is given. It is never given a text of several lines.
func newtonsoftJSON(text string) string {
	if ascii(text) {
		return text // as jsJSON has it
	}
	return strings.ReplaceAll(lineSeparators(jsJSON.escape(text)), "\u0085", `\u0085`)
}

// asciiJSON is the spelling of Python's json.dumps and of jq -a.
func asciiJSON(text string) string {
	if ascii(text) {
		return text // as jsJSON has it
	}
	return inUnits(jsJSON.escape(text), lowerDigits)
}

// inUnits spells what is outside ASCII as the UTF-16 of JSON's escapes.
func inUnits(text, digits string) string {
	if ascii(text) {
		return text
	}
	spelled := make([]byte, 0, 2*len(text))
	var units [2]uint16
	for _, r := range text {
		if r < utf8.RuneSelf {
			spelled = append(spelled, byte(r))
			continue
		}
		for _, unit := range utf16.AppendRune(units[:0], r) {
			spelled = append(spelled, '\\', 'u')
			for shift := 12; shift >= 0; shift -= 4 {
				spelled = append(spelled, digits[unit>>shift&15])
			}
		}
	}
	return string(spelled)
}

// ascii reports whether text is ASCII alone.
func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
