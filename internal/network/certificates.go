package network

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

const pemType = "CERTIFICATE"

// ReadCertificates reads the certificates of a text in any of the forms that they
// are handed around in: PEM, also with its line breaks folded into spaces, lost,
// or written as \n, as on the way through a secret; base64 of that; and DER. It
// returns them as PEM, nil for none, and how many of the PEM could not be read.
func ReadCertificates(text []byte) (certificates []byte, unread int) {
	if decoded, ok := decodeBase64(text); ok {
		text = decoded
	}
	if found, err := x509.ParseCertificates(text); err == nil {
		for _, certificate := range found {
			certificates = append(certificates, encode(certificate)...)
		}
		return certificates, 0
	}
	for _, body := range bodies(string(text)) {
		der, err := base64.StdEncoding.DecodeString(body)
		certificate, parseErr := x509.ParseCertificate(der)
		if err != nil || parseErr != nil {
			unread++
			continue
		}
		certificates = append(certificates, encode(certificate)...)
	}
	return certificates, unread
}

func encode(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: certificate.Raw})
}

// breaks are what line breaks become on the way, each with nothing in its place.
var breaks = []string{`\r`, "", `\n`, "", "\r", "", "\n", "", "\t", "", " ", ""}

// bodies are the texts between the first and the last lines of certificates in
// PEM, without what has become of the line breaks in them.
func bodies(text string) []string {
	var bodies []string
	joiner := strings.NewReplacer(breaks...)
	for {
		_, after, found := strings.Cut(text, "-----BEGIN "+pemType+"-----")
		if !found {
			return bodies
		}
		body, rest, _ := strings.Cut(after, "-----END "+pemType+"-----")
		bodies, text = append(bodies, joiner.Replace(body)), rest
	}
}

// decodeBase64 decodes a text that is base64 of something, in either alphabet, with
// or without padding and line breaks. PEM is none, and what comes of the name of a
// file is no certificate.
func decodeBase64(text []byte) ([]byte, bool) {
	joined := strings.NewReplacer(breaks...).Replace(string(text))
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(joined, "="))
	decoded, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return nil, false
	}
	_, err = x509.ParseCertificates(decoded)
	return decoded, err == nil && len(decoded) > 0 || bytes.Contains(decoded, []byte("-----BEGIN "))
}

// maxNotValid is how many certificates are told of: a bundle may have many.
const maxNotValid = 3

// NotValidNow says of the first certificates of a PEM whose time is over, or has
// not come, what their time is.
func NotValidNow(certificates []byte, now time.Time) []string {
	var said []string
	for n := 1; ; n++ {
		var block *pem.Block
		if block, certificates = pem.Decode(certificates); block == nil || len(said) == maxNotValid {
			return said
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		switch {
		case err != nil:
		case now.After(certificate.NotAfter):
			said = append(said, fmt.Sprintf("Certificate %d of ca_cert expired at %s, and the clock of this machine says %s.", n, inUTC(certificate.NotAfter), inUTC(now)))
		case now.Before(certificate.NotBefore):
			said = append(said, fmt.Sprintf("Certificate %d of ca_cert is not valid before %s, and the clock of this machine says %s.", n, inUTC(certificate.NotBefore), inUTC(now)))
		}
	}
}

func inUTC(t time.Time) string { return t.UTC().Format(time.RFC3339) }
