package nairi_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
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
		{"reset after the request", func(c net.Conn) { read(c); reset(c) }, nairi.Error{Kind: nairi.Network, OutcomeUnknown: true}},
		{"closed after the request", read, nairi.Error{Kind: nairi.Network, OutcomeUnknown: true}},
		{"garbage", func(c net.Conn) { read(c); _, _ = io.WriteString(c, value+" "+key+"\r\n\r\n") }, nairi.Error{Kind: nairi.Network, OutcomeUnknown: true}},
		{"garbage in the header", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n"+value+" "+key+"\r\n\r\n")
		}, nairi.Error{Kind: nairi.Network, OutcomeUnknown: true}},
		{"cut", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+stored)
		}, nairi.Error{Kind: nairi.Network, Status: 200, OutcomeUnknown: true}},
		{"cut in a chunk", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n"+stored)
		}, nairi.Error{Kind: nairi.Network, Status: 200, OutcomeUnknown: true}},
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
	for sent, status := range map[string]int{"": 0, stored[:20]: http.StatusOK} {
		t.Run(fmt.Sprintf("%d bytes of it", len(sent)), func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				synctest.Test(t, func(t *testing.T) {
					client := newClient(t, "http://127.0.0.1", func(o *nairi.Options) { o.Transport = hanging(sent) })
					wantError(t, c, failure(t.Context(), t, c, client), nairi.Error{Kind: nairi.Timeout, Status: status, Problem: "no answer within 10 s (request_timeout)", OutcomeUnknown: true})
					if err := c.do(t.Context(), client); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("%v is no context.DeadlineExceeded", err)
					}
				})
			})
		})
	}
}

// hanging is a network whose server sends the beginning of an answer, or nothing
// at all, and no more.
type hanging string

func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(r.Context()).WroteHeaders()
	if h == "" {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	reader, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, string(h))
		<-r.Context().Done()
		_ = writer.CloseWithError(r.Context().Err())
	}()
	return &http.Response{StatusCode: http.StatusOK, Body: reader, Header: http.Header{}}, nil
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
		wantBroken(t, c, failure(ctx, t, c, newClient(t, url)), nairi.Error{Kind: nairi.Cancelled, OutcomeUnknown: true})
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
		wantBroken(t, c, failure(ctx, t, c, client), nairi.Error{Kind: nairi.Cancelled, OutcomeUnknown: true})
	})
}

// overTLS is a server of TLS that must get no request, and a transport that
// trusts it.
func overTLS(t *testing.T, config *tls.Config) (url string, transport *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }))
	server.TLS = config
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, server.Client().Transport.(*http.Transport)
}

// Before the server is verified, nothing is sent: no write can have happened.
func TestServersThatNothingIsSentTo(t *testing.T) {
	for _, test := range []struct {
		name  string
		serve func(*testing.T) (url string, transport *http.Transport)
		want  nairi.Kind
	}{
		{"an unknown authority", func(t *testing.T) (string, *http.Transport) {
			url, _ := overTLS(t, nil)
			return url, &http.Transport{}
		}, nairi.Certificate},
		{"TLS 1.1 and older", func(t *testing.T) (string, *http.Transport) {
			return overTLS(t, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
		}, nairi.Handshake},
		{"one that wants a certificate", func(t *testing.T) (string, *http.Transport) {
			return overTLS(t, &tls.Config{MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert})
		}, nairi.Handshake},
		{"no TLS", func(t *testing.T) (string, *http.Transport) {
			url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
			return strings.Replace(url, "http://", "https://", 1), &http.Transport{}
		}, nairi.Handshake},
		{"another protocol", func(t *testing.T) (string, *http.Transport) {
			greet := func(conn net.Conn) { _, _ = io.WriteString(conn, "220 mail.example.com ESMTP\r\n") }
			return "https://" + listen(t, greet), &http.Transport{}
		}, nairi.Handshake},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				url, transport := test.serve(t)
				client := newClient(t, url, func(o *nairi.Options) { o.Transport = transport })
				wantBroken(t, c, failure(t.Context(), t, c, client), nairi.Error{Kind: test.want})
			})
		})
	}
}

// A proxy of https has a handshake of its own, and what fails there is not the
// server's.
func TestAProxyWithoutTLSIsTheProxysFault(t *testing.T) {
	t.Parallel()
	untrusted, _ := overTLS(t, nil)
	for name, test := range map[string]struct {
		proxy string
		kind  nairi.Kind
		says  string
	}{
		"no TLS":               {"https://" + listen(t, func(conn net.Conn) { _, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n") }), nairi.Handshake, "the proxy does not agree on TLS: "},
		"an unknown authority": {untrusted, nairi.Certificate, "the proxy's certificate is not trusted here: "},
		"no connection":        {"https://127.0.0.1:1", nairi.Network, "no connection to the proxy: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy, err := url.Parse(test.proxy)
			if err != nil {
				t.Fatal(err)
			}
			transport := &http.Transport{Proxy: http.ProxyURL(proxy)}
			t.Cleanup(transport.CloseIdleConnections)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			client := newClient(t, "https://nairi.example.com", func(o *nairi.Options) { o.Transport = transport })
			e := failure(ctx, t, callNamed("update"), client)
			if e.Kind != test.kind || e.OutcomeUnknown || !strings.HasPrefix(e.Error(), test.says) {
				t.Errorf("%v, %q; want %q", e.Kind, e.Error(), test.says)
			}
		})
	}
}
