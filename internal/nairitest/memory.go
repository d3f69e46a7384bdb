package nairitest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
)

// Transport carries requests to the emulator in memory, whatever their host and
// scheme. It is net/http's transport and server over a connection for each
// request, so that timeouts, cancelling, httptrace and faults are those of a
// network, but for one thing: a "refuse" fault is a connection that was
// refused, where a listener has accepted it by the time the fault is known.
//
// It works in a bubble of testing/synctest: nothing waits for a real network,
// and nothing is left running once an answer's body is closed.
func (e *Emulator) Transport() http.RoundTripper { return memory{e} }

type memory struct{ emulator *Emulator }

// RoundTrip implements http.RoundTripper.
func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	fault := m.emulator.draw(m.emulator.arriving(r))
	dial := func(_ context.Context, network, addr string) (net.Conn, error) {
		if len(fault.hits[connecting]) > 0 {
			return nil, refused(network, addr)
		}
		return m.connect(fault), nil
	}
	// A transport of its own keeps the fault with its request.
	t := &http.Transport{DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true}
	return t.RoundTrip(r)
}

// connect returns a connection on which one request is served.
func (m memory) connect(f Fault) net.Conn {
	client, server := newPipe()
	s := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.emulator.serve(w, r, m.emulator.arriving(r), f) }),
		// Without this, each server would set HTTP/2 up and never use it.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	// It returns as soon as there is no other connection to accept.
	_ = s.Serve(&single{conn: server})
	return client
}

func refused(network, addr string) error {
	return &net.OpError{Op: "dial", Net: network, Addr: named(addr), Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}

// single is a listener that accepts one connection.
type single struct {
	conn net.Conn
	used atomic.Bool
}

func (s *single) Accept() (net.Conn, error) {
	if s.used.Swap(true) {
		return nil, net.ErrClosed
	}
	return s.conn, nil
}

func (s *single) Close() error { return nil }

func (s *single) Addr() net.Addr { return named("memory") }

// named is an address that is nothing but text.
type named string

func (named) Network() string  { return "tcp" }
func (n named) String() string { return string(n) }
