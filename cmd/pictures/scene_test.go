package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/action"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const (
	production, staging = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ", "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"
	manifestName        = ".github/nairi-vault.yml"
	key                 = "nr_the-key-of-the-organization-octo"
)

// manifestText is the manifest of the pull request.
const manifestText = `vaults:
  - vault_id: ` + production + `
    secrets:
      OPEN_TOKEN: { env: OPEN_TOKEN, any_domain: true }
      DATABASE_URL: { env: DATABASE_URL, allowed_domains: ["*.example.com", new.example.net] }
      LEGACY_TOKEN: { absent: true }
      STRIPE_KEY: { allowed_domains: [api.stripe.com] }
      SEARCH_TOKEN: { allowed_domains: [search.example.com] }
%s  - vault_id: ` + staging + `
    secrets:
      KEEP: { any_domain: true }
      WEBHOOK_SECRET: { allowed_domains: [hooks.example.com] }
`

// services are the secrets whose values are written again.
func services() []string {
	var names []string
	for i := range 12 {
		names = append(names, fmt.Sprintf("SERVICE_TOKEN_%d", i+1))
	}
	return names
}

// start is the time of every run, of which the last change was a month ago.
var start = time.Date(2026, 5, 2, 8, 0, 0, 0, time.UTC)

// scene is a repository with its vaults.
type scene struct {
	t     *testing.T
	nairi *nairitest.Server
	forge *githubtest.Server
	vars  map[string]string
	files map[string]string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{
		t: t, forge: githubtest.New(t, githubtest.Options{}),
		nairi: nairitest.Start(t, nairitest.Options{Key: key, Now: func() time.Time { return start }, Entropy: rand.NewChaCha8([32]byte{1})}),
	}
	s.nairi.AddVaultWithID(production, "production")
	s.nairi.AddVaultWithID(staging, "staging")
	s.store(production, "db.example.com", "DATABASE_URL")
	s.store(production, "legacy.example.com", "LEGACY_TOKEN", "OLD_1", "OLD_2", "OLD_3")
	s.store(production, "api.stripe.com", "STRIPE_KEY")
	s.store(production, "search.example.com", "SEARCH_TOKEN")
	s.store(production, "services.example.com", services()...)
	s.store(staging, "keep.example.com", "KEEP")
	s.store(staging, "hooks.example.com", "WEBHOOK_SECRET", "TMP_1", "TMP_2")
	s.vars = map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_API_URL": "https://api.github.com",
		"GITHUB_REPOSITORY": "octo/cats", "GITHUB_RUN_ID": "8412345678", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_WORKFLOW": "secrets",
		"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": "event.json", "INPUT_API_KEY": key,
	}
	for _, name := range append(services(), "OPEN_TOKEN", "DATABASE_URL") {
		s.vars[name] = "value-of-" + name + "-7f3a9c"
	}
	var again strings.Builder
	for _, name := range services() {
		fmt.Fprintf(&again, "      %s: { env: %[1]s }\n", name)
	}
	s.files = map[string]string{
		manifestName: fmt.Sprintf(manifestText, again.String()),
		"event.json": `{"pull_request": {"number": 7, "head": {"sha": "` + githubtest.DefaultHead + `"}}, "repository": {"private": true}}`,
	}
	return s
}

// store puts secrets of one host into a vault.
func (s *scene) store(vault, host string, names ...string) {
	for _, name := range names {
		s.nairi.AddSecret(vault, nairitest.Stored{
			EnvKey: name, Value: "former-value-of-" + name, AllowedDomains: []string{host}, CreatedAt: start.AddDate(0, -1, 0),
		})
	}
}

