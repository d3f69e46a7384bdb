package input

import (
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
		Generate:     c.generate(),
		Mirrors:      c.mirrors(operation),
	}
	c.handover(config)
	config.Vaults = []plan.Vault{{ID: c.vaultID(), Secrets: []plan.Desired{desired}}}
	c.require(operation)
	c.checkMirrors(config)
}

// require checks what the operation needs of the inputs between them.
func (c *checker) require(operation plan.Operation) {
	switch operation {
	case plan.OpCreate:
		c.requireForCreate()
	case plan.OpDelete:
		c.requireTarget()
		if c.givesValue() || c.givesDomains() {
			c.add(Operation, "Delete takes no value and no hosts. Leave them out")
		}
	case plan.OpSet, plan.OpUpdate:
		c.requireTarget()
		c.requireChange()
	}
}

const nothingToChange = "There is nothing to write. Set value (or value_env, value_file), allowed_domains, or both"

// requireChange checks that there is something to write: a rotation that rotates
// nothing must not look as if it were done. A dry run only looks.
func (c *checker) requireChange() {
	switch {
	case c.givesValue(), c.awaits:
	case c.givesDomains():
		c.doubtHostsAlone()
		if c.pipedIn() {
			c.notes = append(c.notes, "Standard input was not read, and the value stays as it is. To take the value from there, add --value-file -.")
		}
	case isTrue(c.DryRun):
		c.warn(problem.Problem{Input: Value, Text: c.own(nothingToChange + ". Without dry_run that is an error")})
	case c.pipedIn():
		c.add(Value, notRead+". To change the hosts alone, give --allowed-domains")
	default:
		c.add(Value, nothingToChange+c.leftOut())
	}
}

// leftOut says how a value is left out by mistake where settings are YAML that
// the platform reads.
func (c *checker) leftOut() string {
	if !c.dialect("").HasSettings() {
		return ""
	}
	return ". A setting such as value: ${NAME} is left out where NAME is not set"
}

// doubtHostsAlone warns of a value that may have been left out by mistake where
// nobody can tell: a plugin is told nothing of a setting that is null
// (woodpecker-ci/woodpecker, pipeline/frontend/yaml/compiler/settings/params.go).
// One that is left out by its word is meant to be.
func (c *checker) doubtHostsAlone() {
	_, said := c.lookup(settingPrefix + "VALUE")
	if left := c.leftOut(); left != "" && !said {
		c.warn(problem.Problem{Input: Value, Text: "is not given, so only the hosts are compared" + left +
			". If only the hosts are meant, write value: " + NotGiven})
	}
}

func (c *checker) requireForCreate() {
	if c.SecretID != "" {
		c.add(SecretID, "The API chooses the ID of a new secret. Leave secret_id out, or use operation: update")
	}
	if c.EnvKey == "" {
		c.add(EnvKey, "is not set. Give the name of the secret, as in DATABASE_URL")
	}
	switch {
	case c.givesValue(), c.awaits:
	case c.pipedIn():
		c.add(Value, notRead)
	default:
		c.add(Value, "is not set, and no secret can be created without one")
	}
	if !c.givesDomains() {
		c.add("allowed_domains", "is not set, and without it any host could get the secret. List the hosts, or set allow_any_domain: true")
	}
}

// requireTarget checks that there is an ID or a name.
func (c *checker) requireTarget() {
	if c.SecretID == "" && c.EnvKey == "" {
		c.add(SecretID, "Name the secret: set env_key (its name) or secret_id")
	}
}

func (i *Inputs) givesValue() bool {
	return i.Value.given() || i.ValueEnv.given() || i.ValueFile.given() || i.Generate != ""
}

func (i *Inputs) givesDomains() bool { return i.AllowedDomains.given() || isTrue(i.AllowAnyDomain) }
