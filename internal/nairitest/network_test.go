package nairitest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// everywhere runs a test over a listener, with and without TLS, and over Transport.
// start is a bench of that network with nothing in it yet.
func everywhere(t *testing.T, test func(t *testing.T, start func() *bench)) {
	t.Helper()
	t.Parallel()
	for name, begin := range map[string]func(testing.TB) *bench{
		"listener": func(t testing.TB) *bench { return start(t, nairitest.Options{}) },
		"memory":   startInMemory,
		"TLS":      startTLS,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func() *bench { return begin(t) })
		})
	}
}

// script replaces what is left of the script.
func (b *bench) script(texts ...string) {
	b.t.Helper()
	script := nairitest.Script(b.t, texts...)
	b.Set(func(o *nairitest.Options) { o.Script = script })
}

// attempt is what became of a request that a fault was for.
type attempt struct {
	reply
	err       error
	connected bool // GotConn was called
}

// secrets is the path of the bench's vault.
func (b *bench) secrets() string { return "/api/public/v1/vaults/" + b.VaultID + "/secrets" }

// try sends a request below the vault's secrets.
func (b *bench) try(ctx context.Context, method, path, body string) attempt {
	b.t.Helper()
	return b.do(ctx, method, b.secrets()+path, body)
}

// do sends a request with other headers, of which an empty one is left out. It
// follows no redirect, and reads no more than 1 MiB.
func (b *bench) do(ctx context.Context, method, path, body string, header ...string) attempt {
	b.t.Helper()
	var a attempt
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.connected = true },
	})
	req, err := http.NewRequestWithContext(ctx, method, b.BaseURL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.Key)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Del(header[i])
		if header[i+1] != "" {
			req.Header.Set(header[i], header[i+1])
		}
	}
	client := *b.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		a.err = err
		return a
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	a.reply, a.err = reply{resp.StatusCode, resp.Header, string(text)}, err
	return a
}

// broken reports whether a connection was reset. A client that was still
// writing may have the other error, and Windows has others altogether.
func (a attempt) broken() bool {
	return errors.Is(a.err, syscall.ECONNRESET) || errors.Is(a.err, syscall.EPIPE) || onWindows && a.err != nil
}

// startTLS is start with a client that trusts the emulator.
func startTLS(t testing.TB) *bench {
	t.Helper()
	b := &bench{t: t, now: noon}
	b.Server = nairitest.StartTLS(t, nairitest.Options{Now: func() time.Time { return b.now }})
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b.CA) {
		t.Fatal("no certificate to trust")
	}
	b.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(b.http.CloseIdleConnections)
	return b
}

func startInMemory(t testing.TB) *bench {
	t.Helper()
	b := start(t, nairitest.Options{})
	b.http, b.inMemory = &http.Client{Transport: b.Transport()}, true
	return b
}
