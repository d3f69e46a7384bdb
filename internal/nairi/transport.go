package nairi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
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

// Transport carries requests by the proxy of the environment, with TLS 1.2 or
// newer and a bound on each step.
//
// It trusts what crypto/x509 trusts on this system. On Linux that is a bundle of
// certificates in one file, and all files of some folders, in which most systems
// have the same certificates once more, one by one: to read those takes longer
// than all else. So a server is verified by the bundle first, and by all there is
// only if the bundle is not enough.
type Transport struct {
	bundle *http.Transport        // trusts the bundle; nil if there is none
	system func() *http.Transport // trusts all there is
	failed atomic.Bool            // whether the bundle was not enough
}

// NewTransport makes a Transport that trusts the certificates in caCert, in PEM,
// beside those of the system; nil for no others. lookup is of the environment.
// No certificate of the system is read before the first connection.
func NewTransport(caCert []byte, lookup func(name string) (string, bool)) (*Transport, error) {
	if len(caCert) > 0 && !x509.NewCertPool().AppendCertsFromPEM(caCert) {
		return nil, errors.New("there is no certificate in the PEM text")
	}
	t := &Transport{system: sync.OnceValue(func() *http.Transport { return trusting(systemRoots(caCert)) })}
	if name := findBundle(lookup); name != "" {
		t.bundle = trustingBundle(name, caCert)
	}
	return t, nil
}

// trusting makes a transport for servers that roots speak for; nil for those of
// the system.
func trusting(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSHandshakeTimeout:    handshakeTimeout,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    maxIdle,
	}
}

// trustingBundle makes a transport that trusts a bundle and the certificates in
// caCert. They are parsed, which takes some milliseconds, while the first
// connection is made, and are there for its handshake.
func trustingBundle(name string, caCert []byte) *http.Transport {
	roots := x509.NewCertPool()
	parse := sync.OnceFunc(func() { addBundle(roots, name); roots.AppendCertsFromPEM(caCert) })
	t := trusting(roots)
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		go parse()
		conn, err := dial(ctx, network, address)
		parse() // returns once it is done
		return conn, err
	}
	return t
}

// RoundTrip implements http.RoundTripper. Nothing of a request is sent before the
// server is verified, so that any may be tried again then.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || t.bundle == nil || t.failed.Load() {
		return t.system().RoundTrip(r)
	}
	resp, err := t.bundle.RoundTrip(r)
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
	return t.system().RoundTrip(again)
}

// CloseIdleConnections closes what is open and not in use.
func (t *Transport) CloseIdleConnections() {
	if t.bundle != nil {
		t.bundle.CloseIdleConnections()
	}
	t.system().CloseIdleConnections()
}
