package apply_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// exchange is one update that takes its time, between machines whose clocks differ:
// the API's sets updated_at, that of something before it the Date.
type exchange struct {
	took          time.Duration // from before it is sent until its answer is here
	written       time.Duration // when the secret was last written, from when it was sent
	answered      time.Duration // when the Date was made, from then too
	api, edge, us time.Duration // how far the clocks are ahead
}

// outcome is the verdict on the answer to such an update.
func (e exchange) outcome() apply.Outcome {
	truly := noon.Add(250 * time.Millisecond)
	now := truly.Add(e.us)
	answer := func(string) ([]nairi.Secret, error) {
		now = now.Add(e.took)
		return []nairi.Secret{{
			ID: "sec_1", EnvKey: "TOKEN", AllowedDomains: domains.List{},
			UpdatedAt:  truly.Add(e.written + e.api).Truncate(time.Second),
			AnsweredAt: truly.Add(e.answered + e.edge).Truncate(time.Second),
		}}, nil
	}
	engine := apply.Engine{API: api(answer), Concurrency: 1, Done: func(int, apply.Result) {}, Now: func() time.Time { return now }}
	change := plan.Change{VaultID: vaultID, Action: plan.Update}
	change.Desired.SecretID, change.Patch.Value = "sec_1", secret.New("v1")
	results, _ := engine.Apply(context.Background(), []plan.Change{change})
	return results[0].Outcome
}

func duration(t *rapid.T, from, to time.Duration, label string) time.Duration {
	return time.Duration(rapid.Int64Range(int64(from), int64(to)).Draw(t, label))
}

// draw draws an update that takes up to a minute, with clocks that are hours off.
// Only the server's two agree with each other, to a second.
func draw(t *rapid.T) exchange {
	const hours = 3 * time.Hour
	e := exchange{
		took: duration(t, 0, time.Minute, "took"),
		api:  duration(t, -hours, hours, "the API's clock"),
		us:   duration(t, -hours, hours, "our clock"),
	}
	e.edge = e.api + duration(t, -time.Second, time.Second, "the Date's clock, from the API's")
	e.answered = duration(t, 0, e.took, "answered")
	return e
}

// Whatever the clocks say, a secret that was written is not called unchanged.
func TestAnUpdateThatWroteIsNeverCalledUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t)
		e.written = duration(t, 0, e.answered, "written")
		if got := e.outcome(); got != apply.Updated {
			t.Fatalf("%+v: %s", e, got)
		}
	})
}

// The Date of a clock that is ahead alone is not believed either, as long as that of
// this machine is not ahead too.
func TestADateThatIsStillToComeMakesNothingUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t)
		e.written = duration(t, 0, e.answered, "written")
		e.edge = e.api + duration(t, 0, 24*time.Hour, "the Date's clock, ahead of the API's")
		e.us = min(e.us, e.api)
		if got := e.outcome(); got != apply.Updated {
			t.Fatalf("%+v: %s", e, got)
		}
	})
}

// What was last written a few seconds before is called unchanged, however wrong the
// server's time is, unless this machine's is behind it.
func TestAnUpdateThatChangedNothingIsCalledUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := draw(t)
		before := 4*time.Second + e.took - e.answered
		e.written = -duration(t, before, before+time.Hour, "written before")
		e.us = max(e.us, e.edge)
		if got := e.outcome(); got != apply.Unchanged {
			t.Fatalf("%+v: %s", e, got)
		}
	})
}
