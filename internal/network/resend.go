package network

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// net/http sends again by itself what it takes for not processed: over HTTP/2
// whatever the server answered with GOAWAY or REFUSED_STREAM, without end and
// without a pause (one PATCH arrived 4,342 times in 8 seconds), and over HTTP/1.1
// a GET for which a kept connection broke. Here a request leaves the process
// once: whether it may leave again is for a Policy to say.
var (
	errResent   = errors.New("the server ended the connection without an answer")
	errUnusable = errors.New("the server ended every connection before the request could be sent")
)

// maxConnections is how many connections are tried for a request as long as
// nothing of it was sent. One that was kept may have been closed meanwhile, or be
// full.
const maxConnections = 4

// StaleError is the error of a request on a connection that was kept from an
// earlier one, and that broke before the answer began: servers close what is
// idle, and on a new connection the next attempt may do.
type StaleError struct{ err error }

// Error is what broke.
func (e *StaleError) Error() string { return e.err.Error() }

// Unwrap gives what broke.
func (e *StaleError) Unwrap() error { return e.err }

// sending is one request on its way through net/http.
type sending struct {
	end         context.CancelCauseFunc
	method      string
	connections atomic.Int32 // tried so far
	http2       atomic.Bool
	reused      atomic.Bool
	left        atomic.Bool // it must not be written again
	answered    atomic.Bool
}

// sendingKey is the key of a context's sending.
type sendingKey struct{}

// once hands a request to a transport of net/http, and lets it write the request
// one time. The context that it adds is not ended otherwise: the body of the
// answer is read in it, until the context of r ends.
func once(transport *http.Transport, r *http.Request) (*http.Response, error) {
	ctx, end := context.WithCancelCause(r.Context())
	s := &sending{end: end, method: r.Method}
	ctx = httptrace.WithClientTrace(context.WithValue(ctx, sendingKey{}, s), &httptrace.ClientTrace{
		GotConn:              s.gotConn,
		WroteHeaders:         s.wrote,
		GotFirstResponseByte: func() { s.answered.Store(true) },
	})
	resp, err := transport.RoundTrip(s.guard(r.WithContext(ctx)))
	if err == nil {
		return resp, nil
	}
	if cause := context.Cause(ctx); errors.Is(cause, errResent) {
		err = cause
	}
	if s.reused.Load() && !s.answered.Load() && r.Context().Err() == nil {
		err = &StaleError{err}
	}
	return nil, err
}

// guard keeps the body from being read again once the request has left.
func (s *sending) guard(r *http.Request) *http.Request {
	body := r.GetBody
	if body == nil {
		return r
	}
	r.GetBody = func() (io.ReadCloser, error) {
		if s.left.Load() {
			return nil, errResent
		}
		return body()
	}
	return r
}

// wrote is told when the header of the request is written. Over HTTP/1.1 that is
// before anything is flushed, and net/http only repeats what it has written
// nothing of; but for a GET, of which it may have written all
// (net/http/transport.go, shouldRetryRequest).
func (s *sending) wrote() {
	if s.http2.Load() || s.method == http.MethodGet {
		s.left.Store(true)
	}
}

// gotConn is told of each connection before it is used. Within HTTP/2 net/http
// repeats a request there and then, which only its context can keep it from: it
// is asked before a header is written (h2_bundle.go, encodeAndWriteHeaders).
func (s *sending) gotConn(info httptrace.GotConnInfo) {
	if secure, ok := info.Conn.(*tls.Conn); ok {
		s.http2.Store(secure.ConnectionState().NegotiatedProtocol == "h2")
	}
	s.reused.Store(info.Reused)
	if s.left.Load() {
		s.end(errResent)
	}
}

// mayConnect is asked before each connection for the request of a context, and
// says why there can be none.
func mayConnect(ctx context.Context) error {
	s, ok := ctx.Value(sendingKey{}).(*sending)
	switch {
	case !ok:
		return nil
	case s.left.Load():
		return errResent
	case s.connections.Add(1) > maxConnections:
		return errUnusable
	}
	return nil
}
