package github

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/network"
)

// folder is the address of a target's secrets. That of an environment's was below the
// number of its repository once, and is so in go-github.
func folder(t mirror.Target) string {
	switch t.Store {
	case mirror.Environment: // whose name can have a slash in it
		return "repos/" + t.Owner + "/" + t.Repo + "/environments/" + url.PathEscape(t.Environment) + "/secrets"
	case mirror.Organization:
		return "orgs/" + t.Owner + "/actions/secrets"
	case mirror.Dependabot:
		return "repos/" + t.Owner + "/" + t.Repo + "/dependabot/secrets"
	}
	return "repos/" + t.Owner + "/" + t.Repo + "/actions/secrets"
}

// get asks for what is at an address, in as many attempts as it takes and may.
func (s *Secrets) get(ctx context.Context, st *store, attempt, address string, answer any) (resp *gogithub.Response, err error) {
	err = s.policy.Do(ctx, func() *network.Failure {
		var err error
		resp, err = s.once(ctx, st, attempt, http.MethodGet, address, nil, answer)
		return patiently(err)
	})
	return resp, err
}

// patiently is a failure of which GitHub's wish to wait is no attempt.
func patiently(err error) *network.Failure {
	f := failure(err)
	var e *Error
	if errors.As(err, &e) {
		f.Limited = e.limited
	}
	return f
}

// once makes a request.
func (s *Secrets) once(ctx context.Context, st *store, attempt, method, address string, body, answer any) (*gogithub.Response, error) {
	resp, err := s.client.do(ctx, attempt, func(ctx context.Context, api *gogithub.Client) (*gogithub.Response, error) {
		req, err := api.NewRequest(method, address, body)
		if err != nil {
			return nil, err
		}
		return api.Do(ctx, req, answer)
	})
	var e *Error
	if errors.As(err, &e) {
		s.explain(e, st)
	}
	return resp, err
}

// explain says of a refusal what it means for a store.
func (s *Secrets) explain(e *Error, st *store) {
	switch needed := needs(s.client.token.Reveal(), st.Store); {
	case e.again:
	case e.Status >= 300 && e.Status < 400:
		e.Problem = "a redirect, which is never followed: most likely it was renamed or moved"
	case e.Status == http.StatusForbidden && e.signOn:
		e.Problem = "the organization has single sign-on, and the token is not authorized for it"
	case e.Status == http.StatusForbidden:
		e.Problem = "the token may not do this: " + needed
	case e.Status == http.StatusNotFound:
		e.Problem = "not there, or the token may not see it: " + needed
	case e.Status == http.StatusConflict:
		e.again, e.Problem = true, "GitHub says that something else is in the way at the moment"
	case e.Status == http.StatusUnprocessableEntity:
		e.Problem = "GitHub does not accept it. A repository or an environment has at most 100 secrets, and an organization 1,000"
	}
}

// permission is what a token needs for a store.
type permission struct {
	fine    string // of a fine-grained token or an app
	classic string // the scope of a classic token
}

// permissions are by https://docs.github.com/en/rest/actions/secrets and
// https://docs.github.com/en/rest/dependabot/secrets.
var permissions = map[mirror.Store]permission{
	mirror.Repository:   {"the repository permission Secrets: read and write", "repo"},
	mirror.Environment:  {"the repository permission Environments: read and write", "repo"},
	mirror.Organization: {"the organization permission Secrets: read and write", "admin:org"},
	mirror.Dependabot:   {"the repository permission Dependabot secrets: read and write", "repo"},
}

// needs says what a token needs for a store, as far as its first letters tell of what kind
// it is
// (https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available/).
// Those of a job and of another app begin alike. A job cannot ask for the permission: there
// is none for secrets in
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions,
// and GitHub answers 403 (https://github.com/actions/runner/issues/1008).
func needs(token string, store mirror.Store) string {
	p := permissions[store]
	switch kind, _, _ := strings.Cut(token, "_"); kind {
	case "github", "ghu": // github_pat_…
		return "it needs " + p.fine
	case "ghp", "gho":
		return "it needs the scope " + p.classic
	case "ghs":
		return "a job's own token never may, and a GitHub App's needs " + p.fine
	}
	return "it needs " + p.fine + ", or as a classic token the scope " + p.classic
}
