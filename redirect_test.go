package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// stranger is a host that a redirect leads to. It counts what comes.
type stranger struct {
	listener           net.Listener
	connections, bytes atomic.Int64
}

func startStranger(t *testing.T) *stranger {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, ended := &stranger{listener: listener}, make(chan struct{})
	go func() { defer close(ended); s.accept() }()
	t.Cleanup(func() { _ = listener.Close(); <-ended })
	return s
}

func (s *stranger) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.connections.Add(1)
		n, _ := conn.Read(make([]byte, 1<<10))
		s.bytes.Add(int64(n))
		_ = conn.Close()
	}
}

// at is the stranger's URL; localhost is another host than 127.0.0.1.
func (s *stranger) at(scheme, host string) string {
	_, port, _ := strings.Cut(s.listener.Addr().String(), ":")
	return scheme + "://" + host + ":" + port
}

// ways are where redirects lead from and to.
var ways = map[string]struct {
	secure       bool // the server that redirects
	scheme, host string
}{
	"to another port": {false, "http", "127.0.0.1"},
	"to plain text":   {true, "http", "127.0.0.1"},
	"to another host": {true, "https", "localhost"},
	"from plain text": {false, "https", "127.0.0.1"},
}

// redirected are steps and which of their requests is redirected.
var redirected = map[nairitest.Kind]struct {
	with   inputs
	writes bool
}{
	nairitest.KindLook:   {steps["set by ID"].with, false},
	nairitest.KindList:   {steps["set by name"].with, false},
	nairitest.KindCreate: {steps["create"].with, true},
	nairitest.KindUpdate: {steps["set by ID"].with, true},
	nairitest.KindDelete: {steps["delete"].with, true},
}

// No redirect takes the key or the value anywhere.
func TestRedirects(t *testing.T) {
	t.Parallel()
	type redirect struct {
		way, kind string
		status    int
	}
	all := map[string]redirect{}
	for way := range ways {
		for kind := range redirected {
			for _, status := range []int{300, 301, 302, 303, 304, 305, 306, 307, 308} {
				all[fmt.Sprintf("%s %s, %d", kind, way, status)] = redirect{way, string(kind), status}
			}
		}
	}
	atOnce(t, all, func(t *testing.T, r redirect) {
		way, step := ways[r.way], redirected[nairitest.Kind(r.kind)]
		s := newStage(t)
		if way.secure {
			secure, ca := newSecureStage(t)
			s, secure.with["ca_cert"] = secure, ca
		}
		other := startStranger(t)
		s.breakAt(step.writes, func(w http.ResponseWriter, asked *http.Request) {
			w.Header().Set("Location", other.at(way.scheme, way.host)+asked.URL.RequestURI())
			w.WriteHeader(r.status)
		})
		got := s.start(step.with).wait()
		if connections, bytes := other.connections.Load(), other.bytes.Load(); connections+bytes != 0 {
			t.Errorf("%d bytes came over %d connections", bytes, connections)
		}
		s.stays(got, step.writes)
	})
}

// stays checks that a step ended at a redirect: a look that got one has failed,
// and what became of a write is not known.
func (s *stage) stays(got ended, writes bool) {
	s.t.Helper()
	code, result := report.ExitFailed, "failed"
	if writes {
		code, result = report.ExitUnknown, "unknown"
	}
	if got.code != code || got.outputs["result"] != result || !strings.Contains(got.log, ", not followed") {
		s.t.Errorf("exit code %d, result %s; want %d, %s: %s", got.code, got.outputs["result"], code, result, got.log)
	}
	if len(s.History()) > 0 {
		s.t.Error("something was written")
	}
}
