package network_test

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/network"
)

const example = "https://api.example.com"

func TestAddressesLoseOnlyTrailingSlashes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://api.example.com":           "https://api.example.com",
		"https://api.example.com/":          "https://api.example.com",
		"https://api.example.com///":        "https://api.example.com",
		"https://example.com/gateway":       "https://example.com/gateway",
		"https://example.com/gateway/v1//":  "https://example.com/gateway/v1",
		"https://example.com/a%20b":         "https://example.com/a%20b",
		"https://example.com:8443":          "https://example.com:8443",
		"https://[2001:db8::1]:8443":        "https://[2001:db8::1]:8443",
		"HTTPS://Example.com":               "https://Example.com",
		"http://localhost":                  "http://localhost",
		"http://localhost:8080":             "http://localhost:8080",
		"http://127.0.0.1:8080/api/":        "http://127.0.0.1:8080/api",
		"http://127.1.2.3":                  "http://127.1.2.3",
		"http://[::1]:8080":                 "http://[::1]:8080",
		"http://[::ffff:127.0.0.1]":         "http://[::ffff:127.0.0.1]",
		"https://xn--bcher-kva.example/api": "https://xn--bcher-kva.example/api",
	} {
		got, err := network.ParseURL(text, example)
		if err != nil || got.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestAddressesThatAKeyMustNotBeSentToAreRefused(t *testing.T) {
	t.Parallel()
	const (
		noURL  = "must be a URL such as https://api.example.com"
		extra  = "must have no user name, query or fragment"
		scheme = "must begin with https:// (plain http:// is for a server on this machine only)"
	)
	for text, want := range map[string]string{
		"":                            noURL,
		"api.example.com":             noURL,
		"//":                          noURL,
		"/api/public/v1":              noURL,
		"https:":                      noURL,
		"https://":                    noURL,
		"https://:443":                noURL,
		"https:api.example.com":       noURL,
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

		"//api.example.com":             scheme,
		"http://api.example.com":        scheme,
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
		u, err := network.ParseURL(text, example)
		if err == nil || err.Error() != want || u != nil {
			t.Errorf("%q: %v, %v; want %s", text, u, err, want)
		}
	}
}

// What is taken is safe to add a path to, and is taken again as it is.
func FuzzParseURL(f *testing.F) {
	for _, text := range []string{"", example, "http://[::1]:80/a//", "https://u:p@h/?q#f", "https://h/%2e%2e/..", "https:///x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := network.ParseURL(text, example)
		if err != nil {
			return
		}
		if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(u.Path, "/") {
			t.Errorf("%q became %+v", text, u)
		}
		again, err := network.ParseURL(u.String(), example)
		if err != nil || again.String() != u.String() {
			t.Errorf("%q became %s, and that %v, %v", text, u, again, err)
		}
	})
}
