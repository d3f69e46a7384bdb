package github

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// defaultTimeout is for one request with its answer.
const defaultTimeout = 30 * time.Second

// Options is what a Client is made of.
type Options struct {
	// APIURL is GITHUB_API_URL: https://api.github.com, or of a GitHub
	// Enterprise Server https://host/api/v3.
	APIURL    string
	Token     secret.Value      // whose comments are ours
	Transport http.RoundTripper // the network; required
	// Timeout is for one request with its answer; zero means 30 seconds.
	Timeout time.Duration
	Version string // of this program, for the User-Agent
	// Sleep waits between attempts, and returns an error if the context ends
	// before; nil means the real clock.
	Sleep func(context.Context, time.Duration) error
}

// Client comments on pull requests. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	graphql string
	agent   string
	timeout time.Duration
	http    *http.Client
	sleep   func(context.Context, time.Duration) error

	mutex sync.Mutex
	login string // whose token it is, once that is known
}

// NewClient makes a Client.
func NewClient(o Options) (*Client, error) {
	base, err := parseAPIURL(o.APIURL)
	switch {
	case err != nil:
		return nil, err
	case o.Token.Reveal() == "":
		return nil, errors.New("there is no token for GitHub")
	case o.Transport == nil:
		return nil, errors.New("there is no transport for GitHub")
	}
	c := &Client{
		base:    base.JoinPath("/"),
		graphql: graphqlURL(base),
		agent:   "vault-secret/" + o.Version,
		timeout: cmp.Or(o.Timeout, defaultTimeout),
		http:    &http.Client{Transport: &wire{token: o.Token, next: o.Transport}},
		sleep:   o.Sleep,
	}
	if c.sleep == nil {
		c.sleep = sleep
	}
	return c, nil
}

// parseAPIURL checks the address of the API. Plain http is for loopback alone:
// the token travels in every request. The error never repeats text, which may
// hold a password.
func parseAPIURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, errors.New("the address of GitHub's API must be a URL such as https://api.github.com")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
		return nil, errors.New("the address of GitHub's API must have no user name, query or fragment")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, errors.New("the address of GitHub's API must begin with https://")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// graphqlURL is beside the REST API: https://api.github.com/graphql, and of a
// GitHub Enterprise Server https://host/api/graphql for https://host/api/v3
// (https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql).
func graphqlURL(base *url.URL) string {
	u := *base
	u.Path = strings.TrimSuffix(u.Path, "/v3")
	return u.JoinPath("graphql").String()
}

// call is a request by go-github.
type call func(context.Context, *gogithub.Client) (*gogithub.Response, error)

// do is the one path of every request.
//
// The go-github client is made for the one request: one that is kept would
// remember limits from the answers and refuse the next request by itself, by
// the real clock and with a made-up answer. What is tried again is for retry to
// say. The time is the context's and not http.Client's, since go-github leaves
// the body of an error open, and http.Client a timer with it.
func (c *Client) do(ctx context.Context, attempt string, call call) (*gogithub.Response, error) {
	flight, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	api := gogithub.NewClient(c.http)
	api.BaseURL, api.UserAgent = c.base, c.agent
	resp, err := call(flight, api)
	return resp, failure(ctx, attempt, resp, err)
}
