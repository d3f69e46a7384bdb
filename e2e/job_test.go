package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// job is a workflow to run with act, and what GitHub would keep for it.
type job struct {
	workflow   string // path, from the root of the repository
	event      string // push if empty
	payload    string // of the event, as JSON; act makes one if empty
	repository string // released if empty
	vault      vault
	secrets    map[string]string // besides NAIRI_API_KEY
	vars       map[string]string // besides NAIRI_BASE_URL, NAIRI_VAULT_ID and SEEN
	env        map[string]string // the runner's own environment
	inputs     map[string]string // of a workflow_dispatch
}

// run runs the job, offline and with a home of its own.
func (j job) run(t *testing.T) outcome {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a workflow in act")
	}
	dir := t.TempDir()
	seen := filepath.Join(dir, "seen.json")
	act := exec.Command(tool(t, findAct), j.args(t, dir, seen)...)
	act.Dir = j.in()
	act.Env = j.environ(t, goHome(t))
	var log bytes.Buffer
	act.Stdout, act.Stderr = &log, &log
	err := act.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	got := outcome{log: log.String(), failed: err != nil, steps: readSteps(t, seen)}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(got.log)
		}
	})
	return got
}

func (j job) in() string {
	if j.repository != "" {
		return j.repository
	}
	return released
}

// args has no secret in it: other users of the machine can read arguments.
func (j job) args(t *testing.T, dir, seen string) []string {
	event := cmp.Or(j.event, "push")
	secrets := map[string]string{"NAIRI_API_KEY": j.vault.Key}
	maps.Copy(secrets, j.secrets)
	vars := map[string]string{"NAIRI_BASE_URL": j.vault.BaseURL, "NAIRI_VAULT_ID": j.vault.VaultID, "SEEN": seen}
	maps.Copy(vars, j.vars)
	args := []string{event}
	if j.payload != "" {
		payload := filepath.Join(dir, "event.json")
		write(t, payload, j.payload, 0o600)
		args = append(args, "--eventpath", payload)
	}
	return append(args,
		"--workflows", j.workflow,
		"--platform", "ubuntu-latest=-self-hosted", // on this machine, without a container
		"--local-repository", "nairi-community/vault-secret@v1="+j.in(),
		"--secret-file", writeYAML(t, dir, "secrets", secrets),
		"--var-file", writeYAML(t, dir, "vars", vars),
		"--env-file", writeYAML(t, dir, "env", j.env),
		"--input-file", writeYAML(t, dir, "inputs", j.inputs),
		"--use-gitignore=false", // dist is ignored on the main branch
		"--no-cache-server",
	)
}

// environ is all that act and the steps have of the environment: nothing of the
// CI that runs these tests, which may be GitHub's own.
func (j job) environ(t *testing.T, home string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home,
		"NAIRI_BASE_URL=" + j.vault.BaseURL,
		"GOPROXY=off", "GOFLAGS=", goEnv(t, "GOCACHE"), goEnv(t, "GOMODCACHE"), goEnv(t, "GOTOOLCHAIN"),
	}
}

// writeYAML writes a file as act reads it: JSON is YAML too, and holds lines.
func writeYAML(t *testing.T, dir, name string, pairs map[string]string) string {
	t.Helper()
	if pairs == nil {
		pairs = map[string]string{}
	}
	data, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name+".yaml")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
