package plan_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const (
	oneVault   = "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	otherVault = "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"
)

// shownPlan is the plan that docs/vault-as-code.md shows.
const shownPlan = `vault-secret plan 1
["vlt_01KEQ6963XS96YDP3NF9NKB7QJ","DATABASE_URL","sec_2","update",["db.example.com"],["*.replicas.example.com","db.example.com"],"written"]
["vlt_01KEQ6963XS96YDP3NF9NKB7QJ","LEGACY_TOKEN","sec_1","delete",["old.example.com"],null,"not written"]
["vlt_01KQ27AQH800XQTQPJZ0DH14SJ","WEBHOOK_SECRET","","create",null,"*","written"]`

func shown(t *testing.T) []plan.Change {
	t.Helper()
	list := func(hosts ...string) *domains.List { l := append(domains.List{}, hosts...); return &l }
	changes, err := plan.Make([]plan.Vault{
		{ID: otherVault, Secrets: []plan.Desired{{Operation: plan.OpSet, EnvKey: "WEBHOOK_SECRET", Promised: true, Domains: list()}}},
		{ID: oneVault, Secrets: []plan.Desired{
			{Operation: plan.OpDelete, EnvKey: "LEGACY_TOKEN"},
			{Operation: plan.OpSet, EnvKey: "SEARCH_TOKEN", Domains: list("search.example.com")},
			{Operation: plan.OpSet, EnvKey: "DATABASE_URL", Value: secret.New("the value"), Domains: list("db.example.com", "*.replicas.example.com")},
		}},
	}, [][]nairi.Secret{nil, {
		{ID: "sec_1", EnvKey: "LEGACY_TOKEN", AllowedDomains: domains.List{"Old.Example.com."}},
		{ID: "sec_2", EnvKey: "DATABASE_URL", AllowedDomains: domains.List{"DB.example.com", "db.example.com."}},
		{ID: "sec_3", EnvKey: "SEARCH_TOKEN", AllowedDomains: domains.List{"search.example.com"}},
	}}, plan.Rules{})
	if err != nil || plan.Blocked(changes) {
		t.Fatal(err, changes)
	}
	return changes
}

func TestTheTextOfAPlanIsWhatThePageSays(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff(shownPlan, plan.Text(shown(t))); d != "" {
		t.Error(d)
	}
	if page, err := os.ReadFile("../../docs/vault-as-code.md"); err != nil || !strings.Contains(string(page), "\n```\n"+shownPlan+"\n```\n") {
		t.Errorf("docs/vault-as-code.md does not show it: %v", err)
	}
	// printf '%s' "vault-secret plan 1" | sha256sum
	const ofNothing = "a75a60c7fb6ebb4085b89f364fcea9b91d025311a8e1a5c9d6a4559b5680daac"
	digest, text := plan.Identify(nil)
	if text != "vault-secret plan 1" || digest != ofNothing {
		t.Errorf("of no changes: %s, %q", digest, text)
	}
}

// What a run gives out as its plan is taken by a run whose plan is the same, whatever
// the line breaks, and in each part.
func TestAPlanIsTheOneThatWasApproved(t *testing.T) {
	t.Parallel()
	changes := shown(t)
	digest, text := plan.Identify(changes)
	for _, given := range []string{
		text, digest, strings.ToUpper(digest), text + "\n", "\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n", plan.Parts(changes, 3),
		strings.ReplaceAll(plan.Parts(changes, 3), "\n", "\r\n"), strings.ReplaceAll(text, "\n", " "), strings.ReplaceAll(plan.Parts(changes, 3), "\n", " "),
	} {
		approved, err := plan.ParseApproved(given, plan.Shard{})
		if err != nil || approved.Check(changes, plan.Shard{}) != nil {
			t.Errorf("%q: %v", given, err)
		}
		if approved.Check(changes[1:], plan.Shard{}) == nil {
			t.Errorf("%q is said to be of fewer changes", given)
		}
	}
	for i := range 3 {
		shard := plan.Shard{Index: i + 1, Count: 3}
		part := slices.DeleteFunc(slices.Clone(changes), func(c plan.Change) bool { return !shard.Has(c.VaultID, c.Name()) })
		for _, given := range []string{text, plan.Parts(changes, 3)} {
			approved, err := plan.ParseApproved(given, shard)
			if err != nil || approved.Check(part, shard) != nil {
				t.Errorf("part %s: %v", shard, err)
			}
			if writes := plan.Writes(part); (approved.Check(nil, shard) == nil) != (writes == 0) {
				t.Errorf("part %s: nothing passes for %d changes", shard, writes)
			}
		}
	}
}

