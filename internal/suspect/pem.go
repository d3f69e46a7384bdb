package suspect

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// Ends of the lines around a PEM's body (RFC 7468, section 2).
const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemDash  = "-----"
)

// escapes are how line breaks are written in one line: of JSON and shells, of
// Windows, escaped twice, of URLs, of XML and HTML.
var escapes = []string{`\r\n`, `\\n`, `\n`, "%0D%0A", "%0A", "%0a", "&#10;", "&#xA;", "&#xa;", "<br>", "<br/>"}

// pem is a value that is nothing but PEM, without the text that openssl puts
// before it; false for any other, and for one within JSON or a .env file, where a
// line break is rightly written as an escape.
func (s *sample) pem() (text string, ok bool) {
	if s.document != nil {
		return "", false
	}
	return s.core, strings.HasPrefix(s.core, pemBegin)
}

// pemCut has the one end without the other.
func pemCut(s *sample) bool {
	text, ok := s.pem()
	if !ok {
		last := s.core[strings.LastIndexByte(s.core, '\n')+1:]
		return !strings.Contains(s.core, pemBegin) && strings.HasPrefix(last, pemEnd) && strings.HasSuffix(last, pemDash)
	}
	return !strings.Contains(text, pemEnd)
}

// pemEscaped has its line breaks written out. A body in base64 has none of the
// characters that escapes are made of.
func pemEscaped(s *sample) bool {
	text, ok := s.pem()
	return ok && containsAny(text, escapes)
}

// pemFolded has a space where a line break was, whether everywhere or in some
// places.
func pemFolded(s *sample) bool {
	text, ok := s.pem()
	if !ok {
		return false
	}
	for _, line := range strings.SplitAfter(text, "\n") {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, pemBegin) && afterHeader(line, " ") {
			return true
		}
	}
	return slices.ContainsFunc(pemBody(text), func(line string) bool {
		return strings.Contains(line, " ") && ascii.Only(line, ascii.Word+"+/= ")
	})
}

// pemBody are the lines of base64 in PEM, without the headers before them, such
// as DEK-Info: and Comment:.
func pemBody(text string) (body []string) {
	inside := false
	for _, line := range strings.SplitAfter(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, pemBegin):
			inside = true
		case strings.HasPrefix(line, pemEnd):
			inside = false
		case inside && line != "" && !strings.Contains(line, ":"):
			body = append(body, line)
		}
	}
	return body
}

// pemJoined has more than a header in the line of one.
func pemJoined(s *sample) bool {
	text, ok := s.pem()
	if !ok {
		return false
	}
	for _, line := range strings.SplitAfter(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.Contains(line, pemEnd) && !strings.HasPrefix(line, pemEnd) || strings.HasPrefix(line, pemBegin) && afterHeader(line, "") {
			return true
		}
	}
	return false
}

// afterHeader reports whether something follows the header that a line begins
// with, and begins like this.
func afterHeader(line, begin string) bool {
	_, rest, _ := strings.Cut(strings.TrimPrefix(line, pemDash), pemDash)
	return rest != "" && strings.HasPrefix(rest, begin)
}

// pemMasked has no body, or dots, crosses or a mask for one.
func pemMasked(s *sample) bool {
	text, ok := s.pem()
	if !ok {
		return false
	}
	body := pemBody(text)
	return len(body) == 0 || slices.ContainsFunc(body, func(line string) bool {
		return strings.Contains(line, "...") || strings.ContainsAny(line, "…<>[]"+maskCharacters) || crossed(line)
	})
}

// pemIndented has white space before its lines, as of a YAML block that was
// pasted with its indentation.
func pemIndented(s *sample) bool {
	text, ok := s.pem()
	if !ok || !s.lines {
		return false
	}
	for _, line := range strings.SplitAfter(text, "\n") {
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), pemEnd) {
			return !strings.HasPrefix(line, pemEnd)
		}
	}
	return false
}

// foldedYAML is a kubeconfig or a manifest of Kubernetes in one line.
func foldedYAML(s *sample) bool {
	return s.inLine() && strings.HasPrefix(s.core, "apiVersion: ") && strings.Contains(s.core, " kind: ")
}
