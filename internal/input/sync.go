package input

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// OperationSync is the operation that brings whole vaults to what a manifest
// says. It is none of plan.Operations, which are about one secret.
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

// Sync is what whole vaults are wanted to hold.
type Sync struct {
	Source      string       // of the manifest, as the user spelled it
	Vaults      []plan.Vault // with nothing in Have
	Rules       plan.Rules
	Concurrency int // requests at a time
	Shards      int // into how many the plan may be cut
	CommentPR   bool
	GitHubToken secret.Value
}

// sync reads the manifest, and the values of its entries.
func (c *checker) sync(f fields, denyWidening bool) (*Sync, []secret.Value) {
	c.notForSync(f)
	values, secrets := c.envJSON(f.EnvJSON)
	s := &Sync{
		Rules: plan.Rules{
			Prune:      c.boolean("prune", f.Prune),
			MaxDeletes: c.maxDeletes(f.MaxDeletes),
			Shard:      c.shard(f.Shard),
		},
		Concurrency: c.number("concurrency", f.Concurrency, 1, maxConcurrency),
		Shards:      c.number("shards", f.Shards, 1, maxShards),
		CommentPR:   c.boolean("comment_pr", f.CommentPR),
		GitHubToken: secret.New(trimSpace(f.GitHubToken)),
	}
	if f.GitHubToken != "" {
		secrets = append(secrets, s.GitHubToken)
	}
	if s.CommentPR && f.GitHubToken == "" {
		c.add("github_token", "is missing; comment_pr needs one, such as ${{ github.token }}")
	}
	r := entryReader{
		checker: c, fields: f, values: values, shard: s.Rules.Shard, dryRun: booleans[trimSpace(f.DryRun)],
		want: plan.Want{
			Operation: plan.Set, DenyWidening: denyWidening,
			KeepValue: c.oneOf("values", f.Values, valuesAlways, valuesWhenCreated) == valuesWhenCreated,
		},
	}
	s.Source = r.readManifest()
	s.Vaults = r.vaults
	return s, append(secrets, r.secrets...)
}

// notForSync names the inputs about one secret, which the manifest says instead.
func (c *checker) notForSync(f fields) {
	given := map[string]bool{
		"vault_id": f.VaultID != "", "secret_id": f.SecretID != "", "env_key": f.EnvKey != "",
		"value": f.Value.text != nil, "value_env": f.ValueEnv.text != nil, "value_file": f.ValueFile.text != nil,
		"allowed_domains": f.AllowedDomains.text != nil, "allow_any_domain": booleans[trimSpace(f.AllowAnyDomain)],
		"if_updated_at": f.IfUpdatedAt != "",
	}
	for name, is := range given {
		if is {
			c.add(name, "is for a single secret; with operation: sync the manifest says it")
		}
	}
}

// onlyForSync names the inputs that mean nothing for a single secret.
func (c *checker) onlyForSync(f fields) {
	given := map[string]bool{
		"manifest": trimSpace(f.Manifest) != manifest.Default, "secrets": f.Secrets.text != nil, "env_json": f.EnvJSON != "",
		"values": trimSpace(f.Values) != valuesAlways, "prune": booleans[trimSpace(f.Prune)], "max_deletes": f.MaxDeletes != "",
		"shard": f.Shard != "", "shards": trimSpace(f.Shards) != "1", "comment_pr": booleans[trimSpace(f.CommentPR)],
	}
	for name, is := range given {
		if is {
			c.add(name, "is for operation: sync alone")
		}
	}
}

// number reads a whole number within its bounds.
func (c *checker) number(input, text string, least, most int) int {
	n, err := strconv.Atoi(trimSpace(text))
	if err != nil || n < least || n > most {
		c.add(input, fmt.Sprintf("must be a whole number from %d to %d", least, most))
		return least
	}
	return n
}

// maxDeletes is nil if nothing was said.
func (c *checker) maxDeletes(text string) *int {
	if text == "" {
		return nil
	}
	n := c.number("max_deletes", text, 0, math.MaxInt32)
	return &n
}

// shard reads a shard as in 2/8.
func (c *checker) shard(text string) plan.Shard {
	if text == "" {
		return plan.Shard{}
	}
	index, count, _ := strings.Cut(trimSpace(text), "/")
	i, errIndex := strconv.Atoi(index)
	n, errCount := strconv.Atoi(count)
	if errIndex != nil || errCount != nil || i < 1 || i > n || n > maxShards {
		c.add("shard", fmt.Sprintf("must be a part and the number of parts, as in 2/8 for the second of eight; at most %d parts", maxShards))
		return plan.Shard{}
	}
	return plan.Shard{Index: i, Count: n}
}

// envJSON reads an object of texts, every one of which is taken for a secret.
func (c *checker) envJSON(text string) (map[string]string, []secret.Value) {
	if text == "" {
		return nil, nil
	}
	var values map[string]string
	if json.Unmarshal([]byte(text), &values) != nil || values == nil {
		c.add("env_json", `must be a JSON object of texts, as in {"TOKEN": ${{ toJSON(secrets.TOKEN) }}}`)
		return nil, []secret.Value{secret.New(text)}
	}
	var secrets []secret.Value
	for _, value := range values {
		secrets = append(secrets, secret.New(value))
	}
	return values, secrets
}
