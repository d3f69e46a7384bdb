package input

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// OperationSync is the operation that makes whole vaults match a manifest. It is
// none of plan.Operations, which are about one secret.
const OperationSync = "sync"

// Spellings of values.
const (
	valuesAlways      = "always"
	valuesWhenCreated = "when_created"
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
	c.notAbout("one", "is for a single secret; with operation: sync the manifest says it")
	config.Rules.Prune, config.Rules.Guard, config.Rules.Shard = c.boolean("prune", c.Prune), c.guard(), c.shard()
	config.Concurrency = c.number("concurrency", c.Concurrency, 1, maxConcurrency)
	if shards := c.number("shards", c.Shards, 1, maxShards); config.Rules.Shard.Count == 0 {
		config.Shards = shards // a shard is not cut again
	}
	c.checkComment()
	r := &entryReader{
		checker: c, values: values, shard: config.Rules.Shard, dryRun: config.Rules.DryRun,
		files: map[fileSource]fileValue{},
		desired: plan.Desired{
			Operation:    plan.OpSet,
			DenyWidening: c.boolean("deny_widening", c.DenyWidening),
			KeepValue:    c.oneOf("values", c.Values, valuesAlways, valuesWhenCreated) == valuesWhenCreated,
		},
	}
	config.Manifest, config.Vaults = r.readManifest()
}

// guard bounds the deletes: by max_deletes, or by less if nothing was said.
func (c *checker) guard() *plan.DeleteGuard {
	if c.MaxDeletes == "" {
		return &plan.DeleteGuard{Most: defaultMaxDeletes}
	}
	return &plan.DeleteGuard{Most: c.number("max_deletes", c.MaxDeletes, 0, math.MaxInt32), MayEmpty: true}
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
		c.add("shard", fmt.Sprintf("must be a part and the number of parts, as in 2/8 for the second of eight; at most %d parts", maxShards))
		return plan.Shard{}
	}
	return plan.Shard{Index: i, Count: n}
}
