package action

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

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
	if !strings.Contains(got.log, "\nstaging (vlt_") {
		t.Error(got.log)
	}
}

// Of a single secret the summary has the name, if the step looks: a rotation of one request
// stays one.
func TestTheNameOfTheVaultOfASingleSecret(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		with    inputs
		summary bool
		asks    int
	}{
		"by name":                    {inputs{"env_key": "TOKEN", "value": value}, true, 1},
		"by name, without a summary": {inputs{"env_key": "TOKEN", "value": value}, false, 0},
		"by ID":                      {inputs{"secret_id": tokenID, "value": value}, true, 0},
	} {
		s := newStage(t)
		if !test.summary {
			s.env["GITHUB_STEP_SUMMARY"] = ""
		}
		got, asked := s.step(test.with), 0
		for _, request := range s.Requests() {
			if request.Kind == nairitest.KindNames {
				asked++
			}
		}
		if named := strings.Contains(got.summary, "| Vault | default · "); asked != test.asks || named != (asked > 0) {
			t.Errorf("%s: asks %d times, and the summary has the name: %t", name, asked, named)
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

// A name that a vault was given is no command of the runner, also not for one that compares
// texts as people of a language do, who do not see U+034F.
func TestTheNameOfAVaultIsNoCommand(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"::stop-commands::x", "::stop-commands:\u034f:x", "::stop-commands:\ufe0f:x", "::add-mask:é:x"} {
		s := newStage(t)
		s.Set(namesAnswered(saysJSON(http.StatusOK, `[{"id":"`+s.VaultID+`","name":"`+name+`"}]`)))
		got := s.step(s.syncs("TOKEN: {allowed_domains: [db.example.com]}"))
		got.ends(t, report.ExitDone, "updated", "")
		for line := range strings.Lines(got.log) {
			seen := strings.TrimSpace(strings.Map(func(r rune) rune {
				if r > unicode.MaxASCII {
					return -1
				}
				return r
			}, line))
			if strings.Contains(line, s.VaultID) && strings.HasPrefix(seen, "::") && strings.Contains(seen[2:], "::") {
				t.Errorf("%q is a command for GitHub's runner", line)
			}
		}
		if !strings.Contains(got.log, s.VaultID) {
			t.Error(got.log)
		}
	}
}
