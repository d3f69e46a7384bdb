package main

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
)

const (
	adminOfTests = "admin-of-tests"
	firstVault   = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	secondVault  = "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"
)

// seedOfTests has a secret of each kind: given by a variable, by a file and as base64,
// not given, without hosts, old, renamed, made, and one that is to be absent.
const seedOfTests = `vaults:
  - vault_id: ` + firstVault + `
    secrets:
      BY_VARIABLE: { env: GIVEN, allowed_domains: [a.example.com] }
      BY_FILE: { file: value.txt, allowed_domains: [b.example.com] }
      BY_BASE64: { env: ENCODED, value_encoding: base64, any_domain: true }
      NOT_GIVEN: { env: EMPTY, allowed_domains: [c.example.com], rotated: 2026-01-02 }
      HOSTS_ONLY: { allowed_domains: [d.example.com] }
      RENAMED: { env: GIVEN, any_domain: true, renamed_from: BEFORE }
      MADE: { generate: hex, max_age: 30d, any_domain: true }
      GONE: { absent: true }
  - vault_id: ${SECOND}
    names: [OURS_*]
    secrets:
      OURS_A: { env: GIVEN, any_domain: true }
`

// outsideOf is an environment with variables and files in a folder.
func outsideOf(t *testing.T, variables map[string]string, files map[string]string) env.Env {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return env.Env{
		Lookup: func(name string) (string, bool) { text, found := variables[name]; return text, found },
		Open:   func(name string) (io.ReadCloser, error) { return root.Open(name) },
		Stat:   root.Stat,
	}
}

