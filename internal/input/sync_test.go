package input_test

import (
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// held is a manifest of every kind of entry.
const held = `
vaults:
  - vault_id: vlt_01KEQ6963XS96YDP3NF9NKB7QJ
    secrets:
      A: { env: A_VALUE, allowed_domains: [a.example.com] }
      B: { file: b.txt, any_domain: true }
      C: { allowed_domains: [c.example.com] }
      D: { absent: true }
  - vault_id: vlt_01KEQ6963XS96YDP3NF9NKB7QK
    secrets:
      A: { env: OTHER, any_domain: true }
`

// syncing is an environment without problems: the manifest above, at its
// default place, with a value for each of its entries.
func syncing(changes env) env {
	return env{
		"INPUT_OPERATION": "sync", "INPUT_API_KEY": key, "A_VALUE": "value-of-a", "INPUT_ENV_JSON": `{"OTHER": "value-of-other"}`,
	}.with(changes)
}

var heldFiles = env{manifest.Default: held, "b.txt": "value-of-b\n"}

func secretsOf(l loaded) []string {
	var texts []string
	for _, v := range l.secrets {
		texts = append(texts, v.Reveal())
	}
	return texts
}

func TestSync(t *testing.T) {
	t.Parallel()
	got := load(syncing(env{
		"INPUT_PRUNE": "true", "INPUT_MAX_DELETES": "7", "INPUT_DENY_WIDENING": "true", "INPUT_CONCURRENCY": "3",
		"INPUT_SHARDS": "5", "INPUT_COMMENT_PR": "true", "INPUT_GITHUB_TOKEN": "ghs_synthetic\n",
	}), heldFiles)
	got.wantProblems(t)
	most := 7
	want := &input.Sync{
		Source: manifest.Default,
		Vaults: []plan.Vault{
			{ID: vaultID, Wants: []plan.Want{
				{Operation: plan.Set, EnvKey: "A", Value: secret.New("value-of-a"), DenyWidening: true, Domains: &nairi.Domains{"a.example.com"}},
				{Operation: plan.Set, EnvKey: "B", Value: secret.New("value-of-b"), DenyWidening: true, Domains: &nairi.Domains{}},
				{Operation: plan.Set, EnvKey: "C", DenyWidening: true, Domains: &nairi.Domains{"c.example.com"}},
				{Operation: plan.Delete, EnvKey: "D"},
			}},
			{ID: "vlt_01KEQ6963XS96YDP3NF9NKB7QK", Wants: []plan.Want{
				{Operation: plan.Set, EnvKey: "A", Value: secret.New("value-of-other"), DenyWidening: true, Domains: &nairi.Domains{}},
			}},
		},
		Rules:       plan.Rules{Prune: true, MaxDeletes: &most},
		Concurrency: 3, Shards: 5, CommentPR: true, GitHubToken: secret.New("ghs_synthetic"),
	}
	if diff := cmp.Diff(want, got.config.Sync, cmp.Comparer(sameValue)); diff != "" {
		t.Errorf("(-given +read)\n%s", diff)
	}
	secrets := strings.Join(secretsOf(got), " ")
	for _, value := range []string{"value-of-a", "value-of-b", "value-of-other", "ghs_synthetic", key} {
		if !strings.Contains(secrets, value) {
			t.Error("a secret is not among those to mask")
		}
	}
}

func TestSyncDefaults(t *testing.T) {
	t.Parallel()
	got := load(syncing(nil), heldFiles)
	got.wantProblems(t)
	s := got.config.Sync
	if s.Concurrency != 8 || s.Shards != 1 || s.CommentPR || !cmp.Equal(s.Rules, plan.Rules{}) || s.Vaults[0].Wants[0].KeepValue {
		t.Errorf("not the defaults: %+v", s)
	}
}

func TestSyncInline(t *testing.T) {
	t.Parallel()
	inline := strings.Replace(held, "env: A_VALUE", "value: '${A_VALUE}'", 1)
	got := load(syncing(env{"INPUT_SECRETS": inline}), heldFiles)
	got.wantProblems(t)
	if got.config.Sync.Source != "secrets" || got.config.Sync.Vaults[0].Wants[0].Value.Reveal() != "value-of-a" {
		t.Errorf("%+v", got.config.Sync)
	}
}

func TestValuesWhenCreated(t *testing.T) {
	t.Parallel()
	got := load(syncing(env{"INPUT_VALUES": "when_created"}), heldFiles)
	got.wantProblems(t)
	if want := got.config.Sync.Vaults[0].Wants[0]; !want.KeepValue || want.Value.IsZero() {
		t.Errorf("%+v", want)
	}
}

// A plan reads no value, not even one that is there: what a manifest names may be
// the choice of whoever opened a pull request.
func TestAPlanReadsNoValue(t *testing.T) {
	t.Parallel()
	got := load(syncing(env{"INPUT_DRY_RUN": "true"}), heldFiles)
	got.wantProblems(t)
	for _, want := range []plan.Want{got.config.Sync.Vaults[0].Wants[0], got.config.Sync.Vaults[0].Wants[1], got.config.Sync.Vaults[1].Wants[0]} {
		if !want.Promised || !want.Value.IsZero() {
			t.Errorf("%s: promised %t", want.EnvKey, want.Promised)
		}
	}
	for _, read := range secretsOf(got) {
		if read == "value-of-a" || strings.HasPrefix(read, "value-of-b") {
			t.Error("a value was read")
		}
	}
	load(syncing(env{"INPUT_DRY_RUN": "true", "A_VALUE": unset, "INPUT_ENV_JSON": unset}), env{manifest.Default: held}).wantProblems(t)
}

// What many entries name is read once, and all of it together is bounded.
func TestValuesTogetherAreBounded(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("vaults:\n- vault_id: " + vaultID + "\n  secrets:\n")
	for i := range 100 {
		fmt.Fprintf(&text, "    S%d: {file: big.txt, any_domain: true}\n", i)
	}
	opened := 0
	o := outside(syncing(nil), env{manifest.Default: text.String(), "big.txt": strings.Repeat("x", 1<<20)})
	open := o.Open
	o.Open = func(name string) (io.ReadCloser, error) { opened++; return open(name) }
	got := loadOutside(o)
	got.wantProblems(t)
	if opened != 2 {
		t.Errorf("%d files were opened", opened)
	}
	several := env{manifest.Default: strings.ReplaceAll(text.String(), "big.txt", "big%.txt")}
	for i := range 100 {
		several[manifest.Default] = strings.Replace(several[manifest.Default], "big%", fmt.Sprint("big", i), 1)
		several[fmt.Sprintf("big%d.txt", i)] = strings.Repeat("x", 1<<20)
	}
	got = load(syncing(nil), several)
	got.wantProblems(t, "manifest: the values are longer than 4 MiB together")
	if len(got.secrets) > 8 {
		t.Errorf("%d values were read", len(got.secrets))
	}
}

// A shard needs the values of its own entries, and reads no other.
func TestAShardReadsItsOwnValues(t *testing.T) {
	t.Parallel()
	read := 0
	for _, shard := range []string{"1/3", "2/3", "3/3"} {
		got := load(syncing(env{"INPUT_SHARD": shard}), heldFiles)
		got.wantProblems(t)
		for _, vault := range got.config.Sync.Vaults {
			for _, want := range vault.Wants {
				if !want.Value.IsZero() {
					read++
				} else if own := got.config.Sync.Rules.Shard.Has(vault.ID, want.EnvKey); own && want.Promised {
					t.Errorf("%s of shard %s was not read", want.EnvKey, shard)
				}
			}
		}
	}
	if read != 3 {
		t.Errorf("%d values were read", read)
	}
}

func TestSyncProblems(t *testing.T) {
	t.Parallel()
	const single = "is for a single secret; with operation: sync the manifest says it"
	for name, test := range map[string]struct {
		change, files env
		want          []string
	}{
		"no manifest":      {nil, env{"b.txt": "x"}, []string{"manifest: there is no such file; is the repository checked out"}},
		"both manifests":   {env{"INPUT_SECRETS": held, "INPUT_MANIFEST": "other.yml"}, nil, []string{"secrets: give only one of manifest and secrets"}},
		"empty inline":     {env{"INPUT_SECRETS": ""}, nil, []string{"secrets: "}},
		"a bad manifest":   {nil, env{manifest.Default: "vaults: [}"}, []string{"manifest: .github/nairi-vault.yml:1: "}},
		"no variable":      {env{"A_VALUE": unset}, nil, []string{"manifest: .github/nairi-vault.yml:5: A: there is no variable of the name in env"}},
		"empty variable":   {env{"A_VALUE": ""}, nil, []string{"manifest: .github/nairi-vault.yml:5: A: the value is empty; " + why}},
		"no file":          {nil, env{manifest.Default: held}, []string{"manifest: .github/nairi-vault.yml:6: B: there is no such file"}},
		"a bad value":      {env{"A_VALUE": "\xff"}, nil, []string{"manifest: .github/nairi-vault.yml:5: A: is not UTF-8 text"}},
		"suspicious":       {env{"A_VALUE": "***"}, nil, []string{"manifest: .github/nairi-vault.yml:5: A: "}},
		"env_json":         {env{"INPUT_ENV_JSON": `{"OTHER": 1}`}, nil, []string{"manifest: .github/nairi-vault.yml:11: A: there is no variable", "env_json: must be a JSON object of texts"}},
		"env_json, null":   {env{"INPUT_ENV_JSON": "null"}, nil, []string{"manifest: .github/nairi-vault.yml:11", "env_json: must be a JSON object"}},
		"values":           {env{"INPUT_VALUES": "never"}, nil, []string{"values: must be one of always, when_created"}},
		"max_deletes":      {env{"INPUT_MAX_DELETES": "-1"}, nil, []string{"max_deletes: must be a whole number from 0 to"}},
		"concurrency":      {env{"INPUT_CONCURRENCY": "65"}, nil, []string{"concurrency: must be a whole number from 1 to 64"}},
		"shards":           {env{"INPUT_SHARDS": "257"}, nil, []string{"shards: must be a whole number from 1 to 256"}},
		"shard 0":          {env{"INPUT_SHARD": "0/2"}, nil, []string{"shard: must be a part and the number of parts"}},
		"shard 3 of 2":     {env{"INPUT_SHARD": "3/2"}, nil, []string{"shard: must be"}},
		"shard of many":    {env{"INPUT_SHARD": "1/257"}, nil, []string{"shard: must be"}},
		"shard, no number": {env{"INPUT_SHARD": "1/2/3"}, nil, []string{"shard: must be"}},
		"no token":         {env{"INPUT_COMMENT_PR": "true"}, nil, []string{"github_token: is missing"}},
		"of one secret": {env{
			"INPUT_VAULT_ID": vaultID, "INPUT_SECRET_ID": secretID, "INPUT_ENV_KEY": envKey, "INPUT_VALUE_ENV": "A_VALUE",
			"INPUT_ALLOW_ANY_DOMAIN": "true", "INPUT_IF_UPDATED_AT": "2026-04-25T11:45:19.000Z",
		}, nil, []string{"vault_id: " + single, "secret_id: " + single, "env_key: " + single, "value_env: " + single, "allow_any_domain: " + single, "if_updated_at: " + single}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := test.files
			if files == nil {
				files = heldFiles
			}
			load(syncing(test.change), files).wantProblems(t, test.want...)
		})
	}
}

