package github_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	const password = "hunter2"
	for _, test := range []struct{ address, token, want string }{
		{"", "token", "must be a URL"},
		{"api.github.com", "token", "must be a URL"},
		{"https://", "token", "must be a URL"},
		{"https://:443", "token", "must be a URL"},
		{"https://bot:" + password + "@api.github.com", "token", "no user name"},
		{"https://api.github.com?" + password, "token", "no user name, query"},
		{"https://api.github.com/#" + password, "token", "no user name, query or fragment"},
		{"http://" + password + ".example.com/api/v3", "token", "https://"},
		{"ftp://localhost", "token", "https://"},
		{"https://api.github.com\n" + password, "token", "must be a URL"},
		{"https://api.github.com", "", "there is no token"},
	} {
		_, err := github.NewClient(github.Options{APIURL: test.address, Token: secret.New(test.token), Transport: http.DefaultTransport})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", test.want, err, test.want)
		} else if strings.Contains(err.Error(), password) {
			t.Errorf("%s: the error repeats the address", test.want)
		}
	}
	if _, err := github.NewClient(github.Options{APIURL: "https://api.github.com", Token: secret.New("token")}); err == nil {
		t.Error("a client without a transport was made")
	}
}

// visited notes where requests go. Its only comment makes the client ask whose
// token it is.
type visited struct {
	comment string
	urls    []string
}

// RoundTrip implements http.RoundTripper.
func (v *visited) RoundTrip(r *http.Request) (*http.Response, error) {
	v.urls = append(v.urls, r.Method+" "+r.URL.String())
	body := `{"data":{"viewer":{"login":"alice"}}}`
	if r.Method == http.MethodGet {
		comment, err := json.Marshal(v.comment)
		if err != nil {
			return nil, err
		}
		body = `[{"id":1,"user":{"login":"Alice"},"body":` + string(comment) + "}]"
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	const comments = "/repos/octo/cats/issues/7/comments?page=1&per_page=100"
	for address, want := range map[string][2]string{
		"https://api.github.com":          {"https://api.github.com" + comments, "https://api.github.com/graphql"},
		"https://api.github.com/":         {"https://api.github.com" + comments, "https://api.github.com/graphql"},
		"https://api.octo.ghe.com":        {"https://api.octo.ghe.com" + comments, "https://api.octo.ghe.com/graphql"},
		"https://ghe.example.com/api/v3":  {"https://ghe.example.com/api/v3" + comments, "https://ghe.example.com/api/graphql"},
		"https://ghe.example.com/api/v3/": {"https://ghe.example.com/api/v3" + comments, "https://ghe.example.com/api/graphql"},
		"http://localhost:3000/api/v3":    {"http://localhost:3000/api/v3" + comments, "http://localhost:3000/api/graphql"},
		"http://[::1]:3000":               {"http://[::1]:3000" + comments, "http://[::1]:3000/graphql"},
	} {
		v := &visited{comment: ours(t, "text")}
		client := newClient(t, github.Options{APIURL: address, Token: secret.New("token"), Transport: v})
		if err := client.Comment(t.Context(), cats7, github.Comment{Body: "text"}); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if d := gocmp.Diff([]string{"GET " + want[0], "POST " + want[1]}, v.urls); d != "" {
			t.Errorf("%s (-want +got):\n%s", address, d)
		}
	}
}
