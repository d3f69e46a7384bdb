package manifest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/wildcard"
)

// parsedAs are files of these texts, named a, b and so on.
func parsedAs(t *testing.T, texts ...string) []File {
	t.Helper()
	var files []File
	for i, text := range texts {
		file, problems := Parse(from(string(rune('a'+i)), false), []byte(text))
		if problems != nil {
			t.Fatal(problems)
		}
		files = append(files, file)
	}
	return files
}

// inVault is a file of one vault with what is said of it.
func inVault(id, about string) string { return "vaults:\n- vault_id: " + id + "\n" + about }

func TestConflicts(t *testing.T) {
	t.Parallel()
	const a, b = string(vaultA), string(vaultB)
	const outlaw = " too. With prune, each file would delete what the other made. Say which names each file owns, as names: [BILLING_*] does."
	for name, test := range map[string]struct {
		texts []string
		prune bool
		want  string
	}{
		"one file":               {[]string{inVault(a, "  secrets: { A: { env: A } }")}, true, ""},
		"a vault in two files":   {[]string{inVault(a, "  secrets: { A: { env: A } }"), inVault(a, "  secrets: { B: { env: B } }")}, false, ""},
		"two vaults, one secret": {[]string{inVault(a, "  secrets: { A: { env: A } }"), inVault(b, "  secrets: { A: { env: A } }")}, true, ""},
		"a secret in two files": {
			[]string{inVault(a, "  secrets: { A: { env: A } }"), inVault("${VAULT_A}", "  secrets:\n    B: { env: B }\n    A: { absent: true }")}, false,
			"b:5: A is in a:3 too. Keep it in one file.",
		},
		"a secret in three files": {
			slices.Repeat([]string{inVault(a, "  secrets: { A: { env: A } }")}, 3), false,
			"b:3: A is in a:3 too. Keep it in one file.\nc:3: A is in a:3 too. Keep it in one file.",
		},
		"prune without names": {
			[]string{inVault(a, "  secrets: {}"), inVault(a, "  names: [B]\n  secrets: {}")}, true,
			"a:2: names is not set, and the vault is in b:2" + outlaw,
		},
		"prune without any names": {
			[]string{inVault(a, "  secrets: {}"), inVault(a, "  secrets: {}")}, true,
			"a:2: names is not set, and the vault is in b:2" + outlaw + "\nb:2: names is not set, and the vault is in a:2" + outlaw,
		},
		"names apart": {[]string{inVault(a, "  names: [A_*, '*_X']\n  secrets: {}"), inVault(a, "  names: [B_*_Y]\n  secrets: {}")}, true, ""},
		"names that overlap": {
			[]string{inVault(a, "  names: [A_*]\n  secrets: {}"), inVault(b, "  names: ['*']\n  secrets: {}"), inVault(a, "  names: [B, '*_KEY']\n  secrets: {}")}, false,
			"c:2: names overlaps the names of a:2. A name must have one owner.",
		},
		"an entry among another's names": {
			[]string{inVault(a, "  secrets:\n    A: { env: A }\n    B: { env: B }"), inVault(a, "  names: [A*]\n  secrets: {}")}, false,
			"a:4: A is among the names of b:2. Move the entry there.",
		},
		"an old name among another's": {
			[]string{inVault(a, "  secrets: { B: { env: B, any_domain: true, renamed_from: A } }"), inVault(a, "  names: [A*]\n  secrets: {}")}, false,
			"a:3: B is among the names of b:2. Move the entry there.",
		},
		"an old name that is an entry": {
			[]string{inVault(a, "  secrets: { B: { env: B, any_domain: true, renamed_from: A } }"), inVault(a, "  secrets: { A: { absent: true } }")}, false,
			"a:3: B.renamed_from is the name of the entry in b:3. Leave that entry out, since renamed_from deletes the secret.",
		},
		"one mirror of two secrets": {
			[]string{
				inVault(a, "  secrets: { A: { env: A, mirror: [repo:octo/cats, repo:octo/dogs] } }"),
				inVault(b, "  secrets: { B: { env: B, mirror: repo:octo/cats }, a: { env: A, mirror: [dependabot:octo/cats, repo:Octo/cats] } }"),
			}, false,
			"b:3: a.mirror names a place that the entry in a:3 names too, for the same name. A secret there has one value, so keep one of them.",
		},
		"one old name of two": {
			[]string{inVault(a, "  secrets: { B: { env: B, any_domain: true, renamed_from: A } }"), inVault(a, "  secrets: { C: { env: B, any_domain: true, renamed_from: A } }")}, false,
			"b:3: C.renamed_from is that of the entry in a:3 too. A secret can get one new name.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(Conflicts(parsedAs(t, test.texts...), test.prune, false).Lines(), "\n")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("- wanted, + got:\n%s", diff)
			}
		})
	}
}

