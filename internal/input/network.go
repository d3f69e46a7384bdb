package input

import (
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// Bounds of the two times: a request that takes longer than a second is normal,
// and GitHub ends a job after six hours.
const (
	minDuration       = time.Second
	maxTimeout        = 6 * time.Hour
	maxRequestTimeout = 10 * time.Minute
)

// duration reads a time as Go spells it, within its bounds.
func (c *checker) duration(input, text string, most time.Duration) time.Duration {
	d, err := time.ParseDuration(trimSpace(text))
	if err != nil || d < minDuration || d > most {
		c.add(input, fmt.Sprintf("must be a time from %s to %s, as in 30s or 2m", short(minDuration), short(most)))
		return 0
	}
	return d
}

// proxyPasswords are the proxies of the environment that are given with a
// password, which net/http repeats when it cannot read one.
func proxyPasswords(lookup Lookup) []secret.Value {
	var found []secret.Value
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if proxy, _ := lookup(name); strings.Contains(proxy, "@") {
			found = append(found, secret.New(proxy))
		}
	}
	return found
}

// short is a round time without its zero units: 6h instead of 6h0m0s.
func short(d time.Duration) string {
	return strings.NewReplacer("m0s", "m", "h0m0s", "h").Replace(d.String())
}

// timestamp reads a time as the API writes it; nil for none.
func (c *checker) timestamp(input, text string) *time.Time {
	text = trimSpace(text)
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		c.add(input, "must be an updated_at as an earlier step got it, as in 2026-04-25T11:45:19.000Z")
		return nil
	}
	return &t
}

// certificates takes PEM as it is, and anything else for the name of a file.
func (c *checker) certificates(text string) []byte {
	if trimSpace(text) == "" {
		return nil
	}
	if !strings.Contains(text, "-----BEGIN") {
		file, err := secret.FromFile(c.Open, trimSpace(text))
		if err != nil {
			c.check("ca_cert", err)
			return nil
		}
		text = file.Reveal()
	}
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		c.add("ca_cert", "holds no certificate; give one or more in PEM (-----BEGIN CERTIFICATE-----), or the name of such a file")
		return nil
	}
	return []byte(text)
}
