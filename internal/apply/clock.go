package apply

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// clockSlack is how far the clock of an answer's Date may run ahead of the one
// that sets updated_at, in its whole seconds: an edge server gives the one and the
// API the other.
const clockSlack = 2 * time.Second

// stands reports whether the server's times show that an update changed nothing:
// updated_at is only set when a field changes
// (https://nairi.ai/docs/api/vault-secrets/update). In doubt it returns false.
func (w *writer) stands(change *plan.Change, sent time.Time, now nairi.Secret) bool {
	if before := change.Current; before != nil {
		return unmoved(*before, now)
	}
	return olderThan(span{sent, w.now()}, now)
}

// unmoved reports whether the updated_at of a secret stands where it stood at a
// look before. A time in whole seconds also stands still when it is set twice
// within one, so that only counts if the first look came in a later second.
func unmoved(before, after nairi.Secret) bool {
	known := !before.UpdatedAt.IsZero()
	return known && after.UpdatedAt.Equal(before.UpdatedAt) && before.AnsweredAt.Sub(before.UpdatedAt) >= clockSlack
}

// span is the time from before a request to after its answer, by this machine.
type span struct{ sent, came time.Time }

// olderThan reports whether a secret was last changed before a request was sent. Only
// the difference of the server's two times counts, so its clock may be wrong. A Date
// in this machine's future is replaced by this machine's time, because it may come from
// another clock than updated_at. A Date that is late, or missing (the year 1), only makes
// the secret look younger.
func olderThan(request span, answer nairi.Secret) bool {
	if answer.UpdatedAt.IsZero() {
		return false
	}
	now := answer.AnsweredAt
	if request.came.Before(now) {
		now = request.came
	}
	return now.Sub(answer.UpdatedAt) >= request.came.Sub(request.sent)+clockSlack
}
