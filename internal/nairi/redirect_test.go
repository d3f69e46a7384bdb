package nairi_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// stranger is a host that a redirect points to; it counts who connects.
func stranger(t *testing.T) (address string, connections *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	connections = new(atomic.Int32)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	return listener.Addr().String(), connections
}

var redirects = []int{300, 301, 302, 303, 304, 305, 307, 308}

func TestNoRedirectToAnotherHostIsFollowed(t *testing.T) {
	for _, status := range redirects {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				address, connections := stranger(t)
				url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Location", "http://user:"+value+"@"+address+"/"+key+"?q="+value+"#"+value)
					answering(status, "")(w, nil)
				})
				wantError(t, c, failure(t.Context(), t, c, newClient(t, url)), nairi.Error{
					Kind: nairi.Refused, Status: status, Problem: "something other than Nairi's API answered: a redirect to http://" + address + ", which is never followed", Foreign: true, OutcomeUnknown: true,
				})
				if n := connections.Load(); n != 0 {
					t.Errorf("the other host was connected to %d times", n)
				}
			})
		})
	}
}

func TestNoRedirectOnTheSameHostIsFollowed(t *testing.T) {
	for _, status := range redirects {
		for _, location := range []string{"/elsewhere", "?again", "elsewhere/" + value} {
			t.Run(fmt.Sprint(status, " ", strings.TrimSuffix(location, value)), func(t *testing.T) {
				forEachCall(t, func(t *testing.T, c call) {
					var requests atomic.Int32
					url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
						requests.Add(1)
						w.Header().Set("Location", location)
						answering(status, "")(w, nil)
					})
					wantError(t, c, failure(t.Context(), t, c, newClient(t, url)), nairi.Error{
						Kind: nairi.Refused, Status: status, Problem: "something other than Nairi's API answered: a redirect to another path, which is never followed", Foreign: true, OutcomeUnknown: true,
					})
					if n := requests.Load(); n != 1 {
						t.Errorf("%d requests, want 1", n)
					}
				})
			})
		}
	}
}

func TestRedirectsAreToldWithoutTheirPath(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1000)
	for location, want := range map[string]string{
		"":                            "something other than Nairi's API answered: a redirect to another path, which is never followed",
		"%zz":                         "something other than Nairi's API answered: a redirect to another path, which is never followed",
		"//other.example.com/" + long: "something other than Nairi's API answered: a redirect to //other.example.com, which is never followed",
		"https://other.example.com:8443/login?next=" + long: "something other than Nairi's API answered: a redirect to https://other.example.com:8443, which is never followed",
		"https://" + value + ".example.com/":                "something other than Nairi's API answered: a redirect to https://***.example.com, which is never followed",
		"https://\u202e.example.com/":                       "something other than Nairi's API answered: a redirect to https://%E2%80%AE.example.com, which is never followed",
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			answering(http.StatusFound, `{"error":"see elsewhere"}`)(w, nil)
		})
		got := failure(t.Context(), t, calls[0], newClient(t, url))
		if got.Problem != want || got.Message != "" {
			t.Errorf("%.40q: problem %q, message %q; want %q", location, got.Problem, got.Message, want)
		}
	}
}
