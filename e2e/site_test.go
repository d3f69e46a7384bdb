package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// site is what the tests of the image share: the image, and a private network
// from which nothing but this machine can be reached.
type site struct {
	engine
	image, base string
	network     string
	address     string // of this machine in the network
	certificate tls.Certificate
}

// apiHost is what the containers call this machine.
const apiHost = "vault.example.com"

func newSite(t *testing.T) site {
	t.Helper()
	s := site{engine: newEngine(t)}
	s.network, s.address = s.privateNetwork(t)
	listen(t, s.address)
	certificate, ca, err := selfSigned(apiHost, net.ParseIP(s.address))
	if err != nil {
		t.Fatal(err)
	}
	s.certificate = certificate
	s.image, s.base = s.build(t, ca)
	s.checkReach(t)
	return s
}

// listen skips the test where the network does not end on this machine, as with
// an engine in a virtual machine of its own.
func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Skipf("the Docker engine has its networks elsewhere: the image is not tested: %v", err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// checkReach skips the test where a firewall of this machine keeps containers
// out.
func (s site) checkReach(t *testing.T) {
	t.Helper()
	host, port, err := net.SplitHostPort(listen(t, s.address).Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("docker", "run", "--rm", "--network="+s.network, s.base,
		"/bin/bash", "-c", "exec 3<>/dev/tcp/"+host+"/"+port).Run(); err != nil {
		t.Skipf("containers do not reach this machine, perhaps for a firewall: the image is not tested: %v", err)
	}
}

// newVault is an emulator with one vault, for containers: over TLS, with a
// certificate that the image trusts. The emulator's own is for loopback alone.
func (s site) newVault(t *testing.T) vault {
	t.Helper()
	emulator := nairitest.New(nairitest.Options{})
	server := httptest.NewUnstartedServer(emulator)
	_ = server.Listener.Close()
	server.Listener = listen(t, s.address)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{s.certificate}, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that a container breaks off
	server.StartTLS()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return vault{&nairitest.Server{
		Emulator: emulator, BaseURL: server.URL,
		Key: emulator.Options().Key, VaultID: emulator.AddVault("default"),
	}}
}

// byName is the address of a vault with the name of its host.
func (s site) byName(t *testing.T, v vault) string {
	t.Helper()
	_, port, err := net.SplitHostPort(v.BaseURL[len("https://"):])
	if err != nil {
		t.Fatal(err)
	}
	return "https://" + net.JoinHostPort(apiHost, port)
}

// onNetwork are options of docker run that lead to the vaults.
func (s site) onNetwork() []string {
	return []string{"--network=" + s.network, "--add-host=" + apiHost + ":" + s.address}
}

// selfSigned is a certificate for a name and an address, which is its own
// authority, and that as PEM.
func selfSigned(name string, address net.IP) (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name}, // OpenSSL finds an issuer by its name alone
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{address},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, ca, err
}
