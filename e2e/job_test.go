package e2e

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// job is a workflow to run, and what GitHub would keep for it.
type job struct {
	runner     runner // act if it is nil
	text       string // of the workflow
	event      string // push if empty
	payload    string // of the event, as JSON; act makes one if empty
	repository string // released if empty
	vault      vault
	secrets    map[string]string // besides NAIRI_API_KEY
	vars       map[string]string // besides NAIRI_BASE_URL, NAIRI_VAULT_ID and SEEN
	env        map[string]string // the runner's own environment
	inputs     map[string]string // of a workflow_dispatch
	options    []string          // of the runner, besides those of a job without containers
	environ    []string          // of the runner, besides what every job has
}

// takesEmulator finds a step that runs in Node.js, which GitHub's runner brings along.
var takesEmulator = regexp.MustCompile(`uses: \S+/emulator\b`)

// run runs the job, offline and with a home of its own.
func (j job) run(t *testing.T) outcome {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a workflow in act")
	}
	if takesEmulator.MatchString(j.text) {
		needsNode(t)
	}
	if j.runner == nil {
		j.runner = act{}
	}
	dir := t.TempDir()
	seen := cmp.Or(j.vars["SEEN"], filepath.Join(dir, "seen.json"))
	cmd := j.runner.command(t, dir, j.with(seen))
	cmd.Args = append(cmd.Args, j.options...)
	cmd.Dir = j.in()
	// Nothing of the CI that runs these tests, which may be GitHub's own.
	cmd.Env = append(append(cmd.Env,
		"PATH="+os.Getenv("PATH"), "HOME="+goHome(t), "NAIRI_BASE_URL="+j.vault.BaseURL,
		"GOPROXY=off", "GOFLAGS=",
	), append(goEnvs(t), j.environ...)...)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	err := cmd.Run()
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

// with is the job with what every job has. The last step writes what it sees of the
// others to the file seen.
func (j job) with(seen string) job {
	secrets := map[string]string{"NAIRI_API_KEY": j.vault.Key}
	maps.Copy(secrets, j.secrets)
	vars := map[string]string{"NAIRI_BASE_URL": j.vault.BaseURL, "NAIRI_VAULT_ID": j.vault.VaultID, "SEEN": seen}
	maps.Copy(vars, j.vars)
	j.secrets, j.vars, j.event = secrets, vars, cmp.Or(j.event, "push")
	return j
}

// seeing is one more step for a workflow, which tells what it sees of the
// others.
const seeing = `      - if: always()
        env:
          STEPS: ${{ toJSON(steps) }}
          SEEN: ${{ vars.SEEN }}
        run: printf %s "$STEPS" > "$SEEN"
`
