package nairitest_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestCertificateIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	pair, ca, err := nairitest.NewCertificate(noon)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(ca)
	if block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 {
		t.Fatalf("the authority is not one certificate in PEM: %q", ca)
	}
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	// A machine that trusts it for good risks nothing.
	if !root.PermittedDNSDomainsCritical || len(root.PermittedDNSDomains) != 1 || len(root.PermittedIPRanges) != 2 || root.KeyUsage != x509.KeyUsageCertSign {
		t.Errorf("the authority may sign for %v and %v", root.PermittedDNSDomains, root.PermittedIPRanges)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	for _, test := range []struct {
		name  string
		after time.Duration
		good  bool
	}{
		{"localhost", 0, true},
		{"127.0.0.1", 0, true},
		{"::1", 0, true},
		{"127.0.0.1", -50 * time.Minute, true},
		{"127.0.0.1", 29 * 24 * time.Hour, true},
		{"127.0.0.1", -2 * time.Hour, false},
		{"127.0.0.1", 31 * 24 * time.Hour, false},
		{"127.0.0.2", 0, false},
		{"nairi.ai", 0, false},
	} {
		_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: test.name, CurrentTime: noon.Add(test.after)})
		if (err == nil) != test.good {
			t.Errorf("%s, %v after it was made: %v", test.name, test.after, err)
		}
	}
}

func TestTLSIsHTTP1AndTrustedByItsAuthorityAlone(t *testing.T) {
	t.Parallel()
	b := startTLS(t)
	b.http.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	r, err := b.http.Get(b.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.ProtoMajor != 1 || r.TLS == nil {
		t.Errorf("spoke %s, TLS %v", r.Proto, r.TLS != nil)
	}
	other := startTLS(t)
	r, err = other.http.Get(b.BaseURL)
	if err == nil {
		_ = r.Body.Close()
		t.Error("a client that trusts another authority was served")
	}
}
