package network

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ProxyRefusal is the error for a request that a proxy would not carry. Nothing of
// the request has left for its server.
type ProxyRefusal struct {
	Status int // of the proxy's answer; that of http for a SOCKS proxy
	words  string
}

// Error says what the proxy wants, in our words.
func (e *ProxyRefusal) Error() string { return e.words }

// onConnect turns an answer to CONNECT into a ProxyRefusal, of which net/http keeps
// nothing but the text of its status.
func onConnect(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	switch {
	case answer.StatusCode == http.StatusOK:
		return nil
	case answer.StatusCode == http.StatusProxyAuthRequired:
		return &ProxyRefusal{answer.StatusCode, wantsCredentials(proxy.User != nil) + unknownSchemes(answer.Header)}
	case answer.StatusCode >= http.StatusInternalServerError:
		return &ProxyRefusal{answer.StatusCode, "the proxy has no connection to the server"}
	}
	return &ProxyRefusal{answer.StatusCode, refusesToConnect}
}

const refusesToConnect = "the proxy refuses to connect to the server"

func wantsCredentials(given bool) string {
	if given {
		return "the proxy does not accept the user name and password in its address"
	}
	return "the proxy asks for a user name and a password"
}

// schemes are those of Proxy-Authenticate that may be named; what else stands in
// the header is the proxy's.
var schemes = []string{"Negotiate", "NTLM", "Kerberos", "Digest", "Bearer"}

// unknownSchemes names the schemes that a proxy takes, if Basic is none of them,
// which net/http alone knows.
func unknownSchemes(header http.Header) string {
	var wanted []string
	for _, challenge := range header.Values("Proxy-Authenticate") {
		scheme, _, _ := strings.Cut(challenge, " ")
		if strings.EqualFold(scheme, "Basic") {
			return ""
		}
		if at := slices.IndexFunc(schemes, func(known string) bool { return strings.EqualFold(scheme, known) }); at >= 0 {
			wanted = append(wanted, schemes[at])
		}
	}
	if wanted == nil {
		return ""
	}
	return ", by " + strings.Join(wanted, " or ") + ", and only Basic is supported here"
}

// asRefusal is the ProxyRefusal that err stands for: a SOCKS proxy's are texts
// (net/http, socks_bundle.go).
func asRefusal(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || !strings.HasPrefix(op.Op, "socks") || op.Err == nil {
		return err
	}
	switch op.Err.Error() {
	case "no acceptable authentication methods":
		return &ProxyRefusal{http.StatusProxyAuthRequired, wantsCredentials(false)}
	case "username/password authentication failed", "invalid username/password":
		return &ProxyRefusal{http.StatusProxyAuthRequired, wantsCredentials(true)}
	case "unknown error connection not allowed by ruleset":
		return &ProxyRefusal{http.StatusForbidden, refusesToConnect}
	}
	return err
}
