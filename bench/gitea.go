package main

import (
	"context"
	"crypto/rand"
	"debug/buildinfo"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How many secrets the steps of a job write, and of how many lines.
const (
	steps       = 50
	longSteps   = 20
	longLines   = 30
	pathSteps   = 10
	syncSecrets = 200
)

// The most that the runner itself may take of the processors for a job, which is
// what its masks cost: it rebuilds the list of them for every line of its log
// (act/runner/logger.go).
const (
	mostOfSteps     = 10.0 // s
	mostOfLongSteps = 20.0
	mostOfSync      = 20.0
)

// longest is when a job is given up. What masks cost can grow faster than their
// number.
const longest = 2 * time.Minute

// job is one that Gitea's runner is measured with.
type job struct {
	name  string
	file  string
	steps []string
	most  float64 // s; 0 for no bound
	names []string
	fresh func(n int) []string // a value for each name
	turn  func(c command, values []string) turn
}

// actions is a folder that stands for a server of actions.
const actions = "actions"

// gitea lets the runner of Gitea run jobs of many steps, and tells what it takes by
// itself: the time that its masks cost, without that of the steps' programs.
func gitea(ctx context.Context, g *ground, o options) ([]section, error) {
	s := section{title: "Many steps in Gitea's runner", header: []string{
		"job", "runner", "its own CPU, s", "× " + nothingAtAll, "wall s",
	}}
	path, err := filepath.Abs(o.gitea)
	if err != nil {
		return nil, err
	}
	if missing(path) {
		s.notes = []string{"skipped: Gitea's runner: " + errMissing.Error()}
		return []section{s}, nil
	}
	version, err := moduleVersion(path)
	if err != nil {
		return nil, err
	}
	vault, err := g.newCrowd(syncSecrets, 0)
	if err != nil {
		return nil, err
	}
	defer vault.close()
	jobs := g.jobs(vault)
	if err := g.giteaRepository(ctx, jobs, vault); err != nil {
		return nil, err
	}
	contestants := make([]contestant, len(jobs))
	for i, j := range jobs {
		contestants[i] = contestant{name: j.name, version: version, turn: func() (turn, error) {
			values := j.fresh(len(j.names))
			return j.turn(g.executing(path, j, vault, values), values), nil
		}}
	}
	r, err := g.race(ctx, contestants, 0, 1)
	if err != nil {
		return nil, err
	}
	idle, _ := r.of(nothingAtAll, 0)
	for i, j := range jobs {
		took := r.took[i]
		own, more := median(took.own)/1000, ""
		if took.late {
			s.notes = append(s.notes, fmt.Sprintf("%s: given up after %v", j.name, longest))
			more = "over "
		}
		s.rows = append(s.rows, []string{
			j.name, version, more + fmt.Sprintf("%.1f", own),
			more + times(took.own, idle.own, true), more + fmt.Sprintf("%.1f", median(took.wall)/1000),
		})
		if j.most > 0 {
			s.bounds = append(s.bounds, bound{what: j.name + ", of the runner's own CPU", got: own, most: j.most, unit: " s", over: took.late})
		}
	}
	s.notes = append(s.notes, whyByPath)
	return []section{s}, nil
}

// whyByPath is why the last of the jobs has no bound, and so few steps.
const whyByPath = "By path, the runner doubles the job's list of masks with each step of a composite action that masks anything, whatever the action " +
	"(act/runner/action_composite.go: the list starts as the job's, and all of it is added to the job's again); by ref it starts empty."

// nothingAtAll is the job that the others are compared with.
var nothingAtAll = fmt.Sprintf("%d steps of %s", steps, nothing)

// jobs are one of steps that do nothing, some of steps that write a secret each, and
// one of a single step that writes a vault.
func (g *ground) jobs(vault *crowd) []job {
	patches := func(c command, values []string) turn {
		return g.writing(c, values, slices.Repeat(patch, len(values))...)
	}
	of := func(name, file, action string, n int, most float64, fresh func(n int) []string) job {
		return job{name, file, slices.Repeat([]string{uses(action)}, n), most, numbered(n), fresh, patches}
	}
	return []job{
		{nothingAtAll, "nothing.yml", slices.Repeat([]string{"      - run: 'true'\n"}, steps), 0, nil, freshValues, patches},
		of(fmt.Sprintf("%d steps, each a value of one line", steps), "short.yml", byRef, steps, mostOfSteps, tokens),
		of(fmt.Sprintf("%d steps, each the URL of a database", steps), "url.yml", byRef, steps, 0, freshValues),
		of(fmt.Sprintf("%d steps, each a value of %d lines", longSteps, longLines), "long.yml", byRef, longSteps, mostOfLongSteps, longValues),
		{
			fmt.Sprintf("1 step, a sync of %d secrets", syncSecrets), "sync.yml",
			[]string{vault.step()}, mostOfSync, vault.names, freshValues, vault.turn,
		},
		of(fmt.Sprintf("%d steps by path, each a value of one line", pathSteps), "path.yml", byPath, pathSteps, 0, tokens),
	}
}

// step is one that brings the vault to its manifest.
func (c *crowd) step() string {
	var env strings.Builder
	for _, name := range c.names {
		fmt.Fprintf(&env, "          %s: ${{ secrets.%s }}\n", name, name)
	}
	return "      - uses: " + byRef + "\n        env:\n" + env.String() + `        with:
          operation: sync
          base_url: ${{ vars.VAULT_URL }}
          api_key: ${{ secrets.KEY }}
          manifest: nairi-vault.yml
`
}

// tokens are of one line of letters, and have no parts.
func tokens(n int) []string {
	values := make([]string, n)
	for i := range values {
		token := make([]byte, 40)
		_, _ = rand.Read(token)
		for at, random := range token {
			token[at] = 'a' + random%26
		}
		values[i] = string(token)
	}
	return values
}

// longValues are of many such lines.
func longValues(n int) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = strings.Join(tokens(longLines), "\n")
	}
	return values
}

