package input_test

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
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

// why stands for the reasons a platform gives for an empty secret.
const why = "the reasons of this run"

// env is an environment.
type env map[string]string

// unset takes a variable out of an environment; no content is equal to it.
const unset = "\x00unset"

// with is env with changes.
func (e env) with(changes env) env {
	out := maps.Clone(e)
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

// loaded is what Load returned.
type loaded struct {
	config   input.Config
	secrets  []secret.Value
	problems input.Problems
}

// load reads e, beside which there is a file of each name.
func load(e env, files env) loaded { return loadOutside(outside(e, files)) }

func loadOutside(o input.Outside) loaded {
	var l loaded
	l.config, l.secrets, l.problems = input.Load(o)
	return l
}

func outside(e env, files env) input.Outside {
	return input.Outside{
		Lookup:   func(name string) (string, bool) { text, found := e[name]; return text, found },
		Open:     files.open,
		Public:   func(secret.Value) string { return "" },
		WhyEmpty: why,
	}
}

func (e env) open(name string) (io.ReadCloser, error) {
	text, found := e[name]
	if !found {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// wantProblems checks that the problems are exactly wants, in this order. Each
// is "input: text", of which text need be only a part of the problem's.
func (l loaded) wantProblems(t *testing.T, wants ...string) {
	t.Helper()
	matches := len(l.problems) == len(wants)
	for i := 0; matches && i < len(wants); i++ {
		name, text, _ := strings.Cut(wants[i], ": ")
		matches = l.problems[i].Input == name && strings.Contains(l.problems[i].Text, text)
	}
	if !matches {
		t.Errorf("problems:\n%s\nwant:\n%s", lines(l.problems), strings.Join(wants, "\n"))
	}
}

func lines(problems input.Problems) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "\n")
}

// domains spells what Config wants of the domains: "-" for leaving them alone.
func domains(d *nairi.Domains) string {
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
