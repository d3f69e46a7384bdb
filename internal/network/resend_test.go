package network_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/network"
)

// Frames of HTTP/2 (RFC 9113, section 6).
var (
	settings = []byte{0, 0, 0, 4, 0, 0, 0, 0, 0}
	goAway   = []byte{0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0} // no stream was processed
)

// endAll speaks HTTP/2 to a client and answers each request with GOAWAY.
func endAll(requests *atomic.Int32) func(*http.Server, *tls.Conn, http.Handler) {
	return func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		_, _ = conn.Write(settings)
		_, _ = io.CopyN(io.Discard, conn, 24) // the preface
		for {
			kind, err := readFrame(conn)
			if err != nil {
				return
			}
			if kind == 1 { // HEADERS
				requests.Add(1)
				_, _ = conn.Write(goAway)
			}
		}
	}
}

// readFrame reads a frame and returns its type.
func readFrame(conn net.Conn) (byte, error) {
	var header [9]byte
	if _, err := io.ReadFull(conn, header[:]); err != nil {
		return 0, err
	}
	length := binary.BigEndian.Uint32(header[:4]) >> 8
	_, err := io.CopyN(io.Discard, conn, int64(length))
	return header[3], err
}

// net/http sends what a server says it has not processed again and again, past
// every policy of ours.
func TestARequestIsNotSentForEver(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewUnstartedServer(nil)
	server.TLS = &tls.Config{NextProtos: []string{"h2"}}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": endAll(&requests)}
	server.StartTLS()
	t.Cleanup(server.Close)
	s := &tlsServer{Server: server}
	transport := newTransport(t, network.Options{CACert: []byte(forNobody), SystemRoots: s.pool})
	err := send(t, transport, server.URL, "text")
	if err == nil || err.Error() != "the server ended every connection without an answer" {
		t.Errorf("got %v", err)
	}
	if n := requests.Load(); n < 2 || n > 9 {
		t.Errorf("%d requests arrived, want a few", n)
	}
}