// numbered are the names of the values that the steps of a workflow have.
func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("VALUE_%d", i)
	}
	return names
}

// moduleVersion is of the module that a program in Go was built from.
func moduleVersion(path string) (string, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return "", err
	}
	return info.Main.Version, nil
}

// giteaRepository is a user's, with the workflows of the jobs.
func (g *ground) giteaRepository(ctx context.Context, jobs []job, vault *crowd) error {
	action, err := g.action(ctx)
	if err != nil {
		return err
	}
	files := below("vault-secret", action)
	files["nairi-vault.yml"] = vault.manifestOf(vault.names)
	for _, j := range jobs {
		files[j.file] = []byte(workflow(j.steps...))
	}
	return errors.Join(g.repository(ctx, filepath.Join(actions, repositoryName), action), g.repository(ctx, "gitea", files))
}

// executing runs a job on the host, without a server. The runner takes the value of
// a secret that is only named from its own environment.
func (g *ground) executing(runner string, j job, vault *crowd, values []string) command {
	c := command{Path: runner, Limit: longest, Dir: filepath.Join(g.dir, "gitea"), Args: []string{
		"exec", "--default-actions-url", filepath.Join(g.dir, actions), "--image", "-self-hosted", "--workflows", j.file, "--use-gitignore=false",
		"--artifact-server-addr", "127.0.0.1", "--artifact-server-port", "0",
		"--env", "SSL_CERT_FILE=" + g.bundleFile,
		"--var", "BASE_URL=https://" + g.address, "--var", "VAULT_URL=" + vault.base,
		"--var", "VAULT_ID=" + g.vaultID, "--var", "SECRET_ID=" + g.secretID, "--secret", "KEY",
	}}
	secrets := []string{"HOME=" + filepath.Join(g.dir, "home"), "KEY=" + g.key()}
	for i, name := range j.names {
		c.Args = append(c.Args, "--secret", name)
		secrets = append(secrets, name+"="+values[i])
	}
	c.Env = g.environ("", secrets...)
	return c
}