// A secret is renamed in one part, by a create and a delete under two names.
func TestARenameIsHeldAgainstItsPart(t *testing.T) {
	t.Parallel()
	vaults := []plan.Vault{{ID: oneVault}}
	var current []nairi.Secret
	for i := range 8 {
		old := fmt.Sprintf("OLD_%d", i)
		vaults[0].Secrets = append(vaults[0].Secrets, plan.Desired{
			Operation: plan.OpSet, EnvKey: fmt.Sprintf("NEW_%d", i), RenamedFrom: old, Promised: true, Domains: &domains.List{"a.example"},
		})
		current = append(current, nairi.Secret{ID: nairi.SecretID("sec_" + old), EnvKey: old, AllowedDomains: domains.List{}})
	}
	whole, err := plan.Make(vaults, [][]nairi.Secret{current}, plan.Rules{})
	if err != nil || plan.Writes(whole) != 16 {
		t.Fatal(err, whole)
	}
	text := plan.Text(whole)
	if line := `["` + oneVault + `","OLD_3","sec_OLD_3","delete","*",null,"not written","NEW_3"]`; !strings.Contains(text, line) {
		t.Errorf("%s is not in %s", line, text)
	}
	for i := range 3 {
		shard := plan.Shard{Index: i + 1, Count: 3}
		part, err := plan.Make(vaults, [][]nairi.Secret{current}, plan.Rules{Shard: shard})
		if err != nil {
			t.Fatal(err)
		}
		for _, given := range []string{text, plan.Parts(whole, 3)} {
			approved, err := plan.ParseApproved(given, shard)
			if err != nil || approved.Check(part, shard) != nil {
				t.Errorf("part %s: %v, %v", shard, err, approved.Check(part, shard))
			}
		}
	}
}

