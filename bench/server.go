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

// What every client writes to: the name of the secret, and the domain that it has
// and is given again beside the value.
const (
	envKey = "DATABASE_URL"
	domain = "db.example.com"
)

// neighbours are the other secrets of the vault, which a list of it has too.
const neighbours = 19

// readHeaderTimeout is for a client that does not send.
const readHeaderTimeout = 10 * time.Second

// server is an emulator on loopback, over TLS, with one secret to write.
type server struct {
	*nairitest.Emulator
	http              *http.Server
	address           string
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
	if s.http, s.address, err = s.listen(s.Emulator, "http/1.1"); err != nil {
		return nil, err
	}
	s.vaultID = s.AddVault("default")
	for i := range neighbours {
		s.AddSecret(s.vaultID, nairitest.Stored{EnvKey: fmt.Sprintf("NEIGHBOUR_%d", i), Value: "kept", AllowedDomains: []string{domain}})
	}
	s.secretID = s.AddSecret(s.vaultID, nairitest.Stored{EnvKey: envKey, Value: "former", AllowedDomains: []string{domain}})
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
	return served, listener.Addr().String(), nil
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

// writing is a turn of a command that gives the secret these values, with requests
// of these kinds and no others.
func (s *server) writing(c command, values []string, kinds ...nairitest.Kind) turn {
	changes, requests := len(s.History()), len(s.Requests())
	return turn{c, values, func() error { return errors.Join(s.sent(requests, kinds), s.wrote(changes, values)) }}
}

// sent checks that the requests since the first of them are of these kinds.
func (s *server) sent(since int, want []nairitest.Kind) error {
	var got []nairitest.Kind
	for _, request := range s.Requests()[since:] {
		got = append(got, request.Kind)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("sent the requests %v, not %v", got, want)
	}
	return nil
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
