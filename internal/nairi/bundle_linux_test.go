package nairi_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// withBundle lets a client have a bundle of its own, in a file that is not there
// if text is nil, and trust caCert beside it.
func withBundle(t *testing.T, text, caCert []byte) func(*nairi.Options) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bundle.pem")
	if text != nil {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	transport, err := nairi.NewTransport(caCert, func(variable string) (string, bool) {
		return name, variable == "SSL_CERT_FILE"
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return func(o *nairi.Options) { o.Transport = transport }
}

// What is trusted is the same with every bundle that has no more in it.
func TestBundles(t *testing.T) {
	url, caCert, _ := serveTLS(t, nil)
	for _, test := range []struct {
		name           string
		bundle, caCert []byte
		trusted        bool
	}{
		{"with the certificate", caCert, nil, true},
		{"with the certificate after others", append([]byte("no certificate\n"), caCert...), nil, true},
		{"without it", []byte("no certificate"), nil, false},
		{"without it, but it is given", []byte("no certificate"), caCert, true},
		{"that is not there", nil, nil, false},
		{"that is not there, but it is given", nil, caCert, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				client := newClient(t, url, withBundle(t, test.bundle, test.caCert))
				if test.trusted {
					if err := c.do(t.Context(), client); err != nil {
						t.Error(err)
					}
					return
				}
				wantBroken(t, c, failure(t.Context(), t, c, client), nairi.Error{Kind: nairi.Certificate})
			})
		})
	}
}
