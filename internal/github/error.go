package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/network"
)

// Error is a request to GitHub that was not answered as documented.
type Error struct {
	Attempt string // what was attempted, as in: list the comments of octo/cats#7
	// Status is the HTTP status, or 0 if no answer came.
	Status  int
	Problem string // in our words; a server's are never repeated

	again   bool          // another attempt may succeed
	limited bool          // the server wants fewer requests
	wait    time.Duration // what the server asked for before another attempt
	unknown bool          // it would change something, and may have
	// signOn says that the token is not authorized for single sign-on
	// (https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso).
	signOn bool
	cause  error // of ours: the end of a context
}

// Error says what was attempted and what came of it, in one line.
func (e *Error) Error() string {
	return strings.TrimSuffix(e.Attempt+": "+e.Said(), ": ")
}

// Doing is what was attempted.
func (e *Error) Doing() string { return e.Attempt }

// Said is what came of it.
func (e *Error) Said() string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	if e.Problem != "" {
		parts = append(parts, e.Problem)
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives context.Canceled or context.DeadlineExceeded where one was the
// cause. Other causes may hold a server's text and stay inside.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the error is a mirror.ErrUnknown.
func (e *Error) Is(target error) bool { return e.unknown && target == mirror.ErrUnknown }

// note adds to what is said of the problem.
func (e *Error) note(text string) {
	if e.Problem != "" {
		text = e.Problem + "; " + text
	}
	e.Problem = text
}

// failure makes an Error of what go-github returned, and nil of a success.
func (c *Client) failure(ctx context.Context, attempt string, resp *gogithub.Response, err error) error {
	e := &Error{Attempt: attempt}
	switch {
	case err == nil:
		return nil
	case resp == nil || ctx.Err() != nil:
		e.unanswered(ctx, err)
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		e.Status = resp.StatusCode
		e.refused(resp.Response, err, c.now())
	default:
		e.Status = resp.StatusCode
		e.garbled(err)
	}
	return e
}

// unanswered is for a request that got no answer.
func (e *Error) unanswered(ctx context.Context, err error) {
	var timeout interface{ Timeout() bool }
	e.cause = ctx.Err()
	e.again = e.cause == nil
	switch {
	case errors.Is(e.cause, context.Canceled):
		e.Problem = "stopped, because the run was cancelled"
	case e.cause != nil || errors.As(err, &timeout) && timeout.Timeout():
		e.Problem = "no answer in time"
	default:
		e.Problem = "no answer"
	}
}

// needed is what a token lacks that may not comment. Of a pull request from a
// fork GitHub's own token only reads, whatever the job asks for.
const needed = "It needs the permission pull-requests: write"

// refused is for an answer that is no success.
func (e *Error) refused(resp *http.Response, err error, now time.Time) {
	wait, limited := limit(resp, err, now)
	e.signOn = strings.HasPrefix(resp.Header.Get("X-Github-Sso"), "required")
	switch {
	case e.Status < 400:
		e.Problem = "a redirect, which is never followed"
	case limited:
		e.again, e.limited, e.wait = true, true, wait
		e.Problem = "GitHub is receiving too many requests, and asks to wait " + network.InWords(wait)
	case e.Status == http.StatusNotFound:
		e.Problem = "not there, or the token may not see it. " + needed
	case e.Status == http.StatusForbidden:
		e.Problem = "the token may not do this. " + needed
	case e.Status == http.StatusUnauthorized:
		e.Problem = "GitHub does not accept the token"
	case e.Status >= 500:
		e.again, e.wait = true, wait
	}
}

// garbled is for a success that cannot be read.
func (e *Error) garbled(err error) {
	var (
		syntax   *json.SyntaxError
		mistyped *json.UnmarshalTypeError
		accepted *gogithub.AcceptedError
	)
	switch {
	case errors.Is(err, errTooLong):
		e.Problem = errTooLong.Error()
	case errors.As(err, &accepted):
		e.Problem = "GitHub only accepted the request, which does not say that it is done"
	case errors.As(err, &syntax), errors.As(err, &mistyped):
		e.Problem = notDocumented
	default:
		e.again, e.Problem = true, "the answer broke off"
	}
}

const notDocumented = "the answer is not the documented JSON"

// unexpected is a success that says nothing.
func unexpected(attempt string, resp *gogithub.Response) error {
	return &Error{Attempt: attempt, Status: resp.StatusCode, Problem: notDocumented}
}
