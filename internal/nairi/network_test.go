package nairi_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// listen starts a server of bare connections, each handed to talk and closed.
func listen(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			talk(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return listener.Addr().String()
}

// read takes one whole request off a connection.
func read(conn net.Conn) {
	if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

// reset makes closing send an RST.
func reset(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }

// wantBroken compares all but the Problem, which is the system's text, with
// what an Error without a whole answer must be.
func wantBroken(t *testing.T, c call, got, want nairi.Error) {
	t.Helper()
	if got.Problem == "" {
		t.Error("there is no Problem")
	}
	got.Problem = ""
	wantError(t, c, got, want)
}

func TestAClosedPort(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		server := httptest.NewServer(nil)
		server.Close()
		got := failure(t.Context(), t, c, newClient(t, server.URL))
		wantBroken(t, c, got, nairi.Error{Kind: nairi.Network})
		if !strings.Contains(got.Problem, "connection refused") {
			t.Errorf("problem %q", got.Problem)
		}
	})
}

func TestAnUnknownHost(t *testing.T) {
	t.Parallel()
	noHost := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "nairi.invalid", IsNotFound: true}
	}
	for _, c := range calls {
		client := newClient(t, "https://nairi.invalid", func(o *nairi.Options) { o.Transport = &http.Transport{DialContext: noHost} })
		wantBroken(t, c, failure(t.Context(), t, c, client), nairi.Error{Kind: nairi.Network})
	}
}

// Once the request may have arrived, a write may have been carried out.
func TestBrokenAnswers(t *testing.T) {
	for _, test := range []struct {
		name string
		talk func(net.Conn)
		want nairi.Error
	}{
		{"reset after the request", func(c net.Conn) { read(c); reset(c) }, nairi.Error{Kind: nairi.Network, Unclear: true}},
		{"closed after the request", read, nairi.Error{Kind: nairi.Network, Unclear: true}},
		{"garbage", func(c net.Conn) { read(c); _, _ = io.WriteString(c, value+" "+key+"\r\n\r\n") }, nairi.Error{Kind: nairi.Network, Unclear: true}},
		{"garbage in the header", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n"+value+" "+key+"\r\n\r\n")
		}, nairi.Error{Kind: nairi.Network, Unclear: true}},
		{"a header too long", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 1<<20)+"\r\n\r\n")
		}, nairi.Error{Kind: nairi.Network, Unclear: true}},
		{"cut", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+stored)
		}, nairi.Error{Kind: nairi.Network, Status: 200, Unclear: true}},
		{"cut in a chunk", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n"+stored)
		}, nairi.Error{Kind: nairi.Network, Status: 200, Unclear: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				wantBroken(t, c, failure(t.Context(), t, c, newClient(t, "http://"+listen(t, test.talk))), test.want)
			})
		})
	}
}

// A refusal is one whether or not its text arrived.
func TestACutRefusal(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		address := listen(t, func(conn net.Conn) {
			read(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\n{\"error\":\"vault")
		})
		got := failure(t.Context(), t, c, newClient(t, "http://"+address))
		wantError(t, c, got, nairi.Error{Kind: nairi.Refused, Status: 404, Foreign: true})
	})
}

// silent is a server that takes requests and does not answer them.
func silent(t *testing.T) (url string, arrived <-chan struct{}) {
	t.Helper()
	requests := make(chan struct{}, 16)
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		requests <- struct{}{}
		<-end
	}))
	t.Cleanup(func() { close(end); server.Close() })
	return server.URL, requests
}

func TestNoAnswerInTime(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url, _ := silent(t)
		client := newClient(t, url, within(50*time.Millisecond))
		wantError(t, c, failure(t.Context(), t, c, client), nairi.Error{Kind: nairi.Timeout, Problem: "no answer in time", Unclear: true})
		if err := c.do(t.Context(), client); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v is no context.DeadlineExceeded", err)
		}
	})
}

func TestNoWholeAnswerInTime(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		end := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, stored[:20])
			_ = http.NewResponseController(w).Flush()
			<-end
		}))
		t.Cleanup(func() { close(end); server.Close() })
		got := failure(t.Context(), t, c, newClient(t, server.URL, within(50*time.Millisecond)))
		wantError(t, c, got, nairi.Error{Kind: nairi.Timeout, Status: 200, Problem: "no answer in time", Unclear: true})
	})
}

