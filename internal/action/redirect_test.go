package action

import (
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// redirect is a step one of whose requests is led elsewhere.
type redirect struct {
	with         inputs
	writes       bool
	secure       bool // the server that redirects
	scheme, host string
}

// No redirect takes the key or the value anywhere, whatever request gets it and
// wherever it leads: to another port, out of TLS, to another host, or into TLS.
func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	atOnce(t, map[nairitest.Kind]redirect{
		nairitest.KindLook:   {checked, false, false, "http", "127.0.0.1"},
		nairitest.KindList:   {steps["set by name"].with, false, true, "http", "127.0.0.1"},
		nairitest.KindCreate: {steps["create"].with, true, true, "https", "localhost"},
		nairitest.KindUpdate: {steps["set by ID"].with, true, false, "https", "127.0.0.1"},
		nairitest.KindDelete: {steps["delete"].with, true, false, "http", "127.0.0.1"},
	}, func(t *testing.T, r redirect) {
		s := newStage(t)
		if r.secure {
			secure, ca := newSecureStage(t)
			s, secure.with["ca_cert"] = secure, ca
		}
		var connections atomic.Int64
		stranger := listen(t, func(net.Conn) { connections.Add(1) })
		_, port, _ := strings.Cut(stranger, ":")
		s.breakAt(r.writes, func(w http.ResponseWriter, asked *http.Request) {
			w.Header().Set("Location", r.scheme+"://"+r.host+":"+port+asked.URL.RequestURI())
			w.WriteHeader(http.StatusTemporaryRedirect)
		})
		got := s.start(r.with).wait()
		code := problem.UnexpectedAnswer
		if r.writes {
			code = problem.UnknownState
		}
		got.fails(t, code)
		got.says(t, ", which is never followed")
		if connections.Load()+int64(len(s.History())) != 0 {
			t.Errorf("%d connections elsewhere, %d writes here", connections.Load(), len(s.History()))
		}
	})
}
