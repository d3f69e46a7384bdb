package nairi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Secret is a vault secret as the API shows it: without its value.
type Secret struct {
	ID     SecretID `json:"id"`
	EnvKey string   `json:"env_key"`
	// AllowedDomains is nil when an answer left it out, which the API does not
	// do today; the empty list means no restriction.
	AllowedDomains domains.List `json:"allowed_domains"`
	// CreatedAt and UpdatedAt have a resolution of one second.
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	// AnsweredAt is the Date of the answer this was read from, by the server's
	// clock and in whole seconds; zero if it gave none, or if it was not the first
	// attempt of a write that may have been carried out.
	AnsweredAt time.Time `json:"-"`
}

// Complete reports whether the answer held what a write is checked against.
// Creating is only documented to answer with an ID.
func (s Secret) Complete() bool {
	return s.EnvKey != "" && s.AllowedDomains != nil && !s.UpdatedAt.IsZero()
}

// NewSecret is a secret to be created.
type NewSecret struct {
	EnvKey         string
	Value          secret.Value
	AllowedDomains domains.List // empty means no restriction
}

// Patch is what to change of a secret: a zero Value and nil AllowedDomains are
// left as they are.
type Patch struct {
	Value          secret.Value
	AllowedDomains *domains.List
}

// List returns the secrets of a vault, in no particular order.
func (c *Client) List(ctx context.Context, vault VaultID) ([]Secret, error) {
	req := c.onVault(http.MethodGet, vault)
	l := &listing{vault: vault, limits: documented}
	date, err := c.do(ctx, req, l)
	if err != nil {
		return nil, err
	}
	if problem := listProblem(l.secrets); problem != "" {
		return nil, req.unexpected(problem)
	}
	for i := range l.secrets {
		l.secrets[i].AnsweredAt = date
	}
	return l.secrets, nil
}

// maxName is how long the name of a secret or of a vault may be. The API's own limit is
// not documented.
const maxName = 1024

// listProblem is why a list cannot be relied on. What it leaves out would be
// created once more, and what has no name, or two, pruned.
func listProblem(secrets []Secret) string {
	seen := make(map[SecretID]bool, len(secrets))
	for _, s := range secrets {
		switch {
		case !validAnswerID(s.ID):
			return "the answer lists a secret without an ID"
		case s.EnvKey == "":
			return "the answer lists a secret without a name"
		case len(s.EnvKey) > maxName:
			return "the answer lists a secret whose name is too long"
		case seen[s.ID]:
			return "the answer lists a secret twice"
		}
		seen[s.ID] = true
	}
	return ""
}

// Look reads one secret by an empty update, a documented no-op that answers
// with the secret (https://nairi.ai/docs/api/vault-secrets/update): there is no
// documented GET of one secret, and a list would read the whole vault.
func (c *Client) Look(ctx context.Context, vault VaultID, id SecretID) (Secret, error) {
	req := c.onSecret(http.MethodPatch, vault, id)
	req.body = struct{}{}
	return c.secret(ctx, req)
}

// createBody is what a Create sends.
type createBody struct {
	AllowedDomains []string `json:"allowed_domains"`
	EnvKey         string   `json:"env_key"`
	Value          string   `json:"value"`
}

// updateBody is what an Update sends: only the fields that it changes.
type updateBody struct {
	AllowedDomains *[]string `json:"allowed_domains,omitempty"`
	Value          *string   `json:"value,omitempty"`
}

func (p Patch) body() updateBody {
	var body updateBody
	if p.AllowedDomains != nil {
		body.AllowedDomains = new(list(*p.AllowedDomains))
	}
	if !p.Value.IsZero() {
		body.Value = new(p.Value.Reveal())
	}
	return body
}

// list is an array in JSON, also if there is nothing in it.
func list(l domains.List) []string { return append([]string{}, l...) }

// Create adds a secret to a vault. The API has no idempotency key: once it is not
// known whether an attempt was carried out, look is asked before the next whether
// there may be one; nil for never.
func (c *Client) Create(ctx context.Context, vault VaultID, n NewSecret, look func(context.Context) error) (Secret, error) {
	req := c.onVault(http.MethodPost, vault)
	req.writes, req.look, req.name = true, look, n.EnvKey
	req.body = createBody{AllowedDomains: list(n.AllowedDomains), EnvKey: n.EnvKey, Value: n.Value.Reveal()}
	return c.secret(ctx, req)
}

// Update changes the fields that p gives and no other. An empty Patch is an
// error: it would be a Look that calls itself a write.
func (c *Client) Update(ctx context.Context, vault VaultID, id SecretID, p Patch) (Secret, error) {
	if p.Value.IsZero() && p.AllowedDomains == nil {
		return Secret{}, errors.New("update of nothing")
	}
	req := c.onSecret(http.MethodPatch, vault, id)
	req.writes = true
	req.body = p.body()
	return c.secret(ctx, req)
}

// Delete removes a secret. One that is not there is an Error with status 404.
func (c *Client) Delete(ctx context.Context, vault VaultID, id SecretID) error {
	req := c.onSecret(http.MethodDelete, vault, id)
	req.writes = true
	_, err := c.do(ctx, req, nil)
	return err
}

// secret does a request that is answered by one secret.
func (c *Client) secret(ctx context.Context, req *request) (Secret, error) {
	var answer answered
	date, err := c.do(ctx, req, &answer)
	if err != nil {
		return Secret{}, err
	}
	s := answer.Secret
	if !validAnswerID(s.ID) {
		return Secret{}, req.unexpected("the answer has no secret ID")
	}
	// What is done next would be done to the secret that the answer names.
	if req.secret != "" && s.ID != req.secret {
		return Secret{}, req.unexpected("the answer is about another secret")
	}
	if answer.isOf(req.vault) {
		s.AnsweredAt = date
		return s, nil
	}
	return Secret{}, req.unexpected(otherVault)
}

// answered is a secret with what an answer may say beside it.
type answered struct {
	Secret
	// VaultID is documented for no answer; one that has it must mean this vault.
	VaultID *VaultID `json:"vault_id"`
}

const otherVault = "the answer is about a secret of another vault"

func (a *answered) isOf(vault VaultID) bool { return a.VaultID == nil || *a.VaultID == vault }

// maxID is how many characters a server's ID may have; those of today have 30.
const maxID = 128

// validAnswerID reports whether a server's ID can be used. IDs are documented as
// opaque, but this one becomes a path segment, and ".." would be another path.
func validAnswerID(id SecretID) bool {
	return id != "" && len(id) <= maxID && ascii.Only(string(id), ascii.Word+"-")
}
