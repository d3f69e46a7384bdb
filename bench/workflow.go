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
	steps := []string{kinds[0].text}
	for range more {
		steps = append(steps, k.text)
	}
	return workflow(steps...)
}

// workflow is one of these steps, each with a value of its own if it has one.
func workflow(steps ...string) string {
	var b strings.Builder
	b.WriteString("on: push\npermissions: {}\njobs:\n  steps:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n")
	for i, step := range steps {
		b.WriteString(strings.ReplaceAll(step, "secrets.VALUE", fmt.Sprintf("secrets.VALUE_%d", i)))
	}
	return b.String()
}

// launcher is the script that action.yml sources.
const launcher = "scripts/launch.sh"

// action is what a release of the action has for this machine, by the names of its
// files.
func (g *ground) action(ctx context.Context) (map[string][]byte, error) {
	path, err := g.ours(ctx)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, from := range map[string]string{"action.yml": "action.yml", launcher: launcher, programName: path} {
		if files[name], err = os.ReadFile(from); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// empty is an action.yml with the inputs of another, which does nothing.
func empty(action []byte) ([]byte, error) {
	const run = `run: . "$GITHUB_ACTION_PATH/` + launcher + `"`
	without := bytes.Replace(action, []byte(run), []byte("run: 'true'"), 1)
	if bytes.Equal(without, action) {
		return nil, errors.New("action.yml has no " + run)
	}
	return without, nil
}

// below are files in a folder.
func below(folder string, files map[string][]byte) map[string][]byte {
	moved := map[string][]byte{}
	for name, data := range files {
		moved[folder+"/"+name] = data
	}
	return moved
}

// The action as workflows name it, with the tag that each repository here has, and
// as one that lies in the user's own.
const (
	repositoryName = "nairi-community/vault-secret"
	tag            = "v1"
	byRef          = repositoryName + "@" + tag
	byPath         = "./vault-secret"
)

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
		{"tag", tag},
	} {
		git := exec.CommandContext(ctx, "git", args...)
		git.Dir = filepath.Join(g.dir, name)
		git.Env = g.environ("", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := git.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}
