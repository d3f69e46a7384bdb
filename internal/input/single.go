package input

import (
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// single is the configuration for one secret, by the inputs about it.
func (c *checker) single(config *Config, operation plan.Operation, value secret.Value) {
	desired := plan.Desired{
		Operation:    operation,
		SecretID:     c.secretID(),
		EnvKey:       c.envKey(),
		Value:        value,
		Domains:      c.domains(),
		IfUpdatedAt:  c.timestamp("if_updated_at", c.IfUpdatedAt),
		DenyWidening: c.boolean("deny_widening", c.DenyWidening),
	}
	config.Vaults = []plan.Vault{{ID: c.vaultID(), Secrets: []plan.Desired{desired}}}
	c.require(operation)
}

// require checks what the operation needs of the inputs between them.
func (c *checker) require(operation plan.Operation) {
	switch operation {
	case plan.OpCreate:
		c.requireForCreate()
	case plan.OpDelete:
		c.requireTarget()
		if c.givesValue() || c.givesDomains() {
			c.add("operation", "delete takes no value and no domains; leave them out")
		}
	case plan.OpSet, plan.OpUpdate:
		c.requireTarget()
		c.requireChange()
	}
}

const nothingToChange = "nothing to change: neither a value nor hosts were given; give value, value_env or value_file, or allowed_domains, or both"

// requireChange checks that there is something to write: a rotation that rotates
// nothing must not look as if it were done. A dry run only looks.
func (c *checker) requireChange() {
	switch {
	case c.givesValue():
	case c.givesDomains():
		c.doubtHostsAlone()
	case isTrue(c.DryRun):
		c.warn(problem.Problem{Input: "value", Text: nothingToChange + "; without dry_run that is an error"})
	default:
		c.add("value", nothingToChange+c.leftOut())
	}
}

// leftOut says how a value is left out by mistake where settings are YAML that
// the platform reads.
func (c *checker) leftOut() string {
	if !ci.DialectOf(c.lookup).HasSettings() {
		return ""
	}
	return "; a setting such as value: ${NAME} is left out where NAME is not set"
}

// doubtHostsAlone warns of a value that may have been left out by mistake where
// nobody can tell: a plugin is told nothing of a setting that is null
// (woodpecker-ci/woodpecker, pipeline/frontend/yaml/compiler/settings/params.go).
// One that is left out by its word is meant to be.
func (c *checker) doubtHostsAlone() {
	_, said := c.lookup(settingPrefix + "VALUE")
	if left := c.leftOut(); left != "" && !said {
		c.warn(problem.Problem{Input: "value", Text: "is not given, so only the hosts are compared" + left +
			"; if only the hosts are meant, write value: " + NotGiven})
	}
}

func (c *checker) requireForCreate() {
	if c.SecretID != "" {
		c.add("secret_id", "the API chooses the ID of a new secret; leave it out, or use operation: update")
	}
	if c.EnvKey == "" {
		c.add("env_key", "is missing; give the name of the secret to create")
	}
	if !c.givesValue() {
		c.add("value", "is missing; a secret cannot be created without one")
	}
	if !c.givesDomains() {
		c.add("allowed_domains", "is missing; without a list the secret could be sent to any host; "+
			"name the hosts, or say allow_any_domain: true if that is meant")
	}
}

// requireTarget checks that there is an ID or a name.
func (c *checker) requireTarget() {
	if c.SecretID == "" && c.EnvKey == "" {
		c.add("secret_id", "is missing; give secret_id or env_key")
	}
}

func (c *checker) givesValue() bool {
	return c.Value.given() || c.ValueEnv.given() || c.ValueFile.given()
}

func (c *checker) givesDomains() bool { return c.AllowedDomains.given() || isTrue(c.AllowAnyDomain) }
