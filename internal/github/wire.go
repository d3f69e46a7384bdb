package github

import (
	"errors"
	"io"
	"net/http"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// maxAnswer is how much of an answer is read. It holds a page of 100 comments of
// the greatest length, in ASCII.
const maxAnswer = 8 << 20

// errTooLong is the error for an answer over maxAnswer.
var errTooLong = errors.New("the answer is longer than 8 MiB")

// wire carries the requests of go-github with the token, and their answers
// within bounds. http.Client and go-github above it see nothing to follow: they
// would repeat the request, and the token, at whatever address is named.
type wire struct {
	token secret.Value
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+w.token.Reveal())
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Header.Del("Location")
	resp.Body = &bounded{ReadCloser: resp.Body, left: maxAnswer}
	return resp, nil
}

// bounded is the body of an answer that ends with an error at its bound.
// io.LimitReader would end it as if it were complete.
type bounded struct {
	io.ReadCloser
	left int
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLong
	}
	p = p[:min(len(p), b.left+1)] // one byte over tells an answer that just fits
	n, err := b.ReadCloser.Read(p)
	b.left -= n
	if b.left < 0 {
		return n, errTooLong
	}
	return n, err
}