func TestWhatIsNoPlanIsRefused(t *testing.T) {
	t.Parallel()
	lines := strings.Split(shownPlan, "\n")
	text := func(lines ...string) string {
		return strings.Join(append([]string{"vault-secret plan 1"}, lines...), "\n")
	}
	digest := plan.Digest(shownPlan)
	second := plan.Shard{Index: 2, Count: 3}
	for name, test := range map[string]struct {
		text  string
		shard plan.Shard
		want  string
	}{
		"a word":                       {"yes", plan.Shard{}, "is neither"},
		"a short digest":               {digest[1:], plan.Shard{}, "is neither"},
		"no hexadecimal":               {"g" + digest[1:], plan.Shard{}, "is neither"},
		"two digests":                  {digest + "\n" + digest, plan.Shard{}, "is neither"},
		"another version":              {"vault-secret plan 2\n" + lines[1], plan.Shard{}, "is of another version"},
		"a version with a zero":        {"vault-secret plan 01", plan.Shard{}, "is of another version"},
		"a version of two digits":      {"vault-secret plan 10", plan.Shard{}, "is of another version"},
		"another order":                {text(lines[2], lines[1]), plan.Shard{}, "is neither"},
		"a line twice":                 {text(lines[1], lines[1]), plan.Shard{}, "is neither"},
		"white space within":           {text(strings.Replace(lines[1], ",", ", ", 1)), plan.Shard{}, "is neither"},
		"an object":                    {text(`{"a":1}`), plan.Shard{}, "is neither"},
		"null":                         {text("null"), plan.Shard{}, "is neither"},
		"a field less":                 {text(strings.Replace(lines[1], `,"written"`, "", 1)), plan.Shard{}, "is neither"},
		"a field more":                 {text(strings.Replace(lines[1], `"written"`, `"written",1`, 1)), plan.Shard{}, "is neither"},
		"another word":                 {text(strings.Replace(lines[1], "written", "Written", 1)), plan.Shard{}, "is neither"},
		"another action":               {text(strings.Replace(lines[1], "update", "no-op", 1)), plan.Shard{}, "is neither"},
		"a vault of another name":      {text(strings.Replace(lines[1], oneVault, "production", 1)), plan.Shard{}, "is neither"},
		"hosts that are not canonical": {text(strings.Replace(lines[1], `["db.`, `["DB.`, 1)), plan.Shard{}, "is neither"},
		"no hosts":                     {text(strings.Replace(lines[1], `["db.example.com"]`, `[]`, 1)), plan.Shard{}, "is neither"},
		"a number for hosts":           {text(strings.Replace(lines[1], `["db.example.com"]`, `1`, 1)), plan.Shard{}, "is neither"},
		"a delete with hosts after":    {text(strings.Replace(lines[2], "null", `"*"`, 1)), plan.Shard{}, "is neither"},
		"a create of a new name":       {text(strings.Replace(lines[3], `"written"`, `"written","NEW"`, 1)), plan.Shard{}, "is neither"},
		"a delete of no new name":      {text(strings.Replace(lines[2], `"not written"`, `"not written",""`, 1)), plan.Shard{}, "is neither"},
		"nine fields":                  {text(strings.Replace(lines[2], `"not written"`, `"not written","NEW",1`, 1)), plan.Shard{}, "is neither"},
		"a create with an ID":          {text(strings.Replace(lines[3], `""`, `"sec_1"`, 1)), plan.Shard{}, "is neither"},
		"escaped letters":              {text(strings.Replace(lines[1], "DATABASE", `\u0044ATABASE`, 1)), plan.Shard{}, "is neither"},
		"nested deep":                  {text(strings.Repeat("[", 50_000)), plan.Shard{}, "is neither"},
		"too long":                     {text(strings.Repeat("a", 200_000)), plan.Shard{}, "is longer than"},
		"a digest for a part":          {digest, second, "is the digest of the whole plan"},
		"other parts":                  {plan.Parts(nil, 4), second, "is of a plan with another number of parts"},
		"a part less":                  {strings.TrimSuffix(plan.Parts(nil, 3), "\n3/3 "+plan.Digest("vault-secret plan 1")), second, "is neither"},
		"parts in another order":       {strings.Replace(plan.Parts(nil, 3), "\n2/3", "\n3/3", 1), second, "is neither"},
		"no parts":                     {"vault-secret plan 1 parts 0", plan.Shard{}, "is neither"},
		"a billion parts":              {"vault-secret plan 1 parts 1000000000", plan.Shard{}, "is neither"},
	} {
		_, err := plan.ParseApproved(test.text, test.shard)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// How the plans differ is told of each secret once.
func TestADifferenceIsTold(t *testing.T) {
	t.Parallel()
	lines := strings.Split(shownPlan, "\n")
	wider := strings.Replace(lines[1], `["db.example.com"]`, `"*"`, 1)
	there := strings.NewReplacer(`"create",null`, `"update",["a.example"]`, `"WEBHOOK_SECRET",""`, `"WEBHOOK_SECRET","sec_9"`).Replace(lines[3])
	approve := func(lines ...string) plan.Approved {
		approved, err := plan.ParseApproved(strings.Join(append([]string{"vault-secret plan 1"}, lines...), "\n"), plan.Shard{})
		if err != nil {
			t.Fatal(err)
		}
		return approved
	}
	for name, test := range map[string]struct {
		approved         plan.Approved
		new, gone, other int
	}{
		"all of it":              {approve(lines[1:]...), 0, 0, 0},
		"nothing was approved":   {approve(), 3, 0, 0},
		"one is new":             {approve(lines[1], lines[3]), 1, 0, 0},
		"one is gone":            {approve(append(slices.Clone(lines[1:3]), strings.Replace(lines[2], "LEGACY", "MEGACY", 1), lines[3])...), 0, 1, 0},
		"other hosts":            {approve(wider, lines[2], lines[3]), 0, 0, 1},
		"it was there":           {approve(lines[1], lines[2], there), 0, 0, 1},
		"it has another ID":      {approve(lines[1], strings.Replace(lines[2], "sec_1", "sec_7", 1), lines[3]), 0, 0, 1},
		"another name, and gone": {approve(lines[1], strings.Replace(lines[2], "LEGACY", "MEGACY", 1), lines[3]), 1, 1, 0},
	} {
		err := test.approved.Check(shown(t), plan.Shard{})
		var changed *plan.Changed
		if !errors.As(err, &changed) {
			changed = &plan.Changed{}
		}
		if (err == nil) != (test.new+test.gone+test.other == 0) || len(changed.New) != test.new || len(changed.Gone) != test.gone || len(changed.Other) != test.other {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !errors.Is(err, plan.ErrPlanChanged) {
			t.Errorf("%s: %v is no ErrPlanChanged", name, err)
		}
	}
}

// drawVaults are vaults with what is desired of them and what is there. Hosts and
// names may be anything that a server has.
func drawVaults(t *rapid.T) (vaults []plan.Vault, current [][]nairi.Secret) {
	names := rapid.OneOf(someNames, rapid.String())
	hosts := rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom([]string{"a.example", "B.Example.", "bücher.example", "*"}), rapid.String()), 0, 3),
		func(hosts []string) domains.List { return append(domains.List{}, hosts...) })
	for _, id := range []nairi.VaultID{oneVault, otherVault} {
		vault, there := plan.Vault{ID: id}, []nairi.Secret{}
		for n, name := range rapid.SliceOfNDistinct(names, 0, 8, rapid.ID[string]).Draw(t, "names") {
			desired := plan.Desired{Operation: plan.OpSet, EnvKey: name}
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				desired.Operation = plan.OpDelete
			case 1:
				desired.Promised = true
			case 2:
				desired.Promised = true
				fallthrough
			default:
				desired.Domains = new(hosts.Draw(t, "hosts desired"))
			}
			drawMirrors(t, &desired)
			if name != "" {
				vault.Secrets = append(vault.Secrets, desired)
			}
			if rapid.Bool().Draw(t, "there") {
				there = append(there, nairi.Secret{ID: nairi.SecretID(fmt.Sprintf("sec_%d", n)), EnvKey: name, AllowedDomains: hosts.Draw(t, "hosts there")})
			}
		}
		vaults, current = append(vaults, vault), append(current, there)
	}
	return vaults, current
}

