package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/network"
)

// variables is an environment of NAME=VALUE.
func variables(pairs ...string) env.Lookup {
	return func(name string) (string, bool) {
		for _, pair := range pairs {
			if value, found := strings.CutPrefix(pair, name+"="); found {
				return value, true
			}
		}
		return "", false
	}
}

func TestOnlyProxiesThatCanBeUsedAreTaken(t *testing.T) {
	t.Parallel()
	const (
		address = "must be the address of a proxy, such as http://proxy.example.com:3128"
		scheme  = "must begin with http://, https://, socks5:// or socks5h://"
	)
	for text, want := range map[string]string{
		"":                                   "",
		"http://proxy.example.com:3128":      "",
		"https://proxy.example.com":          "",
		"socks5://proxy.example.com":         "",
		"socks5h://10.0.0.1:1080":            "",
		"HTTP://proxy.example.com:3128/":     "",
		"http://user:pass%20@proxy:3128":     "",
		"proxy.example.com:3128":             "",
		"proxy":                              "",
		"10.0.0.1:3128":                      "",
		"[::1]:3128":                         "",
		"user:pass@proxy.example.com:3128":   "",
		"http://":                            address,
		"http://:3128":                       address,
		":3128":                              address,
		"http://user:zq7%ss@proxy:3128":      address,
		"http://user:zq7/ss@proxy:3128":      address,
		"user:zq7#ss@proxy:3128":             address,
		"http://proxy:port":                  address,
		"http://proxy example.com":           address,
		"proxy:3128\n":                       address,
		"://proxy:3128":                      address,
		"socks4://proxy.example.com:1080":    scheme,
		"ftp://proxy.example.com:21":         scheme,
		"socks://zq7:zq7@proxy.example.com":  scheme,
		"htpp://proxy.example.com:3128":      scheme,
		"https+http://proxy.example.com:443": scheme,
	} {
		variable, wrong := network.CheckProxy(variables("HTTPS_PROXY=" + text))
		if wrong != want || (variable == "HTTPS_PROXY") != (want != "") {
			t.Errorf("%q: %s: %q, want %q", text, variable, wrong, want)
		}
	}
}

// Of both spellings net/http reads the first that is not empty: the other one can
// hold anything, and so can the proxy for plain http, which no request uses.
func TestOnlyTheProxyThatIsUsedIsChecked(t *testing.T) {
	t.Parallel()
	const good, bad = "=proxy.example.com:3128", "=ftp://proxy.example.com"
	for want, set := range map[string][]string{
		"HTTPS_PROXY": {"HTTPS_PROXY" + bad, "https_proxy" + good},
		"https_proxy": {"HTTPS_PROXY=", "https_proxy" + bad},
		"":            {"HTTPS_PROXY" + good, "https_proxy" + bad, "HTTP_PROXY" + bad, "http_proxy" + bad},
	} {
		if variable, _ := network.CheckProxy(variables(set...)); variable != want {
			t.Errorf("%q: %q, want %q", set, variable, want)
		}
	}
}

func TestProxiesWithAPasswordAreSecrets(t *testing.T) {
	t.Parallel()
	found := network.ProxyPasswords(variables(
		"HTTPS_PROXY=http://user:one@proxy", "https_proxy=two@proxy", "HTTP_PROXY=proxy:3128", "http_proxy=http://user:thr%ee@proxy", "NO_PROXY=a@b",
	))
	var texts []string
	for _, value := range found {
		texts = append(texts, value.Reveal())
	}
	if d := cmp.Diff([]string{"http://user:one@proxy", "two@proxy", "http://user:thr%ee@proxy"}, texts); d != "" {
		t.Error(d)
	}
}
