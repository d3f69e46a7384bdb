package manifest

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

var (
	exportRuns = flag.Int("export.runs", 1000, "how many random vaults and manifests are exported")
	exportSeed = flag.Uint64("export.seed", 0, "the seed of the first run; 0 for a random one")
)

// seeded calls a property with other chance each time, and says with which if it fails.
func seeded(t *testing.T, property func(t *testing.T, chance *chance)) {
	t.Helper()
	first := *exportSeed
	if first == 0 {
		first = rand.Uint64()
	}
	for run := range uint64(*exportRuns) {
		property(t, &chance{rand.New(rand.NewPCG(first+run, 0))})
		if t.Failed() {
			t.Fatalf("again with -export.seed=%d -export.runs=1", first+run)
		}
	}
}

// chance makes vaults and manifests.
type chance struct{ *rand.Rand }

func (c *chance) one(texts ...string) string { return texts[c.IntN(len(texts))] }

// oddities are what a name or a host may have in it.
var oddities = []string{
	"\n", "\r", "\u2028", "\u0085", "\u202e", "\uFEFF", "\t", " ", "#", ": ", " #", "'", `"`, `\`, "{", "}", "[", "]", ",", "&a", "*", "!", "|", ">", "%", "@", "`",
	"::error::x", "##[error]", "ключ", "名前", "é", "🔑", "\xff", "\x00", "\x7f", "- ", "? ", "---", "...", "<<", "${A}", "${{ a }}", "hidden", "</details>",
}

func (c *chance) name() string {
	switch c.IntN(10) {
	case 0:
		return c.one("NO", "y", "true", "Null", "on", "_", "__", "e3", "inf", "NaN", "vaults", "secrets", "A", "a")
	case 1:
		return c.one("NAIRI_", "CCAGENT_", "CCASECRET_", "1", "1e3", "0x1F", "~", "-", ".5") + c.one("A", "B", "")
	case 2:
		return c.word() + c.one(oddities...) + c.word()
	case 3:
		return c.one(oddities...)
	case 4:
		return strings.Repeat(c.one("A", "Z", "_"), 1000+c.IntN(25))
	}
	return c.word()
}

func (c *chance) word() string {
	letters := "ABCabc_XYZ019"
	word := []byte{letters[c.IntN(10)]}
	for range c.IntN(12) {
		word = append(word, letters[c.IntN(len(letters))])
	}
	return string(word)
}

func (c *chance) host() string {
	switch c.IntN(12) {
	case 0:
		return c.one("*", "ANY", "*.com", "http://x.example.com/", "a b", "", "true", "::1", "fe80::1", "[::1]", "10.0.0.1", "1.e3", "2026-01-01", "0x1f", "a:80")
	case 1:
		return strings.ToLower(c.word()) + c.one(oddities...) + ".example.com"
	case 2:
		return c.one("bücher.example", "XN--BCHER-KVA.example.", "*.例え.example", "no", "null.example", "y", "1e3.example", "_a.example", "host.hidden")
	}
	return c.one("", "*.", "") + strings.ReplaceAll(c.word(), "_", "x") + c.one(".example.com", ".Example.COM", ".example.com.", ".b.example")
}

func (c *chance) hosts() domains.List {
	n := c.IntN(4)
	switch c.IntN(20) {
	case 0:
		return nil
	case 1, 2, 3, 4:
		n = 0
	case 5:
		n = 30
	case 6:
		if c.IntN(30) == 0 {
			n = maxDomains + 2
		}
	}
	list := domains.List{}
	for range n {
		list = append(list, c.host())
	}
	return list
}

// held is a vault, sometimes with secrets of these names.
func (c *chance) held(id nairi.VaultID, names ...string) Held {
	held := Held{ID: id}
	n := c.IntN(30)
	if c.IntN(20) == 0 {
		n = c.IntN(501)
	}
	for i := range n {
		s := nairi.Secret{ID: nairi.SecretID(fmt.Sprintf("sec_%d", i)), EnvKey: c.name(), AllowedDomains: c.hosts()}
		switch {
		case c.IntN(8) == 0 && i > 0:
			s.EnvKey = held.Secrets[c.IntN(i)].EnvKey
		case c.IntN(4) == 0 && len(names) > 0:
			s.EnvKey = c.one(names...)
		}
		held.Secrets = append(held.Secrets, s)
	}
	return held
}

