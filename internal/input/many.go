package input

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Bounds of the numbers. GitHub starts at most 256 jobs of one matrix, and a
// connection of HTTP/2 carries about a hundred requests (RFC 9113, section 6.5.2).
const (
	maxConcurrency = 64
	maxShards      = 256
)

// defaultMaxDeletes is low enough that a file that lost half of its lines, or
// names the wrong vault, does not take the vault with it.
const defaultMaxDeletes = 5

// many is the configuration for the secrets of a manifest, whose values may stand
// in values beside the environment.
func (c *checker) many(config *Config, values givenValues) {
	config.Rules.Prune, config.Rules.Guard, config.Rules.Shard = c.boolean("prune", c.Prune), c.guard(), c.shard()
	config.Concurrency = c.number("concurrency", c.Concurrency, 1, maxConcurrency)
	if shards := c.number("shards", c.Shards, 1, maxShards); config.Rules.Shard.Count == 0 {
		config.Shards = shards // a shard is not cut again
	}
	c.checkComment()
	config.ResultsFile = c.fileToWrite("results_file", c.ResultsFile)
	config.ExpectPlan = c.expectPlan(config.Rules.Shard)
	config.Manifest, config.Vaults = c.desired(reading{
		values: values, rules: config.Rules,
		desired: plan.Desired{
			Operation:    plan.OpSet,
			DenyWidening: c.boolean("deny_widening", c.DenyWidening),
			Values:       c.valuesMode(),
		},
	})
	c.manageAll(config.Vaults)
	c.requireForMirrors(config)
}

// valuesMode is when values are written. Left out is a mode of its own, in which a date
// in the manifest decides.
func (c *checker) valuesMode() plan.Values {
	if c.Values == "" {
		return plan.ValuesByDate
	}
	return plan.Values(c.oneOf("values", c.Values, manifest.ValueModes...))
}

// What becomes of secrets that are in a vault and not in the manifest.
const (
	unmanagedShow  = "show"
	unmanagedError = "error"
)

// manageAll makes it an error that a vault has more than the manifest names, if the
// input says so. The manifest may say so of a vault by itself.
func (c *checker) manageAll(vaults []plan.Vault) {
	if c.oneOf("unmanaged", c.Unmanaged, unmanagedShow, unmanagedError) != unmanagedError {
		return
	}
	for i := range vaults {
		vaults[i].AllManaged = true
	}
}

// guard bounds the deletes: by max_deletes, or by a few if nothing was said. That a
// vault may lose all of its secrets is said in the manifest.
func (c *checker) guard() *plan.DeleteGuard {
	if c.MaxDeletes == "" {
		return &plan.DeleteGuard{Most: defaultMaxDeletes}
	}
	return &plan.DeleteGuard{Most: c.number("max_deletes", c.MaxDeletes, 0, math.MaxInt32)}
}

// shard reads a shard as in 2/8.
func (c *checker) shard() plan.Shard {
	if c.Shard == "" {
		return plan.Shard{}
	}
	index, count, _ := strings.Cut(c.Shard, "/")
	i, errIndex := strconv.Atoi(index)
	n, errCount := strconv.Atoi(count)
	if errIndex != nil || errCount != nil || i < 1 || i > n || n > maxShards {
		c.add("shard", fmt.Sprintf("must be a part and the number of parts, at most %d, as in 2/8 for the second of eight", maxShards))
		return plan.Shard{}
	}
	return plan.Shard{Index: i, Count: n}
}
