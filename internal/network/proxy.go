package network

import (
	"net/url"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// The variables that net/http reads: of each pair the first that is not empty
// (golang.org/x/net/http/httpproxy, FromEnvironment). The second pair is for
// plain http, which goes to this machine alone (ParseURL) and to no proxy.
var (
	httpsProxy = []string{"HTTPS_PROXY", "https_proxy"}
	httpProxy  = []string{"HTTP_PROXY", "http_proxy"}
)

// proxySchemes are those of the proxies that net/http can talk to.
var proxySchemes = []string{"http", "https", "socks5", "socks5h"}

// ProxyPasswords returns the proxies of the environment that are given with a
// user name or a password. net/http repeats one that it cannot read.
func ProxyPasswords(lookup env.Lookup) []secret.Value {
	var found []secret.Value
	for _, name := range slices.Concat(httpsProxy, httpProxy) {
		if proxy, _ := lookup(name); strings.Contains(proxy, "@") {
			found = append(found, secret.New(proxy))
		}
	}
	return found
}

// CheckProxy returns the variable that net/http reads a proxy from, if it cannot
// use it, and what is wrong with it: nothing of what it holds. net/http would not
// say so: a text that it cannot parse it ignores, so that the request goes out
// without the proxy, and of some it takes "http" for the host.
func CheckProxy(lookup env.Lookup) (variable, wrong string) {
	variable, proxy := firstSet(lookup, httpsProxy)
	if wrong = proxyProblem(proxy); wrong == "" {
		return "", ""
	}
	return variable, wrong
}

// firstSet is the first of these variables that is not empty, with its text.
func firstSet(lookup env.Lookup, names []string) (name, text string) {
	for _, name := range names {
		if text, _ := lookup(name); text != "" {
			return name, text
		}
	}
	return "", ""
}

// proxyProblem says why a text names no proxy; "" if it does, or if it is empty.
// Without a scheme, as in proxy.example.com:3128, it is short for http.
func proxyProblem(text string) string {
	if text == "" {
		return ""
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "":
		return "must be the address of a proxy, such as http://proxy.example.com:3128"
	case !slices.Contains(proxySchemes, u.Scheme):
		return "must begin with http://, https://, socks5:// or socks5h://"
	}
	return ""
}
