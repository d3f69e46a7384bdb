package githubtest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// What a Server begins with.
const (
	DefaultToken       = "ghs_0123456789abcdefTESTghs"
	DefaultLogin       = "github-actions[bot]"
	DefaultPullRequest = "octo/cats#7"
	DefaultHead        = "9f2c1d4e8b7a6f5d4c3b2a1908f7e6d5c4b3a291"
)

// Options is how a Server begins. The zero value is github.com.
type Options struct {
	// Enterprise serves the API below /api, as GitHub Enterprise Server does.
	Enterprise bool
	// Gitea serves the API as Gitea 1.26.0 does.
	Gitea bool
}

// Comment is one that is there.
type Comment struct {
	ID       int64
	Author   string
	AuthorID int64 // 0 where the API does not tell it
	Body     string
}

// Server is an emulator that listens on 127.0.0.1 for the length of a test. It
// is safe for concurrent use.
type Server struct {
	URL     string // of the REST API, as in GITHUB_API_URL
	PageURL string // of the pages, as in GITHUB_SERVER_URL

	t      testing.TB
	http   *httptest.Server
	prefix string // of the REST API's paths
	gitea  bool

	mutex      sync.Mutex
	token      string
	login      string
	loginID    int64
	head       string // of every pull request
	merged     string // the commit as which DefaultPullRequest was merged
	lastID     int64
	comments   map[string][]Comment // by pull request or issue, oldest first
	issues     map[string][]*Issue  // by repository, oldest first
	off        map[string]bool      // the repositories that have issues turned off
	lag        time.Duration
	lastNumber int
	faults     []*Fault
	requests   []string
	places     map[string]*place
	clock      func() time.Time // when a secret is written
}

// New serves DefaultPullRequest, without a comment, until the test ends. It
// accepts DefaultToken, which is that of DefaultLogin.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{
		t: t, token: DefaultToken, login: DefaultLogin, head: DefaultHead,
		comments: map[string][]Comment{DefaultPullRequest: nil}, issues: map[string][]*Issue{}, off: map[string]bool{}, lastNumber: 7,
		places: map[string]*place{}, clock: time.Now,
	}
	for _, name := range Places {
		s.addPlace(name)
	}
	graphql := "/graphql"
	switch {
	case o.Enterprise:
		s.prefix, graphql = "/api/v3", "/api/graphql"
	case o.Gitea:
		s.prefix, graphql = "/api/v1", "/api/v1/graphql"
		s.gitea, s.login, s.loginID = true, GiteaLogin, giteaID
	}
	s.http = httptest.NewServer(s.routes(graphql))
	s.URL, s.PageURL = s.http.URL+s.prefix, s.http.URL
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
	s.token, s.login, s.loginID = token, login, 0
}

// Push moves the head of every pull request.
func (s *Server) Push(commit string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.head = commit
}

// Merge says as which commit DefaultPullRequest was merged.
func (s *Server) Merge(commit string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.merged = commit
}

// Add puts a comment there, and returns its ID.
func (s *Server) Add(pr, author, body string) int64 {
	return s.AddBy(pr, author, 0, body)
}

// AddBy is Add for an author of whom the number is known.
func (s *Server) AddBy(pr, author string, id int64, body string) int64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.add(pr, author, id, body).ID
}

// add is AddBy for who holds the mutex.
func (s *Server) add(pr, author string, id int64, body string) Comment {
	s.lastID++
	comment := Comment{ID: s.lastID, Author: author, AuthorID: id, Body: body}
	s.comments[pr] = append(s.comments[pr], comment)
	return comment
}

// Comments returns those of a pull request, oldest first.
func (s *Server) Comments(pr string) []Comment {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.comments[pr])
}

// Requests returns what was asked for, as in list, pull, merged, create, edit, delete,
// issues, open, change, viewer or user, in the order in which it came. Of secrets it says
// the place too, as in key org:octo or secrets org:octo, and the name, as in
// write org:octo TOKEN, secret org:octo TOKEN or selected org:octo TOKEN.
func (s *Server) Requests() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.requests)
}

// routes are the endpoints that are emulated; any other request is a mistake.
func (s *Server) routes(graphql string) http.Handler {
	mux := http.NewServeMux()
	repository := s.prefix + "/repos/{owner}/{repo}"
	comments, comment := repository+"/issues/{number}/comments", repository+"/issues/comments/{id}"
	mux.Handle("GET "+repository+"/pulls/{number}", s.endpoint("pull", s.pull))
	mux.Handle("GET "+repository+"/commits/{sha}/pulls", s.endpoint("merged", s.pullsOf))
	mux.Handle("GET "+repository+"/commits/{sha}/pull", s.endpoint("merged", s.pullOf))
	mux.Handle("GET "+comments, s.endpoint("list", s.list))
	mux.Handle("POST "+comments, s.endpoint("create", s.create))
	mux.Handle("PATCH "+comment, s.endpoint("edit", s.edit))
	mux.Handle("DELETE "+comment, s.endpoint("delete", s.remove))
	mux.Handle("GET "+repository+"/issues", s.endpoint("issues", s.listIssues))
	mux.Handle("POST "+repository+"/issues", s.endpoint("open", s.openIssue))
	mux.Handle("PATCH "+repository+"/issues/{number}", s.endpoint("change", s.changeIssue))
	mux.Handle("GET "+s.prefix+"/user", s.endpoint("user", s.user))
	s.secretRoutes(mux)
	mux.Handle("POST "+graphql, s.endpoint("viewer", s.viewer))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.t.Errorf("a request that nothing should make: %s %s", r.Method, r.URL)
		refuse(w, http.StatusNotFound, "Not Found")
	})
	return mux
}
