package main

import (
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// domain is what the secret has, and what every client sends beside the value.
const domain = "db.example.com"

// readHeaderTimeout is for a client that does not send.
const readHeaderTimeout = 10 * time.Second

// server is an emulator on loopback, over TLS, with one secret in one vault.
type server struct {
	*nairitest.Emulator
	http              *http.Server
	base              string // of its address
	vaultID, secretID string
	certificate       tls.Certificate
	ca                []byte
}

func serve() (*server, error) {
	certificate, ca, err := nairitest.NewCertificate(time.Now())
	if err != nil {
		return nil, err
	}
	s := &server{Emulator: nairitest.New(nairitest.Options{}), certificate: certificate, ca: ca}
	if s.http, s.base, err = s.listen(s.Emulator, "http/1.1"); err != nil {
		return nil, err
	}
	s.vaultID = s.AddVault("default")
	s.secretID = s.AddSecret(s.vaultID, nairitest.Stored{EnvKey: "DATABASE_URL", Value: "former", AllowedDomains: []string{domain}})
	return s, nil
}

// listen serves a handler on an address of its own, with the server's certificate.
func (s *server) listen(handler http.Handler, protocols ...string) (*http.Server, string, error) {
	config := &tls.Config{Certificates: []tls.Certificate{s.certificate}, MinVersion: tls.VersionTLS12, NextProtos: protocols}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		return nil, "", err
	}
	served := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ErrorLog: log.New(io.Discard, "", 0), TLSConfig: config,
	}
	go func() { _ = served.Serve(listener) }()
	return served, "https://" + listener.Addr().String(), nil
}

func (s *server) close() { _ = s.http.Close() }

func (s *server) key() string { return s.Options().Key }

// freshValues makes values that are nowhere yet, as an update to what is there
// changes nothing. They look like what is stored in practice, and are masked so.
func freshValues(n int) []string {
	values := make([]string, n)
	for i := range values {
		var password [12]byte
		_, _ = rand.Read(password[:])
		values[i] = "postgres://app:" + hex.EncodeToString(password[:]) + "@db.example.com/app"
	}
	return values
}

// wrote checks that the writes since the first of them are of these values, one
// each, and were answered with 200. The error has no value in it.
func (s *server) wrote(since int, values []string) error {
	events, requests := s.History()[since:], s.Requests()
	if len(events) != len(values) {
		return fmt.Errorf("made %d changes, not %d", len(events), len(values))
	}
	for _, event := range events {
		if event.Secret.ID != s.secretID || !slices.Contains(values, event.Secret.Value) {
			return errors.New("wrote another value than it was given")
		}
		if status := requests[event.Request].Status; status != http.StatusOK {
			return fmt.Errorf("was answered with status %d", status)
		}
	}
	return nil
}
