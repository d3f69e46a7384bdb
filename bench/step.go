package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mostOverTrue is what a step of ours may take more than one that does nothing.
const mostOverTrue = 15 // milliseconds

// more is by how many steps the two workflows differ: enough for the steps to be
// seen among what a workflow takes beside them.
const more = 10

// stepRounds is how many rounds of workflows stand for one of processes: they
// take a hundred times as long.
const stepRounds = 4

// step compares steps of ours with steps of "run: true", in act without
// containers. Both workflows have one step of ours, so that what the runner does
// once for an action is in both.
func step(ctx context.Context, g *ground, o options) (section, error) {
	s := section{title: "One step in act", header: []string{"workflow", "version", "wall ms"}}
	act, err := filepath.Abs(o.act)
	if err != nil {
		return s, err
	}
	if _, err := os.Stat(act); errors.Is(err, fs.ErrNotExist) {
		s.notes = []string{"skipped: act: " + errMissing.Error()}
		return s, nil
	}
	contestants, err := g.workflows(ctx, act)
	if err != nil {
		return s, err
	}
	took, err := g.race(ctx, contestants, 1, 1+o.rounds/stepRounds)
	if err != nil {
		return s, err
	}
	for i, c := range contestants {
		s.rows = append(s.rows, []string{c.name, c.version, fmt.Sprintf("%.0f", median(took[i].wall))})
	}
	s.bounds = []bound{{"a step of ours, over one of run: true", difference(took[0].wall, took[1].wall) / more, mostOverTrue, " ms"}}
	return s, nil
}

// workflows are the contestants, ours first.
func (g *ground) workflows(ctx context.Context, act string) ([]contestant, error) {
	version, err := says(ctx, act, "--version")
	if err != nil {
		return nil, err
	}
	if err := g.repository(ctx, "action", "action.yml", "launch.sh"); err != nil {
		return nil, err
	}
	texts := map[string]string{"ours.yml": workflow(1+more, 0), "true.yml": workflow(1, more)}
	for name, text := range texts {
		if _, err := g.write(filepath.Join("user", name), []byte(text)); err != nil {
			return nil, err
		}
	}
	if err := g.repository(ctx, "user"); err != nil {
		return nil, err
	}
	version = strings.TrimPrefix(version, "act version ")
	return []contestant{
		{fmt.Sprintf("%d steps of ours", 1+more), version, 1 + more, g.acting(act, "ours.yml")},
		{fmt.Sprintf("1 step of ours, %d of `run: true`", more), version, 1, g.acting(act, "true.yml")},
	}, nil
}

// repository makes one of a folder of the ground, with copies of some files and,
// if it has files, of the program. act runs only what has a commit.
func (g *ground) repository(ctx context.Context, name string, files ...string) error {
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := g.write(filepath.Join(name, file), data); err != nil {
			return err
		}
	}
	dir := filepath.Join(g.dir, name)
	if len(files) > 0 {
		if err := os.CopyFS(filepath.Join(dir, "dist"), os.DirFS(filepath.Join(g.dir, "dist"))); err != nil {
			return err
		}
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"}, {"add", "--all", "--force"},
		{"-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "--message=bench", "--no-gpg-sign"},
	} {
		git := exec.CommandContext(ctx, "git", args...)
		git.Dir, git.Env = dir, g.environ("GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := git.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}

// acting runs a workflow. Its secrets are in a file, which act reads as YAML.
func (g *ground) acting(act, workflow string) func(values []string) command {
	dir := filepath.Join(g.dir, "user")
	environ := g.environ("HOME=" + filepath.Join(g.dir, "home"))
	return func(values []string) command {
		secrets := map[string]string{"KEY": g.key()}
		for i, value := range values {
			secrets[fmt.Sprintf("VALUE_%d", i)] = value
		}
		text, _ := json.Marshal(secrets)
		file, err := g.write("secrets.yaml", text)
		if err != nil {
			return command{} // cannot be run
		}
		return command{Path: act, Dir: dir, Env: environ, Args: []string{
			"push", "--workflows", workflow, "--platform", "ubuntu-latest=-self-hosted",
			"--local-repository", "nairi-community/vault-secret@v1=" + filepath.Join(g.dir, "action"),
			"--secret-file", file, "--env", "SSL_CERT_FILE=" + g.bundle,
			"--var", "BASE_URL=" + g.server.base, "--var", "VAULT_ID=" + g.server.vaultID, "--var", "SECRET_ID=" + g.server.secretID,
			"--use-gitignore=false", "--no-cache-server",
		}}
	}
}

// workflow has some steps of ours, each with a value of its own, and then some
// that do nothing.
func workflow(ours, nothing int) string {
	var b strings.Builder
	b.WriteString("on: push\npermissions: {}\njobs:\n  steps:\n    runs-on: ubuntu-latest\n    steps:\n")
	for i := range ours {
		fmt.Fprintf(&b, `      - uses: nairi-community/vault-secret@v1
        with:
          base_url: ${{ vars.BASE_URL }}
          api_key: ${{ secrets.KEY }}
          vault_id: ${{ vars.VAULT_ID }}
          secret_id: ${{ vars.SECRET_ID }}
          value: ${{ secrets.VALUE_%d }}
`, i)
	}
	b.WriteString(strings.Repeat("      - run: 'true'\n", nothing))
	return b.String()
}