// drawMirrors draws where a promised value goes too, and whether it is one that is made.
func drawMirrors(t *rapid.T, d *plan.Desired) {
	if !d.Promised {
		return
	}
	if rapid.Bool().Draw(t, "made") {
		d.Promised, d.Generate = false, &hex
	}
	environment := rapid.Map(rapid.String(), func(name string) string { return "env:octo/cats/" + name })
	spelled := rapid.OneOf(rapid.SampledFrom([]string{"repo:octo/cats", "Repo:x", "dependabot:octo/cats", "org:octo", "org:octo:all", "org:Octo:private"}), environment)
	for _, text := range rapid.SliceOfN(spelled, 0, 4).Draw(t, "mirrors") {
		target, err := mirror.Parse(text)
		if err != nil || slices.ContainsFunc(d.Mirrors, func(m mirror.Mirror) bool { return m.Target.Place() == target.Place() }) {
			continue
		}
		d.Mirrors = append(d.Mirrors, mirror.Mirror{Target: target})
	}
}

// The same plan has the same text whatever the order of the manifest, of the API and of
// hosts, and whether the values are there or only promised.
func TestTheDigestIsOfThePlanAndNotOfItsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vaults, current := drawVaults(t)
		rules := plan.Rules{Prune: rapid.Bool().Draw(t, "prune")}
		changes, _ := plan.Make(vaults, current, rules)
		digest, text := plan.Identify(changes)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for i := range vaults {
			secrets := vaults[i].Secrets
			random.Shuffle(len(secrets), func(i, j int) { secrets[i], secrets[j] = secrets[j], secrets[i] })
			for n := range secrets {
				if secrets[n].Promised {
					secrets[n].Promised, secrets[n].Value = false, secret.New("the value")
				}
				mirrors := slices.Clone(secrets[n].Mirrors)
				random.Shuffle(len(mirrors), func(i, j int) { mirrors[i], mirrors[j] = mirrors[j], mirrors[i] })
				secrets[n].Mirrors = mirrors
				if list := secrets[n].Domains; list != nil {
					secrets[n].Domains = new(append(domains.List{}, *list...))
					random.Shuffle(len(*list), func(i, j int) { hosts := *secrets[n].Domains; hosts[i], hosts[j] = hosts[j], hosts[i] })
				}
			}
			random.Shuffle(len(current[i]), func(a, b int) { current[i][a], current[i][b] = current[i][b], current[i][a] })
			for n := range current[i] {
				current[i][n].AllowedDomains = otherwise(random, current[i][n].AllowedDomains)
			}
		}
		random.Shuffle(len(vaults), func(i, j int) {
			vaults[i], vaults[j] = vaults[j], vaults[i]
			current[i], current[j] = current[j], current[i]
		})
		again, _ := plan.Make(vaults, current, rules)
		if got, written := plan.Identify(again); got != digest || written != plan.Text(again) {
			t.Fatalf("%s\nis another plan than\n%s", plan.Text(again), text)
		}
		approved, err := plan.ParseApproved(text, plan.Shard{})
		if err != nil || approved.Check(again, plan.Shard{}) != nil {
			t.Fatalf("%q is not taken for what it is: %v", text, err)
		}
	})
}

