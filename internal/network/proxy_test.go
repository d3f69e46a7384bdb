package network_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http/httpproxy"

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
		encoded = address + ". In a user name or a password, percent-encode characters such as @, / and % (as %25)"
		scheme  = "must begin with http://, https://, socks5:// or socks5h://"
		lines   = "has a line break or another character that does not show. Write the address in one line, such as http://proxy.example.com:3128"
		word    = "is a word for no proxy. Unset the variable instead"
	)
	for text, want := range map[string]string{
		"":                                   "",
		"http://proxy.example.com:3128":      "",
		"https://proxy.example.com":          "",
		"socks5://proxy.example.com":         "",
		"socks5h://10.0.0.1:1080":            "",
		"HTTP://proxy.example.com:3128/":     "",
		"http://user:pass%20@proxy:3128":     "",
		"http://user:p%40ss%25@proxy:3128":   "",
		"http://user@proxy:3128":             "",
		"proxy.example.com:3128":             "",
		"my_proxy:3128":                      "",
		"proxy":                              "",
		"10.0.0.1:3128":                      "",
		"[::1]:3128":                         "",
		"http://[2001:db8::1]:3128":          "",
		"user:pass@proxy.example.com:3128":   "",
		"http://":                            address,
		"http://:3128":                       address,
		":3128":                              address,
		"http://user:zq7%ss@proxy:3128":      encoded,
		"user:zq7%@proxy:3128":               encoded,
		"http://user:zq7/ss@proxy:3128":      encoded,
		"user:zq7#ss@proxy:3128":             encoded,
		"http://user:zq7 s@proxy:3128":       encoded,
		"http://user:zq@7s/s@proxy:3128":     encoded,
		"user:zq@7s/s@proxy:3128":            encoded,
		"socks5://user:zq@7s/%40@proxy":      encoded,
		"http://user:77?s@proxy:3128":        encoded,
		"http://user:77#s@proxy:3128":        encoded,
		"http://user:77/s@proxy:3128":        encoded,
		"http://user/zq7@proxy:3128":         encoded,
		"http://user@corp:zq7@proxy:3128":    "",
		"http://proxy:3128/path?x#y":         "",
		"http://proxy:port":                  address,
		"http://proxy:99999":                 address,
		"http://proxy:0":                     address,
		"http://proxy example.com":           address,
		" http://proxy:3128":                 address,
		"\"http://proxy:3128\"":              address,
		"http://$PROXY":                      address,
		"${PROXY}":                           address,
		"http:/proxy:3128":                   address,
		"http//proxy:3128":                   address,
		"https":                              address,
		"%PROXY%":                            address,
		"proxy:3128\n":                       lines,
		"http://proxy\r\n:3128":              lines,
		"http://proxy:3128\x00":              lines,
		"none":                               word,
		"DIRECT":                             word,
		"false":                              word,
		"://proxy:3128":                      address,
		"socks4://proxy.example.com:1080":    scheme,
		"ftp://proxy.example.com:21":         scheme,
		"socks://zq7:zq7@proxy.example.com":  scheme,
		"htpp://proxy.example.com:3128":      scheme,
		"https+http://proxy.example.com:443": scheme,
	} {
		for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
			var wanted []network.BadProxy
			if want != "" {
				wanted = []network.BadProxy{{Variable: variable, Wrong: want}}
			}
			if d := cmp.Diff(wanted, network.CheckProxies(variables(variable+"="+text))); d != "" {
				t.Errorf("%s %q: %s", variable, text, d)
			}
		}
	}
}

