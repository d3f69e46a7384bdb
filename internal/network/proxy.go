package network

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// The variables that net/http reads: of each pair the first that is not empty
// (golang.org/x/net/http/httpproxy, FromEnvironment). The second pair is for
// plain http, which goes to this machine alone (ParseURL) and to no proxy.
var (
	httpsProxy = []string{"HTTPS_PROXY", "https_proxy"}
	httpProxy  = []string{"HTTP_PROXY", "http_proxy"}
	// allProxy is what curl and others read and net/http does not.
	allProxy = []string{"ALL_PROXY", "all_proxy"}
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

// BadProxy is a variable that net/http reads a proxy from and cannot use, and what
// is wrong with it: nothing of what it holds.
type BadProxy struct{ Variable, Wrong string }

// CheckProxies returns the variables with a proxy that net/http cannot use. It
// would not say so: a text that it cannot parse it ignores, so that the request
// goes out without the proxy, and of some it takes "http" for the host.
func CheckProxies(lookup env.Lookup) []BadProxy {
	var bad []BadProxy
	for _, pair := range [][]string{httpsProxy, httpProxy} {
		variable, proxy := firstSet(lookup, pair)
		if wrong := proxyProblem(proxy); wrong != "" {
			bad = append(bad, BadProxy{variable, wrong})
		}
	}
	return bad
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

// noProxy are words that people write for no proxy, and net/http takes for hosts.
var noProxy = []string{"none", "null", "nil", "undefined", "direct", "false", "true", "off", "no", "disabled"}

// proxyProblem says why a text names no proxy; "" if it does, or if it is empty.
// Without a scheme, as in proxy.example.com:3128, it is short for http.
func proxyProblem(text string) string {
	const address = "must be the address of a proxy, such as http://proxy.example.com:3128"
	switch {
	case text == "":
		return ""
	case strings.ContainsFunc(text, unicode.IsControl):
		return "has a line break or another character that does not show. Write the address in one line, such as http://proxy.example.com:3128"
	case slices.Contains(noProxy, strings.ToLower(text)):
		return "is a word for no proxy. Unset the variable instead"
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil && strings.Contains(text, "@"), err == nil && strings.Contains(u.RequestURI()+u.Fragment, "@"):
		// of the second a part of the password is taken for the host, and would be printed
		return address + ". In a user name or a password, percent-encode characters such as @, / and % (as %25)"
	case err != nil || !isProxyHost(u.Hostname()) || !isPort(u.Port()):
		return address
	case !slices.Contains(proxySchemes, u.Scheme):
		return "must begin with http://, https://, socks5:// or socks5h://"
	}
	return ""
}

// isProxyHost reports whether a host can be that of a proxy: not what is left of
// a scheme without its colon or its slashes, and no variable that nothing filled in.
func isProxyHost(host string) bool {
	return host != "" && !strings.ContainsAny(host, "$*!'(),;=&+") && !slices.Contains(proxySchemes, strings.ToLower(host))
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && port > 0
}

// Route is how requests to an https address leave this machine.
type Route struct {
	// Line says which proxy they take, without its credentials; empty if no variable
	// names one. Doubt says that they take none although one is named.
	Line, Doubt string
}

// RouteTo is the Route to an address; proxy is that of Options.
func RouteTo(base *url.URL, lookup env.Lookup, proxy func(*http.Request) (*url.URL, error)) Route {
	if proxy == nil || base.Scheme != "https" {
		return Route{}
	}
	chosen, err := proxy(&http.Request{URL: base})
	variable, _ := firstSet(lookup, httpsProxy)
	switch {
	case err != nil:
		return Route{}
	case chosen != nil:
		return Route{Line: "Requests go through the proxy " + (&url.URL{Scheme: chosen.Scheme, Host: chosen.Host}).String() + " (" + variable + ")."}
	case loopback(base.Hostname()):
		return Route{}
	case variable != "":
		return Route{Line: "Requests go out without the proxy of " + variable + ": NO_PROXY names " + base.Hostname() + "."}
	}
	if variable, _ = firstSet(lookup, slices.Concat(httpProxy, allProxy)); variable != "" {
		return Route{Doubt: "Requests go out without a proxy: " + variable + " is not read for https. Set HTTPS_PROXY if they need one."}
	}
	return Route{}
}
