package input_test

import (
	"fmt"
	"io"
	"maps"
	"slices"
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

// heldVaults are what held says in a file, of which all but what is absent is as
// common.
func heldVaults(file string, common plan.Desired) []plan.Vault {
	at := func(line int) plan.Place { return plan.Place{File: file, Line: line} }
	placed := func(d plan.Desired, line int) plan.Desired {
		d.Place = at(line)
		return d
	}
	with := func(name, value string, list ...string) plan.Desired {
		d := common
		d.EnvKey, d.Domains = name, new(append(domains.List{}, list...))
		if value != "" {
			d.Value = secret.New(value)
		}
		return d
	}
	return []plan.Vault{
		{ID: vaultID, Place: at(3), Secrets: []plan.Desired{
			placed(with("A", "value-of-a", "a.example.com"), 5), placed(with("B", "value-of-b"), 6), placed(with("C", "", "c.example.com"), 7),
			placed(plan.Desired{Operation: plan.OpDelete, EnvKey: "D"}, 8),
		}},
		{ID: "vlt_01KEQ6963XS96YDP3NF9NKB7QK", Place: at(9), Secrets: []plan.Desired{placed(with("A", "value-of-other"), 11)}},
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
	got.wantProblems(t, "manifest names values that are longer than 4 MiB together. Use several manifests.")
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

// Secrets in the wrong place of a sync, or of a lint, go no further than those of one
// secret.
func TestAStraySecretInASync(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"MANIFEST", "SECRETS", "ENV_JSON", "VALUES_FILE", "VALUES", "PRUNE", "MAX_DELETES", "CONCURRENCY", "SHARD", "SHARDS", "COMMENT_PR", "PULL_REQUEST",
	} {
		for _, text := range []string{stray, "vaults:\n- " + stray, "{'" + stray + " ': {A: " + stray + "}}", `{"A": ["` + stray + `"]}`, "${" + stray + "}"} {
			for _, operation := range []string{string(plan.OpSync), string(plan.OpLint)} {
				got := load(syncing(env{"INPUT_OPERATION": operation, "INPUT_" + name: text}), heldFiles)
				if len(got.problems) == 0 {
					t.Errorf("%s takes a stray secret in a %s", name, operation)
				}
				holdsNone(t, loaded{problems: got.problems, config: input.Config{Warnings: got.config.Warnings, Notes: got.config.Notes}}, stray)
			}
		}
	}
	files := maps.Clone(heldFiles)
	files[manifest.Default] = strings.ReplaceAll(held, "a.example.com", stray)
	for _, operation := range []string{string(plan.OpSync), string(plan.OpLint)} {
		holdsNone(t, loaded{problems: load(syncing(env{"INPUT_OPERATION": operation}), files).problems}, stray)
	}
}

// A lint reads the names of variables and files and none of what they hold. What is handed
// over by name is read for the names, and masked.
func TestALintReadsNoValue(t *testing.T) {
	t.Parallel()
	got := load(syncing(env{"INPUT_OPERATION": "lint", "INPUT_API_KEY": unset, "A_VALUE": stray}), env{manifest.Default: held, "b.txt": stray})
	got.wantProblems(t)
	if got.config.APIKey.Reveal() != "" || got.config.BaseURL != nil || got.config.ManifestFiles != 1 || len(got.config.Vaults) != 2 {
		t.Errorf("read as %+v", got.config)
	}
	if texts := secretsOf(got); !slices.Equal(texts, []string{"value-of-other"}) {
		t.Errorf("%d secrets were read", len(texts))
	}
	holdsNone(t, got, stray)
	for _, missing := range []env{{"A_VALUE": unset}, {"INPUT_ENV_JSON": "{}"}} {
		got := load(syncing(env{"INPUT_OPERATION": "lint"}).with(missing), heldFiles)
		got.wantProblems(t, "A.env names a variable that is not set")
	}
	load(syncing(env{"INPUT_OPERATION": "lint"}), env{manifest.Default: held}).wantProblems(t, "B.file names a file that does not exist")
}
