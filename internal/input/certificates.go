package input

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// maxCACert is how long a file of certificates may be, in bytes; the bundle of a
// whole system has some 200 KiB.
const maxCACert = 1 << 20

// extraCACerts is the variable in which the other steps of a job, which run on
// Node.js, look for the name of such a file
// (https://nodejs.org/api/cli.html#node_extra_ca_certsfile).
const extraCACerts = "NODE_EXTRA_CA_CERTS"

// caCert takes certificates as they are, and anything else for the name of a file.
func (c *checker) caCert() []byte {
	if c.CACert == "" {
		return nil
	}
	found, unread := network.ReadCertificates([]byte(c.CACert))
	if found == nil && unread == 0 && !strings.Contains(c.CACert, "-----BEGIN") {
		c.reads("ca_cert", c.CACert)
		text, err := c.readFile(c.CACert, maxCACert)
		if err != nil {
			c.check("ca_cert", err)
			return nil
		}
		found, unread = network.ReadCertificates(text)
	}
	if strings.Contains(c.CACert, "PRIVATE KEY-----") {
		c.maskInputs("ca_cert")
		c.warn(problem.Problem{Input: "ca_cert", Text: c.own("holds a private key, which is not needed here. Give the certificate of the authority alone")})
	}
	switch {
	case found == nil && unread > 0:
		c.add("ca_cert", "holds a certificate that cannot be read. Copy it whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----")
	case found == nil:
		c.add("ca_cert", "holds no certificate. Give one or more in PEM (-----BEGIN CERTIFICATE-----), as base64 of that, or the name of such a file")
	case unread > 0:
		c.warn(problem.Problem{Input: "ca_cert", Text: fmt.Sprintf("has %d certificates that cannot be read and are left out. Copy them whole", unread)})
	}
	return found
}

// extraCertificates are those of a file that is there for all steps. As for
// Node.js, one that cannot be used is a warning.
func (c *checker) extraCertificates() []byte {
	name, _ := c.lookup(extraCACerts)
	if name == "" {
		return nil
	}
	text, err := c.env.ReadFile(name, maxCACert)
	found, _ := network.ReadCertificates(text)
	if err == nil && found == nil {
		err = errors.New("names a file that holds no certificate")
	}
	if err != nil {
		c.warn(problem.Problem{Input: extraCACerts, Text: oneLine(err) + ". It is left out"})
		return nil
	}
	c.notes = append(c.notes, "The certificates in the file of "+extraCACerts+" are trusted too.")
	return found
}
