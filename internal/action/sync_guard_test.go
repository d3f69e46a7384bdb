package action

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// A vault whose new secret could not be created keeps the old one, which may be
// the same.
func TestNothingIsPrunedAfterAFailedCreate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Set(refusing(http.StatusUnprocessableEntity, "NEW"))
	with := s.syncs("NEW: {env: A, any_domain: true}")
	with["env_json"], with["prune"] = `{"A": "`+value+`"}`, "true"
	s.step(with).ends(t, report.ExitFailed, "failed", problem.TooManyDeletes)
	got := s.step(mayEmpty(with))
	same(t, "exit code", report.ExitFailed, got.code)
	same(t, "TOKEN", problem.NotBegun, resultsIn(t, got.outputs["results"])["TOKEN"].ErrorCode)
	same(t, "the vault", []string{asBefore}, s.stored())
}

// A rename is a delete of the old name and a create of the new one, and replacing
// a secret by another is a delete and an update. If the write fails, or may have,
// the old one stays.
func TestARenameWhoseNewNameFailsKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		new     string
		outcome string
		code    int
		breaks  func(*nairitest.Options)
	}{
		"a create that is refused":          {"NEW: {env: A, any_domain: true}", "failed", report.ExitFailed, refusing(http.StatusUnprocessableEntity, "NEW")},
		"an update that is refused":         {"OTHER: {env: A}", "failed", report.ExitFailed, intercepting(writes, saysJSON(http.StatusUnprocessableEntity, `{"error":"no"}`))},
		"an update whose answer means none": {"OTHER: {env: A}", "unknown", report.ExitUnknown, intercepting(writes, saysPage(http.StatusOK))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			other := token()
			other.ID, other.EnvKey = otherID, "OTHER"
			s.AddSecret(s.VaultID, other)
			s.Set(test.breaks)
			with := s.syncs("TOKEN: {absent: true}", test.new)
			with["env_json"] = `{"A": "` + value + `"}`
			got := s.step(with)
			same(t, "exit code", test.code, got.code)
			same(t, "result", test.outcome, got.outputs["result"])
			if got.outputs["error_code"] == string(problem.NotBegun) {
				t.Error("the error_code is that of the consequence")
			}
			old := resultsIn(t, got.outputs["results"])["TOKEN"]
			same(t, "TOKEN", problem.NotBegun, old.ErrorCode)
			if !strings.Contains(got.log, "TOKEN was not deleted: nothing is deleted from a vault before all of its writes are known to be done: ") {
				t.Error(got.log)
			}
			same(t, "the vault", asBefore, s.stored()[0])
		})
	}
}

// What says 404 before the API has not deleted anything.
func TestADeleteThatSomethingElseAnswersIsNotDone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	deletes := func(r *http.Request, _ string) bool { return r.Method == http.MethodDelete }
	s.Set(intercepting(deletes, says(http.StatusNotFound, "application/json", "404 page not found")))
	s.step(inputs{"operation": "delete", "env_key": "TOKEN"}).ends(t, report.ExitFailed, "failed", problem.SecretNotFound)
	many := mayEmpty(s.syncs("TOKEN: {absent: true}"))
	s.step(many).ends(t, report.ExitFailed, "failed", problem.SecretNotFound)
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
	with := s.syncs("NEW: {env: A, allowed_domains: [db.example.com]}")
	with["env_json"], with["deny_widening"] = `{"A": "`+value+`"}`, "true"
	s.step(with).ends(t, report.ExitFailed, "failed", problem.WiderDomains)
	same(t, "the vault", []string{asBefore, "NEW " + former + " [api.example.com]"}, s.stored())
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
		"<code>OTHER</code> → <code>evil.example</code>\n",
		"\n! OTHER  update hosts\n+   evil.example\n-   api.example.com\n",
		"\n! TOKEN  update hosts\n+   ",
	} {
		if !strings.Contains(got.summary, want) {
			t.Errorf("%q is not in the summary of %d bytes", want, len(got.summary))
		}
	}
	if len(got.summary) > 64<<10 {
		t.Errorf("a summary of %d bytes", len(got.summary))
	}
}
