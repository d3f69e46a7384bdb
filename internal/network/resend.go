package network

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// maxSends is how often net/http may send one request. It repeats by itself what
// a server did not process, which is right for a connection that was closed
// while idle. Of a server that ends every connection by GOAWAY before the first
// stream it never has enough: one PATCH was sent 4,342 times in 8 seconds.
const maxSends = 8

var errResent = errors.New("the server ended every connection without an answer")

// bounded returns the request with a context that ends at the send after the
// last. It is not ended otherwise: the body of the answer is read in it, until
// the context of r ends.
func bounded(r *http.Request) *http.Request {
	ctx, end := context.WithCancelCause(r.Context())
	var sends atomic.Int32
	return r.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			if sends.Add(1) > maxSends {
				end(errResent)
			}
		},
	}))
}
