package nairi_test

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{nairi.DefaultBaseURL, "https://api.nairi.ai/api/public/v1"},
		{"https://api.nairi.ai/", "https://api.nairi.ai/api/public/v1"},
		{"https://api.nairi.ai///", "https://api.nairi.ai/api/public/v1"},
		{"https://api.nairi.ai/api/public/v1", "https://api.nairi.ai/api/public/v1"},
		{"https://api.nairi.ai/api/public/v1/", "https://api.nairi.ai/api/public/v1"},
		{"https://example.com/gateway", "https://example.com/gateway/api/public/v1"},
		{"https://example.com/gateway/api/public/v1//", "https://example.com/gateway/api/public/v1"},
		{"https://example.com/myapi/public/v1", "https://example.com/myapi/public/v1/api/public/v1"},
		{"https://example.com/a%20b", "https://example.com/a%20b/api/public/v1"},
		{"https://example.com:8443", "https://example.com:8443/api/public/v1"},
		{"https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443/api/public/v1"},
		{"HTTPS://Example.com", "https://Example.com/api/public/v1"},
		{"http://localhost", "http://localhost/api/public/v1"},
		{"http://localhost:8080", "http://localhost:8080/api/public/v1"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080/api/public/v1"},
		{"http://127.1.2.3", "http://127.1.2.3/api/public/v1"},
		{"http://[::1]:8080", "http://[::1]:8080/api/public/v1"},
	} {
		got, err := nairi.ParseBaseURL(test.text)
		if err != nil || got.String() != test.want {
			t.Errorf("%s: %v, %v; want %s", test.text, got, err, test.want)
		}
	}
}

func TestParseBaseURLRefuses(t *testing.T) {
	t.Parallel()
	const (
		noURL  = "must be a URL such as https://api.nairi.ai"
		extra  = "must have no user name, query or fragment"
		scheme = "must begin with https:// (plain http:// is for a server on this machine only)"
	)
	for text, want := range map[string]string{
		"":                            noURL,
		"api.nairi.ai":                noURL,
		"//":                          noURL,
		"/api/public/v1":              noURL,
		"https:":                      noURL,
		"https://":                    noURL,
		"https://:443":                noURL,
		"https:api.nairi.ai":          noURL,
		"https:///path":               noURL,
		"mailto:zq7stray@example.com": noURL,
		"https://zq7stray:port":       noURL,
		"https://[zq7stray":           noURL,
		"https://zq7 stray":           noURL,
		"https://example.com/%zz":     noURL,
		"https://example.com\nx":      noURL,
		"\x7f":                        noURL,

		"https://user@example.com":          extra,
		"https://user:zq7stray@example.com": extra,
		"https://:zq7stray@example.com":     extra,
		"https://@example.com":              extra,
		"https://example.com?zq7stray=1":    extra,
		"https://example.com?":              extra,
		"https://example.com#zq7stray":      extra,
		"http://user:zq7stray@localhost":    extra,

		"//api.nairi.ai":                scheme,
		"http://api.nairi.ai":           scheme,
		"http://zq7stray.example.com":   scheme,
		"http://10.0.0.1":               scheme,
		"http://169.254.169.254":        scheme,
		"http://0.0.0.0":                scheme,
		"http://[::]":                   scheme,
		"http://[::ffff:10.0.0.1]":      scheme,
		"http://localhost.example.com":  scheme,
		"http://127.0.0.1.example.com":  scheme,
		"http://2130706433":             scheme,
		"ftp://localhost":               scheme,
		"unix://localhost/zq7stray":     scheme,
		"file://localhost/etc/zq7stray": scheme,
	} {
		u, err := nairi.ParseBaseURL(text)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if u != nil {
			t.Errorf("%q: a URL came with the error", text)
		}
		if err != nil && strings.Contains(err.Error(), "zq7stray") {
			t.Errorf("%q: the error holds the text", text)
		}
	}
}
