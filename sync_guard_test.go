package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// answering answers requests of a method whose path ends so, and no other.
func answering(method, end string, status int, body string) func(*nairitest.Options) {
	return func(o *nairitest.Options) {
		o.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != method || !strings.HasSuffix(r.URL.Path, end) {
				return false
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return true
		}
	}
}

// A vault whose new secret could not be created keeps the old one, which may be
// the same.
func TestNothingIsPrunedAfterAFailedCreate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Set(answering(http.MethodPost, "/secrets", http.StatusUnprocessableEntity, `{"error":"no"}`))
	with := s.syncs("NEW: {env: A, any_domain: true}")
	with["env_json"], with["prune"] = `{"A": "`+value+`"}`, "true"
	got := s.step(with)
	if got.code != report.ExitFailed || got.outputs["error_code"] != string(report.TooManyDeletes) {
		t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
	}
	with["max_deletes"] = "1"
	got = s.step(with)
	if got.code != report.ExitFailed || resultsIn(t, got.outputs["results"])["TOKEN"].ErrorCode != string(report.NotBegun) || len(s.stored()) != 1 {
		t.Errorf("exit code %d, stored %d, outputs %v", got.code, len(s.stored()), got.outputs)
	}
}

// What says 404 before the API has not deleted anything.
func TestADeleteThatSomethingElseAnswers(t *testing.T) {
	t.Parallel()
	for name, with := range map[string]func(*stage) inputs{
		"of one": func(*stage) inputs { return inputs{"operation": "delete", "env_key": "TOKEN"} },
		"of many": func(s *stage) inputs {
			with := s.syncs("TOKEN: {absent: true}")
			with["max_deletes"] = "1"
			return with
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.Set(answering(http.MethodDelete, tokenID, http.StatusNotFound, "404 page not found"))
			got := s.step(with(s))
			if got.code != report.ExitFailed || got.outputs["result"] != "failed" || got.outputs["changed"] != "false" {
				t.Errorf("exit code %d, outputs %v", got.code, got.outputs)
			}
		})
	}
}

// A name that somebody else takes between the list and the create is subject to
// the same fence.
func TestWideningIsDeniedToTheOvertaken(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Set(func(o *nairitest.Options) {
		o.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "NEW", Value: former, AllowedDomains: []string{"api.example.com"}})
			}
			return false
		}
	})
	with := s.syncs("NEW: {env: A, any_domain: true}")
	with["env_json"], with["deny_widening"] = `{"A": "`+value+`"}`, "true"
	got := s.step(with)
	if got.code != report.ExitFailed || got.outputs["error_code"] != string(report.WiderDomains) {
		t.Errorf("exit code %d, outputs %v: %s", got.code, got.outputs, got.log)
	}
	if slices.ContainsFunc(s.stored(), func(line string) bool { return strings.HasPrefix(line, "NEW") && strings.HasSuffix(line, "[]") }) {
		t.Error("the fence was widened")
	}
}

// A list that cannot be relied on is not planned from.
func TestListsThatCannotBeReliedOn(t *testing.T) {
	t.Parallel()
	row := `{"id":"` + tokenID + `","env_key":"TOKEN","allowed_domains":[],"updated_at":"2026-04-25T11:00:00.000Z"}`
	for name, list := range map[string]string{
		"no names":        `[{"id":"` + tokenID + `","name":"TOKEN"}]`,
		"one under two":   "[" + row + "," + strings.Replace(row, `"TOKEN"`, `"OLD_NAME"`, 1) + "]",
		"the same twice":  "[" + row + "," + row + "]",
		"names too long":  strings.Replace("["+row+"]", `"TOKEN"`, `"`+strings.Repeat("A", 2000)+`"`, 1),
		"names that fail": "[" + strings.Replace(row, `"TOKEN"`, `""`, 1) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.Set(answering(http.MethodGet, "/secrets", http.StatusOK, list))
			with := s.syncs("TOKEN: {allowed_domains: [api.example.com]}", "NEW: {env: A, any_domain: true}")
			with["env_json"], with["prune"], with["max_deletes"] = `{"A": "`+value+`"}`, "true", "9"
			got := s.step(with)
			if got.outputs["error_code"] != string(report.UnexpectedAnswer) || len(got.requests) != 1 {
				t.Errorf("outputs %v, requests %q", got.outputs, got.requests)
			}
		})
	}
}