func (c *chance) vaultID() nairi.VaultID {
	id := []byte("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	for i := 5; i < len(id); i++ {
		id[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[c.IntN(32)]
	}
	return nairi.VaultID(id)
}

// What is exported is read back, names all that can be named, tells of all else, and a
// sync of it changes nothing.
func TestExportsChangeNothing(t *testing.T) {
	t.Parallel()
	named, left := 0, 0
	seeded(t, func(t *testing.T, c *chance) {
		vaults := []Held{c.held(c.vaultID())}
		for range c.IntN(3) {
			vaults = append(vaults, c.held(c.vaultID()))
		}
		got, err := exporter().New(vaults)
		if err != nil {
			t.Fatal(err)
		}
		if at := bytes.IndexFunc(got.Text, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }); at >= 0 {
			t.Errorf("%q is not plain", got.Text[at])
		}
		if bytes.Contains(got.Text, []byte("hidden")) {
			t.Error("it shows what is masked")
		}
		file, problems := Parse(Source{Name: "f"}, got.Text)
		if problems != nil {
			t.Fatal(problems)
		}
		checkEntries(t, vaults, file, got)
		checkPlan(t, vaults, file)
		named, left = named+got.Named, left+len(got.Remarks)
	})
	t.Logf("%d vaults: %d entries, %d comments", *exportRuns, named, left)
}

// sayable reports whether a manifest can say a secret, by the rules of the others.
func sayable(s nairi.Secret, times int) bool {
	list, err := domains.Parse(s.AllowedDomains)
	hidden := strings.Contains(s.EnvKey+strings.Join(s.AllowedDomains, " "), "hidden")
	return times == 1 && nairi.CheckEnvKey(s.EnvKey) == nil && s.AllowedDomains.Known() && err == nil && len(list) <= maxDomains && !hidden
}

func checkEntries(t *testing.T, vaults []Held, file File, got Export) {
	t.Helper()
	all := 0
	for i, held := range vaults {
		times := map[string]int{}
		for _, s := range held.Secrets {
			times[s.EnvKey]++
		}
		var want, names []string
		for _, s := range held.Secrets {
			if sayable(s, times[s.EnvKey]) {
				want = append(want, s.EnvKey)
				delete(times, s.EnvKey)
			}
		}
		all += len(times)
		slices.Sort(want)
		for _, entry := range file.Vaults[i].Entries {
			names = append(names, entry.EnvKey)
		}
		if !slices.Equal(want, names) {
			t.Errorf("entries %q, want %q", names, want)
		}
	}
	if len(got.Remarks) != all || bytes.Count(got.Text, []byte("      # Left out: ")) != all {
		t.Errorf("%d remarks, want %d, a comment each:\n%s", len(got.Remarks), all, got.Text)
	}
}

// checkPlan checks that a sync of a manifest has nothing to do.
func checkPlan(t *testing.T, vaults []Held, file File) {
	t.Helper()
	var desired []plan.Vault
	var current [][]nairi.Secret
	for i, vault := range file.Vaults {
		v := plan.Vault{ID: vault.ID}
		for _, entry := range vault.Entries {
			v.Secrets = append(v.Secrets, plan.Desired{Operation: plan.OpSet, EnvKey: entry.EnvKey, Domains: entry.Domains})
		}
		desired, current = append(desired, v), append(current, vaults[i].Secrets)
	}
	changes, err := plan.Make(desired, current, plan.Rules{DryRun: true})
	if err != nil || plan.Blocked(changes) || plan.Writes(changes) != 0 {
		t.Errorf("%d writes, %v", plan.Writes(changes), err)
	}
}

