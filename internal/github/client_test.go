package github_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Which addresses are refused is up to network.ParseURL.
func TestAClientNeedsAnAddressATokenAndATransport(t *testing.T) {
	t.Parallel()
	const password = "hunter2"
	whole := github.Options{APIURL: "https://api.github.com", Token: secret.New("token"), Transport: http.DefaultTransport}
	for want, change := range map[string]func(*github.Options){
		"the address of GitHub's API must be a URL such as https://api.github.com":                                  func(o *github.Options) { o.APIURL = "api.github.com" },
		"the address of GitHub's API must have no user name, query or fragment":                                     func(o *github.Options) { o.APIURL = "https://bot:" + password + "@api.github.com" },
		"the address of GitHub's API must begin with https:// (plain http:// is for a server on this machine only)": func(o *github.Options) { o.APIURL = "http://" + password + ".example.com/api/v3" },
		"there is no token for GitHub":     func(o *github.Options) { o.Token = secret.New("") },
		"there is no transport for GitHub": func(o *github.Options) { o.Transport = nil },
	} {
		o := whole
		change(&o)
		if _, err := github.NewClient(o); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
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

func TestRequestsGoToTheAddressesOfEachKindOfGitHub(t *testing.T) {
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
		client := newClient(t, github.Options{APIURL: address, Token: secret.New("token"), Transport: v, Random: half, Now: time.Now})
		if err := client.Comment(t.Context(), cats7, github.Comment{Body: "text"}); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if d := gocmp.Diff([]string{"GET " + want[0], "POST " + want[1]}, v.urls); d != "" {
			t.Errorf("%s (-want +got):\n%s", address, d)
		}
	}
}