func variables(more ...string) map[string]string {
	all := map[string]string{
		adminKeyVariable: adminOfTests, "GIVEN": "correct-horse\n", "ENCODED": "YmF0dGVyeS1zdGFwbGU=", "EMPTY": "", "SECOND": secondVault,
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

var filesOfTests = map[string]string{"seed.yml": seedOfTests, "value.txt": "\ufefffrom-a-file\r\n"}

// seededHere is an emulator with what seedOfTests says.
func seededHere(t *testing.T) (r ready, outside env.Env) {
	t.Helper()
	outside = outsideOf(t, variables(), filesOfTests)
	r, stop, _ := serveWith(t, outside, "-seed", "seed.yml")
	t.Cleanup(stop)
	return r, outside
}

func TestSeedIsWhatTheVaultsHoldFromTheStart(t *testing.T) {
	t.Parallel()
	outside := outsideOf(t, variables(), filesOfTests)
	r, stop, stderr := serveWith(t, outside, "-seed", "seed.yml")
	if r.VaultID != firstVault {
		t.Errorf("vault_id %q, want the first of the manifest", r.VaultID)
	}
	held, err := remote{baseURL: r.BaseURL, adminKey: adminOfTests}.state(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, v := range held.Vaults {
		for _, s := range v.Secrets {
			got[v.ID+" "+s.EnvKey] = append([]string{s.Value}, s.AllowedDomains...)
			if changed := s.UpdatedAt.Format(time.DateOnly); (changed == "2026-01-02") != (s.EnvKey == "NOT_GIVEN") {
				t.Errorf("%s was changed on %s", s.EnvKey, changed)
			}
		}
	}
	want := map[string][]string{
		firstVault + " BY_VARIABLE": {"correct-horse", "a.example.com"},
		firstVault + " BY_FILE":     {"from-a-file", "b.example.com"},
		firstVault + " BY_BASE64":   {"battery-staple"},
		firstVault + " NOT_GIVEN":   {"synthetic-value-of-NOT_GIVEN", "c.example.com"},
		firstVault + " HOSTS_ONLY":  {"synthetic-value-of-HOSTS_ONLY", "d.example.com"},
		firstVault + " RENAMED":     {"correct-horse"},
		firstVault + " MADE":        {"synthetic-value-of-MADE"},
		secondVault + " OURS_A":     {"correct-horse"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stop()
	const said = prefix + "seeded 2 vaults with 8 secrets; no variable or file gives 3 values, made up as in synthetic-value-of-NAME\n"
	if stderr.String() != said {
		t.Errorf("stderr %q, want %q", stderr, said)
	}
}

// A vault that is asked for is there beside those of the seed.
func TestSeedKeepsTheVaultOfTheFlag(t *testing.T) {
	t.Parallel()
	const asked = "vlt_01HZZZZZZZZZZZZZZZZZZZZZZZ"
	r, stop, _ := serveWith(t, outsideOf(t, variables(), filesOfTests), "-seed", "seed.yml", "-vault-id", asked)
	defer stop()
	if got := status(t, r); r.VaultID != asked || got != http.StatusOK {
		t.Errorf("vault_id %q and status %d, want %q and 200", r.VaultID, got, asked)
	}
}

func TestBadSeedIsSaidAndNothingIsServed(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"seed.yml:2: secret is an unknown key. Did you mean secrets?":  "vaults:\n  - { vault_id: " + firstVault + ", secret: {} }\n",
		"names a variable that is the runner's own. Hold":              "vaults:\n  - vault_id: " + firstVault + "\n    secrets:\n      A: { env: GITHUB_TOKEN }\n",
		"vault_id names a variable that is not set":                    "vaults:\n  - { vault_id: '${NONE}', secrets: {} }\n",
		"seed.yml:4: A has a value that is base64 without its padding": "vaults:\n  - vault_id: " + firstVault + "\n    secrets:\n      A: { env: CUT, value_encoding: base64, any_domain: true }\n",
	} {
		outside := outsideOf(t, variables("CUT", "YmF0dGVyeS1zd"), map[string]string{"seed.yml": text})
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), []string{"-seed", "seed.yml"}, outside, &stdout, &stderr)
		if code != exitFailed || stdout.Len() > 0 || !strings.Contains(stderr.String(), want) || strings.Contains(stderr.String(), "YmF0") {
			t.Errorf("exit code %d, %q and %q, want %q", code, &stdout, &stderr, want)
		}
	}
	if code, _, stderr := runToTheEnd(t, "-seed", "none.yml"); code != exitFailed || !strings.Contains(stderr, "none.yml: ") {
		t.Errorf("a seed that is not there: exit code %d, %q", code, stderr)
	}
}

// verified is what verify prints of an emulator.
func verified(t *testing.T, r ready, outside env.Env, names ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, complaints bytes.Buffer
	code = run(t.Context(), append([]string{"verify", "-base-url", r.BaseURL}, names...), outside, &out, &complaints)
	return code, out.String(), complaints.String()
}

func TestSeedIsEqualToItself(t *testing.T) {
	t.Parallel()
	r, outside := seededHere(t)
	const want = "The vaults are as the manifest says: 8 secrets, and 5 values compared.\n"
	if code, stdout, stderr := verified(t, r, outside, "seed.yml"); code != exitDone || stdout != want || stderr != "" {
		t.Errorf("exit code %d, %q and %q, want %q", code, stdout, stderr, want)
	}
}

// Every way in which the state can be another is a line, and no line has a value.
func TestVerifyNamesEveryDifferenceWithoutAValue(t *testing.T) {
	t.Parallel()
	r, _ := seededHere(t)
	const expected = `vaults:
  - vault_id: ` + firstVault + `
    secrets:
      BY_VARIABLE: { env: GIVEN, allowed_domains: [other.example.com] }
      BY_FILE: { file: value.txt }
      BY_BASE64: { absent: true }
      NOT_GIVEN: { env: ANOTHER }
      LATER: { env: GIVEN }
      RENAMED_AGAIN: { env: GIVEN, any_domain: true, renamed_from: RENAMED }
      HOSTS_ONLY: { any_domain: true }
      TWICE: { any_domain: true }
  - vault_id: vlt_01HZZZZZZZZZZZZZZZZZZZZZZZ
    secrets: {}
`
	add(t, r, `{"vaults":[{"id":"`+firstVault+`","secrets":[{"env_key":"TWICE"},{"env_key":"TWICE"},{"env_key":"odd\n::error::x"}]}]}`)
	outside := outsideOf(t, variables("GIVEN", "other-horse", "ANOTHER", "hunter2"), map[string]string{"expected.yml": expected, "value.txt": "another"})

	code, stdout, stderr := verified(t, r, outside, "expected.yml")

	var want []string
	for _, line := range []string{
		"BY_VARIABLE may be sent to a.example.com, and the manifest says other.example.com",
		"BY_BASE64 is in the vault, and should be absent",
		"LATER is not in the vault",
		"RENAMED_AGAIN is not in the vault",
		"RENAMED is in the vault, and should be absent",
		"HOSTS_ONLY may be sent to d.example.com, and the manifest says any host",
		"TWICE is in the vault 2 times",
		"MADE is in the vault, and the manifest does not name it",
		`"odd\n::error::x" is in the vault, and the manifest does not name it`,
		"BY_VARIABLE has another value than its variable or file",
		"BY_FILE has another value than its variable or file",
		"NOT_GIVEN has another value than its variable or file",
	} {
		want = append(want, firstVault+": "+line)
	}
	want = append(want, secondVault+": the vault has 1 secret, and the manifest does not name it")
	if diff := cmp.Diff(want, strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")); code != exitDiffers || stderr != "" || diff != "" {
		t.Errorf("exit code %d, stderr %q, (-want +got):\n%s", code, stderr, diff)
	}
	for _, value := range []string{"horse", "staple", "hunter2", "from-a-file", "another\n", "synthetic"} {
		if strings.Contains(stdout, value) {
			t.Errorf("a value is shown: %q", value)
		}
	}
}

// add puts secrets into the vaults, unchecked.
func add(t *testing.T, r ready, body string) {
	t.Helper()
	if status, text := ask(t, direct(t), r, "Bearer "+adminOfTests, "POST", statePath, body); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, text)
	}
}

