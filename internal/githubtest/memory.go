package githubtest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
)

// Transport carries requests to the emulator in memory, whatever their host. It
// is net/http's transport and server over a net.Pipe for each request, and works
// in a bubble of testing/synctest if the emulator was started outside of it.
func (s *Server) Transport() http.RoundTripper {
	dial := func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		serving := &http.Server{
			Handler:      s.http.Config.Handler,
			TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		}
		// It returns as soon as there is no other connection to accept.
		_ = serving.Serve(&single{Conn: server})
		return client, nil
	}
	return &http.Transport{DialContext: dial, DisableKeepAlives: true}
}

// single is a listener that accepts one connection.
type single struct {
	net.Conn
	used atomic.Bool
}

// Accept implements net.Listener.
func (s *single) Accept() (net.Conn, error) {
	if s.used.Swap(true) {
		return nil, net.ErrClosed
	}
	return s.Conn, nil
}

// Addr implements net.Listener.
func (s *single) Addr() net.Addr { return s.LocalAddr() }

// Close implements net.Listener; the connection stays.
func (s *single) Close() error { return nil }
