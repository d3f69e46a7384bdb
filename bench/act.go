package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mostOverTrue is how much longer our step may take than one that does nothing, as
// a multiple of curl's one PATCH.
const mostOverTrue = 0.75

// more is how many steps of a kind a workflow has beside the first. With many, it
// is act that is measured: each composite action doubles the list of its masks
// (pkg/runner/action_composite.go, execAsComposite), with which it searches every
// line of its log.
const more = 3

// actRounds are enough: what differs from round to round is act, in all kinds.
const actRounds = 10

// kind is a kind of step. A workflow has one step of ours first, so that what the
// runner does once for an action is in each, and then more of the kind.
type kind struct {
	name   string
	file   string
	writes bool // a value each
	bound  bool // has a bound
	text   string
}

// kinds are ours in three ways, an action with its inputs that does nothing, and
// last what all are compared with. By its tag, it is act that takes the time; see
// docs/performance.md.
var kinds = []kind{
	{"`uses: " + byPath + "`", "path.yml", true, true, uses(byPath)},
	{"`uses: " + byRef + "`", "tag.yml", true, false, uses(byRef)},
	{"`run: . scripts/launch.sh`, without an action", "plain.yml", true, true, plain},
	{"`uses: ./empty`, which does nothing", "empty.yml", false, false, uses("./empty")},
	{nothing, "true.yml", false, false, "      - run: 'true'\n"},
}

const nothing = "`run: true`"

// missing reports whether a tool is not there.
func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// act compares steps of the kinds in act, without containers.
func act(ctx context.Context, g *ground, o options) ([]section, error) {
	s := section{title: "One step in act", header: []string{"step", "act", "ms over " + nothing, "× curl's one PATCH"}}
	path, err := filepath.Abs(o.act)
	if err != nil {
		return nil, err
	}
	if missing(path) {
		s.notes = []string{"skipped: act: " + errMissing.Error()}
		return []section{s}, nil
	}
	contestants, err := g.workflows(ctx, path)
	if err != nil {
		return nil, err
	}
	curl, err := g.baseline(ctx)
	if err != nil {
		return nil, err
	}
	r, err := g.race(ctx, append(contestants, curl...), min(o.warmup, 1), min(o.rounds, actRounds))
	if err != nil {
		return nil, err
	}
	idle, _ := r.of(nothing, 0)
	base, found := r.of(curlOnce, 0)
	for i, k := range kinds {
		over := pairwise(r.took[i].wall, idle.wall, func(a, b float64) float64 { return (a - b) / more })
		s.rows = append(s.rows, []string{k.name, contestants[i].version, fmt.Sprintf("%.1f", median(over)), times(over, base.wall, found)})
		if k.bound && found {
			s.bounds = append(s.bounds, bound{what: k.name + ", over " + nothing + ", of curl's one PATCH", got: ratio(over, base.wall), most: mostOverTrue})
		}
	}
	return []section{s}, nil
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
		writes := 1
		if k.writes {
			writes += more
		}
		contestants[i] = contestant{name: k.name, version: strings.TrimPrefix(version, "act version "), turn: func() (turn, error) {
			values := freshValues(writes)
			command, err := g.acting(act, k.file, values)
			return g.writing(command, values, slices.Repeat(patch, writes)...), err
		}}
	}
	return contestants, nil
}

// repositories makes one of the action's, and one of a user's with the workflows and
// the actions that they name by a path.
func (g *ground) repositories(ctx context.Context) error {
	released, err := g.action(ctx)
	if err != nil {
		return err
	}
	user := below("vault-secret", released)
	if user["empty/action.yml"], err = empty(released["action.yml"]); err != nil {
		return err
	}
	for _, k := range kinds {
		user[k.file] = []byte(k.workflow())
	}
	return errors.Join(g.repository(ctx, "released", released), g.repository(ctx, "user", user))
}

// acting runs a workflow. Its secrets are in a file, which act reads as YAML.
func (g *ground) acting(act, workflow string, values []string) (command, error) {
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
	base, err := g.reach(g.address, 0)
	return command{Path: act, Dir: filepath.Join(g.dir, "user"), Env: g.environ(base, "HOME="+filepath.Join(g.dir, "home")), Args: []string{
		"push", "--workflows", workflow, "--platform", "ubuntu-latest=-self-hosted",
		"--local-repository", byRef + "=" + filepath.Join(g.dir, "released"),
		"--secret-file", file, "--env", "SSL_CERT_FILE=" + g.bundleFile,
		"--var", "BASE_URL=" + base, "--var", "VAULT_ID=" + g.vaultID, "--var", "SECRET_ID=" + g.secretID,
		"--var", "LAUNCH=" + filepath.Join(g.dir, "released", launcher),
		"--use-gitignore=false", "--no-cache-server",
	}}, err
}
