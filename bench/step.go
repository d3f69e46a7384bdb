package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// mostOverTrue is what a step of ours may take more than one that does nothing.
const mostOverTrue = 15 // milliseconds

// more is how many steps of a kind a workflow has beside the first. With many, it
// is act that is measured: each composite action doubles the list of its masks
// (pkg/runner/action_composite.go, execAsComposite), with which it searches every
// line of its log.
const more = 3

// kind is a kind of step. A workflow has one step of ours first, so that what the
// runner does once for an action is in each, and then more of the kind.
type kind struct {
	name   string
	file   string
	writes bool // a value each
	text   string
}

// kinds are ours in three ways, an action with its inputs that does nothing, and
// last what all are compared with.
var kinds = []kind{
	{"`uses: ./vault-secret`", "path.yml", true, uses("./vault-secret")},
	{"`uses: nairi-community/vault-secret@v1`", "tag.yml", true, uses("nairi-community/vault-secret@v1")},
	{"`run: . scripts/launch.sh`, without an action", "plain.yml", true, plain},
	{"`uses: ./empty`, which does nothing", "empty.yml", false, uses("./empty")},
	{"`run: true`", "true.yml", false, "      - run: 'true'\n"},
}

// step compares steps of the kinds in act, without containers.
func step(ctx context.Context, g *ground, o options) (section, error) {
	s := section{title: "One step in act", header: []string{"step", "act", "ms over `run: true`"}}
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
	took, err := g.race(ctx, contestants, o.warmup, o.rounds)
	if err != nil {
		return s, err
	}
	nothing := took[len(took)-1]
	for i, c := range contestants {
		over := difference(took[i].wall, nothing.wall) / more
		s.rows = append(s.rows, []string{c.name, c.version, fmt.Sprintf("%.1f", over)})
		if kinds[i].writes {
			s.bounds = append(s.bounds, bound{c.name + ", over `run: true`", over, mostOverTrue, " ms"})
		}
	}
	return s, nil
}

// workflows are the contestants, one of each kind.
func (g *ground) workflows(ctx context.Context, act string) ([]contestant, error) {
	version, err := says(ctx, act, "--version")
	if err != nil {
		return nil, err
	}
	if err := g.repositories(ctx); err != nil {
		return nil, err
	}
	contestants := make([]contestant, len(kinds))
	for i, k := range kinds {
		contestants[i] = contestant{
			name: k.name, version: strings.TrimPrefix(version, "act version "), writes: 1, command: g.acting(act, k.file),
		}
		if k.writes {
			contestants[i].writes += more
		}
	}
	return contestants, nil
}

// acting runs a workflow. Its secrets are in a file, which act reads as YAML.
func (g *ground) acting(act, workflow string) func(values []string) (command, error) {
	environ := g.environ("HOME=" + filepath.Join(g.dir, "home"))
	return func(values []string) (command, error) {
		secrets := map[string]string{"KEY": g.key()}
		for i, value := range values {
			secrets[fmt.Sprintf("VALUE_%d", i)] = value
		}
		text, err := json.Marshal(secrets)
		if err != nil {
			return command{}, err
		}
		file, err := g.write("secrets.yaml", text)
		if err != nil {
			return command{}, err
		}
		return command{Path: act, Dir: filepath.Join(g.dir, "user"), Env: environ, Args: []string{
			"push", "--workflows", workflow, "--platform", "ubuntu-latest=-self-hosted",
			"--local-repository", "nairi-community/vault-secret@v1=" + filepath.Join(g.dir, "released"),
			"--secret-file", file, "--env", "SSL_CERT_FILE=" + g.bundleFile,
			"--var", "BASE_URL=" + g.base, "--var", "VAULT_ID=" + g.vaultID, "--var", "SECRET_ID=" + g.secretID,
			"--var", "LAUNCH=" + filepath.Join(g.dir, "released", launcher),
			"--use-gitignore=false", "--no-cache-server",
		}}, nil
	}
}
