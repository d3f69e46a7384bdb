package githubtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// notes is a test that goes on when it has failed.
type notes struct {
	testing.TB
	errors []string
}

func (n *notes) Errorf(format string, args ...any) {
	n.errors = append(n.errors, fmt.Sprintf(format, args...))
}

// send sends a request of which everything is as it should be but for change,
// and returns its status and what the server noted.
func send(t *testing.T, request, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	n := &notes{TB: t}
	server := githubtest.New(n, githubtest.Options{})
	server.Add(githubtest.DefaultPullRequest, githubtest.DefaultLogin, "ours")
	server.Add(githubtest.DefaultPullRequest, "mallory", "another")
	method, path, _ := strings.Cut(request, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Accept": "application/vnd.github.v3+json", "Authorization": "Bearer " + githubtest.DefaultToken,
		"Content-Type": "application/json", "User-Agent": "vault-secret/1", "X-GitHub-Api-Version": "2022-11-28",
	} {
		r.Header.Set(name, value)
	}
	if change != nil {
		change(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	server.Close()
	return resp.StatusCode, strings.Join(n.errors, "; ")
}

func TestRequestsAreChecked(t *testing.T) {
	t.Parallel()
	const comments = "/repos/octo/cats/issues/7/comments"
	without := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = nil }
	}
	for _, test := range []struct {
		request, body string
		change        func(*http.Request)
		status        int
		want          string // the beginning of what is noted
	}{
		{request: "GET " + comments + "?page=1&per_page=100", status: 200},
		{request: "POST " + comments, body: `{"body":"text"}`, status: 201},
		{request: "PATCH /repos/octo/cats/issues/comments/1", body: `{"body":"text"}`, status: 200},
		{request: "POST /graphql", body: `{"query":"query{viewer{login}}"}`, status: 200},

		{request: "GET " + comments, status: 200, want: "list: the query is"},
		{request: "GET " + comments + "?page=1&per_page=100&sort=x", status: 200, want: "list: the query is"},
		{request: "POST " + comments, body: `{"body":"text","id":1}`, status: 422, want: "POST " + comments + ": the body is no"},
		{request: "POST " + comments, body: `{"text":"text"}`, status: 422, want: "POST " + comments + `: the body has the keys ["text"]`},
		{request: "POST " + comments, body: `{"body":"` + strings.Repeat("x", 65537) + `"}`, status: 422},
		{request: "POST /graphql", body: `{"query":"{viewer{email}}"}`, status: 200, want: "viewer: the question is"},
		{request: "PATCH /repos/octo/cats/issues/comments/2", body: `{"body":"text"}`, status: 403, want: `edit: the comment is by "mallory"`},
		{request: "PATCH /repos/octo/cats/issues/comments/3", body: `{"body":"text"}`, status: 404},
		{request: "PATCH /repos/octo/dogs/issues/comments/1", body: `{"body":"text"}`, status: 404},
		{request: "POST /repos/octo/cats/issues/8/comments", body: `{"body":"text"}`, status: 404},
		{request: "GET /user", status: 404, want: "a request that nothing should make: GET /user"},
		{request: "DELETE /repos/octo/cats/issues/comments/1", status: 404, want: "a request that nothing should make: DELETE"},

		{request: "POST " + comments, body: `{"body":"text"}`, change: without("Accept"), status: 201, want: "create: Accept"},
		{request: "POST " + comments, body: `{"body":"text"}`, change: without("User-Agent"), status: 201, want: "create: User-Agent"},
		{request: "POST " + comments, body: `{"body":"text"}`, change: without("Content-Type"), status: 201, want: "create: Content-Type"},
		{request: "POST " + comments, body: `{"body":"text"}`, change: without("X-Github-Api-Version"), status: 201, want: "create: X-GitHub-Api-Version"},
		{request: "POST " + comments, body: `{"body":"text"}`, change: without("Authorization"), status: 401, want: "create: there is no bearer token"},
		{request: "POST " + comments, body: `{"body":"text"}`, status: 401, change: func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer another")
		}},
	} {
		status, noted := send(t, test.request, test.body, test.change)
		if status != test.status || !strings.HasPrefix(noted, test.want) || (test.want == "") != (noted == "") {
			t.Errorf("%s: status %d and the notes %q, want %d and %q", test.request, status, noted, test.status, test.want)
		}
	}
}
