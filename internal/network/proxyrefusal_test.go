package network_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"

	"github.com/nairi-community/vault-secret/internal/network"
)

// socks is a SOCKS proxy that says these bytes, one text for each that a client
// says, and then no more.
func socks(t *testing.T, says ...string) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			for _, text := range says {
				if _, err := conn.Read(make([]byte, 1024)); err != nil {
					break
				}
				_, _ = io.WriteString(conn, text)
			}
			_ = conn.Close()
		}
	}()
	return &url.URL{Scheme: "socks5", Host: listener.Addr().String()}
}

// A SOCKS proxy that refuses is told apart from a server that cannot be reached.
func TestWhatASOCKSProxyRefusesIsKnown(t *testing.T) {
	t.Parallel()
	const asks = "the proxy asks for a user name and a password"
	for name, tt := range map[string]struct {
		says   []string
		user   *url.Userinfo
		status int
		words  string
	}{
		"no way in without a name": {[]string{"\x05\xff"}, nil, 407, asks},
		"a wrong password": {
			[]string{"\x05\x02", "\x01\x01"}, url.UserPassword("user", "zq7stray"), 407,
			"the proxy does not accept the user name and password in its address",
		},
		"a host that is not allowed": {[]string{"\x05\x00", "\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"}, nil, 403, "the proxy refuses to connect to the server"},
		"a host that is not there":   {[]string{"\x05\x00", "\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00"}, nil, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := socks(t, tt.says...)
			proxy.User = tt.user
			transport := newTransport(t, network.Options{Proxy: http.ProxyURL(proxy)})
			err := send(t, transport, "https://api.nairi.test", "text")
			var refusal *network.ProxyRefusal
			if found := errors.As(err, &refusal); found != (tt.words != "") || found && (refusal.Status != tt.status || refusal.Error() != tt.words) {
				t.Errorf("got %v", err)
			}
		})
	}
}
