package network_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/network"
)

// validity is a certificate in PEM that is valid between two times.
func validity(t *testing.T, from, until time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestCertificatesOutOfTheirTimeAreTold(t *testing.T) {
	t.Parallel()
	at := func(year int) time.Time { return time.Date(year, 1, 2, 3, 4, 5, 0, time.UTC) }
	old, present, future := validity(t, at(2020), at(2022)), validity(t, at(2020), at(2030)), validity(t, at(2028), at(2030))
	for _, test := range []struct {
		texts []string
		want  []string
	}{
		{nil, nil},
		{[]string{present}, nil},
		{[]string{present, old, future}, []string{
			"Certificate 2 of ca_cert expired at 2022-01-02T03:04:05Z, and the clock of this machine says 2025-01-02T03:04:05Z.",
			"Certificate 3 of ca_cert is not valid before 2028-01-02T03:04:05Z, and the clock of this machine says 2025-01-02T03:04:05Z.",
		}},
	} {
		if d := cmp.Diff(test.want, network.NotValidNow([]byte(strings.Join(test.texts, "")), at(2025))); d != "" {
			t.Error(d)
		}
	}
}

// What is no certificate is none, however much it looks like one.
func FuzzReadCertificates(f *testing.F) {
	for _, text := range []string{"", "ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "LS0tLS1CRUdJTiA=", forNobody, strings.ReplaceAll(forNobody, "\n", " ")} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, _ := network.ReadCertificates([]byte(text))
		if found == nil {
			return
		}
		if again, unread := network.ReadCertificates(found); unread != 0 || string(again) != string(found) {
			t.Errorf("%q is read as %q, and that as %q", text, found, again)
		}
	})
}