func TestACancelledContextSendsNothing(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		client := newClient(t, url)
		got := failure(ctx, t, c, client)
		wantBroken(t, c, got, nairi.Error{Kind: nairi.Cancelled})
		if err := c.do(ctx, client); !errors.Is(err, context.Canceled) {
			t.Errorf("%v is no context.Canceled", err)
		}
	})
}

func TestCancelledWhileWaitingForTheAnswer(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url, arrived := silent(t)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		wantBroken(t, c, failure(ctx, t, c, newClient(t, url)), nairi.Error{Kind: nairi.Cancelled, Unclear: true})
	})
}

// With Abandon, a cancelled context lets a request in flight come to its end.
func TestARequestInFlightOutlivesACancelledContext(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		ctx, cancel := context.WithCancel(t.Context())
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			cancel()
			_, _ = io.WriteString(w, c.answer)
		})
		client := newClient(t, url, func(o *nairi.Options) { o.Abandon = make(chan struct{}) })
		if err := c.do(ctx, client); err != nil {
			t.Errorf("got %v, want no error", err)
		}
	})
}

func TestAbandoningARequestInFlight(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url, arrived := silent(t)
		ctx, cancel := context.WithCancel(t.Context())
		abandon := make(chan struct{})
		go func() { <-arrived; cancel(); close(abandon) }()
		client := newClient(t, url, func(o *nairi.Options) { o.Abandon = abandon })
		wantBroken(t, c, failure(ctx, t, c, client), nairi.Error{Kind: nairi.Cancelled, Unclear: true})
	})
}

// serveTLS starts a server that a client trusts only with its certificate.
func serveTLS(t *testing.T, config *tls.Config) (url string, caCert []byte, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		answering(200, map[bool]string{true: "[]", false: stored}[r.Method == http.MethodGet])(w, r)
	}))
	server.TLS = config
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), requests
}

// trusting lets a client trust caCert.
func trusting(t *testing.T, caCert []byte) func(*nairi.Options) {
	t.Helper()
	transport, err := nairi.NewTransport(caCert, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return func(o *nairi.Options) { o.Transport = transport }
}

func TestAnUnknownAuthority(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url, _, requests := serveTLS(t, nil)
		wantBroken(t, c, failure(t.Context(), t, c, newClient(t, url)), nairi.Error{Kind: nairi.Certificate})
		if requests.Load() != 0 {
			t.Error("a request was sent")
		}
	})
}

func TestAKnownAuthority(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url, caCert, requests := serveTLS(t, nil)
		if err := c.do(t.Context(), newClient(t, url, trusting(t, caCert))); err != nil || requests.Load() != 1 {
			t.Errorf("got %v after %d requests", err, requests.Load())
		}
	})
}

func TestACertificateOfAnotherHost(t *testing.T) {
	t.Parallel()
	url, caCert, requests := serveTLS(t, nil)
	url = strings.Replace(url, "127.0.0.1", "localhost", 1) // which the certificate does not name
	got := failure(t.Context(), t, calls[0], newClient(t, url, trusting(t, caCert)))
	wantBroken(t, calls[0], got, nairi.Error{Kind: nairi.Certificate})
	if requests.Load() != 0 {
		t.Error("a request was sent")
	}
}

// What a server offers and the client does not take, or the other way round.
func TestNoHandshake(t *testing.T) {
	for _, test := range []struct {
		name   string
		config *tls.Config
	}{
		{"TLS 1.1 and older", &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}},
		{"a certificate of the client", &tls.Config{MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				url, caCert, requests := serveTLS(t, test.config)
				wantBroken(t, c, failure(t.Context(), t, c, newClient(t, url, trusting(t, caCert))), nairi.Error{Kind: nairi.Handshake})
				if requests.Load() != 0 {
					t.Error("a request was sent")
				}
			})
		})
	}
}

func TestAServerWithoutTLS(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
		url = strings.Replace(url, "http://", "https://", 1)
		wantBroken(t, c, failure(t.Context(), t, c, newClient(t, url)), nairi.Error{Kind: nairi.Handshake})
	})
}

func TestAServerOfAnotherProtocol(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		address := listen(t, func(conn net.Conn) { _, _ = io.WriteString(conn, "220 mail.example.com ESMTP\r\n") })
		wantBroken(t, c, failure(t.Context(), t, c, newClient(t, "https://"+address)), nairi.Error{Kind: nairi.Handshake})
	})
}

func TestATextWithoutACertificate(t *testing.T) {
	t.Parallel()
	if _, err := nairi.NewTransport([]byte("no certificate"), os.LookupEnv); err == nil {
		t.Error("it was taken")
	}
}
