package network_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/network"
)

const (
	own    = "SSL_CERT_FILE=own.pem"
	debian = "/etc/ssl/certs/ca-certificates.crt"
	fedora = "/etc/pki/tls/certs/ca-bundle.crt"
	suse   = "/etc/ssl/ca-bundle.pem"
)

func TestTheBundleIsTheFirstThatIsThere(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t, nil) // for its certificate
	tooLong := s.cert + strings.Repeat("\n", 8<<20)
	for name, test := range map[string]struct {
		files     map[string]string
		variables []string
		trusted   bool
		asked     []string
	}{
		"of the variable":                  {map[string]string{"own.pem": s.cert, debian: ""}, []string{own}, true, []string{"own.pem"}},
		"after a text that is none":        {map[string]string{"own.pem": "no certificate\n" + s.cert}, []string{own}, true, []string{"own.pem"}},
		"which replaces all others":        {map[string]string{debian: s.cert}, []string{own}, false, []string{"own.pem"}},
		"of the first distribution":        {map[string]string{debian: s.cert}, nil, true, []string{debian}},
		"of the third":                     {map[string]string{suse: s.cert}, []string{"SSL_CERT_FILE="}, true, []string{debian, fedora, suse}},
		"no second one beside it":          {map[string]string{debian: "no certificate", fedora: s.cert}, nil, false, []string{debian}},
		"none that is longer than 8 MiB":   {map[string]string{"own.pem": tooLong}, []string{own}, false, []string{"own.pem"}},
		"and no other in its place":        {map[string]string{debian: tooLong, fedora: s.cert}, nil, false, []string{debian}},
		"one that just fits":               {map[string]string{debian: tooLong[:8<<20]}, nil, true, []string{debian}},
		"without any that has certificate": {map[string]string{debian: ""}, nil, false, []string{debian}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTLSServer(t, nil)
			m := newMachine(test.files, test.variables...)
			wantTrust(t, s, newTransport(t, network.Options{Env: m.Env}), test.trusted)
			if d := cmp.Diff(test.asked, m.asked); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTheBundleIsReadOnce(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t, nil)
	m := newMachine(map[string]string{debian: s.cert})
	transport := newTransport(t, network.Options{Env: m.Env})
	for range 3 {
		if err := send(t, transport, s.URL, "text"); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	}
	if d := cmp.Diff([]string{debian}, m.asked); d != "" {
		t.Error(d)
	}
}
