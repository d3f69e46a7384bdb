package network

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
)

var errNotDialed = errors.New("the host is not dialed, only spelled")

// Dialed is the host that an http.Transport dials for one in a URL: its form in ASCII, by
// the idna.Lookup that net/http has a copy of, or, if it has none, the host itself. Nothing
// is dialed. The ASCII characters of a host must be those that a name of a host can have.
func Dialed(host string) string {
	transport := http.Transport{DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
		host, _, _ = net.SplitHostPort(address)
		return nil, errNotDialed
	}}
	request := http.Request{URL: &url.URL{Scheme: "http", Host: host}, Header: http.Header{}}
	if answer, err := transport.RoundTrip(request.WithContext(context.Background())); err == nil {
		_ = answer.Body.Close()
	}
	return host
}
