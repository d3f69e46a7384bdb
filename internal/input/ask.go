package input

import (
	"context"
	"errors"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// WantsValue reports whether a value is missing that a person may be asked for: nothing
// says where it is, and without one there would be nothing to write. A dry run writes
// nothing, and needs none.
func (i *Inputs) WantsValue() bool {
	if i.givesValue() || isTrue(i.DryRun) {
		return false
	}
	switch plan.Operation(i.Operation) {
	case plan.OpCreate:
		return true
	case plan.OpSet, plan.OpUpdate:
		return !i.givesDomains()
	}
	return false
}

// AwaitValue says that the value is typed once all else was checked. No other is missed.
func (i *Inputs) AwaitValue() { i.awaits = true }

// TypedValue checks the value that was typed, and puts it into the one secret of config. Why
// there is none is wrong. Like Check, it returns every secret that it came across.
func (i *Inputs) TypedValue(config *Config, e env.Env, ev event.Event, value secret.Value, wrong error) ([]secret.Value, problem.List) {
	if errors.Is(wrong, context.Canceled) {
		return nil, nil // which is told as the end of the run
	}
	c := &checker{Inputs: i, env: e, event: ev, allowSuspicious: isTrue(i.AllowSuspicious)}
	at, desired := problem.Problem{Input: "The value"}, &config.Vaults[0].Secrets[0]
	desired.Value = c.accept(source{
		at: at, ifEmpty: "is empty. Type or paste it",
		encoded: i.ValueEncoding == encodingBase64,
		about:   about{envKey: i.EnvKey, allow: c.own("allow_suspicious_value: true")},
		read:    func() (secret.Value, error) { return value, wrong },
	})
	if err := tooLong(desired); err != nil {
		at.Text = err.Error()
		c.note(at)
	}
	config.Warnings = append(config.Warnings, c.warnings...)
	return c.secrets, c.problems
}
