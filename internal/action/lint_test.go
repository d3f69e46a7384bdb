package action

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// untouched is a network, and what a machine has for one, that nobody may use.
type untouched struct{ rapid.TB }

// RoundTrip implements http.RoundTripper.
func (u untouched) RoundTrip(*http.Request) (*http.Response, error) {
	u.Error("a request was sent")
	return nil, errors.New("there is no network")
}

// linting is a machine of which the network may not be used, with a lint as its step. Its
// files are in memory.
func linting(t rapid.TB, vars, files map[string]string, out io.Writer) Host {
	all := inputs{"INPUT_OPERATION": "lint"}
	maps.Copy(all, vars)
	h := host(all, out, untouched{t})
	h.Env.Open = func(name string) (io.ReadCloser, error) {
		text, found := files[name]
		if !found {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
	h.Proxy = func(*http.Request) (*url.URL, error) { t.Error("a proxy was asked for"); return nil, nil }
	h.SystemRoots = func() (*x509.CertPool, error) { t.Error("certificates were asked for"); return nil, nil }
	return h
}

const linted = "vaults:\n  - vault_id: vlt_01KEQ6963XS96YDP3NF9NKB7QJ\n    secrets:\n      A: { env: A, any_domain: true }\n"

// Whatever there is to send a request with is neither needed nor looked at, and no
// request is sent, not even to GitHub.
func TestALintSendsNothing(t *testing.T) {
	t.Parallel()
	const event = `{"pull_request": {"number": 7, "head": {"sha": "0123456789012345678901234567890123456789"}}}`
	for name, test := range map[string]struct {
		vars inputs
		code int
	}{
		"nothing":            {nil, 0},
		"a key":              {inputs{"INPUT_API_KEY": "nr_synthetic"}, 0},
		"a key of agents":    {inputs{"NAIRI_API_KEY": "ccagent_synthetic"}, 0},
		"no address":         {inputs{"INPUT_BASE_URL": "not an address"}, 0},
		"another address":    {inputs{"NAIRI_BASE_URL": "http://nairi.example.com"}, 0},
		"no certificates":    {inputs{"INPUT_CA_CERT": "no certificate", "NODE_EXTRA_CA_CERTS": "/not/there"}, 0},
		"no proxy":           {inputs{"HTTPS_PROXY": "::no proxy", "http_proxy": "socks9://"}, 0},
		"no event":           {inputs{"GITHUB_EVENT_PATH": "not-there.json"}, 0},
		"a bad manifest":     {inputs{"INPUT_SECRETS": "vaults: 1"}, 2},
		"a comment":          {inputs{"INPUT_COMMENT_PR": "true", "INPUT_GITHUB_TOKEN": "ghs_synthetic", "INPUT_PULL_REQUEST": "7"}, 2},
		"an issue":           {inputs{"INPUT_ISSUE": "true", "INPUT_GITHUB_TOKEN": "ghs_synthetic"}, 2},
		"a plan to be shown": {inputs{"INPUT_DRY_RUN": "true"}, 2},
	} {
		for _, transport := range []http.RoundTripper{nil, untouched{t}} {
			var out bytes.Buffer
			vars := inputs{
				"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "octo/cats", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": "event.json",
				"INPUT_SECRETS": linted,
			}
			maps.Copy(vars, test.vars)
			h := linting(t, vars, map[string]string{"event.json": event}, &out)
			h.Transport = transport
			if code := Run(t.Context(), h); code != test.code {
				t.Errorf("%s: exit code %d, want %d: %s", name, code, test.code, &out)
			}
		}
	}
}

// lints lints a text, on GitHub or in a shell, and returns all that it shows and the
// exit code. The text is a file and, as secrets, an input.
func lints(t rapid.TB, dir, text string, inline bool, more inputs) (shown string, code int) {
	var out bytes.Buffer
	vars := inputs{"INPUT_MANIFEST": "vault.yml", "GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary")}
	if inline {
		delete(vars, "INPUT_MANIFEST")
		vars["INPUT_SECRETS"] = text
	}
	maps.Copy(vars, more)
	for _, name := range []string{"output", "summary"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code = Run(context.Background(), linting(t, vars, map[string]string{"vault.yml": text}, &out))
	return out.String() + string(contents(vars["GITHUB_OUTPUT"])) + string(contents(vars["GITHUB_STEP_SUMMARY"])), code
}

// Marks of texts in a manifest: one that is no name, and one that could be a name.
const (
	noName = "zq 7stray/9"
	aName  = "Zq7strayName9"
)

// checkLint checks what holds for a lint of any text.
func checkLint(t rapid.TB, dir, text string, inline bool, more inputs) {
	text = strings.NewReplacer("@@", noName, "%%", aName).Replace(text)
	shown, code := lints(t, dir, text, inline, more)
	if code != 0 && code != 2 {
		t.Fatalf("exit code %d: %s", code, shown)
	}
	if (code == 0) != strings.Contains(shown, "No problems in ") {
		t.Fatalf("exit code %d, and it says: %s", code, shown)
	}
	if strings.Contains(shown, noName) || strings.Contains(shown, "7stray/9") {
		t.Fatal("a text of the manifest shows")
	}
	if strings.Contains(shown, aName) && !samples.InKey(text, aName) {
		t.Fatal("a text of the manifest shows that could be a name, and is none")
	}
}

// strayEntries are entries with a text where it does not belong.
var strayEntries = []string{
	"A: @@", "@@: {}", "%%: @@", "A: { env: @@, file: %% }", "A: { @@, %% }", "A: *@@", "A: &%% @@", "A: !@@ x", "A: '@@", "A: @@\n  %%: x",
	"A: { value: \"${%%}\" }", "? [@@]\n: %%", "A: { allowed_domains: [@@, %%] }", "A: { env: %%, any_domain: true }", "A: { file: '@@', any_domain: true }",
	"A: { env: %%, allowed_domains: ['@@.example.com'] }", "A: { allowed_domains: ['https://u:%%@example.com'] }", "A: { any_domain: %% }",
}

// lintSeeds are whole manifests of all kinds.
func lintSeeds(t testing.TB) []string {
	names, err := filepath.Glob("../manifest/testdata/*.yml")
	if err != nil || len(names) == 0 {
		t.Fatal("the manifests are not there: ", err)
	}
	var seeds []string
	for _, name := range names {
		seeds = append(seeds, strings.Split(string(contents(name)), "---\n")...)
	}
	for _, entry := range strayEntries {
		seeds = append(seeds, "vaults:\n- vault_id: "+vaultID+"\n  secrets:\n    "+entry+"\n")
	}
	return seeds
}

// surroundings are where a lint may run, and with what beside the manifest.
var surroundings = []inputs{
	{},
	{"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/"},
	{"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", aName: "", "INPUT_PRUNE": "true"},
	{"INPUT_VALUES": "when_created", "INPUT_ENV_JSON": `{"A": "x-synthetic"}`},
}

// No text of a manifest shows that is no name of a key, wherever a lint runs: a value in
// the wrong place may be among them.
func TestALintRepeatsNoTextOfTheManifest(t *testing.T) {
	t.Parallel()
	dir, seeds := t.TempDir(), lintSeeds(t)
	for _, seed := range seeds {
		for _, more := range surroundings {
			for _, inline := range []bool{false, true} {
				if !inline || seed != "" {
					checkLint(t, dir, seed, inline, more)
				}
			}
		}
	}
}

func FuzzLint(f *testing.F) {
	for i, seed := range lintSeeds(f) {
		f.Add(seed, i%2 == 0, byte(i))
	}
	f.Fuzz(func(t *testing.T, text string, inline bool, where byte) {
		if strings.ContainsRune(text, 0) {
			t.Skip("no variable holds it")
		}
		checkLint(t, t.TempDir(), text, inline && strings.TrimSpace(text) != "", surroundings[int(where)%len(surroundings)])
	})
}

// A secret that this run knows shows nowhere, even if it is the name of an entry, of a
// file or of a variable.
func TestALintShowsNoValue(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"GitHub", "act", "exec", "forges", "a shell"} {
		for _, stray := range []string{"correct_horse_battery_staple", "blunderbuss"} {
			for _, secrets := range []string{
				stray + ": { envs: A }\n",
				"A: { env: " + stray + ", any_domain: true }\n    B: { env: B, any_domain: true }\n",
				stray + ": { any_domain: true }\n    " + strings.ToUpper(stray) + ": { any_domain: true }\n",
				"A: { " + stray + ": 1 }",
			} {
				vars := inputs{"INPUT_ENV_JSON": `{"B": "` + stray + `"}`, "INPUT_SECRETS": "vaults:\n- vault_id: " + vaultID + "\n  secrets:\n    " + secrets}
				showsNot(t, where, vars, stray)
			}
		}
	}
}

// showsNot fails the test if a lint shows a text somewhere, to whoever looks at the log.
func showsNot(t *testing.T, where string, vars inputs, text string) {
	t.Helper()
	maps.Copy(vars, places[where].env)
	var out bytes.Buffer
	Run(t.Context(), linting(t, vars, nil, &out))
	if len(places[where].runners) == 0 && strings.Contains(out.String(), text) {
		t.Errorf("in %s it shows: %s", where, &out)
	}
	for _, runner := range places[where].runners {
		after := runner.Run(runnertest.Job{Steps: []runnertest.Step{{Stdout: out.Bytes()}}})
		if strings.Contains(after.Visible(), text) {
			t.Errorf("%s shows it: %s", runner.Name(), after.Visible())
		}
	}
}
