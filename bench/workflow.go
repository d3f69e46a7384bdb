package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// uses is a step of an action.
func uses(action string) string {
	return "      - uses: " + action + `
        with:
          base_url: ${{ vars.BASE_URL }}
          api_key: ${{ secrets.KEY }}
          vault_id: ${{ vars.VAULT_ID }}
          secret_id: ${{ vars.SECRET_ID }}
          value: ${{ secrets.VALUE }}
`
}

// plain is the one step that action.yml is made of, without an action.
const plain = `      - env:
          INPUT_BASE_URL: ${{ vars.BASE_URL }}
          INPUT_API_KEY: ${{ secrets.KEY }}
          INPUT_VAULT_ID: ${{ vars.VAULT_ID }}
          INPUT_SECRET_ID: ${{ vars.SECRET_ID }}
          INPUT_VALUE: ${{ secrets.VALUE }}
          LAUNCH: ${{ vars.LAUNCH }}
        shell: bash
        run: . "$LAUNCH"
`

// workflow is one of ours by its path and then more of a kind, each with a value
// of its own.
func (k kind) workflow() string {
	var b strings.Builder
	b.WriteString("on: push\npermissions: {}\njobs:\n  steps:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n")
	for i := range 1 + more {
		text := k.text
		if i == 0 {
			text = kinds[0].text
		}
		b.WriteString(strings.ReplaceAll(text, "secrets.VALUE", fmt.Sprintf("secrets.VALUE_%d", i)))
	}
	return b.String()
}

// launcher is the script that action.yml sources.
const launcher = "scripts/launch.sh"

// repositories makes one like a release of the action for this machine, and that
// of a user, with the workflows and the actions that they name by a path.
func (g *ground) repositories(ctx context.Context) error {
	action, err := os.ReadFile("action.yml")
	if err != nil {
		return err
	}
	script, err := os.ReadFile(launcher)
	if err != nil {
		return err
	}
	const run = `run: . "$GITHUB_ACTION_PATH/` + launcher + `"`
	empty := bytes.Replace(action, []byte(run), []byte("run: 'true'"), 1)
	if bytes.Equal(empty, action) {
		return errors.New("action.yml has no " + run)
	}
	program, err := os.ReadFile(filepath.Join(g.dir, programName))
	if err != nil {
		return err
	}
	released := map[string][]byte{"action.yml": action, launcher: script, programName: program}
	user := map[string][]byte{"empty/action.yml": empty}
	for file, data := range released {
		user["vault-secret/"+file] = data
	}
	for _, k := range kinds {
		user[k.file] = []byte(k.workflow())
	}
	return errors.Join(g.repository(ctx, "released", released), g.repository(ctx, "user", user))
}

// repository makes one of files: act runs only what has a commit.
func (g *ground) repository(ctx context.Context, name string, files map[string][]byte) error {
	for file, data := range files {
		path, err := g.write(filepath.Join(name, file), data)
		if err != nil {
			return err
		}
		if err := os.Chmod(path, 0o700); err != nil { // one of them is a program
			return err
		}
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"}, {"add", "--all", "--force"},
		{"-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "--message=bench", "--no-gpg-sign"},
	} {
		git := exec.CommandContext(ctx, "git", args...)
		git.Dir = filepath.Join(g.dir, name)
		git.Env = g.environ("GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := git.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}