// Of both spellings net/http reads the first that is not empty, and never that for
// all schemes.
func TestOnlyTheProxiesThatAreReadAreChecked(t *testing.T) {
	t.Parallel()
	const good, bad = "=proxy.example.com:3128", "=ftp://proxy.example.com"
	for want, set := range map[string][]string{
		"HTTPS_PROXY":            {"HTTPS_PROXY" + bad, "https_proxy" + good},
		"https_proxy":            {"HTTPS_PROXY=", "https_proxy" + bad},
		"":                       {"HTTPS_PROXY" + good, "https_proxy" + bad, "HTTP_PROXY" + good, "http_proxy" + bad, "ALL_PROXY" + bad, "all_proxy" + bad},
		"HTTPS_PROXY http_proxy": {"HTTPS_PROXY" + bad, "http_proxy" + bad},
	} {
		var found []string
		for _, proxy := range network.CheckProxies(variables(set...)) {
			found = append(found, proxy.Variable)
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%q: %q, want %q", set, got, want)
		}
	}
}

// NO_PROXY is what net/http makes of it; the proxy is named without its credentials.
func TestTheRouteOfRequestsIsTold(t *testing.T) {
	t.Parallel()
	const used = "Requests go through the proxy http://proxy.example.com:3128 (HTTPS_PROXY)."
	const exempt = "Requests go out without the proxy of HTTPS_PROXY: NO_PROXY names api.nairi.ai."
	const secretive, plain = "HTTPS_PROXY=http://zq7:zq7@proxy.example.com:3128", "HTTPS_PROXY=http://proxy.example.com:3128"
	const base = "https://api.nairi.ai/api/public/v1"
	for _, test := range []struct {
		base string
		set  []string
		want network.Route
	}{
		{base, nil, network.Route{}},
		{base, []string{plain}, network.Route{Line: used}},
		{base, []string{secretive}, network.Route{Line: used}},
		{base, []string{"https_proxy=socks5h://zq7@10.0.0.1:1080"}, network.Route{Line: "Requests go through the proxy socks5h://10.0.0.1:1080 (https_proxy)."}},
		{base, []string{"HTTPS_PROXY=proxy.example.com:3128"}, network.Route{Line: used}},
		{base, []string{plain, "NO_PROXY=example.com"}, network.Route{Line: used}},
		{base, []string{plain, "NO_PROXY=nairi.ai"}, network.Route{Line: exempt}},
		{base, []string{plain, "no_proxy=.nairi.ai"}, network.Route{Line: exempt}},
		{base, []string{plain, "NO_PROXY=*"}, network.Route{Line: exempt}},
		{base, []string{plain, "NO_PROXY=api.nairi.ai:8443"}, network.Route{Line: used}},
		{"https://10.1.2.3", []string{plain, "NO_PROXY=10.0.0.0/8"}, network.Route{Line: "Requests go out without the proxy of HTTPS_PROXY: NO_PROXY names 10.1.2.3."}},
		{"https://127.0.0.1:8443", []string{plain}, network.Route{}},
		{"http://localhost:8080", []string{plain, "HTTP_PROXY=proxy"}, network.Route{}},
		{base, []string{"HTTP_PROXY=proxy"}, network.Route{Doubt: "Requests go out without a proxy: HTTP_PROXY is not read for https. Set HTTPS_PROXY if they need one."}},
		{base, []string{"all_proxy=socks5://proxy"}, network.Route{Doubt: "Requests go out without a proxy: all_proxy is not read for https. Set HTTPS_PROXY if they need one."}},
		{base, []string{plain, "HTTP_PROXY=other", "ALL_PROXY=other"}, network.Route{Line: used}},
	} {
		u, err := url.Parse(test.base)
		if err != nil {
			t.Fatal(err)
		}
		lookup := variables(test.set...)
		get := func(upper, lower string) string {
			for _, name := range []string{upper, lower} {
				if text, _ := lookup(name); text != "" {
					return text
				}
			}
			return ""
		}
		config := httpproxy.Config{
			HTTPProxy: get("HTTP_PROXY", "http_proxy"), HTTPSProxy: get("HTTPS_PROXY", "https_proxy"), NoProxy: get("NO_PROXY", "no_proxy"),
		}
		got := network.RouteTo(u, lookup, func(r *http.Request) (*url.URL, error) { return config.ProxyFunc()(r.URL) })
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s, %q: %s", test.base, test.set, d)
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
