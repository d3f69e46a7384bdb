package action

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// twoVaults are the inputs of a sync of two vaults, the second of which is called staging.
func (s *stage) twoVaults() inputs {
	staging := s.AddVault("staging")
	with := s.syncs("TOKEN: {env: A, allowed_domains: [db.example.com]}")
	with["secrets"] += "- vault_id: " + staging + "\n  secrets:\n    TOKEN: {env: A, any_domain: true}\n"
	with["env_json"] = `{"A": "` + value + `"}`
	return with
}

// namesAnswered makes the list of vaults answer otherwise.
func namesAnswered(answer fault) func(*nairitest.Options) {
	return func(o *nairitest.Options) {
		o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/vaults") {
				return false
			}
			answer(w, r)
			return true
		}
	}
}

// A run says which vault it means by the name that the API gives it.
func TestASyncTellsVaultsByName(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	got := s.step(s.twoVaults())
	same(t, "exit code", report.ExitDone, got.code)
	for _, want := range []string{"\n#### default · <code>vlt", "\n#### staging · <code>vlt"} {
		if !strings.Contains(got.summary, want) {
			t.Errorf("%q is not in the summary: %s", want, got.summary)
		}
	}
	if !strings.Contains(got.log, " in staging (vlt_") {
		t.Error(got.log)
	}
	single := newStage(t)
	single.step(inputs{"env_key": "TOKEN", "value": value})
	for _, request := range single.Requests() {
		if request.Kind == nairitest.KindNames {
			t.Error("a single secret asks for the names of vaults")
		}
	}
}

// Whatever is wrong with the names, the run is the same, and does not take much longer.
func TestARunIsTheSameWithoutTheNamesOfVaults(t *testing.T) {
	t.Parallel()
	without := newStage(t)
	without.Set(namesAnswered(saysJSON(http.StatusNotFound, "404 page not found")))
	want := without.step(without.twoVaults())
	same(t, "exit code", report.ExitDone, want.code)
	for name, answer := range map[string]fault{
		"a failure":     saysJSON(http.StatusInternalServerError, `{"error":"no"}`),
		"a refused key": saysJSON(http.StatusUnauthorized, `{"error":"no"}`),
		"a limit": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"a page":     saysJSON(http.StatusOK, "<html>::error::no</html>"),
		"garbage":    saysJSON(http.StatusOK, "\x00[{"),
		"null":       saysJSON(http.StatusOK, "null"),
		"a wrap":     saysJSON(http.StatusOK, `{"vaults":[]}`),
		"huge":       saysJSON(http.StatusOK, "["+strings.Repeat(`{"id":"vlt_1","name":"x"},`, 100_000)+"{}]"),
		"a redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"a reset":    resets,
		"a hang":     func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"a drip": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.Set(namesAnswered(answer))
			with, began := s.twoVaults(), time.Now()
			got := s.step(with)
			if took := time.Since(began); took > patience {
				t.Errorf("it took %s", took)
			}
			same(t, "exit code", want.code, got.code)
			same(t, "outputs", want.outputs, got.outputs)
			same(t, "log", want.log, got.log)
			same(t, "summary", want.summary, got.summary)
			same(t, "requests", len(want.requests), len(got.requests))
		})
	}
}
