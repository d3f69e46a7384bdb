package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/network"
)

// Comment is what a comment of ours is to say.
type Comment struct {
	// Key tells apart several comments of ours on one pull request, such as of
	// several manifests or jobs. Any text will do.
	Key string
	// Run is the run that says it. One that is later and for the same commit has
	// the last word.
	Run Run
	// Body is Markdown, at most MaxText characters, and safe to show.
	Body string
	// Over is what takes the place of Body where there is a comment already: it is given
	// the text of that behind its marker, and the commit and the Plan that it was of. Nil for
	// Body.
	Over func(text, commit, plan string) string
	// Plan is what tells apart the plan that is shown, of letters and digits; empty to keep
	// that of the comment which is there.
	Plan string
	// Empty says that there is nothing to tell: no comment is made for it.
	Empty bool
	// Merged says that the pull request is merged, so that nothing is pushed to it any more.
	// The comment on its plan is updated, and none is made.
	Merged bool
}

// Limits of a comment, in characters.
const (
	// maxBody is GitHub's own: "Body is too long (maximum is 65536 characters)",
	// as in https://github.com/danger/danger/issues/424.
	maxBody = 65536
	// MaxText is what that leaves for Comment.Body.
	MaxText = maxBody - maxMarker - maxReplaced
)

// maxReplaced is how long the sentence about a replaced comment may be.
const maxReplaced = 512

// Comment makes our comment with this key on a pull request, or updates the one
// that is there. Errors that an attempt may survive are tried again. What is no
// longer of the present is not said: the error is then an Outdated.
func (c *Client) Comment(ctx context.Context, pr event.PullRequest, comment Comment) error {
	if !pr.Valid() {
		return &Error{Attempt: "comment on a pull request", Problem: "it is not the name and number of one"}
	}
	if pr.Head == "" {
		return &Error{Attempt: "comment on " + pr.String(), Problem: "the event of this run does not say which commit it is for"}
	}
	err := c.attempts(ctx, pr, comment)
	if c.unidentified(ctx, err) {
		err = c.attempts(ctx, pr, comment)
	}
	return err
}

// attempts settles a comment in as many attempts as it takes and may.
func (c *Client) attempts(ctx context.Context, pr event.PullRequest, comment Comment) error {
	return c.repeat(ctx, func() error { return c.settle(ctx, pr, comment) })
}

// repeat makes attempts at what begins with a look at what is there.
func (c *Client) repeat(ctx context.Context, attempt func() error) error {
	return c.policy.Do(ctx, func() *network.Failure { return failure(attempt()) })
}

// failure is what a policy has to know of an error; nil for none.
func failure(err error) *network.Failure {
	if err == nil {
		return nil
	}
	f := &network.Failure{Err: err}
	var e *Error
	if errors.As(err, &e) {
		f.Repeatable, f.Asked = e.again, e.wait
	}
	return f
}

// settle is one attempt. It always begins with a look at what is there, so that
// a comment is not made twice when the answer to the first attempt was lost. It
// asks for the head of the pull request last, right before it writes.
func (c *Client) settle(ctx context.Context, pr event.PullRequest, comment Comment) error {
	there, err := c.find(ctx, pr, mark(ofPlan, comment.Key))
	if err != nil {
		return err
	}
	text, plan := comment.Body, comment.Plan
	if there.ours != nil {
		plan = cmp.Or(plan, there.stamp.plan)
		if comment.Over != nil {
			text = comment.Over(textOf(there.ours), there.stamp.commit, there.stamp.plan)
		}
	}
	n := utf8.RuneCountInString(text)
	text = c.text(pr, comment.marker(pr, plan), text, there.others)
	switch {
	case n > MaxText:
		return &Error{Attempt: "comment on " + pr.String(), Problem: fmt.Sprintf("%d characters are too many: the limit is %d", n, MaxText)}
	case there.ours == nil && (comment.Merged || len(there.others) == 0 && comment.Empty):
		return nil
	case there.ours != nil && sameText(there.ours.GetBody(), text):
		return nil
	case (comment.Merged || there.stamp.commit == pr.Head) && there.stamp.run.after(comment.Run):
		return &Outdated{fmt.Sprintf("a later run, %s, has already commented on %s", there.stamp.run, short(pr.Head))}
	}
	if !comment.Merged {
		if err := c.checkHead(ctx, pr); err != nil {
			return err
		}
	}
	if there.ours != nil {
		_, err := c.edit(ctx, pr, there.ours.GetID(), text)
		return err
	}
	made, err := c.create(ctx, pr, text)
	if err != nil || there.identified {
		return err
	}
	return c.retire(ctx, pr, comment.marker(pr, plan), comment.Body, there.others, made)
}