// The files of a pull request have no say in what its plan shows.
func TestAPlanMasksNothingOfThePullRequest(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	file := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(file, []byte("evil.example.net\nTOKEN\nwider than before\n<code>\nplanned\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := s.syncs("TOKEN: {allowed_domains: [evil.example.net]}", "HARMLESS: {file: "+file+", any_domain: true}")
	with["comment_pr"], with["github_token"], with["dry_run"] = "true", githubtest.DefaultToken, "true"
	got := s.step(with)
	const line = "**wider than before:** <code>TOKEN</code> may now go to <code>evil.example.net</code>"
	if texts := comments(server); len(texts) != 1 || !strings.Contains(texts[0], line) || got.outputs["result"] != "planned" {
		t.Errorf("comments %q, outputs %v", texts, got.outputs)
	}
}

// A plan that nothing is left of, and a look that fails, take the place of the
// plan before them.
func TestNoCommentIsLeftBehind(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onPullRequest()
	with := s.syncs("TOKEN: {absent: true}")
	with["comment_pr"], with["github_token"], with["dry_run"], with["max_deletes"] = "true", githubtest.DefaultToken, "true", "1"
	s.step(with)
	with["secrets"] = "vaults:\n- vault_id: " + s.VaultID + "\n  secrets: {}\n"
	s.step(with)
	if texts := comments(server); len(texts) != 1 || strings.Contains(texts[0], "TOKEN") || !strings.Contains(texts[0], "no changes") {
		t.Errorf("comments %q", texts)
	}
	s.Set(func(o *nairitest.Options) { o.Key = "nr_another-key-of-the-organization" })
	s.step(with)
	if texts := comments(server); len(texts) != 1 || !strings.Contains(texts[0], "unauthorized") {
		t.Errorf("comments %q", texts)
	}
}

// A mistake after all was written takes nothing away from what is said of it.
func TestCrashInTheComment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.onPullRequest()
	s.crashOn = "GITHUB_API_URL"
	with := s.syncs("TOKEN: {allowed_domains: [db.example.com]}")
	with["comment_pr"], with["github_token"] = "true", githubtest.DefaultToken
	got := s.step(with)
	if got.code != 0 || got.outputs["updated_count"] != "1" || !strings.Contains(got.log, "::warning title=vault-secret::the plan is not on the pull request: a mistake in this program") {
		t.Errorf("exit code %d, outputs %v: %s", got.code, got.outputs, got.log)
	}
}

// Many hosts of one secret hide nothing of another.
func TestManyHostsHideNoOther(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var hosts []string
	for i := range 900 {
		hosts = append(hosts, strings.Repeat("a", 60)+"."+strings.Repeat("b", 60)+".h"+strings.Repeat("c", i%50+1)+".example")
	}
	s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "OTHER", Value: former, AllowedDomains: []string{"api.example.com"}})
	with := s.syncs("TOKEN: {allowed_domains: ["+strings.Join(hosts, ", ")+"]}", "OTHER: {allowed_domains: [evil.example]}")
	with["dry_run"] = "true"
	got := s.step(with)
	for _, want := range []string{
		"**wider than before:** <code>OTHER</code> may now go to <code>evil.example</code>",
		"| <code>OTHER</code> | update domains | **wider**<br>+ <code>evil.example</code><br>− <code>api.example.com</code> | planned |",
		"| <code>TOKEN</code> | update domains | **wider**<br>",
	} {
		if !strings.Contains(got.summary, want) {
			t.Errorf("%q is not in the summary of %d bytes", want, len(got.summary))
		}
	}
	if len(got.summary) > 64<<10 {
		t.Errorf("a summary of %d bytes", len(got.summary))
	}
}
