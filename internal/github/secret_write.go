package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Write writes a secret, and returns whether it is a new one. Without an error GitHub has
// said that it has the value. The error of a write that may have been carried out is a
// mirror.ErrUnknown; with any other the secret is as it was.
func (s *Secrets) Write(ctx context.Context, target mirror.Target, name string, value secret.Value) (created bool, err error) {
	if name == "" || !ascii.Only(name, ascii.Word) {
		return false, &Error{Attempt: "write a secret to " + target.String(), Problem: "a name has only letters, digits and _"}
	}
	st, err := s.store(ctx, target)
	if err != nil {
		return false, err
	}
	to, err := s.readersNow(ctx, st, target.Visibility, name)
	if err != nil {
		return false, err
	}
	sealed, err := st.key.seal(value, s.random)
	if err != nil {
		return false, &Error{Attempt: st.writing(name), Problem: "there is no randomness to seal the value with"}
	}
	t := &trial{secrets: s, store: st, name: name, body: written{st.key.id, sealed, to}}
	if err := s.policy.Do(ctx, func() *network.Failure { return t.once(ctx) }); err != nil {
		return false, err
	}
	// An attempt whose answer was lost may be the one that made it.
	return t.status == http.StatusCreated || t.lost && st.find(name) == nil, nil
}

// writing is what is attempted by a write.
func (st *store) writing(name string) string { return fmt.Sprintf("write %s to %s", name, st) }

// written is the body of a write.
type written struct {
	KeyID  string `json:"key_id"`
	Sealed string `json:"encrypted_value"`
	readers
}

// trial is a write over all of its attempts. It is the same each time, and does no harm
// twice.
type trial struct {
	secrets *Secrets
	store   *store
	name    string
	body    written
	status  int  // of the last answer
	lost    bool // whether an attempt that failed may have been carried out
}

// once makes an attempt.
func (t *trial) once(ctx context.Context) *network.Failure {
	var sent atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	attempt := t.store.writing(t.name)
	resp, err := t.secrets.once(traced, t.store, attempt, http.MethodPut, t.store.folder+"/"+t.name, t.body, nil)
	if err == nil {
		err = t.accepted(attempt, resp)
	}
	var e *Error
	if errors.As(err, &e) {
		t.failed(e, sent.Load())
	}
	return patiently(err)
}

// accepted takes for a success only what is documented as one.
func (t *trial) accepted(attempt string, resp *gogithub.Response) error {
	t.status = resp.StatusCode
	if t.status != http.StatusCreated && t.status != http.StatusNoContent {
		return &Error{Attempt: attempt, Status: t.status, Problem: "the answer does not say that it was written"}
	}
	return nil
}

// failed takes in how an attempt ended. One that was refused says nothing of the one
// before it.
func (t *trial) failed(e *Error, sent bool) {
	refused := e.Status >= 400 && e.Status < 500
	if !refused && (sent || e.Status != 0) {
		t.lost = true
	} else if t.lost {
		e.note("an attempt before may have written it")
	}
	e.unknown = t.lost
}
