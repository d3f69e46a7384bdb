package network

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
)

// Limits of a connection and of an answer's header.
const (
	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second // for TLS alone
	maxHeader        = 64 << 10
	// maxIdle is how many connections are kept for the next request where the
	// server has no HTTP/2: as many as there may be requests at a time.
	maxIdle = 64
)

// Options is what a Transport is made of.
type Options struct {
	// Env names the system's bundle of certificates and reads it. Required.
	Env env.Env
	// CACert is trusted beside the system's certificates: PEM that holds at least
	// one certificate, which the caller has checked. Nil for no others.
	CACert []byte
	// Host is that of the server's URL, as URL.Hostname has it. Any other server is
	// verified by all there is, never by the bundle alone.
	Host string
	// Proxy returns the proxy of a request, as http.ProxyFromEnvironment does; nil
	// for no proxy.
	Proxy func(*http.Request) (*url.URL, error)
	// SystemRoots returns the certificates of the system for CACert to be added
	// to, as x509.SystemCertPool does; nil for none. Without a CACert it is not
	// called: crypto/tls has its own way to the system's certificates.
	SystemRoots func() (*x509.CertPool, error)
}

// Transport carries requests, with TLS 1.2 or newer and a bound on each step.
//
// It trusts what crypto/x509 trusts on this system. On Linux that is a bundle of
// certificates in one file, and all files of some folders, in which most systems
// have the same certificates once more, one by one: to read those takes longer
// than all else. So a server is verified by the bundle first, and by all there is
// only if the bundle is not enough.
type Transport struct {
	bundle *http.Transport        // trusts the bundle; nil elsewhere than on Linux
	system func() *http.Transport // trusts all there is
	failed atomic.Bool            // whether the bundle was not enough
}

// NewTransport makes a Transport. It reads no certificate of the system before
// the first connection.
func NewTransport(o Options) *Transport {
	t := &Transport{system: sync.OnceValue(func() *http.Transport { return o.trusting(o.roots()) })}
	if runtime.GOOS == "linux" { // macOS and Windows verify by services of their own
		t.bundle = o.trustingBundle()
	}
	return t
}

// trusting makes a transport that trusts roots; nil for those of the system.
// It resumes no TLS session and sends nothing early: a process would have to leave
// the session's secret on the runner's disk for the next one.
func (o Options) trusting(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:                  o.route,
		OnProxyConnectResponse: onConnect,
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSHandshakeTimeout:    handshakeTimeout,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    maxIdle,
	}
}

// route is the proxy of a request. net/http asks for it before each connection,
// also where it would send the request again.
func (o Options) route(r *http.Request) (*url.URL, error) {
	if err := mayConnect(r.Context()); err != nil || o.Proxy == nil {
		return nil, err
	}
	return o.Proxy(r)
}

// RoundTrip implements http.RoundTripper. It sends the request once, and nothing
// of it before the server is verified: where the bundle is not enough for that,
// it is handed to a second transport.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.send(r)
	return resp, asRefusal(err)
}

// send sends nothing of a request before the server is verified, so that any
// request may be sent again then.
func (t *Transport) send(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || t.bundle == nil || t.failed.Load() {
		return once(t.system(), r)
	}
	resp, err := once(t.bundle, r)
	var unverified *tls.CertificateVerificationError
	if !errors.As(err, &unverified) {
		return resp, err
	}
	t.failed.Store(true)
	again := r.Clone(r.Context())
	if r.GetBody != nil { // the body of r is closed
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
	}
	return once(t.system(), again)
}
