package network

import (
	"bytes"
	"context"
	"crypto/fips140"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
)

// verifier verifies one server by a bundle of certificates, and parses only those of
// the bundle that the server's chain can end in. A system has some 150, one of which
// matters: to parse them all was two thirds of what a rotation costs.
//
// It trusts nothing that crypto/tls would not trust by the whole bundle: it asks the
// same Certificate.Verify, with the same options and the same name, and leaves out of
// the bundle only what that would not look at. What it does not trust goes to the
// transport for all of the system's certificates, where crypto/tls verifies by itself.
type verifier struct {
	host   string // as in the server's URL
	bundle func() [][]byte

	mu    sync.Mutex
	names [][]byte // of the chain that pool is for
	pool  *x509.CertPool
}

// trustingBundle makes a transport to Host that trusts the system's bundle and CACert;
// nil where crypto/tls has rules of its own for chains, which FIPS 140 asks for.
// The bundle is read and decoded while the first connection is made.
func (o Options) trustingBundle() *http.Transport {
	if fips140.Enabled() {
		return nil
	}
	v := &verifier{host: o.Host, bundle: sync.OnceValue(func() [][]byte { return append(decode(bundle(o.Env)), decode(o.CACert)...) })}
	t := o.trusting(nil)
	t.Proxy = func(r *http.Request) (*url.URL, error) { return v.alone(r, o.route) }
	// verify does it in the place of crypto/tls, in every handshake.
	t.TLSClientConfig.InsecureSkipVerify = true
	t.TLSClientConfig.VerifyConnection = v.verify
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		go v.bundle()
		return dial(ctx, network, address)
	}
	return t
}

var errOtherName = errors.New("the bundle is for a server of another name")

// alone is the proxy of a request, and an error if there would be a handshake with
// anybody but the server: with another one, or with a proxy. Of those at an address
// the handshake itself would not tell.
func (v *verifier) alone(r *http.Request, route func(*http.Request) (*url.URL, error)) (*url.URL, error) {
	proxy, err := route(r)
	if err == nil && (r.URL.Hostname() != v.host || proxy != nil && proxy.Scheme == "https") {
		return nil, &tls.CertificateVerificationError{Err: errOtherName}
	}
	return proxy, err
}

// verify does what crypto/tls does in a client (handshake_client.go,
// verifyServerCertificate). What it is told as the server's name is what crypto/tls
// sent as such: nothing for an address, and no dot at the end. It takes the host for the
// name if that is what was sent, as then it is also what crypto/tls would verify.
func (v *verifier) verify(state tls.ConnectionState) error {
	sent, chain := v.host, state.PeerCertificates
	if _, err := netip.ParseAddr(v.host); err == nil {
		sent = ""
	}
	err := errOtherName
	if v.host != "" && state.ServerName == sent { // Certificate.Verify takes any name for ""
		o := x509.VerifyOptions{Roots: v.roots(chain), DNSName: v.host, Intermediates: x509.NewCertPool()}
		for _, certificate := range chain[1:] {
			o.Intermediates.AddCert(certificate)
		}
		_, err = chain[0].Verify(o)
	}
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}

// roots are the certificates of the bundle that hold the name of an issuer in the
// chain, or the name of the server's own certificate. Certificate.Verify looks for roots by these
// names alone (crypto/x509/cert_pool.go, findPotentialParents and contains).
func (v *verifier) roots(chain []*x509.Certificate) *x509.CertPool {
	names := [][]byte{chain[0].RawSubject}
	for _, certificate := range chain {
		names = append(names, certificate.RawIssuer)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pool == nil || !slices.EqualFunc(names, v.names, bytes.Equal) {
		v.names, v.pool = names, pick(v.bundle(), names)
	}
	return v.pool
}

// decode takes certificates from PEM as CertPool.AppendCertsFromPEM does, and parses none.
func decode(text []byte) [][]byte {
	var certificates [][]byte
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return certificates
		}
		if block.Type == pemType && len(block.Headers) == 0 {
			certificates = append(certificates, block.Bytes)
		}
	}
}

// pick makes a pool of the certificates that hold one of the names. One that cannot be
// parsed is left out, as AppendCertsFromPEM does.
func pick(certificates, names [][]byte) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, der := range certificates {
		if !holdsAny(der, names) {
			continue
		}
		if certificate, err := x509.ParseCertificate(der); err == nil {
			pool.AddCert(certificate)
		}
	}
	return pool
}

func holdsAny(text []byte, parts [][]byte) bool {
	return slices.ContainsFunc(parts, func(part []byte) bool { return bytes.Contains(text, part) })
}
