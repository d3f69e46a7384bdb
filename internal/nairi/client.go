package nairi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Limits of one request.
const (
	// defaultTimeout is for one request with its answer.
	defaultTimeout = 30 * time.Second
	// maxAnswer is how much is read of an answer that is no list, and maxRefusal of
	// one that is none either: the API's texts are a line.
	maxAnswer  = 1 << 20
	maxRefusal = 64 << 10
)

// Options is what a Client is made of.
type Options struct {
	BaseURL *url.URL     // from ParseBaseURL
	Key     secret.Value // the public API key
	Version string       // of this program, for the User-Agent
	// Timeout is for one request with its answer; zero means 30 seconds.
	Timeout time.Duration
	// Abandon is closed when requests in flight are to be given up. A cancelled
	// context then only keeps new ones from being sent, so that the fate of a
	// write is still learnt. Nil means that the context ends them at once.
	Abandon <-chan struct{}
	// Notify is told of each request that will be sent again; nil for nobody.
	Notify func(network.Retry)
	// Random returns the next number in [0, 1), for the pauses between attempts.
	// Required.
	Random func() float64
	// Now returns the time, by the clock of contexts' deadlines. Required.
	Now func() time.Time
	// Redact takes the secrets out of a server's text before it is cut: a cut
	// could leave half a secret that no redactor knows any more. Required.
	Redact func(string) string
	// Transport carries the requests. Required.
	Transport http.RoundTripper
}

// Client talks to the API. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	key       secret.Value
	agent     string
	timeout   time.Duration
	abandon   <-chan struct{}
	now       func() time.Time
	redact    func(string) string
	transport http.RoundTripper
	policy    network.Policy
	connected *connection
}

// NewClient makes a Client that follows no redirect: it hands its requests to
// the transport, without an http.Client between. That would resend the body of a
// 307 or 308, the secret, to whatever host the answer names, would turn a
// redirected DELETE into a GET that "succeeds", and fails with the text of a
// Location that is no URL.
func NewClient(o Options) *Client {
	policy := retries
	policy.Gate, policy.Notify, policy.Random, policy.Now = new(network.Gate), o.Notify, o.Random, o.Now
	return &Client{
		base:      o.BaseURL,
		key:       o.Key,
		agent:     "vault-secret/" + o.Version,
		timeout:   cmp.Or(o.Timeout, defaultTimeout),
		abandon:   o.Abandon,
		now:       o.Now,
		redact:    o.Redact,
		transport: o.Transport,
		policy:    policy,
		connected: newConnection(),
	}
}

// request is one call of the API, before it is sent.
type request struct {
	method string
	url    *url.URL
	vault  VaultID
	secret SecretID // the secret that is addressed, if one is
	name   string   // of the secret that is created
	body   any      // nil for none
	writes bool     // the server changes something when it is carried out
	// look is asked before a create is sent again that may have been carried out.
	look   func(context.Context) error
	status int // of the answer, once there is one
}

// onVault makes a call about a vault's secrets as a whole.
func (c *Client) onVault(method string, vault VaultID) *request {
	return &request{method: method, vault: vault, url: c.base.JoinPath("vaults", url.PathEscape(string(vault)), "secrets")}
}

// onSecret makes a call about one secret of a vault.
func (c *Client) onSecret(method string, vault VaultID, id SecretID) *request {
	req := c.onVault(method, vault)
	req.url = req.url.JoinPath(url.PathEscape(string(id)))
	req.secret = id
	return req
}

// do is the one path of every request: it sends until there is an answer or no
// more hope of one, and decodes the answer into out (nil for an answer without a
// body). It returns the answer's Date, and none if an attempt before may have been
// carried out: that was at another time.
func (c *Client) do(ctx context.Context, req *request, out any) (time.Time, error) {
	var date time.Time
	t := &trial{request: req, now: c.now}
	err := c.policy.Do(ctx, func() *network.Failure {
		if unsettled := t.unsettled(ctx); unsettled != nil {
			return unsettled
		}
		var e *Error
		date, e = c.once(ctx, req, out)
		return t.failed(ctx, e)
	})
	if t.unknown {
		date = time.Time{}
	}
	return date, t.outcome(err)
}

