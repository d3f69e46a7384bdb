package input

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// mirrorInput is the input that names the mirrors of a single secret.
const mirrorInput = "mirror"

// mirrors are the places that get the value of the single secret too.
func (c *checker) mirrors(operation plan.Operation) []mirror.Mirror {
	var mirrors []mirror.Mirror
	names := splitNames(c.Mirror)
	if len(names) > mirror.Most {
		c.add(mirrorInput, fmt.Sprintf("names more than %d places", mirror.Most))
		return nil
	}
	for i, text := range names {
		target, err := mirror.Parse(text)
		if err != nil && len(names) > 1 {
			err = fmt.Errorf("entry %d %w", i+1, err)
		}
		if err != nil {
			c.check(mirrorInput, err)
			return nil
		}
		if slices.ContainsFunc(mirrors, func(m mirror.Mirror) bool { return m.Target.Place() == target.Place() }) {
			c.add(mirrorInput, "names "+target.String()+" twice. Keep it once")
		}
		mirrors = append(mirrors, mirror.Mirror{Target: target})
	}
	if c.Mirror != "" && len(mirrors) == 0 {
		c.check(mirrorInput, mirror.ErrTarget)
	}
	if len(mirrors) > 0 && operation == plan.OpDelete {
		c.add(mirrorInput, "does nothing in a delete, which leaves mirrors alone. Leave it out, and delete the secrets there by hand")
		return nil
	}
	return mirrors
}

// checkMirrors checks what the mirror of a single secret needs between the inputs.
func (c *checker) checkMirrors(config *Config) {
	desired := &config.Vaults[0].Secrets[0]
	if len(desired.Mirrors) == 0 {
		return
	}
	if c.EnvKey == "" {
		c.add(mirrorInput, "needs env_key, which is the name of the secret on GitHub too")
	}
	if !c.givesValue() && !c.awaits {
		c.add(mirrorInput, "needs a value, as the one in the vault cannot be read back. Give a value, or generate one")
	}
	c.check(mirrorInput, mirror.CheckName(desired.EnvKey))
	c.check(mirrorInput, tooLong(desired))
	c.requireForMirrors(config)
}

// tooLong is why GitHub does not take a value that the vault does; nil if it does, or is to get
// none.
func tooLong(desired *plan.Desired) error {
	if size := len(desired.Value.Reveal()); len(desired.Mirrors) > 0 && size > mirror.MaxSize {
		return fmt.Errorf("is not possible: GitHub takes a secret of at most %d KB, and the value has %d bytes. Leave the mirror out", mirror.MaxSize>>10, size)
	}
	return nil
}

// requireForMirrors checks that there is a way to the mirrors: GitHub's API, and a token. A
// dry run shows its plan without one.
func (c *checker) requireForMirrors(config *Config) {
	if !Mirrors(config.Vaults) {
		return
	}
	if e := (env.Env{Lookup: c.lookup}); e.IsTrue("GITEA_ACTIONS") || e.IsTrue("FORGEJO_ACTIONS") {
		c.check(mirrorInput, errForge)
	}
	if c.GitHubToken == "" && !config.Rules.DryRun {
		c.add("github_token", "is not set. A mirror needs one that is allowed to write secrets, which a job's own token never is")
	}
}

// Mirrors reports whether anything is mirrored.
func Mirrors(vaults []plan.Vault) bool {
	for _, vault := range vaults {
		for i := range vault.Secrets {
			if len(vault.Secrets[i].Mirrors) > 0 {
				return true
			}
		}
	}
	return false
}

// errForge is why nothing is mirrored on a forge.
var errForge = errors.New("is for secrets of GitHub, and Gitea and Forgejo have another API for theirs. Run this on GitHub, or in a shell")
