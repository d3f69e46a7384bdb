package action

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

var (
	exportRuns = flag.Int("export.runs", 250, "how many random vaults are exported, and planned from that")
	exportSeed = flag.Uint64("export.seed", 0, "the seed of the first of them; 0 for a random one")
)

// A vault that was exported is as its manifest says, and so it is once more secrets
// came and were merged in.
func TestExportThenSyncPlansNothing(t *testing.T) {
	t.Parallel()
	first := *exportSeed
	if first == 0 {
		first = rand.Uint64()
	}
	dir, named, left := t.TempDir(), 0, 0
	for run := range uint64(*exportRuns) {
		v := &adopted{Rand: rand.New(rand.NewPCG(first+run, 1)), t: t, manifest: filepath.Join(dir, "vault.yml")}
		v.emulator = nairitest.New(nairitest.Options{Unrecorded: true, Shuffled: true})
		v.vault = v.emulator.AddVault("old")
		v.fill()
		before := v.exports("false")
		v.plansNothing()
		v.there, v.names = v.names, nil
		v.fill()
		after := v.exports("true")
		v.plansNothing()
		if !strings.Contains(after, "secrets: {}") {
			before = strings.Replace(before, "secrets: {}", "secrets:", 1)
		}
		if !strings.HasPrefix(after, before) {
			t.Errorf("%s\nbecame\n%s", before, after)
		}
		if t.Failed() {
			t.Fatalf("again with -export.seed=%d -export.runs=1", first+run)
		}
		named, left = named+strings.Count(after, ": {"), left+strings.Count(after, "# Left out: ")
		if err := os.Remove(v.manifest); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d vaults: %d entries in one line, %d comments", *exportRuns, named, left)
}

// adopted is a vault, and the manifest that it is exported to.
type adopted struct {
	*rand.Rand
	t        *testing.T
	emulator *nairitest.Emulator
	vault    string
	manifest string
	names    []string
	there    []string // names that are in the manifest, or were left out
}

func (v *adopted) one(texts ...string) string { return texts[v.IntN(len(texts))] }

// fill adds secrets of any names, some of them twice. What the manifest has is not there
// a second time: of that no plan can be made.
func (v *adopted) fill() {
	n := v.IntN(12)
	if v.IntN(40) == 0 {
		n = v.IntN(501)
	}
	for range n {
		name := fmt.Sprint(v.one("A", "b_", "TOKEN_", "_", "NO", "ключ", "a b", "1e", "NAIRI_", "#", "'\"", "x: ", "\n- ", "\u2028"), v.one("", fmt.Sprint(v.IntN(1000))))
		if len(v.names) > 0 && v.IntN(20) == 0 {
			name = v.names[v.IntN(len(v.names))]
		}
		if slices.Contains(v.there, name) {
			continue
		}
		v.names = append(v.names, name)
		var hosts []string
		for range v.IntN(4) {
			hosts = append(hosts, v.one("a", "*.b", "B.C", "bücher", "xn--bcher-kva", "1", "no", "_x", "true")+v.one(".example.com", ".Example.com.", ".example"))
		}
		if v.IntN(10) == 0 {
			hosts = append(hosts, v.one("*", "10.0.0.1", "::1", "1.e3", "y", "a b", "2026-01-01"))
		}
		v.emulator.AddSecret(v.vault, nairitest.Stored{EnvKey: name, Value: former, AllowedDomains: hosts})
	}
}

// run runs the program in this process, on the files of this machine.
func (v *adopted) run(vars inputs) string {
	v.t.Helper()
	vars["INPUT_API_KEY"] = v.emulator.Options().Key
	var out bytes.Buffer
	host := host(vars, &out, v.emulator.Transport())
	lookup := host.Env.Lookup
	host.Env = env.Process()
	host.Env.Lookup = lookup
	if code := Run(v.t.Context(), host); code != 0 {
		v.t.Errorf("exit code %d\n%s", code, out.String())
	}
	return out.String()
}

func (v *adopted) exports(overwrite string) string {
	v.t.Helper()
	v.run(inputs{"INPUT_OPERATION": "export", "INPUT_VAULT_ID": v.vault, "INPUT_EXPORT_FILE": v.manifest, "INPUT_OVERWRITE": overwrite})
	return string(contents(v.manifest))
}

func (v *adopted) plansNothing() {
	v.t.Helper()
	out := v.run(inputs{"INPUT_OPERATION": "sync", "INPUT_DRY_RUN": "true", "INPUT_MANIFEST": v.manifest})
	for _, want := range []string{"\nplanned_count=0\n", "\nfailed_count=0\n", "\nresult=unchanged\n"} {
		if !strings.Contains(out, want) {
			v.t.Errorf("no %q in %s\nof %s", want, out, contents(v.manifest))
		}
	}
}
