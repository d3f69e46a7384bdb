package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// defaultTimeout is for one request with its answer.
const defaultTimeout = 30 * time.Second

// retries is how a comment is repeated: it is worth a minute of a job. A longer
// wish of GitHub's is not cut but ends the attempts, since to come back early is
// what it bans integrations for. With full jitter the pauses are a second and two
// on average.
var retries = network.Policy{
	Attempts: 3,
	Base:     2 * time.Second,
	Cap:      4 * time.Second,
	Budget:   time.Minute,
}

// Options is what a Client is made of.
type Options struct {
	// APIURL is GITHUB_API_URL: https://api.github.com, or of a GitHub
	// Enterprise Server https://host/api/v3.
	APIURL string
	// ServerURL is GITHUB_SERVER_URL, where the pages are that links lead to;
	// without it there are no links.
	ServerURL string
	Token     secret.Value      // whose comments are ours
	Transport http.RoundTripper // the network; required
	// Timeout is for one request with its answer; zero means 30 seconds.
	Timeout time.Duration
	// Abandon is closed when requests in flight are to be given up. A cancelled context then
	// only keeps new ones from being sent. Nil means that the context ends them at once.
	Abandon <-chan struct{}
	Version string // of this program, for the User-Agent
	// Notify is told of each request about secrets that will be sent again; nil for
	// nobody. Comments and issues come last, and of what they wait for nobody is told.
	Notify func(network.Retry)
	// Random returns the next number in [0, 1), for the pauses between attempts.
	// Required.
	Random func() float64
	// Now returns the time, by the clock of contexts' deadlines. Required.
	Now func() time.Time
}

// Client makes requests of GitHub, one at a time.
type Client struct {
	base    *url.URL
	graphql string
	agent   string
	token   secret.Value
	timeout time.Duration
	wire    http.RoundTripper // to GitHub, with the token
	policy  network.Policy
	notify  func(network.Retry)
	abandon <-chan struct{}
	now     func() time.Time
	pages   *url.URL // nil for none
	self    author   // whose token it is
	asked   bool     // whether that is known, or is not going to be
}

// Host is that of an API by its APIURL; empty if that is no address.
func Host(address string) string {
	base, err := apiURL(address)
	if err != nil {
		return ""
	}
	return base.Hostname()
}

func apiURL(address string) (*url.URL, error) {
	return network.ParseURL(address, "https://api.github.com")
}

// NewClient makes a Client.
func NewClient(o Options) (*Client, error) {
	base, err := apiURL(o.APIURL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the address of GitHub's API %w", err)
	case o.Token.Reveal() == "":
		return nil, errors.New("there is no token for GitHub")
	case o.Transport == nil:
		return nil, errors.New("there is no transport for GitHub")
	}
	pages, err := network.ParseURL(o.ServerURL, "https://github.com")
	if err != nil {
		pages = nil
	}
	policy := retries
	policy.Random, policy.Now = o.Random, o.Now
	return &Client{
		base:    base.JoinPath("/"),
		graphql: graphqlURL(base),
		pages:   pages,
		agent:   "vault-secret/" + o.Version,
		token:   o.Token,
		timeout: cmp.Or(o.Timeout, defaultTimeout),
		wire:    &wire{token: o.Token, next: o.Transport},
		policy:  policy,
		notify:  o.Notify,
		abandon: o.Abandon,
		now:     o.Now,
	}, nil
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
// the real clock and with a made-up answer. What is tried again is for retries to
// say. The time is the context's and not http.Client's, since go-github leaves
// the body of an error open, and http.Client a timer with it.
func (c *Client) do(ctx context.Context, attempt string, call call) (*gogithub.Response, error) {
	if ctx.Err() != nil {
		return nil, c.failure(ctx, attempt, nil, ctx.Err())
	}
	flight, cancel := network.Flight(ctx, c.now().Add(c.timeout), c.abandon)
	defer cancel()
	api := gogithub.NewClient(&http.Client{Transport: c.wire})
	api.BaseURL, api.UserAgent = c.base, c.agent
	resp, err := call(flight, api)
	if flight.Err() == nil { // an answer that came says more than the end of the caller's time
		ctx = flight
	}
	return resp, c.failure(ctx, attempt, resp, err)
}
