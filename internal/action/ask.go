package action

import (
	"context"
	"errors"
	"fmt"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
	"github.com/nairi-community/vault-secret/internal/terminal"
)

// checkInputs checks the inputs. A value that nothing gives is asked for, once all else is right:
// nobody is to type one for nothing.
func (s *step) checkInputs(given *input.Inputs) ([]secret.Value, problem.List) {
	asks := s.Terminal != nil && given.WantsValue()
	if asks {
		given.AwaitValue()
	}
	var secrets []secret.Value
	var problems problem.List
	s.config, secrets, problems = given.Check(s.Env.Until(s.time.ctx), s.event, s.Now())
	if !asks || len(problems) > 0 {
		return secrets, problems
	}
	s.console.Mask(mask.OfAll(secrets, maskOptions(s.config))) // which the prompt could show
	var value secret.Value
	var err error
	s.time.asking(func(ctx context.Context) {
		value, err = s.Terminal.Secret(ctx, s.console.CleanLine(valuePrompt(s.config)))
	})
	typed, problems := given.TypedValue(&s.config, s.Env, s.event, value, advised(err))
	return append(secrets, typed...), problems
}

// valuePrompt asks for the value of the one secret that is to be written.
func valuePrompt(config input.Config) string {
	desired := config.Vaults[0].Secrets[0]
	name := desired.EnvKey
	if name == "" {
		name = string(desired.SecretID)
	}
	return fmt.Sprintf("Value of %s (it is not shown)", name)
}

// advised says what else there is than a prompt, for what a prompt cannot take.
func advised(err error) error {
	switch {
	case errors.Is(err, terminal.ErrLines), errors.Is(err, terminal.ErrOdd):
		return fmt.Errorf("%w. Put it into a file and name that with %s, or pipe it in with %[2]s -", err, input.Flag("value_file"))
	case errors.Is(err, terminal.ErrDiffers), errors.Is(err, terminal.ErrNoAnswer):
		return fmt.Errorf("%w; nothing was sent", err)
	}
	return err
}
