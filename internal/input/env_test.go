package input_test

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	environment "github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Well-formed contents of inputs.
const (
	key      = "nr_synthetic-key"
	vaultID  = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	secretID = "sec_01KQ27AQH800XQTQPJZ0DH14SJ"
	envKey   = "DATABASE_URL"
	value    = "synthetic-value"
)

// now is the time of every run.
var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// why is why a secret may be empty elsewhere than on GitHub.
const why = "is empty: the variable it comes from is empty or not set"

// env is an environment.
type env map[string]string

// unset takes a variable out of an environment; no content is equal to it.
const unset = "\x00unset"

// with is env with changes.
func (e env) with(changes env) env {
	out := env{}
	maps.Copy(out, e)
	maps.Copy(out, changes)
	maps.DeleteFunc(out, func(_, text string) bool { return text == unset })
	return out
}

// good is an environment without problems: a value for a secret by its ID.
func good(changes env) env {
	return env{
		"INPUT_API_KEY":   key,
		"INPUT_VAULT_ID":  vaultID,
		"INPUT_SECRET_ID": secretID,
		"INPUT_VALUE":     value,
	}.with(changes)
}

// loaded is what Check returned.
type loaded struct {
	config   input.Config
	secrets  []secret.Value
	problems problem.List
}

// load reads e, beside which there is a file of each name.
func load(e env, files env) loaded { return loadOutside(outside(e, files)) }

func loadOutside(e environment.Env) loaded {
	var l loaded
	l.config, l.secrets, l.problems = input.Read(e.Lookup, nil).Check(e, event.Read(e), now)
	return l
}

func outside(e env, files env) environment.Env {
	return environment.Env{
		Lookup: func(name string) (string, bool) { text, found := e[name]; return text, found },
		Open:   files.open,
		Names:  func() []string { return slices.Collect(maps.Keys(e)) },
		Glob:   files.glob,
	}
}

// one is what is desired of a single secret; nothing for the many of a manifest.
func (l loaded) one() plan.Desired {
	if l.config.Manifest != "" || len(l.config.Vaults) != 1 || len(l.config.Vaults[0].Secrets) != 1 {
		return plan.Desired{}
	}
	return l.config.Vaults[0].Secrets[0]
}

// glob lists files by a pattern that may go over folders.
func (e env) glob(pattern string, most int) ([]string, error) {
	var names []string
	for name := range e {
		if fits, err := path.Match(pattern, name); err != nil {
			return nil, environment.ErrPattern
		} else if fits {
			names = append(names, name)
		}
	}
	if len(names) > most {
		return nil, environment.ErrManyMatches
	}
	slices.Sort(names)
	return names, nil
}

func (e env) open(name string) (io.ReadCloser, error) {
	text, found := e[name]
	if !found {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// wantProblems checks that the problems are exactly wants, in this order. Each is a part
// of what is said, or "input: part" for one whose sentence does not name the input.
func (l loaded) wantProblems(t *testing.T, wants ...string) {
	t.Helper()
	matches := len(l.problems) == len(wants)
	for i := 0; matches && i < len(wants); i++ {
		text, named := strings.CutPrefix(wants[i], l.problems[i].Input+": ")
		matches = named && strings.Contains(l.problems[i].String(), text) || strings.Contains(l.problems[i].String(), wants[i])
	}
	if !matches {
		t.Errorf("problems:\n%s\nwant:\n%s", lines(l.problems), strings.Join(wants, "\n"))
	}
}

func lines(problems problem.List) string {
	return strings.Join(problems.Lines(), "\n")
}

// listed spells what Config wants of the domains: "-" for leaving them alone.
func listed(d *domains.List) string {
	if d == nil {
		return "-"
	}
	return "[" + strings.Join(*d, " ") + "]"
}

// given spells a Value: "-" for the absent one.
func given(v secret.Value) string {
	if v.IsZero() {
		return "-"
	}
	return fmt.Sprintf("%q", v.Reveal())
}
