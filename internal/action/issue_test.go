package action

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// onSchedule moves a stage to a run of octo/cats on a schedule, with a check that keeps
// an issue as its step.
func (s *stage) onSchedule() *githubtest.Server {
	server := githubtest.New(s.t, githubtest.Options{})
	s.env["GITHUB_EVENT_NAME"], s.env["GITHUB_SHA"] = "schedule", githubtest.DefaultHead
	s.env["GITHUB_EVENT_PATH"] = file(s.t, `{"schedule": "17 6 * * *"}`)
	s.env["GITHUB_REPOSITORY"], s.env["GITHUB_API_URL"], s.env["GITHUB_SERVER_URL"] = githubtest.DefaultRepository, server.URL, server.PageURL
	s.env["GITHUB_RUN_ID"], s.env["GITHUB_RUN_ATTEMPT"] = "8412345678", "1"
	s.hidden = append(s.hidden, githubtest.DefaultToken)
	s.with = inputs{
		"api_key": s.Key, "base_url": s.BaseURL, "operation": "check", "issue": "true", "github_token": githubtest.DefaultToken, "fail_on_drift": "false",
	}
	return server
}

// issued checks that there is one issue, in this state, and returns its text.
func issued(t *testing.T, server *githubtest.Server, state string) string {
	t.Helper()
	issues := server.Issues(githubtest.DefaultRepository)
	if len(issues) != 1 || issues[0].State != state {
		t.Fatalf("issues %+v, want one that is %s", issues, state)
	}
	return issues[0].Body
}

// An issue is opened by drift, says what is new, is closed once all is well, and is
// opened again; a check that could not be made leaves it as it is.
func TestTheIssueTellsWhatIsOff(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := s.onSchedule()
	well := inputs{"secrets": s.manifest("TOKEN: { allowed_domains: [api.example.com] }")}
	s.step(well).ends(t, 0, "unchanged", "")
	if issues := server.Issues(githubtest.DefaultRepository); len(issues) > 0 {
		t.Fatalf("an issue about nothing: %+v", issues)
	}

	s.step(inputs{"secrets": s.manifest("TOKEN: { any_domain: true }")}).ends(t, 0, "unchanged", "")
	if body := issued(t, server, "open"); !strings.Contains(body, "api.example.com") || !strings.Contains(body, "TOKEN") {
		t.Errorf("the issue says %s", body)
	}
	s.step(inputs{"secrets": s.manifest("TOKEN: { any_domain: true }", "NEW: { env: A, any_domain: true }"), "fail_on_drift": "true"}).ends(t, 1, "failed", problem.Drift)
	if body := issued(t, server, "open"); !strings.Contains(body, "NEW") {
		t.Errorf("the issue says %s", body)
	}

	s.step(well).ends(t, 0, "unchanged", "")
	issued(t, server, "closed")
	s.step(inputs{"secrets": s.manifest("TOKEN: { absent: true }")}).ends(t, 0, "unchanged", "")
	there := issued(t, server, "open")

	s.Set(func(o *nairitest.Options) { o.Key = "nr_another-key-of-the-organization" })
	s.step(well).ends(t, 1, "failed", problem.Unauthorized)
	same(t, "the issue", there, issued(t, server, "open"))
}

// A check of one vault closes no issue about another: not where one file serves several
// by a variable, nor where the text is in no file.
func TestAnIssueIsOfItsVaults(t *testing.T) {
	t.Parallel()
	of := func(file string, byVariable bool, ids ...string) string {
		var vaults []plan.Vault
		for _, id := range ids {
			vaults = append(vaults, plan.Vault{ID: nairi.VaultID(id), ByVariable: byVariable, Place: plan.Place{File: file}})
		}
		return issueKey("vault.yml", vaults)
	}
	if of("vault.yml", false, "vlt_1") != "vault.yml" || of("vault.yml", false, "vlt_1") != of("vault.yml", false, "vlt_1", "vlt_2") {
		t.Error("a vault more in a file makes another issue")
	}
	if of("vault.yml", true, "vlt_1") == of("vault.yml", true, "vlt_2") || of("", false, "vlt_1") == of("", false, "vlt_2") {
		t.Error("two vaults share one issue")
	}
	if of("vault.yml", true, "vlt_1", "vlt_2") != of("vault.yml", true, "vlt_2", "vlt_1") {
		t.Error("the order of vaults makes another issue")
	}
}

// An issue that cannot be written fails a step that would have succeeded, whatever was
// found: nobody would hear of it. The outputs say what was found all the same.
func TestNoIssueIsAFailure(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*stage, *githubtest.Server){
		"not allowed": func(_ *stage, server *githubtest.Server) {
			server.Fail(githubtest.Fault{Answer: githubtest.Status(http.StatusForbidden)})
		},
		"no issues": func(_ *stage, server *githubtest.Server) { server.TurnIssuesOff(githubtest.DefaultRepository) },
		"a crash":   func(s *stage, _ *githubtest.Server) { s.crashOn = "GITHUB_API_URL" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			prepare(s, s.onSchedule())
			off := s.manifest("TOKEN: { any_domain: true }")
			for _, tt := range []struct {
				fails  string
				result string
				error  problem.Code
			}{{"false", "unchanged", ""}, {"true", "failed", problem.Drift}} {
				s.anyAnnotation = true // a crash is told by a warning alone
				got := s.step(inputs{"secrets": off, "fail_on_drift": tt.fails})
				got.ends(t, 1, tt.result, tt.error)
				if !strings.Contains(got.log, "The issue could not be written: ") || got.outputs["drift"] != "true" {
					t.Errorf("%v: %s", got.outputs, got.log)
				}
			}
		})
	}
}

// What somebody else may read of a vault is not in the issue of a public repository.
func TestTheIssueNamesNothingOfAStrangersVault(t *testing.T) {
	t.Parallel()
	for event, named := range map[string]bool{
		`{"schedule": "17 6 * * *"}`: false, `{"repository": {"private": false}}`: false, `{"repository": {"private": true}}`: true,
	} {
		s := newStage(t)
		server := s.onSchedule()
		s.env["GITHUB_EVENT_PATH"] = file(t, event)
		s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "ONLY_THERE", Value: former, CreatedAt: time.Now()})
		got := s.step(inputs{"secrets": s.manifest("TOKEN: { allowed_domains: [api.example.com] }"), "unmanaged": "error"})
		body := issued(t, server, "open")
		for where, text := range map[string]string{"issue": body, "log": got.log, "summary": got.summary, "outputs": got.outputs["results"]} {
			if strings.Contains(strings.ReplaceAll(text, "&#95;", "_"), "ONLY_THERE") != named {
				t.Errorf("%s: the %s says %s", event, where, text)
			}
		}
	}
}