// Too many patterns and too many problems are a number.
func TestConflictsAreBounded(t *testing.T) {
	t.Parallel()
	var names, secrets strings.Builder
	for i := range maxPatterns {
		fmt.Fprintf(&names, "A%d*A%d*A%d*B, ", i, i, i)
		fmt.Fprintf(&secrets, "S%d: { env: A }, ", i)
	}
	many := slices.Repeat([]string{inVault(string(vaultA), "  names: ["+names.String()+"]\n  secrets: {}")}, 20)
	if got := Conflicts(parsedAs(t, many...), true, false); len(got) != maxProblems+1 || !slices.Contains(got.Lines(), "There are 9 more problems.") {
		t.Errorf("%d: %s", len(got), got)
	}
	two := slices.Repeat([]string{inVault(string(vaultA), "  secrets: { "+secrets.String()+" }")}, 2)
	if got := Conflicts(parsedAs(t, two...), false, false); len(got) != maxProblems+1 || got[maxProblems].String() != "There are 30 more problems." {
		t.Errorf("%d: %s", len(got), got)
	}
	if got := Conflicts(parsedAs(t, two...), false, true); len(got) != maxPatterns {
		t.Errorf("a lint has %d: %s", len(got), got)
	}
}

// Whatever files say: without a conflict, each secret has one place, and with names
// one owner, which is what prune is built on.
func TestWithoutAConflictEachNameHasOneOwner(t *testing.T) {
	t.Parallel()
	name := rapid.StringMatching(`[AB][AB_]{0,2}`)
	pattern := rapid.StringMatching(`[AB*][AB_*]{0,2}`)
	good := 0
	rapid.Check(t, func(t *rapid.T) {
		prune := rapid.Bool().Draw(t, "prune")
		var files []File
		for i := range rapid.IntRange(1, 3).Draw(t, "files") {
			v := Vault{ID: vaultA, Line: 1}
			v.Names = rapid.SliceOfN(pattern, 0, 2).Draw(t, "names")
			for _, key := range rapid.SliceOfNDistinct(name, 0, 2, rapid.ID).Draw(t, "entries") {
				if v.owns(key) {
					v.Entries = append(v.Entries, Entry{EnvKey: key, Line: 2})
				}
			}
			files = append(files, File{Name: fmt.Sprint(i), Vaults: []Vault{v}})
		}
		if len(Conflicts(files, prune, false)) > 0 {
			return
		}
		good++
		for _, tried := range []string{"A", "B", "AB", "BA", "A_", "B_A", "AAA", "BBB", "A_B", "ABBA"} {
			entries, owners := 0, 0
			for _, file := range files {
				v := &file.Vaults[0]
				if slices.ContainsFunc(v.Entries, func(e Entry) bool { return e.EnvKey == tried }) {
					entries++
				}
				if len(v.Names) > 0 && wildcard.Any(v.Names, tried) || len(v.Names) == 0 && prune && len(files) > 1 {
					owners++
				}
			}
			if entries > 1 || owners > 1 {
				t.Fatalf("%s is in %d files and owned by %d: %+v", tried, entries, owners, files)
			}
		}
	})
	if good < 10 {
		t.Errorf("only %d draws had no conflict", good)
	}
}
