package input

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestAValueIsWantedWhereThereWouldBeNothingToWrite(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]bool{
		"operation=set":    true,
		"":                 true, // which is set
		"operation=update": true,
		"operation=create": true,
		"operation=create allowed_domains=x.example": true,
		"operation=create allow_any_domain=true":     true,
		"operation=set allowed_domains=x.example":    false,
		"operation=set allowed_domains=":             false, // which is an error of its own
		"operation=update allow_any_domain=true":     false,
		"operation=update allow_any_domain=false":    true,
		"operation=set value=x":                      false,
		"operation=set value=":                       false,
		"operation=set value_env=X":                  false,
		"operation=create value_file=-":              false,
		"operation=set dry_run=true":                 false,
		"operation=create dry_run=TRUE":              false,
		"operation=set dry_run=false":                true,
		"operation=delete":                           false,
		"operation=sync":                             false,
		"operation=list":                             false,
		"operation=other":                            false,
	} {
		given := Flags{}
		for _, flag := range strings.Fields(flags) {
			name, text, _ := strings.Cut(flag, "=")
			given[name] = text
		}
		if got := Read(func(string) (string, bool) { return "", false }, given).WantsValue(); got != want {
			t.Errorf("%s: wanted: %v", flags, got)
		}
	}
}

// A value that is typed goes the way of every other: it is decoded, checked and masked, and
// what is wrong with it names no flag, for there is none.
func TestATypedValueIsCheckedLikeEveryOther(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		typed   string
		wrong   error
		flags   Flags
		stored  string
		masked  int
		problem string
	}{
		"as it is":          {typed: " a kF7qvB2xWm9 ", stored: " a kF7qvB2xWm9 ", masked: 1},
		"base64":            {typed: "a0Y3cXZCMnhXbTk=", flags: Flags{"value_encoding": "base64"}, stored: "kF7qvB2xWm9", masked: 2},
		"not base64":        {typed: "a0Y3cXZCMn", flags: Flags{"value_encoding": "base64"}, masked: 1, problem: "The value is base64 without its padding"},
		"empty":             {typed: "", masked: 1, problem: "The value is empty"},
		"a template":        {typed: "${TOKEN}", stored: "${TOKEN}", masked: 1, problem: "To store it anyway, set --allow-suspicious-value"},
		"a template, meant": {typed: "${TOKEN}", flags: Flags{"allow_suspicious_value": "true"}, stored: "${TOKEN}", masked: 1},
		"none":              {wrong: errors.New("was not typed"), problem: "The value was not typed."},
		"ended":             {wrong: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.flags == nil {
				tt.flags = Flags{}
			}
			given := Read(func(string) (string, bool) { return "", false }, tt.flags)
			config := Config{Vaults: []plan.Vault{{Secrets: make([]plan.Desired, 1)}}}
			var typed secret.Value
			if tt.wrong == nil {
				typed = secret.New(tt.typed)
			}
			secrets, problems := given.TypedValue(&config, env.Env{}, event.Event{}, typed, tt.wrong)
			if config.Vaults[0].Secrets[0].Value.Reveal() != tt.stored || len(secrets) != tt.masked {
				t.Errorf("the value is not as it should be, or not masked: %d", len(secrets))
			}
			if text := problems.Error(); tt.problem == "" && len(problems) > 0 || !strings.Contains(text, tt.problem) {
				t.Errorf("problems: %s", text)
			}
		})
	}
}

// GitHub takes less than a vault does, also of what is typed.
func TestATypedValueThatGitHubDoesNotTakeIsRefused(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{mirror.MaxSize: 0, mirror.MaxSize + 1: 1} {
		config := Config{Vaults: []plan.Vault{{Secrets: []plan.Desired{{Mirrors: make([]mirror.Mirror, 1)}}}}}
		given := Read(func(string) (string, bool) { return "", false }, Flags{})
		if _, problems := given.TypedValue(&config, env.Env{}, event.Event{}, secret.New(strings.Repeat("kF7qvB2x", n/8)+strings.Repeat("W", n%8)), nil); len(problems) != want {
			t.Errorf("%d bytes: %v", n, problems)
		}
	}
}

// What is going to be typed is a value for a mirror too.
func TestAValueThatIsAwaitedIsEnoughForAMirror(t *testing.T) {
	t.Parallel()
	e := env.Env{Lookup: func(string) (string, bool) { return "", false }}
	for _, awaits := range []bool{true, false} {
		given := Read(e.Lookup, Flags{"env_key": "TOKEN", "mirror": "repo:octo/cats", "allowed_domains": "x.example"})
		if awaits {
			given.AwaitValue()
		}
		_, _, problems := given.Check(e, event.Read(e), time.Time{})
		if missing := strings.Contains(problems.Error(), "needs a value"); missing == awaits {
			t.Errorf("awaited: %v, and missed: %v: %s", awaits, missing, problems)
		}
	}
}
