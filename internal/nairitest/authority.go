package nairitest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// Certificates hold for this long, and from a little before they were made:
// clocks differ.
const (
	certificateLife  = 30 * 24 * time.Hour
	certificateAhead = time.Hour
)

// loopback are the addresses that a certificate is for, with localhost.
var loopback = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}

// NewCertificate makes a certificate authority, and by it a certificate for
// localhost, 127.0.0.1 and ::1 from now on. It returns the certificate with its
// key, and the authority's own certificate as PEM for those who are to trust
// it. The authority's key is gone: there will be no other certificate of it, and
// it can speak for nothing but those names.
func NewCertificate(now time.Time) (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	root := template(now, 1)
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	root.PermittedDNSDomainsCritical, root.PermittedDNSDomains = true, []string{"localhost"}
	root.PermittedIPRanges = []*net.IPNet{
		{IP: loopback[0].To4(), Mask: net.CIDRMask(32, 32)},
		{IP: loopback[1], Mask: net.CIDRMask(128, 128)},
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	cert, err := issue(now, root, key)
	return cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}

// issue makes the one certificate of an authority.
func issue(now time.Time, root *x509.Certificate, rootKey *ecdsa.PrivateKey) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf := template(now, 2)
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	leaf.DNSNames, leaf.IPAddresses = []string{"localhost"}, loopback
	der, err := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), rootKey)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// template has what both certificates have. The names differ, for an issuer of
// the same name would be taken for the certificate itself.
func template(now time.Time, serial int64) *x509.Certificate {
	names := map[int64]string{1: "nairi-emulator authority", 2: "nairi-emulator"}
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: names[serial]},
		NotBefore:    now.Add(-certificateAhead),
		NotAfter:     now.Add(certificateLife),
	}
}
