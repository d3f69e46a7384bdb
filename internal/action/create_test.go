package action

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// creation creates NEW.
var creation = inputs{"operation": "create", "env_key": "NEW", "value": value, "allowed_domains": hosts}

// A server that does not keep names unique lets two runs create one: each of them
// says so at once, and names both.
func TestTwoRunsThatCreateOneNameSayThatItIsAmbiguous(t *testing.T) {
	t.Parallel()
	for name, with := range map[string]func(*stage) inputs{
		"one secret": func(*stage) inputs { return creation },
		"a sync": func(s *stage) inputs {
			with := s.syncs("NEW: {env: A, allowed_domains: [db.example.com]}", "ALONE: {env: A, allowed_domains: [db.example.com]}")
			with["env_json"], with["concurrency"] = `{"A": "`+value+`"}`, "1" // so that NEW is the first
			return with
		},
	} {
		inBubble(t, name, func(s *stage) {
			s.script("create:race-after-commit=duplicate,NEW")
			got := s.step(with(s))
			got.ends(s.t, report.ExitUnknown, "unknown", problem.AmbiguousName)
			var ids []string
			for _, secret := range s.Secrets(s.VaultID) {
				if secret.EnvKey == "NEW" {
					ids = append(ids, secret.ID)
				}
			}
			for _, id := range ids {
				if !strings.Contains(got.log, id) {
					s.t.Errorf("%s is not named: %s", id, got.log)
				}
			}
			if name == "a sync" {
				same(s.t, "the other", "created", resultsIn(s.t, got.outputs["results"])["ALONE"].Result)
			} else if !slices.Contains(ids, got.outputs["secret_id"]) {
				s.t.Errorf("secret_id is %q", got.outputs["secret_id"])
			}
			lists := slices.DeleteFunc(got.requests, func(r string) bool { return r != list })
			same(s.t, "lists", 2, len(lists))
		})
	}
}

// Nobody can say which of the two an agent gets: what the new one replaces stays.
func TestNothingIsPrunedWhereANewNameStandsTwice(t *testing.T) {
	t.Parallel()
	inBubble(t, "a sync", func(s *stage) {
		s.script("create:race-after-commit=duplicate,NEW")
		with := mayEmpty(s.syncs("NEW: {env: A, allowed_domains: [db.example.com]}", "TOKEN: {absent: true}"))
		with["env_json"] = `{"A": "` + value + `"}`
		got := s.step(with)
		got.ends(s.t, report.ExitUnknown, "unknown", problem.AmbiguousName)
		if want := "TOKEN was not deleted: nothing is deleted from a vault before all of its writes are known to be done: NEW is in the vault more than once now"; !strings.Contains(got.log, want) {
			s.t.Errorf("%q is not in the log: %s", want, got.log)
		}
		same(s.t, "TOKEN", problem.NotBegun, resultsIn(s.t, got.outputs["results"])["TOKEN"].ErrorCode)
		if stored := strings.Join(s.stored(), "\n"); !strings.Contains(stored, asBefore) {
			s.t.Errorf("TOKEN is gone: %s", stored)
		}
	})
}

// Without a guard at the server any number of runs may create a name at the same
// moment. None of those that did says that all is well.
func TestFiftyRunsThatCreateOneNameAtOnceAllSayThatItIsAmbiguous(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const runs = 50
	listed, posted := new(sync.WaitGroup), new(sync.WaitGroup)
	listed.Add(runs)
	posted.Add(runs)
	var lists, posts atomic.Int32
	s.Set(func(o *nairitest.Options) {
		o.Duplicates = nairitest.DuplicatesAllowed
		o.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method+" "+r.URL.Path == namesOfVaults {
				return false
			}
			if r.Method == http.MethodGet && lists.Add(1) <= runs {
				listed.Done()
			}
			if r.Method == http.MethodGet && lists.Load() > runs {
				posted.Wait() // the lists that verify come after all creates
			}
			if r.Method == http.MethodPost {
				listed.Wait()
				if posts.Add(1) <= runs {
					posted.Done()
				}
			}
			return false
		}
	})
	var working sync.WaitGroup
	var ambiguous, others atomic.Int32
	for range runs {
		working.Go(func() {
			a := s.attempt(creation)
			var out strings.Builder
			code := Run(t.Context(), host(a.vars, &out, s.transport))
			if code == report.ExitUnknown && strings.Contains(out.String(), string(problem.AmbiguousName)) {
				ambiguous.Add(1)
			} else {
				others.Add(1)
			}
		})
	}
	working.Wait()
	// The emulator counts a create after Intercept, so that the first lists may come
	// before the last create.
	if others.Load() > runs/5 {
		t.Errorf("%d say that the name is ambiguous, and %d do not", ambiguous.Load(), others.Load())
	}
}

