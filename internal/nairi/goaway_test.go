package nairi_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/network"
)

// Frames of HTTP/2 (RFC 9113, section 6): SETTINGS, and a GOAWAY that says that no
// stream was processed.
var (
	settings = []byte{0, 0, 0, 4, 0, 0, 0, 0, 0}
	goAway   = []byte{0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
)

const headers = 1 // the type of the frame that begins a request

// turningAway is a server of HTTP/2 that answers each request with GOAWAY.
func turningAway(t *testing.T, requests *atomic.Int32) (url string, transport http.RoundTripper) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.TLS = &tls.Config{NextProtos: []string{"h2"}}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		_, _ = conn.Write(settings)
		_, _ = io.CopyN(io.Discard, conn, 24) // the preface
		var header [9]byte
		for {
			if _, err := io.ReadFull(conn, header[:]); err != nil {
				return
			}
			_, _ = io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(header[:4])>>8))
			if header[3] == headers {
				requests.Add(1)
				_, _ = conn.Write(goAway)
			}
		}
	}}
	server.StartTLS()
	t.Cleanup(server.Close)
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return server.URL, network.NewTransport(network.Options{
		CACert: cert, Env: env.Env{
			Lookup: func(string) (string, bool) { return "", false },
			Open:   func(string) (io.ReadCloser, error) { return nil, io.EOF },
		},
	})
}

// Every attempt that leaves the process is one of ours: six, or of a create one as
// long as nobody can look.
func TestAServerThatTurnsAllAwayGetsOurAttemptsAlone(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		var requests atomic.Int32
		url, transport := turningAway(t, &requests)
		client := newClient(t, url, func(o *nairi.Options) { o.Transport = transport })
		got := failure(t.Context(), t, c, client)
		if got.Kind != nairi.Network || got.OutcomeUnknown != c.writes {
			t.Errorf("got %+v", got)
		}
		if want := map[bool]int32{true: 1, false: 6}[c.name == "create"]; requests.Load() != want {
			t.Errorf("%d requests arrived, want %d", requests.Load(), want)
		}
	})
}

func TestACreateThatIsTurnedAwayIsLookedForBetweenItsAttempts(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	url, transport := turningAway(t, &requests)
	looked := []int32{}
	client := newClient(t, url, func(o *nairi.Options) { o.Transport = transport })
	_, err := client.Create(t.Context(), vaultID, nairi.NewSecret{EnvKey: "A"}, func(context.Context) error {
		looked = append(looked, requests.Load())
		return nil
	})
	if err == nil || requests.Load() != 6 || len(looked) != 5 {
		t.Fatalf("%d requests arrived, looked %d times: %v", requests.Load(), len(looked), err)
	}
	for i, after := range looked {
		if after != int32(i+1) {
			t.Errorf("look %d came after %d requests", i+1, after)
		}
	}
}