// run is a step with these inputs. It returns the summary and the log without the masks.
func (s *scene) run(with map[string]string) (summary, log string) {
	s.t.Helper()
	dir := s.t.TempDir()
	vars := maps.Clone(s.vars)
	vars["GITHUB_OUTPUT"], vars["GITHUB_STEP_SUMMARY"] = filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	for name, text := range with {
		vars["INPUT_"+strings.ToUpper(name)] = text
	}
	var stdout bytes.Buffer
	host := action.Host{
		Version: "v1.2.3", Stdout: &stdout, Now: time.Now, Random: rand.NewChaCha8([32]byte{2}), Jitter: func() float64 { return 0 }, Transport: s,
		Env: env.Env{
			Lookup: func(name string) (string, bool) { text, ok := vars[name]; return text, ok },
			Names:  func() []string { return slices.Collect(maps.Keys(vars)) },
			Open:   s.open,
		},
	}
	// The names of vaults may take a moment longer than all else, by a clock that stands still.
	synctest.Test(s.t, func(t *testing.T) { action.Run(t.Context(), host) })
	text, err := os.ReadFile(vars["GITHUB_STEP_SUMMARY"])
	if err != nil {
		s.t.Fatalf("no summary: %v: %s", err, stdout.String())
	}
	lines := slices.DeleteFunc(strings.SplitAfter(stdout.String(), "\n"), func(line string) bool { return strings.HasPrefix(line, "::add-mask::") })
	return string(text), strings.Join(lines, "")
}

func (s *scene) open(name string) (io.ReadCloser, error) {
	text, ok := s.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// RoundTrip sends a request to the stand-in of the server that it is for. No connection
// outlasts a run.
func (s *scene) RoundTrip(r *http.Request) (*http.Response, error) {
	server, ok := map[string]string{"api.nairi.ai": s.nairi.BaseURL, "api.github.com": s.forge.URL}[r.URL.Host]
	if !ok {
		return nil, fmt.Errorf("there is no %s", r.URL.Host)
	}
	base, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, ""
	return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
}

// plan are the inputs of a sync.
func plan(more ...string) map[string]string {
	with := map[string]string{"operation": "sync", "manifest": manifestName, "comment_pr": "true", "github_token": githubtest.DefaultToken}
	for i := 0; i < len(more); i += 2 {
		with[more[i]] = more[i+1]
	}
	return with
}

// problems is the log of a run whose manifest has three.
func (s *scene) problems() string {
	s.files[manifestName] = strings.NewReplacer(
		"DATABASE_URL, allowed_domains", "DATABASE_URL, allowed_domain", "STRIPE_KEY: {", "STRIPE_KEY: { env: A, file: b,", "absent: true", "absent: yes",
	).Replace(s.files[manifestName])
	_, log := s.run(plan("dry_run", "true", "comment_pr", "false"))
	return log
}

func (s *scene) theComment() string {
	s.t.Helper()
	comments := s.forge.Comments(githubtest.DefaultPullRequest)
	if len(comments) != 1 {
		s.t.Fatalf("%d comments", len(comments))
	}
	return comments[0].Body
}

// set are the inputs of a rotation.
func set(more ...string) map[string]string {
	with := map[string]string{
		"operation": "set", "vault_id": production, "env_key": "DATABASE_URL", "value": "value-of-DATABASE_URL-7f3a9c",
		"allowed_domains": "db.example.com, *.replicas.example.com",
	}
	for i := 0; i < len(more); i += 2 {
		with[more[i]] = more[i+1]
	}
	return with
}

// texts are what the pictures show, by the names of their files: each from a run of the
// program.
func texts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	s := newScene(t)
	_, all["log-plan.txt"] = s.run(plan("dry_run", "true"))
	all["comment-plan.md"] = s.theComment()
	all["log-problems.txt"] = newScene(t).problems()
	all["summary-sync.md"], _ = s.run(plan("comment_pr", "false"))
	all["summary-updated.md"], _ = newScene(t).run(set())
	all["summary-failed.md"], _ = newScene(t).run(set("api_key", "nr_another-key-of-the-organization"))
	return all
}