// once sends a request one time, reads the answer within the limits, and turns
// anything but the expected answer into an Error.
func (c *Client) once(ctx context.Context, req *request, out any) (time.Time, *Error) {
	req.status = 0
	if err := ctx.Err(); err != nil {
		return time.Time{}, req.broken(err, false, c.redact)
	}
	ctx, cancel := network.Flight(ctx, c.now().Add(c.timeout), c.abandon)
	defer cancel()
	sent := c.now()
	resp, e := c.send(ctx, req)
	if e != nil {
		return time.Time{}, c.timed(e, sent)
	}
	defer func() { _ = resp.Body.Close() }()
	req.status = resp.StatusCode
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		body, _ := readAnswer(resp.Body, maxRefusal)
		return time.Time{}, req.refused(resp.Header, body, c.now(), c.redact)
	case req.method != http.MethodGet && isStored(resp.Header, c.now().Sub(sent)):
		return time.Time{}, req.unexpected(storedAnswer)
	}
	var unexpected problem
	switch err := req.read(resp.Body, out); {
	case errors.As(err, &unexpected):
		e := req.unexpected(string(unexpected))
		e.page = errors.Is(err, errPage)
		return time.Time{}, e
	case err != nil:
		// At the end of a context net/http closes the connection, and the error of a
		// read may be that one.
		return time.Time{}, c.timed(req.broken(cmp.Or(ctx.Err(), err), true, c.redact), sent)
	}
	return dateOf(resp.Header), nil
}

// timed says of a request that was waited for as long as may be how long that was. One that
// the end of the run ended was not.
func (c *Client) timed(e *Error, since time.Time) *Error {
	if e.Kind == Timeout && c.now().Sub(since) >= c.timeout {
		e.Problem = strings.TrimSuffix(e.Problem, " in time") + " within " + network.InWords(c.timeout) + " (request_timeout)"
	}
	return e
}

// dateOf is the Date of an answer; zero if there is none, or several.
func dateOf(header http.Header) time.Time {
	if len(header.Values("Date")) > 1 {
		return time.Time{}
	}
	date, _ := http.ParseTime(header.Get("Date"))
	return date
}

// storedAnswer is the error for an answer that belongs to another request.
const storedAnswer = "the answer is older than the request: a cache between this runner and the server had stored it"

// isStored reports whether an answer is older than its request. A cache must send
// whatever may write on to the server (RFC 9111, section 4). One that does not gives
// its answer an Age all the same; others may count the time since the request.
func isStored(header http.Header, took time.Duration) bool {
	age, err := strconv.Atoi(header.Get("Age"))
	return err == nil && age > int((took+ageSlack)/time.Second)
}

// ageSlack is how far an Age may be rounded up on the way.
const ageSlack = 2 * time.Second

// read reads the body of a success into out.
func (r *request) read(answer io.Reader, out any) error {
	if r.status == http.StatusAccepted {
		return problem("the server only accepted the request, which does not say that it is done")
	}
	if l, ok := out.(*listing); ok {
		var err error
		if answer, err = l.read(answer); answer == nil {
			return err
		}
	}
	body, err := readAnswer(answer, maxAnswer)
	if err != nil {
		return err
	}
	return decode(body, out)
}

// problem is the error for an answer that arrived and is not the documented one.
type problem string

func (p problem) Error() string { return string(p) }

// decode reads an answer into out. Where none is asked for, one that is there must
// still be JSON: a proxy's log-in page is no deleted secret.
func decode(body []byte, out any) error {
	if out == nil && len(body) == 0 {
		return nil
	}
	if _, ok := errorText(body); ok {
		return problem("an error with the status of a success")
	}
	if out == nil {
		out = new(any)
	}
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(body, out); {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: %w", errUndocumented, errPage)
	case err != nil:
		return errUndocumented
	}
	return nil
}

// errPage is the error beside that for an answer which is no JSON at all.
var errPage = errors.New("no JSON")

// send puts a request on the wire.
func (c *Client) send(ctx context.Context, req *request) (*http.Response, *Error) {
	var sent atomic.Bool
	r, err := c.build(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true); c.connected.open() },
	}), req)
	if err != nil {
		return nil, req.broken(err, false, c.redact)
	}
	resp, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, req.broken(err, sent.Load(), c.redact)
	}
	return resp, nil
}

func (c *Client) build(ctx context.Context, req *request) (*http.Request, error) {
	var body io.Reader
	if req.body != nil {
		text, _ := json.Marshal(req.body) // texts and lists of texts
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, req.method, req.url.String(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.key.Reveal())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.agent)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// tooLong is the error for an answer of which there is more than is read.
func tooLong() problem {
	return problem(fmt.Sprintf("the answer is longer than %d MiB", maxAnswer>>20))
}

func readAnswer(body io.Reader, longest int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(body, longest+1))
	if err == nil && int64(len(text)) > longest {
		err = tooLong()
	}
	return text, err
}
