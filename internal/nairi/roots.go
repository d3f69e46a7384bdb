package nairi

import (
	"crypto/x509"
	"os"
	"runtime"
)

// bundles are where the distributions of Linux keep their certificates in one
// file, of which the first that is there counts (crypto/x509, root_linux.go).
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Arch
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/pki/tls/cacert.pem",                           // OpenELEC
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS, RHEL 7
	"/etc/ssl/cert.pem",                                 // Alpine
}

// findBundle returns the name of the system's bundle, or "": the file that
// SSL_CERT_FILE names, which stands in the place of all others, or the first of
// those that is there. Elsewhere than on Linux there is none to be trusted: on
// macOS and Windows the system itself verifies.
func findBundle(lookup func(name string) (string, bool)) string {
	if runtime.GOOS != "linux" {
		return ""
	}
	if name, _ := lookup("SSL_CERT_FILE"); name != "" {
		return name
	}
	for _, name := range bundles {
		if _, err := os.Stat(name); err == nil {
			return name
		}
	}
	return ""
}

// addBundle adds what can be read of a bundle. What cannot is not trusted.
func addBundle(roots *x509.CertPool, name string) {
	if text, err := os.ReadFile(name); err == nil {
		roots.AppendCertsFromPEM(text)
	}
}

// systemRoots are all the certificates of the system and those in more; nil, the
// roots of a tls.Config by default, if there are no more.
func systemRoots(more []byte) *x509.CertPool {
	if len(more) == 0 {
		return nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a system without any: those given are all
	}
	roots.AppendCertsFromPEM(more)
	return roots
}
