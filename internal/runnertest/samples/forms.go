package samples

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Forms are the texts that must show nowhere, made by the standard library and
// not by the package that is under test.
func (s Sample) Forms(parts bool, head, tail string) []string {
	core := strings.TrimSpace(s.Text)
	if utf8.RuneCountInString(core) < 4 {
		return nil
	}
	forms := AtLeast(4, OwnLines(core)...)
	for _, text := range slices.Compact([]string{core, s.Text, core + "\n", core + "\r\n", s.Text + "\n"}) {
		forms = append(forms, AtLeast(8, Encodings(text)...)...)
	}
	if (!parts || len(s.Leaves)+len(s.Passwords) == 0) && len(core) <= longestRare {
		forms = append(forms, AtLeast(8, rare(core)...)...)
	}
	forms = append(append(forms, columns(s.Text)...), columns(s.Text+"\n")...)
	forms = append(forms, AtLeast(8, inLonger(core, head, tail)...)...)
	if parts {
		forms = append(forms, s.parts()...)
	}
	slices.Sort(forms)
	return thinned(slices.DeleteFunc(slices.Compact(forms), marked))
}

// thinned keeps as many forms, spread over all of them, as a model can be asked
// about: what the models do takes the product of text and masks.
func thinned(forms []string) []string {
	const most = 64 << 10 // bytes
	size := len(strings.Join(forms, ""))
	var kept []string
	for i := 0; i < len(forms); i += 1 + size/most {
		kept = append(kept, forms[i])
	}
	return kept
}

// marked reports whether a form could be made by a mask: a runner puts *** in
// its place, and what stands beside that can spell the form again. Nobody can
// tell then that it is one.
func marked(form string) bool {
	return strings.Contains(form, "***") || strings.HasPrefix(form, "*") || strings.HasSuffix(form, "*")
}

// AtLeast keeps the texts of one line and of n characters or more.
func AtLeast(n int, texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool {
		return strings.ContainsAny(text, "\r\n") || utf8.RuneCountInString(strings.TrimSpace(text)) < n
	})
}

var lineEnd = regexp.MustCompile(`\r\n|\r|\n`)

// known are the lines that are no secret among others: PEM's first and last, and
// the punctuation of JSON.
var known = regexp.MustCompile(`^(-----(BEGIN|END) [A-Z0-9 ]*-----|[{}\[\](),:;"' \t]*)$`)

// OwnLines are the lines of a value that must be hidden by themselves.
func OwnLines(text string) []string {
	var lines []string
	all := lineEnd.Split(text, -1)
	for _, line := range all {
		if line = strings.TrimSpace(line); len(all) == 1 || !known.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

var alphabets = []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding}

// Encodings are the whole text in each spelling.
func Encodings(text string) []string {
	quoted, _ := json.Marshal(text)
	var plain, markup strings.Builder
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text)
	_ = xml.EscapeText(&markup, []byte(text))
	goJSON := strings.TrimSuffix(plain.String(), "\n")
	query := url.QueryEscape(text)
	all := []string{
		unquoted(string(quoted)), unquoted(goJSON), unquoted(strconv.Quote(text)), unquoted(javaScript(goJSON)),
		url.PathEscape(text), query, strings.ReplaceAll(query, "+", "%20"), component(query),
		hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))),
		strings.ReplaceAll(text, "'", `'"'"'`), strings.ReplaceAll(text, "'", `'\''`),
		markup.String(), html.EscapeString(text),
	}
	for _, alphabet := range alphabets {
		all = append(all, alphabet.EncodeToString([]byte(text)))
	}
	return all
}

// longestRare is up to which length a value is hidden in rare spellings; one of many
// parts may have no room for them.
const longestRare = 200

// rare are the whole text in the spellings of other languages: Python's quote,
// encodeURI, JSON with escaped slashes, and percent-encoding in lower case.
func rare(text string) []string {
	query := url.QueryEscape(text)
	strict := strings.ReplaceAll(query, "+", "%20")
	var plain strings.Builder
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text)
	inJSON := javaScript(unquoted(strings.TrimSuffix(plain.String(), "\n")))
	return []string{
		strings.ReplaceAll(strict, "%2F", "/"),
		strings.NewReplacer("%3B", ";", "%2C", ",", "%2F", "/", "%3F", "?", "%3A", ":", "%40", "@", "%26", "&", "%3D", "=", "%2B", "+", "%24", "$", "%23", "#").
			Replace(component(query)),
		strings.ReplaceAll(inJSON, "/", `\/`),
		inLowerCase.ReplaceAllStringFunc(strict, strings.ToLower),
		inLowerCase.ReplaceAllStringFunc(query, strings.ToLower),
	}
}

var inLowerCase = regexp.MustCompile(`%[0-9A-F]{2}`)

func unquoted(text string) string { return text[1 : len(text)-1] }

// javaScript undoes what Go escapes in JSON for JavaScript's sake.
func javaScript(text string) string {
	return strings.NewReplacer(`\\`, `\\`, `\u2028`, "\u2028", `\u2029`, "\u2029").Replace(text)
}

// component is encodeURIComponent, made of the stricter escape of a query.
func component(query string) string {
	return strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(query)
}

// columns are the full lines that base64(1) writes of a value, not trimmed. Those
// of more than 1,500 bytes can be beyond the bound that internal/mask documents.
func columns(text string) []string {
	const most, width = 1500, 76
	var lines []string
	whole := base64.StdEncoding.EncodeToString([]byte(text))
	for ; len(text) <= most && len(whole) > width; whole = whole[width:] {
		lines = append(lines, whole[:width])
	}
	return lines
}

// inLonger is what shows of core in the base64 of a longer text: the digits that
// no neighbour has a part in.
func inLonger(core, head, tail string) []string {
	var all []string
	from, to := (len(head)*8+5)/6, (len(head)+len(core))*8/6
	for _, alphabet := range alphabets {
		all = append(all, alphabet.EncodeToString([]byte(head + core + tail))[from:to])
	}
	return all
}

// parts are what is known to leak alone.
func (s Sample) parts() []string {
	parts := AtLeast(4, s.Passwords...)
	for _, leaf := range s.Leaves {
		parts = append(parts, AtLeast(8, OwnLines(strings.TrimSpace(leaf))...)...)
	}
	return parts
}

// Printed is what later steps print: the value as it is, and each form in some
// usual surroundings.
func (s Sample) Printed(forms []string, head, tail string) string {
	var b strings.Builder
	b.WriteString(s.Text + "\n")
	for _, line := range lineEnd.Split(s.Text, -1) {
		fmt.Fprintf(&b, "line: %s.\n", line)
	}
	for i, form := range forms {
		fmt.Fprintf(&b, [...]string{"%s\n", "form <%s>\n", "VAR=%s;\n", "\"%s\"\n"}[i%4], form)
	}
	for _, alphabet := range alphabets {
		fmt.Fprintln(&b, alphabet.EncodeToString([]byte(head+strings.TrimSpace(s.Text)+tail)))
	}
	return b.String()
}