// marker begins the comment.
func (c Comment) marker(pr event.PullRequest, plan string) string {
	return mark(ofPlan, c.Key) + stamp{run: c.Run, commit: pr.Head, plan: plan}.String()
}

// textOf is what a comment says behind its marker.
func textOf(comment *gogithub.IssueComment) string {
	_, text, _ := strings.Cut(unixLines(comment.GetBody()), "\n")
	return text
}

// text is the whole text of a comment on a pull request where others begin with
// our marker.
func (c *Client) text(pr event.PullRequest, marker, body string, others []*gogithub.IssueComment) string {
	text := marker
	if len(others) > 0 {
		text += "This comment replaces " + c.link(pr, others[len(others)-1].GetID()) +
			", which this run could not identify as its own and left alone.\n\n"
	}
	return text + body
}

// link leads to a comment. The address of the issue is that of the pull request
// too, on GitHub, Gitea and Forgejo: they redirect, and the browser keeps the
// fragment.
func (c *Client) link(pr event.PullRequest, id int64) string {
	const name = "an earlier one"
	if c.pages == nil {
		return name
	}
	page := c.pages.JoinPath(pr.Owner, pr.Repo, "issues", fmt.Sprint(pr.Number))
	page.Fragment = fmt.Sprint("issuecomment-", id)
	address := page.String()
	if len(address) > maxReplaced/2 || !ascii.Only(address, ascii.Word+"-./:#") {
		return name
	}
	return "[" + name + "](" + address + ")"
}

// sameText compares texts but for line ends, which are others in a text that went
// through a web form, and for what surrounds them.
func sameText(a, b string) bool {
	clean := func(text string) string { return strings.TrimSpace(unixLines(text)) }
	return clean(a) == clean(b)
}

func (c *Client) create(ctx context.Context, pr event.PullRequest, text string) (*gogithub.IssueComment, error) {
	return c.write(ctx, "comment on "+pr.String(), func(ctx context.Context, api *gogithub.Client) (*gogithub.IssueComment, *gogithub.Response, error) {
		return api.Issues.CreateComment(ctx, pr.Owner, pr.Repo, pr.Number, &gogithub.IssueComment{Body: &text})
	})
}

func (c *Client) edit(ctx context.Context, pr event.PullRequest, id int64, text string) (*gogithub.IssueComment, error) {
	return c.write(ctx, "update the comment on "+pr.String(), func(ctx context.Context, api *gogithub.Client) (*gogithub.IssueComment, *gogithub.Response, error) {
		return api.Issues.EditComment(ctx, pr.Owner, pr.Repo, id, &gogithub.IssueComment{Body: &text})
	})
}

// writing is a call of go-github that returns the comment as it then is.
type writing func(context.Context, *gogithub.Client) (*gogithub.IssueComment, *gogithub.Response, error)

// write takes a success for one only if it shows a comment.
func (c *Client) write(ctx context.Context, attempt string, call writing) (*gogithub.IssueComment, error) {
	var written *gogithub.IssueComment
	resp, err := c.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (resp *gogithub.Response, err error) {
		written, resp, err = call(ctx, api)
		return resp, err
	})
	if err == nil && written.GetID() == 0 {
		err = unexpected(attempt, resp)
	}
	return written, err
}

// retire deletes earlier comments of ours that could not be told from others' when
// they were found: the answer to a new one says whose the token is. They have said
// what they had to, and left there would become one more with each run.
func (c *Client) retire(ctx context.Context, pr event.PullRequest, marker, body string, earlier []*gogithub.IssueComment, made *gogithub.IssueComment) error {
	var others []*gogithub.IssueComment
	for _, one := range earlier {
		if !authorOf(made).is(authorOf(one)) {
			others = append(others, one)
		} else if err := c.remove(ctx, pr, one.GetID()); err != nil {
			return final(err)
		}
	}
	if len(others) == len(earlier) {
		return nil
	}
	_, err := c.edit(ctx, pr, made.GetID(), c.text(pr, marker, body, others))
	return final(err)
}

func (c *Client) remove(ctx context.Context, pr event.PullRequest, id int64) error {
	_, err := c.do(ctx, "delete an earlier comment on "+pr.String(), func(ctx context.Context, api *gogithub.Client) (*gogithub.Response, error) {
		return api.Issues.DeleteComment(ctx, pr.Owner, pr.Repo, id)
	})
	return err
}

// final is an error that is not tried again: another attempt would begin with
// another comment.
func final(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.again = false
	}
	return err
}
