package github

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/network"
)

// Comment is what a comment of ours is to say.
type Comment struct {
	// Key tells apart several comments of ours on one pull request, such as of
	// several manifests or jobs. Any text will do.
	Key string
	// Body is Markdown, at most MaxText characters, and safe to show.
	Body string
	// Empty says that there is nothing to tell: a comment that is there is
	// folded to one line, with Body inside, and none is made. So is one without
	// a Body.
	Empty bool
}

// Limits of a comment, in characters.
const (
	// maxBody is GitHub's own: "Body is too long (maximum is 65536 characters)",
	// as in https://github.com/danger/danger/issues/424.
	maxBody = 65536
	// MaxText is what that leaves for Comment.Body.
	MaxText = maxBody - markerSize - len(foldHead) - len(foldTail)
)

// A marker begins the text of each of our comments, and is not shown. The key
// is hashed: what it holds cannot end the marker, and every marker is as long.
const (
	markerHead = "<!-- vault-secret plan "
	markerTail = " -->\n"
	markerKey  = 16 // bytes of the hash
	markerSize = len(markerHead) + 2*markerKey + len(markerTail)
)

func marker(key string) string {
	hash := sha256.Sum256([]byte(key))
	return markerHead + hex.EncodeToString(hash[:markerKey]) + markerTail
}

// What folds a comment that has nothing to tell.
const (
	foldHead   = "<details><summary>vault-secret: no changes</summary>\n\n"
	foldTail   = "\n\n</details>"
	foldedText = "Nothing would be changed."
)

func (c Comment) empty() bool { return c.Empty || c.Body == "" }

// text is the whole text of the comment.
func (c Comment) text() string {
	if c.empty() {
		return marker(c.Key) + foldHead + cmp.Or(c.Body, foldedText) + foldTail
	}
	return marker(c.Key) + c.Body
}

// Comment makes our comment with this key on a pull request, or updates the one
// that is there. Errors that an attempt may survive are tried again.
func (c *Client) Comment(ctx context.Context, pr event.PullRequest, comment Comment) error {
	if !pr.Valid() {
		return &Error{Attempt: "comment on a pull request", Problem: "it is not the name and number of one"}
	}
	if n := utf8.RuneCountInString(comment.Body); n > MaxText {
		return &Error{Attempt: "comment on " + pr.String(), Problem: fmt.Sprintf("%d characters are too many: the limit is %d", n, MaxText)}
	}
	return c.policy.Do(ctx, func() *network.Failure {
		err := c.settle(ctx, pr, comment)
		if err == nil {
			return nil
		}
		failure := &network.Failure{Err: err}
		var e *Error
		if errors.As(err, &e) {
			failure.Repeatable, failure.Asked = e.again, e.wait
		}
		return failure
	})
}

// settle is one attempt. It always begins with a look at what is there, so that
// a comment is not made twice when the answer to the first attempt was lost.
func (c *Client) settle(ctx context.Context, pr event.PullRequest, comment Comment) error {
	found, err := c.find(ctx, pr, marker(comment.Key))
	switch {
	case err != nil:
		return err
	case found == nil && comment.empty():
		return nil
	case found == nil:
		return c.create(ctx, pr, comment.text())
	case sameText(found.GetBody(), comment.text()):
		return nil
	}
	return c.edit(ctx, pr, found.GetID(), comment.text())
}

// lineEnds are ours again in a text that went through a web form.
var lineEnds = strings.NewReplacer("\r\n", "\n")

// sameText compares texts but for line ends and for what surrounds them.
func sameText(a, b string) bool {
	clean := func(text string) string { return strings.TrimSpace(lineEnds.Replace(text)) }
	return clean(a) == clean(b)
}

func (c *Client) create(ctx context.Context, pr event.PullRequest, text string) error {
	return c.write(ctx, "comment on "+pr.String(), func(ctx context.Context, api *gogithub.Client) (*gogithub.IssueComment, *gogithub.Response, error) {
		return api.Issues.CreateComment(ctx, pr.Owner, pr.Repo, pr.Number, &gogithub.IssueComment{Body: &text})
	})
}

func (c *Client) edit(ctx context.Context, pr event.PullRequest, id int64, text string) error {
	return c.write(ctx, "update the comment on "+pr.String(), func(ctx context.Context, api *gogithub.Client) (*gogithub.IssueComment, *gogithub.Response, error) {
		return api.Issues.EditComment(ctx, pr.Owner, pr.Repo, id, &gogithub.IssueComment{Body: &text})
	})
}

// writing is a call of go-github that returns the comment as it then is.
type writing func(context.Context, *gogithub.Client) (*gogithub.IssueComment, *gogithub.Response, error)

// write takes a success for one only if it shows a comment.
func (c *Client) write(ctx context.Context, attempt string, call writing) error {
	var written *gogithub.IssueComment
	resp, err := c.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (resp *gogithub.Response, err error) {
		written, resp, err = call(ctx, api)
		return resp, err
	})
	if err == nil && written.GetID() == 0 {
		return unexpected(attempt, resp)
	}
	return err
}