// otherwise is a list in other words.
func otherwise(random *rand.Rand, list domains.List) domains.List {
	other := append(domains.List{}, list...)
	for i, host := range other {
		if host == "a.example" {
			other[i] = []string{"a.example", "A.EXAMPLE", "a.example."}[random.IntN(3)]
		}
	}
	random.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return other
}

// Every change that a plan can make changes its digest.
func TestPlansThatDifferHaveOtherDigests(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	rapid.Check(t, func(t *rapid.T) {
		vaults, current := drawVaults(t)
		changes, _ := plan.Make(vaults, current, plan.Rules{})
		digest, text := plan.Identify(changes)
		if known, found := texts[digest]; found && known != text {
			t.Fatalf("%q and %q", known, text)
		}
		texts[digest] = text
		if n := plan.Writes(changes); n > 0 && text != "" {
			writes := slices.DeleteFunc(slices.Clone(changes), func(c plan.Change) bool { return !c.Writes() })
			without := slices.Delete(writes, n-1, n)
			if other, _ := plan.Identify(without); other == digest {
				t.Fatalf("%q lacks a change", text)
			}
		}
	})
}

// Of a plan that is too long only digests are given out.
func TestALongPlanIsItsDigest(t *testing.T) {
	t.Parallel()
	var vault plan.Vault
	vault.ID = oneVault
	for i := range 1000 {
		vault.Secrets = append(vault.Secrets, plan.Desired{Operation: plan.OpSet, EnvKey: fmt.Sprintf("NAME_%d", i), Promised: true, Domains: &domains.List{"a.example"}})
	}
	changes, _ := plan.Make([]plan.Vault{vault}, make([][]nairi.Secret, 1), plan.Rules{})
	digest, text := plan.Identify(changes)
	if text != "" || digest != plan.Digest(plan.Text(changes)) {
		t.Errorf("%d bytes", len(text))
	}
	if parts := plan.Parts(changes, 256); len(parts) > plan.MaxText {
		t.Errorf("the parts have %d bytes", len(parts))
	}
}
