package githubtest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// What a Server begins with.
const (
	DefaultToken       = "ghs_0123456789abcdefTESTghs"
	DefaultLogin       = "github-actions[bot]"
	DefaultPullRequest = "octo/cats#7"
)

// Options is how a Server begins. The zero value is github.com.
type Options struct {
	// Enterprise serves the API below /api, as GitHub Enterprise Server does.
	Enterprise bool
}

// Comment is one that is there.
type Comment struct {
	ID     int64
	Author string
	Body   string
}

// Server is an emulator that listens on 127.0.0.1 for the length of a test. It
// is safe for concurrent use.
type Server struct {
	URL string // of the REST API, as in GITHUB_API_URL

	t      testing.TB
	http   *httptest.Server
	prefix string // of the REST API's paths

	mutex    sync.Mutex
	token    string
	login    string
	lastID   int64
	comments map[string][]Comment // by pull request, oldest first
	faults   []*Fault
	requests []string
}

// New serves DefaultPullRequest, without a comment, until the test ends. It
// accepts DefaultToken, which is that of DefaultLogin.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{
		t: t, token: DefaultToken, login: DefaultLogin,
		comments: map[string][]Comment{DefaultPullRequest: nil},
	}
	graphql := "/graphql"
	if o.Enterprise {
		s.prefix, graphql = "/api/v3", "/api/graphql"
	}
	s.http = httptest.NewServer(s.routes(graphql))
	s.URL = s.http.URL + s.prefix
	t.Cleanup(s.Close)
	return s
}

// Close cuts every connection and stops listening.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// SetToken changes the one token that is accepted, and whose it is.
func (s *Server) SetToken(token, login string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.token, s.login = token, login
}

// Add puts a comment there, and returns its ID.
func (s *Server) Add(pr, author, body string) int64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.add(pr, author, body).ID
}

// add is Add for who holds the mutex.
func (s *Server) add(pr, author, body string) Comment {
	s.lastID++
	comment := Comment{ID: s.lastID, Author: author, Body: body}
	s.comments[pr] = append(s.comments[pr], comment)
	return comment
}

// Comments returns those of a pull request, oldest first.
func (s *Server) Comments(pr string) []Comment {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.comments[pr])
}

// Requests returns what was asked for, as in list, create, edit or viewer, in
// the order in which it came.
func (s *Server) Requests() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.requests)
}

// routes are the endpoints that are emulated; any other request is a mistake.
func (s *Server) routes(graphql string) http.Handler {
	mux := http.NewServeMux()
	comments := s.prefix + "/repos/{owner}/{repo}/issues/{number}/comments"
	mux.Handle("GET "+comments, s.endpoint("list", s.list))
	mux.Handle("POST "+comments, s.endpoint("create", s.create))
	mux.Handle("PATCH "+s.prefix+"/repos/{owner}/{repo}/issues/comments/{id}", s.endpoint("edit", s.edit))
	mux.Handle("POST "+graphql, s.endpoint("viewer", s.viewer))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.t.Errorf("a request that nothing should make: %s %s", r.Method, r.URL)
		refuse(w, http.StatusNotFound, "Not Found")
	})
	return mux
}
