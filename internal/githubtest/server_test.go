package githubtest_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

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

// header is that of a request as it should be.
func header() http.Header {
	return http.Header{
		"Accept": {"application/vnd.github.v3+json"}, "Authorization": {"Bearer " + githubtest.DefaultToken},
		"Content-Type": {"application/json"}, "User-Agent": {"vault-secret/1"}, "X-Github-Api-Version": {"2022-11-28"},
	}
}

// send sends a request with another header, and returns its status and what the
// server noted.
func send(t *testing.T, request, name, value string) (int, string) {
	t.Helper()
	n := &notes{TB: t}
	server := githubtest.New(n, githubtest.Options{})
	server.Add(githubtest.DefaultPullRequest, githubtest.DefaultLogin, "ours")
	server.Add(githubtest.DefaultPullRequest, "mallory", "another")
	for _, author := range []string{"", "mallory", ""} {
		server.AddIssue(githubtest.DefaultRepository, githubtest.Issue{Author: author})
	}
	server.DeleteIssue(githubtest.DefaultRepository, 10)
	server.AddSecret(githubtest.RepositorySecrets, githubtest.Secret{Name: "ONE"})
	server.AddSecret(githubtest.OrganizationSecrets, githubtest.Secret{Name: "ONE", Visibility: "selected", Repositories: []int{3}})
	server.AddSecret(githubtest.OrganizationSecrets, githubtest.Secret{Name: "ALL", Visibility: "all"})
	method, rest, _ := strings.Cut(request, " ")
	path, body, _ := strings.Cut(rest, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header()
	if name != "" {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	server.Close()
	return resp.StatusCode, strings.Join(n.errors, "; ")
}

// TestRequestsAreChecked runs testdata/requests.txtar, which explains its language.
func TestRequestsAreChecked(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/requests.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		var request, header, value string
		for line := range strings.Lines(strings.ReplaceAll(string(file.Data), "$long", strings.Repeat("x", 65537))) {
			word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			want, err := strconv.Atoi(word)
			switch {
			case word == "but":
				header, value, _ = strings.Cut(rest, ":")
			case err != nil:
				request = strings.TrimSpace(line)
			default:
				status, noted := send(t, request, header, strings.TrimSpace(value))
				if status != want || !strings.HasPrefix(noted, rest) || (rest == "") != (noted == "") {
					t.Errorf("%.100s but %s: status %d and the notes %q, want %q", request, header, status, noted, line)
				}
				header = ""
			}
		}
	}
}