// What a manifest says is not its own is not compared.
func TestVerifyLeavesNamesOfOthersAlone(t *testing.T) {
	t.Parallel()
	r, outside := seededHere(t)
	add(t, r, `{"vaults":[{"id":"`+secondVault+`","secrets":[{"env_key":"THEIRS"}]}]}`)
	if code, stdout, stderr := verified(t, r, outside, "seed.yml"); code != exitDone {
		t.Errorf("exit code %d, %q and %q", code, stdout, stderr)
	}
}

func TestVerifyNeedsAManifestAKeyAndAnEmulator(t *testing.T) {
	t.Parallel()
	r, outside := seededHere(t)
	another := outsideOf(t, variables(adminKeyVariable, "another"), filesOfTests)
	without := runHere(t)
	for _, tt := range []struct {
		why     string
		to      ready
		outside env.Env
		names   []string
		code    int
		want    string
	}{
		{"no manifest", r, outside, nil, exitUsage, "verify: name the manifests"},
		{"one that is not there", r, outside, []string{"none.yml"}, exitUsage, "none.yml: "},
		{"another key", r, another, []string{"seed.yml"}, exitFailed, "has another admin key than the variable " + adminKeyVariable},
		{"no admin paths", without, outside, []string{"seed.yml"}, exitFailed, "answered 404; it may have been started without an admin key"},
		{"nobody there", ready{BaseURL: nobody}, outside, []string{"seed.yml"}, exitFailed, "does not answer; it may have ended before"},
		{"the network", ready{BaseURL: "http://192.0.2.1:80"}, outside, []string{"seed.yml"}, exitFailed, "-base-url: must be the base_url"},
	} {
		code, stdout, stderr := verified(t, tt.to, tt.outside, tt.names...)
		if code != tt.code || stdout != "" || !strings.Contains(stderr, tt.want) || strings.Contains(stderr, adminOfTests) {
			t.Errorf("%s: exit code %d, %q and %q, want %d and %q", tt.why, code, stdout, stderr, tt.code, tt.want)
		}
	}
}

// The verb stop ends the program on every system, also by HTTPS.
func TestStopEndsTheProgram(t *testing.T) {
	t.Parallel()
	outside := outsideOf(t, variables(), nil)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	for _, tt := range []struct{ serve, stop []string }{
		{nil, nil},
		{[]string{"-tls", "-ca-file", ca}, []string{"-ca-file", ca}},
	} {
		r, stopped, stderr := serveWith(t, outside, tt.serve...)
		var said bytes.Buffer
		args := slices.Concat([]string{"stop", "-base-url", r.BaseURL}, tt.stop)
		if code := run(t.Context(), args, outside, io.Discard, &said); code != exitDone || said.Len() > 0 {
			t.Errorf("stop: exit code %d, %q", code, &said)
		}
		stopped()
		if stderr.Len() > 0 {
			t.Errorf("stderr %q", stderr)
		}
	}
	var said bytes.Buffer
	if code := run(t.Context(), []string{"stop", "-base-url", nobody}, outside, io.Discard, &said); code != exitFailed || !strings.Contains(said.String(), "does not answer") {
		t.Errorf("a stop where nothing is: exit code %d, %q", code, &said)
	}
}

// nobody listens at a port that no free one is.
const nobody = "http://127.0.0.1:1"

func TestVerbsOfTheProgram(t *testing.T) {
	t.Parallel()
	var stdout bytes.Buffer
	if code := run(t.Context(), []string{"path"}, noVariables, &stdout, io.Discard); code != exitDone || !filepath.IsAbs(strings.TrimSpace(stdout.String())) {
		t.Errorf("path: exit code %d, %q", code, &stdout)
	}
	manual, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(verbs)) {
		if !strings.Contains(string(manual), "//\tnairi-emulator "+name) {
			t.Errorf("the package comment does not show %s", name)
		}
	}
}
