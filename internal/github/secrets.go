package github

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/network"
)

// patience is how a request about secrets is repeated: more often than a comment, since
// something stands still where a mirror lacks the value that the vault has by then. What
// GitHub asks to wait is no attempt, and only the step's deadline ends it.
var patience = network.Policy{
	Attempts: 6,
	Base:     500 * time.Millisecond,
	Cap:      20 * time.Second,
}

// Secrets are those of GitHub Actions and of Dependabot that a Client's token may write,
// one at a time, which is how GitHub wants it
// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
type Secrets struct {
	client *Client
	random io.Reader
	policy network.Policy
	stores map[mirror.Target]*store // those that were looked at, whatever the visibility
}

// store is a target as a look found it.
type store struct {
	mirror.Target
	folder  string // the address of its secrets
	key     publicKey
	secrets map[string]*gogithub.Secret // by name in capitals
}

// Secrets are those that the client's token may write. random is what nobody may guess,
// and seals values.
func (c *Client) Secrets(random io.Reader) *Secrets {
	policy := patience
	policy.Random, policy.Now, policy.Notify, policy.Gate = c.policy.Random, c.now, c.notify, new(network.Gate)
	return &Secrets{client: c, random: random, policy: policy, stores: map[mirror.Target]*store{}}
}

// Look finds out what a target has under some names, as GitHub has it: case does not count.
// It changes nothing, and asks what a write has to know. So what reading can tell of a write
// that is going to be refused is an error of it: a token that may not even read, a target
// that is not there, a secret of an organization whose readers nobody names. Each target is
// asked for its key and its list once.
func (s *Secrets) Look(ctx context.Context, target mirror.Target, names ...string) (map[string]mirror.State, error) {
	st, err := s.store(ctx, target)
	if err != nil {
		return nil, err
	}
	states := map[string]mirror.State{}
	for _, name := range names {
		there := st.find(name)
		if _, err := s.readers(ctx, st, target.Visibility, name, there); err != nil {
			return nil, err
		}
		state := mirror.State{Known: true}
		if there != nil {
			state.There, state.UpdatedAt = true, there.UpdatedAt.Time
		}
		states[name] = state
	}
	return states, nil
}

// find is the secret of a name, or nil.
func (st *store) find(name string) *gogithub.Secret { return st.secrets[strings.ToUpper(name)] }

// store is that of a target.
func (s *Secrets) store(ctx context.Context, target mirror.Target) (*store, error) {
	target.Visibility = mirror.Kept
	if st, looked := s.stores[target]; looked {
		return st, nil
	}
	if s.client.isForge() {
		return nil, &Error{Attempt: "look at " + target.String(), Problem: "Gitea and Forgejo have another API for secrets; only GitHub's can be a mirror"}
	}
	st := &store{Target: target, folder: folder(target), secrets: map[string]*gogithub.Secret{}}
	if err := s.fetchKey(ctx, st); err != nil {
		return nil, err
	}
	if err := s.list(ctx, st); err != nil {
		return nil, err
	}
	s.stores[target] = st
	return st, nil
}

// fetchKey gets the key that values for a store are sealed with.
func (s *Secrets) fetchKey(ctx context.Context, st *store) error {
	attempt := "read the public key of " + st.String()
	var told gogithub.PublicKey
	resp, err := s.get(ctx, st, attempt, st.folder+"/public-key", &told)
	if err != nil {
		return err
	}
	var ok bool
	if st.key, ok = readKey(&told); !ok {
		return unexpected(attempt, resp)
	}
	return nil
}

// list gets the names of all secrets of a store.
func (s *Secrets) list(ctx context.Context, st *store) error {
	attempt := "list the secrets of " + st.String()
	return pages(attempt, st.folder, maxSecretPages, func(page string) (*gogithub.Response, bool, error) {
		var answer struct{ Secrets []*gogithub.Secret }
		resp, err := s.get(ctx, st, attempt, page, &answer)
		for _, secret := range answer.Secrets {
			if !complete(secret) {
				return resp, false, err
			}
			st.secrets[strings.ToUpper(secret.Name)] = secret
		}
		return resp, answer.Secrets != nil, err
	})
}

// complete reports whether GitHub tells of a secret what it documents.
func complete(secret *gogithub.Secret) bool {
	return secret != nil && secret.Name != "" && !secret.UpdatedAt.IsZero()
}

// Limits of lists.
const (
	// maxSecretPages hold every secret: an organization has at most 1,000 of them, and
	// others 100 (https://docs.github.com/en/actions/reference/security/secrets#limits-for-secrets).
	maxSecretPages = 20
	// maxReaderPages are 10,000 repositories; GitHub names no limit.
	maxReaderPages = 100
)

// pages reads a list to its end. read gets the page at an address, and reports whether it
// is as documented.
func pages(attempt, address string, most int, read func(string) (*gogithub.Response, bool, error)) error {
	page := 1
	for range most {
		resp, ok, err := read(fmt.Sprintf("%s?per_page=%d&page=%d", address, perPage, page))
		switch {
		case err != nil:
			return err
		case !ok:
			return unexpected(attempt, resp)
		case resp.NextPage == 0:
			return nil
		}
		page = resp.NextPage
	}
	return &Error{Attempt: attempt, Problem: "the list does not end"}
}
