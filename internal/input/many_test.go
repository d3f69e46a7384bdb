package input_test

import (
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/manifest"
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

// heldVaults are what held says, of which all but what is absent is as common.
func heldVaults(common plan.Desired) []plan.Vault {
	with := func(name, value string, list ...string) plan.Desired {
		d := common
		d.EnvKey, d.Domains = name, new(append(domains.List{}, list...))
		if value != "" {
			d.Value = secret.New(value)
		}
		return d
	}
	return []plan.Vault{
		{ID: vaultID, Secrets: []plan.Desired{
			with("A", "value-of-a", "a.example.com"), with("B", "value-of-b"), with("C", "", "c.example.com"), {Operation: plan.OpDelete, EnvKey: "D"},
		}},
		{ID: "vlt_01KEQ6963XS96YDP3NF9NKB7QK", Secrets: []plan.Desired{with("A", "value-of-other")}},
	}
}

func secretsOf(l loaded) []string {
	var texts []string
	for _, v := range l.secrets {
		texts = append(texts, v.Reveal())
	}
	return texts
}

// A plan reads no value, not even one that is there: what a manifest names may be
// the choice of whoever opened a pull request.
func TestAPlanReadsNoValue(t *testing.T) {
	t.Parallel()
	got := load(syncing(env{"INPUT_DRY_RUN": "true"}), heldFiles)
	got.wantProblems(t)
	for _, want := range []plan.Desired{got.config.Vaults[0].Secrets[0], got.config.Vaults[0].Secrets[1], got.config.Vaults[1].Secrets[0]} {
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
	for i := range 20 {
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
	for i := range 20 {
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
		for _, vault := range got.config.Vaults {
			for _, want := range vault.Secrets {
				if !want.Value.IsZero() {
					read++
				} else if own := got.config.Rules.Shard.Has(vault.ID, want.EnvKey); own && want.Promised {
					t.Errorf("%s of shard %s was not read", want.EnvKey, shard)
				}
			}
		}
	}
	if read != 3 {
		t.Errorf("%d values were read", read)
	}
}

// Secrets in the wrong place of a sync go no further than those of one secret.
func TestAStraySecretInASync(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"MANIFEST", "SECRETS", "ENV_JSON", "VALUES_FILE", "VALUES", "PRUNE", "MAX_DELETES", "CONCURRENCY", "SHARD", "SHARDS", "COMMENT_PR", "PULL_REQUEST",
	} {
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

// Whether a value is needed is known once the vault is read. Until then all that
// is wrong with it is kept, and the value itself goes no further.
func TestAValueForNewSecretsAloneMayBeMissing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change env
		why    string
	}{
		"not set":    {env{"A_VALUE": unset}, "there is no variable of the name in env"},
		"empty":      {env{"A_VALUE": ""}, "the value is empty; " + why},
		"suspicious": {env{"A_VALUE": "${NAME}"}, "looks like a variable or a command that was not expanded"},
		"not a text": {env{"A_VALUE": "Object"}, "toJSON"},
	} {
		got := load(syncing(test.change).with(env{"INPUT_VALUES": "when_created"}), heldFiles)
		got.wantProblems(t)
		d := got.config.Vaults[0].Secrets[0]
		if !strings.Contains(d.NoValue, test.why) || !d.Value.IsZero() || d.Promised {
			t.Errorf("%s: no value: %q, promised %t", name, d.NoValue, d.Promised)
		}
		if other := got.config.Vaults[0].Secrets[1]; other.NoValue != "" || other.Value.IsZero() {
			t.Errorf("%s: the value of another entry: %q", name, other.NoValue)
		}
		load(syncing(test.change), heldFiles).wantProblems(t, "manifest: "+test.why)
	}
}