// Merging keeps every line that was there, and says what was said and what is new.
func TestMergingChangesNoLine(t *testing.T) {
	t.Parallel()
	added, kept := 0, 0
	seeded(t, func(t *testing.T, c *chance) {
		text, names, file := c.readable(t)
		var vaults []Held
		for _, vault := range file.Vaults {
			if c.IntN(5) > 0 {
				vaults = append(vaults, c.held(vault.ID, names...))
			}
		}
		for range c.IntN(3) {
			vaults = append(vaults, c.held(c.vaultID()))
		}
		c.Shuffle(len(vaults), func(i, j int) { vaults[i], vaults[j] = vaults[j], vaults[i] })
		got, err := exporter().Merge([]byte(text), vaults)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		checkLines(t, text, string(got.Text), len(file.Vaults))
		after, problems := Parse(Source{Name: "f"}, got.Text)
		if problems != nil {
			t.Fatal(problems)
		}
		checkMerged(t, file, after, vaults)
		again, err := exporter().Merge(got.Text, vaults)
		if err != nil || !bytes.Equal(again.Text, got.Text) {
			t.Errorf("once more: %v", err)
		}
		added, kept = added+got.Added, kept+strings.Count(text, "\n")
	})
	t.Logf("%d manifests of %d lines, %d entries added", *exportRuns, kept, added)
}

// readable is a random manifest that has no problems: what was to be a comment may have
// become a part of a value.
func (c *chance) readable(t *testing.T) (text string, names []string, file File) {
	t.Helper()
	for range 20 {
		var problems problem.List
		text, names = c.manifest()
		if file, problems = Parse(Source{Name: "f"}, []byte(text)); problems == nil {
			return text, names, file
		}
	}
	t.Fatalf("the generator writes what nobody can read:\n%s", text)
	return "", nil, File{}
}

// whole are lines that hold a mapping in braces from its start to its end: there is no
// place for more but in them.
var whole = regexp.MustCompile(`\{ ?\}|# in one line`)

// checkLines checks that no line is gone that could stay. Of a file in braces that are
// one for the end of each vault, and one for its own.
func checkLines(t *testing.T, before, after string, vaults int) {
	t.Helper()
	lines := strings.Split(strings.ReplaceAll(strings.TrimSuffix(before, "\n"), "\r", ""), "\n")
	lines = slices.DeleteFunc(lines, whole.MatchString)
	kept := common(lines, strings.Split(strings.ReplaceAll(after, "\r", ""), "\n"))
	most := 0
	if strings.Contains(before, `{"vaults":`) {
		most = vaults + 1
	}
	if gone := len(lines) - kept; gone > most {
		t.Errorf("%d of %d lines are gone:\n%s\nis now\n%s", gone, len(lines), before, after)
	}
}

// common is how many lines of a text another has, in their order.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, line := range a {
		diagonal := 0
		for k := range b {
			above := row[k+1]
			if row[k+1] = max(above, row[k]); line == b[k] {
				row[k+1] = diagonal + 1
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// checkMerged checks that the entries from before are there, and each secret besides
// that can be said.
func checkMerged(t *testing.T, before, after File, vaults []Held) {
	t.Helper()
	entries := map[nairi.VaultID]map[string]Entry{}
	for _, vault := range after.Vaults {
		entries[vault.ID] = map[string]Entry{}
		for _, entry := range vault.Entries {
			entries[vault.ID][entry.EnvKey] = entry
		}
	}
	there := map[nairi.VaultID]map[string]bool{}
	for i, vault := range before.Vaults {
		there[vault.ID] = map[string]bool{}
		for k, entry := range vault.Entries {
			there[vault.ID][entry.EnvKey] = true
			if !sameEntry(entry, after.Vaults[i].Entries[k]) {
				t.Errorf("%v became %v", entry, after.Vaults[i].Entries[k])
			}
		}
	}
	for _, held := range vaults {
		times := map[string]int{}
		for _, s := range held.Secrets {
			times[s.EnvKey]++
		}
		for _, s := range held.Secrets {
			entry, found := entries[held.ID][s.EnvKey]
			switch was, can := there[held.ID][s.EnvKey], sayable(s, times[s.EnvKey]); {
			case was:
			case found != can:
				t.Errorf("%q: there is an entry: %t, want %t", s.EnvKey, found, can)
			case found && !entry.Domains.Equal(s.AllowedDomains):
				t.Errorf("%q: %v, want %v", s.EnvKey, entry.Domains, s.AllowedDomains)
			}
		}
	}
}