func TestInputsOfSyncAlone(t *testing.T) {
	t.Parallel()
	const alone = "is for operation: sync alone"
	given := env{
		"INPUT_MANIFEST": "other.yml", "INPUT_SECRETS": "", "INPUT_ENV_JSON": "{}", "INPUT_VALUES": "when_created", "INPUT_PRUNE": "true",
		"INPUT_MAX_DELETES": "1", "INPUT_SHARD": "1/2", "INPUT_SHARDS": "2", "INPUT_COMMENT_PR": "true",
	}
	load(good(given), nil).wantProblems(t, "manifest: "+alone, "secrets: "+alone, "env_json: "+alone, "values: "+alone, "prune: "+alone,
		"max_deletes: "+alone, "shard: "+alone, "shards: "+alone, "comment_pr: "+alone)
	for name, text := range given {
		load(good(env{name: text}), nil).wantProblems(t, strings.ToLower(strings.TrimPrefix(name, "INPUT_"))+": "+alone)
	}
}

// Secrets in the wrong place of a sync go no further than those of one secret.
func TestAStraySecretInASync(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"MANIFEST", "SECRETS", "ENV_JSON", "VALUES", "PRUNE", "MAX_DELETES", "CONCURRENCY", "SHARD", "SHARDS", "COMMENT_PR"} {
		for _, text := range []string{stray, "vaults:\n- " + stray, "{'" + stray + " ': {A: " + stray + "}}", `{"A": ["` + stray + `"]}`, "${" + stray + "}"} {
			got := load(syncing(env{"INPUT_" + name: text}), heldFiles)
			if len(got.problems) == 0 {
				t.Errorf("%s takes a stray secret", name)
			}
			holdsNone(t, loaded{problems: got.problems, config: input.Config{Warnings: got.config.Warnings}}, stray)
		}
	}
	files := maps.Clone(heldFiles)
	files[manifest.Default] = strings.ReplaceAll(held, "a.example.com", stray)
	holdsNone(t, loaded{problems: load(syncing(nil), files).problems}, stray)
}
