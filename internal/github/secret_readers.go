package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/nairi-community/vault-secret/internal/mirror"
)

// readers are the repositories that may read a secret of an organization. Other secrets
// have none.
type readers struct {
	Visibility mirror.Visibility `json:"visibility,omitempty"`
	// Chosen are those of selected, which are always told: GitHub takes none for none
	// (https://github.com/integrations/terraform-provider-github/issues/842).
	Chosen []int64 `json:"selected_repository_ids,omitzero"`
}

// readers are those that a secret is to have: as the target says, or else as they are. A
// write names them anew each time, and would take the secret away from a repository that
// was chosen on GitHub and is left out. there is the secret, or nil.
func (s *Secrets) readers(ctx context.Context, st *store, wanted mirror.Visibility, name string, there *gogithub.Secret) (readers, error) {
	if st.Store != mirror.Organization {
		return readers{}, nil
	}
	r := readers{Visibility: wanted}
	if wanted == mirror.Kept {
		if there == nil {
			return readers{}, &Error{Attempt: st.writing(name), Problem: fmt.Sprintf(
				"it is not there yet, so the mirror must say who may read it: %[1]s:all, %[1]s:private or %[1]s:selected", st)}
		}
		r.Visibility = mirror.Visibility(there.Visibility)
	}
	if !r.Visibility.IsNamed() { // which a write would hand back, or leave to GitHub
		return readers{}, &Error{Attempt: st.writing(name), Problem: "GitHub does not say who may read it in words that are known, so the mirror must"}
	}
	if r.Visibility != mirror.Selected {
		return r, nil
	}
	r.Chosen = []int64{}
	if there == nil || there.Visibility != string(mirror.Selected) {
		return r, nil
	}
	var err error
	r.Chosen, err = s.chosen(ctx, st, name)
	return r, err
}

// readersNow are the readers by a look at the secret right before it is written: a person
// may have changed them since the first one.
func (s *Secrets) readersNow(ctx context.Context, st *store, wanted mirror.Visibility, name string) (readers, error) {
	if st.Store != mirror.Organization {
		return readers{}, nil
	}
	attempt := fmt.Sprintf("look up %s of %s", name, st)
	there := &gogithub.Secret{}
	resp, err := s.get(ctx, st, attempt, st.folder+"/"+name, there)
	var e *Error
	switch {
	case errors.As(err, &e) && e.Status == http.StatusNotFound:
		there = nil
	case err != nil:
		return readers{}, err
	case !complete(there):
		return readers{}, unexpected(attempt, resp)
	}
	return s.readers(ctx, st, wanted, name, there)
}

// chosen are the repositories that were chosen on GitHub. A token does not see each of
// them, but is told how many there are.
func (s *Secrets) chosen(ctx context.Context, st *store, name string) ([]int64, error) {
	attempt := fmt.Sprintf("list the repositories that may read %s of %s", name, st)
	ids, total := []int64{}, 0
	err := pages(attempt, st.folder+"/"+name+"/repositories", maxReaderPages, func(page string) (*gogithub.Response, bool, error) {
		var answer gogithub.SelectedReposList
		resp, err := s.get(ctx, st, attempt, page, &answer)
		if err != nil || answer.TotalCount == nil || answer.Repositories == nil {
			return resp, false, err
		}
		for _, repository := range answer.Repositories {
			if repository.GetID() <= 0 {
				return resp, false, nil
			}
			if !slices.Contains(ids, repository.GetID()) { // one may move from page to page, and another be on none
				ids = append(ids, repository.GetID())
			}
		}
		total = *answer.TotalCount
		return resp, true, nil
	})
	if err == nil && len(ids) != total {
		err = &Error{Attempt: attempt, Problem: fmt.Sprintf(
			"the token sees %d of the %d, and a write by it would take the secret away from the others", len(ids), total)}
	}
	return ids, err
}
