package githubtest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// endpoint is what all requests have in common: they are checked and counted,
// and faults strike them.
func (s *Server) endpoint(name string, answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went away
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.checkHeader(name, r.Header, len(body) > 0)
		fault := s.arrived(name)
		if fault == nil {
			s.authorized(w, r, answer)
			return
		}
		if fault.Late {
			s.authorized(&discard{header: http.Header{}}, r, answer)
		}
		fault.Answer(w, r)
	})
}

// checkHeader fails the test for a header that GitHub asks for and does not get.
func (s *Server) checkHeader(name string, header http.Header, body bool) {
	if got := header.Get("X-GitHub-Api-Version"); got != "2022-11-28" {
		s.t.Errorf("%s: X-GitHub-Api-Version is %q", name, got)
	}
	if got := header.Get("Accept"); !strings.HasPrefix(got, "application/vnd.github.") {
		s.t.Errorf("%s: Accept is %q", name, got)
	}
	if got := header.Get("User-Agent"); !strings.HasPrefix(got, "vault-secret/") {
		s.t.Errorf("%s: User-Agent is %q", name, got)
	}
	if !strings.HasPrefix(header.Get("Authorization"), "Bearer ") {
		s.t.Errorf("%s: there is no bearer token", name)
	}
	if got := header.Get("Content-Type"); body && got != "application/json" {
		s.t.Errorf("%s: Content-Type is %q", name, got)
	}
}

// arrived counts a request, and returns the fault that strikes it, if one does.
func (s *Server) arrived(name string) *Fault {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.requests = append(s.requests, name)
	for i, fault := range s.faults {
		if !fault.strikes(name) {
			continue
		}
		if fault.Times--; fault.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return fault
	}
	return nil
}

// authorized answers a request that has the token, with the state locked.
func (s *Server) authorized(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+s.token {
		refuse(w, http.StatusUnauthorized, "Bad credentials")
		return
	}
	answer(w, r)
}

// only reads the body of a request, a JSON object with one text and nothing
// else, and fails the test for any other.
func (s *Server) only(r *http.Request, key string) string {
	var body map[string]string
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		s.t.Errorf("%s %s: the body is no JSON object of texts", r.Method, r.URL.Path)
		return ""
	}
	if keys := slices.Sorted(maps.Keys(body)); !slices.Equal(keys, []string{key}) {
		s.t.Errorf("%s %s: the body has the keys %q, want %q", r.Method, r.URL.Path, keys, key)
	}
	return body[key]
}

// discard is where the answer of a late fault goes.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
