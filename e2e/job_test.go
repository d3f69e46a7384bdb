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
	text       string // of the workflow
	event      string // push if empty
	payload    string // of the event, as JSON; act makes one if empty
	repository string // released if empty
	vault      vault
	secrets    map[string]string // besides NAIRI_API_KEY
	vars       map[string]string // besides NAIRI_BASE_URL, NAIRI_VAULT_ID and SEEN
	env        map[string]string // the runner's own environment
	inputs     map[string]string // of a workflow_dispatch
	options    []string          // of act, besides those of a job without containers
	environ    []string          // of act, besides what every job has
}

// run runs the job, offline and with a home of its own.
func (j job) run(t *testing.T) outcome {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a workflow in act")
	}
	dir := t.TempDir()
	seen := cmp.Or(j.vars["SEEN"], filepath.Join(dir, "seen.json"))
	act := exec.Command(tool(t, findAct), append(j.args(t, dir, seen), j.options...)...)
	act.Dir = j.in()
	// Nothing of the CI that runs these tests, which may be GitHub's own.
	act.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + goHome(t), "NAIRI_BASE_URL=" + j.vault.BaseURL,
		"GOPROXY=off", "GOFLAGS=", goEnv(t, "GOCACHE"), goEnv(t, "GOMODCACHE"), goEnv(t, "GOTOOLCHAIN"),
	}, j.environ...)
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

func (j job) in() string { return cmp.Or(j.repository, released) }

// args has no secret in it: other users of the machine can read arguments.
func (j job) args(t *testing.T, dir, seen string) []string {
	workflow := filepath.Join(dir, "workflow.yml")
	write(t, workflow, j.text, 0o600)
	secrets := map[string]string{"NAIRI_API_KEY": j.vault.Key}
	maps.Copy(secrets, j.secrets)
	vars := map[string]string{"NAIRI_BASE_URL": j.vault.BaseURL, "NAIRI_VAULT_ID": j.vault.VaultID, "SEEN": seen}
	maps.Copy(vars, j.vars)
	args := []string{cmp.Or(j.event, "push")}
	if j.payload != "" {
		payload := filepath.Join(dir, "event.json")
		write(t, payload, j.payload, 0o600)
		args = append(args, "--eventpath", payload)
	}
	return append(args,
		"--workflows", workflow,
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

// seeing is one more step for a workflow, which tells what it sees of the
// others.
const seeing = `      - if: always()
        env:
          STEPS: ${{ toJSON(steps) }}
          SEEN: ${{ vars.SEEN }}
        run: printf %s "$STEPS" > "$SEEN"
`

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
