package network_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
)

// identity is a certificate with its key.
type identity struct {
	*x509.Certificate
	key crypto.Signer
}

// issue makes a certificate that an issuer, nil for itself, says is right. Its key
// is a new one, if with sets none.
func issue(t *testing.T, name string, issuer *identity, with func(*x509.Certificate)) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true,
	}
	with(template)
	made := &identity{key: key}
	if issuer == nil {
		issuer = &identity{template, key}
	}
	if template.PublicKey == nil {
		template.PublicKey = key.Public()
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.Certificate, template.PublicKey, issuer.key)
	if err != nil {
		t.Fatal(err)
	}
	if made.Certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return made
}

func authority(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign }

func ofServer(c *x509.Certificate) {
	c.IPAddresses, c.DNSNames = []net.IP{net.IPv4(127, 0, 0, 1)}, []string{"localhost"}
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
}

func (i *identity) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Raw}))
}

// Only the certificates of the bundle that matter are parsed. What is trusted is
// the same: crypto/tls says so of each bundle as a whole.
func TestOfABundleTheSameIsTrustedAsByCryptoTLS(t *testing.T) {
	t.Parallel()
	root := issue(t, "root", nil, authority)
	impostor := issue(t, "root", nil, authority) // of the same name
	middle := issue(t, "middle", root, authority)
	crossed := issue(t, "other root", nil, authority)
	again := issue(t, "middle", crossed, func(c *x509.Certificate) { authority(c); c.PublicKey = middle.PublicKey })
	leaf := issue(t, "leaf", middle, ofServer)
	late := issue(t, "late", middle, func(c *x509.Certificate) { ofServer(c); c.NotAfter = time.Now().Add(-time.Minute) })
	elsewhere := issue(t, "elsewhere", middle, func(c *x509.Certificate) { ofServer(c); c.IPAddresses, c.DNSNames = nil, []string{"example.com"} })
	client := issue(t, "client", middle, func(c *x509.Certificate) { ofServer(c); c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	noAuthority := issue(t, "no authority", root, func(*x509.Certificate) {})
	below := issue(t, "below", noAuthority, ofServer)
	narrow := issue(t, "narrow", nil, func(c *x509.Certificate) { authority(c); c.PermittedDNSDomains = []string{"example.com"} })
	outside := issue(t, "outside", narrow, ofServer)
	var others strings.Builder
	for i := range 5 {
		others.WriteString(issue(t, fmt.Sprint("other ", i), nil, authority).pem())
	}
	headers := strings.Replace(root.pem(), "-----\n", "-----\nA: header\n\n", 1)

	for name, test := range map[string]struct {
		chain   []*identity
		bundle  string
		trusted bool
	}{
		"the root":                        {[]*identity{leaf, middle}, root.pem(), true},
		"an impostor":                     {[]*identity{leaf, middle}, impostor.pem(), false},
		"an impostor before the root":     {[]*identity{leaf, middle}, impostor.pem() + root.pem(), true},
		"the root, without what leads up": {[]*identity{leaf}, root.pem(), false},
		"and what leads up":               {[]*identity{leaf}, root.pem() + middle.pem(), true},
		"what leads up alone":             {[]*identity{leaf}, middle.pem(), true},
		"the certificate itself":          {[]*identity{leaf}, leaf.pem(), true},
		"another root by a second way":    {[]*identity{leaf, again, middle}, crossed.pem(), true},
		"nothing of it":                   {[]*identity{leaf, middle}, "", false},
		"the root of one that is over":    {[]*identity{late, middle}, root.pem(), false},
		"the root of another host":        {[]*identity{elsewhere, middle}, root.pem(), false},
		"the root of a client":            {[]*identity{client, middle}, root.pem(), false},
		"the root of no authority":        {[]*identity{below, noAuthority}, root.pem(), false},
		"a root for other names":          {[]*identity{outside}, narrow.pem(), false},
		"the root, with CR":               {[]*identity{leaf, middle}, strings.ReplaceAll(root.pem(), "\n", "\r\n"), true},
		"the root, with words around":     {[]*identity{leaf, middle}, "# root\n" + root.pem() + "# end", true},
		"the root, with headers":          {[]*identity{leaf, middle}, headers, false},
		"the root, commented out":         {[]*identity{leaf, middle}, "# " + root.pem(), false},
		"the root, with a word behind it": {[]*identity{leaf, middle}, strings.TrimSuffix(root.pem(), "\n") + " disabled\n", false},
		"the root, within another block":  {[]*identity{leaf, middle}, "-----BEGIN OLD-----\n" + root.pem() + "-----END OLD-----\n", true},
		"the root, under another label":   {[]*identity{leaf, middle}, strings.ReplaceAll(root.pem(), "CERTIFICATE", "TRUSTED CERTIFICATE"), false},
		"the root, cut":                   {[]*identity{leaf, middle}, root.pem()[:200], false},
		"the root behind one that is cut": {[]*identity{leaf, middle}, impostor.pem()[:200] + "\n" + root.pem(), true},
		"the root behind one that is not": {[]*identity{leaf, middle}, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n" + root.pem(), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bundle := others.String() + test.bundle + others.String()
			served := tls.Certificate{PrivateKey: test.chain[0].key}
			for _, link := range test.chain {
				served.Certificate = append(served.Certificate, link.Raw)
			}
			for _, host := range []string{"127.0.0.1", "localhost"} {
				s := newTLSServer(t, &tls.Config{Certificates: []tls.Certificate{served}})
				s.URL = strings.Replace(s.URL, "127.0.0.1", host, 1)
				if cryptoTLS := verifies(t, strings.TrimPrefix(s.URL, "https://"), bundle); cryptoTLS != test.trusted {
					t.Errorf("by crypto/tls %s is trusted: %t", host, cryptoTLS)
				}
				m := newMachine(map[string]string{debian: bundle})
				wantTrust(t, s, newTransport(t, network.Options{Env: m.Env, Host: host}), test.trusted)
			}
		})
	}
}

// verifies reports whether crypto/tls trusts a server by a bundle.
func verifies(t *testing.T, address, bundle string) bool {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(bundle))
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// The bundle is for one server, of the name that crypto/tls would verify too. It takes
// a dot at the end for a part of the name, and what looks like an address but for the dot
// for no address; the proxy has its own name; and Certificate.Verify takes a certificate
// of any name where it is given none.
func TestNoServerIsVerifiedByTheBundleButTheOneOfTheHost(t *testing.T) {
	t.Parallel()
	root := issue(t, "root", nil, authority)
	leaf := issue(t, "leaf", root, ofServer)
	for name, test := range map[string]struct{ host, asked, proxy string }{
		"no host":                  {"", "127.0.0.1", ""},
		"no host, but a name":      {"", "localhost", ""},
		"another name":             {"example.com", "localhost", ""},
		"a name, not the address":  {"localhost", "127.0.0.1", ""},
		"an address, not the name": {"127.0.0.1", "localhost", ""},
		"another address":          {"127.0.0.2", "127.0.0.1", ""},
		"the address of another":   {"127.0.0.1", "127.0.0.2", "http"},
		"dots behind the name":     {"localhost..", "localhost..", "http"},
		"a dot behind the address": {"127.0.0.1.", "127.0.0.1.", "http"},
		"a proxy with TLS":         {"127.0.0.1", "127.0.0.1", "https"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTLSServer(t, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: leaf.key}}})
			s.URL = strings.Replace(s.URL, "127.0.0.1", test.asked, 1)
			m := newMachine(map[string]string{debian: root.pem()})
			o := network.Options{Env: m.Env, Host: test.host}
			if test.proxy != "" {
				address := &url.URL{Scheme: test.proxy, Host: tunnel(t, s.Listener.Addr().String(), test.proxy == "https", leaf)}
				o.Proxy = func(*http.Request) (*url.URL, error) { return address, nil }
			}
			transport := network.NewTransport(o)
			t.Cleanup(transport.CloseIdleConnections)
			wantTrust(t, s, transport, false)
		})
	}
}

// tunnel is a proxy that connects to one server, whatever it is asked for.
func tunnel(t *testing.T, to string, secure bool, as *identity) (address string) {
	t.Helper()
	proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", to)
		if err != nil {
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}))
	proxy.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		proxy.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{as.Raw}, PrivateKey: as.key}}}
		proxy.StartTLS()
	} else {
		proxy.Start()
	}
	t.Cleanup(proxy.Close)
	return proxy.Listener.Addr().String()
}
