package main

import (
	"crypto/tls"
	"net"
	"os"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// caMode lets other users, such as that of a container, read the certificate;
// there is nothing secret in it.
const caMode = 0o644

// secure makes a listener speak TLS, and writes the certificate to trust to
// a file.
func secure(plain net.Listener, caFile string) (net.Listener, error) {
	certificate, ca, err := nairitest.NewCertificate(time.Now())
	if err != nil {
		return nil, err
	}
	if err := writeCA(caFile, ca); err != nil {
		return nil, err
	}
	return tls.NewListener(plain, &tls.Config{
		Certificates: []tls.Certificate{certificate},
		MinVersion:   tls.VersionTLS12,
		// In HTTP/2 there is no connection of a request for a fault to break.
		NextProtos: []string{"http/1.1"},
	}), nil
}

// writeCA sets the mode of a file that was there, and whatever the umask is.
func writeCA(path string, ca []byte) error {
	if err := os.WriteFile(path, ca, caMode); err != nil {
		return err
	}
	return os.Chmod(path, caMode)
}

// scheme is the one of the base URL.
func (s *settings) scheme() string {
	if s.tls {
		return "https://"
	}
	return "http://"
}