// That nobody could look again takes nothing from what the server said.
func TestACreateThatCannotBeVerifiedStaysCreated(t *testing.T) {
	t.Parallel()
	inBubble(t, "one secret", func(s *stage) {
		var lists atomic.Int32
		s.Set(intercepting(func(r *http.Request, _ string) bool {
			return r.Method == http.MethodGet && !asksNames(r) && lists.Add(1) > 1
		}, saysPage(http.StatusForbidden)))
		got := s.step(creation)
		got.ends(s.t, report.ExitDone, "created", "")
		if want := "::warning"; !strings.Contains(got.log, want) || !strings.Contains(got.log, "Vault "+s.VaultID+" was not checked for a second secret of the same name after the create: ") {
			s.t.Error(got.log)
		}
	})
}

// The answer to another request, as of a cache that keeps a POST's, is no answer
// to this one.
func TestAnAnswerAboutAnotherSecretIsNoCreate(t *testing.T) {
	t.Parallel()
	other := `{"id":"` + tokenID + `","env_key":"NEW","allowed_domains":["db.example.com","*.example.org"],` +
		`"created_at":"2026-04-25T11:45:19.000Z","updated_at":"2026-04-25T11:45:19.000Z"}`
	for name, answer := range map[string]string{
		"that was there before": other,
		"of another vault":      strings.Replace(other, tokenID, otherID+`","vault_id":"`+vaultID, 1),
	} {
		inBubble(t, name, func(s *stage) {
			s.Set(intercepting(func(r *http.Request, _ string) bool { return r.Method == http.MethodPost }, saysJSON(201, answer)))
			got := s.step(creation)
			got.ends(s.t, report.ExitUnknown, "unknown", problem.UnknownState)
			same(s.t, "the vault", []string{asBefore}, s.stored())
		})
	}
}

// A server that is restarted refuses connections for a moment, or is busy for
// longer: a create waits for it as any other request does.
func TestACreateOutlivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]string{
		"no connection":              {"5*create:refuse"},
		"no connection for anything": {"5*refuse"},
		"a connection that breaks":   {"3*create:reset-after-body"},
		"an answer that is lost":     {"create:reset-after-commit", "2*create:refuse"},
		"busy":                       {"4*create:status=503"},
		"busy, and the look too":     {"2*create:status=503", "3*list:status=503"},
		"too many requests":          {"9*create:throttle=seconds,2s"},
		"a page":                     {"2*create:html"},
		"no answer in time":          {"create:delay=1m"},
	} {
		inBubble(t, name, func(s *stage) {
			s.script(faults...)
			s.step(creation).ends(s.t, report.ExitDone, "created", "")
			same(s.t, "the vault", []string{asBefore, created}, s.stored())
		})
	}
}

// Two creates of one secret are never sent without a look between them, nor
// sooner than the server asked for.
func TestACreateIsSentAgainAfterALookAndInTime(t *testing.T) {
	t.Parallel()
	inBubble(t, "busy for 7 seconds", func(s *stage) {
		var sent []string
		var at []time.Duration
		began := time.Now()
		s.Set(intercepting(func(r *http.Request, _ string) bool {
			if asksNames(r) {
				return false
			}
			sent, at = append(sent, r.Method), append(at, time.Since(began))
			return r.Method == http.MethodPost && len(sent) == 2
		}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "7")
			saysJSON(503, `{"error":"busy"}`)(w, r)
		}))
		s.step(creation).ends(s.t, report.ExitDone, "created", "")
		same(s.t, "requests", "[GET POST GET POST GET GET]", fmt.Sprint(sent))
		if at[2] < 7*time.Second {
			s.t.Errorf("the look came after %s", at[2])
		}
	})
}
