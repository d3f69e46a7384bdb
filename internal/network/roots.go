package network

import (
	"crypto/x509"
	"errors"

	"github.com/nairi-community/vault-secret/internal/env"
)

// bundles are the files in which the distributions of Linux keep all their
// certificates, in the order of crypto/x509 (root_linux.go).
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Arch
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/pki/tls/cacert.pem",                           // OpenELEC
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS, RHEL 7
	"/etc/ssl/cert.pem",                                 // Alpine
}

// maxBundle bounds a bundle, in bytes. Debian's with 140 certificates has 220 KiB.
const maxBundle = 8 << 20

// bundle returns the first of the system's bundles that is there; nil for none, or if
// that one is not read here: crypto/x509 may read it, and then has no other. As for
// crypto/x509, SSL_CERT_FILE names a file that replaces them all.
func bundle(e env.Env) []byte {
	names := bundles
	if name := e.Get("SSL_CERT_FILE"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		text, err := e.ReadRegular(name, maxBundle)
		if err == nil {
			return text
		}
		if !errors.Is(err, env.NotThere) {
			return nil
		}
	}
	return nil
}

// roots returns the certificates of the system and those of CACert. Without a
// CACert it returns nil, for which crypto/tls takes those of the system.
func (o Options) roots() *x509.CertPool {
	if len(o.CACert) == 0 {
		return nil
	}
	pool := x509.NewCertPool() // for a system without any
	if o.SystemRoots != nil {
		if system, err := o.SystemRoots(); err == nil {
			pool = system
		}
	}
	pool.AppendCertsFromPEM(o.CACert)
	return pool
}
