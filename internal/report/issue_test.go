package report_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// aboutCheck is what the issues of testdata were made of.
var aboutCheck = report.About{
	Commit: about.Commit, Manifest: ".github/nairi-vault.yml", Run: about.Run, Version: about.Version, RepositoryURL: about.RepositoryURL,
}

// The issue of each check that was made is in testdata/issues.txtar.
func TestIssuesOfChecks(t *testing.T) {
	t.Parallel()
	const file = "testdata/issues.txtar"
	got := &txtar.Archive{Comment: []byte("Issues about checks, which are in files of the same name.\n")}
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		if checks[name].Check == nil {
			continue
		}
		i := checks[name].Issue(aboutCheck)
		text := fmt.Sprintf("off: %t\ntitle: %s\nbody:\n%s\nfooter:\n%s\nclosing:\n%s\n", i.Off, i.Title, i.Body, i.Footer, i.Closing)
		got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	isInFile(t, file, string(txtar.Format(got)))
}

// What only the day or the run changes is no reason to write an issue again.
func TestTheTextOfAnIssueIsTheSameForTheSameFindings(t *testing.T) {
	t.Parallel()
	later := drift.Compare(drifted, drifting, checkedAt.Add(40*day))
	r := checked(drifted, drifting...)
	r.VaultNames = map[nairi.VaultID]string{vaultID: "production"}
	before := r.Issue(aboutCheck)
	findings := drift.Findings(later)
	r.Check = &report.Check{Compared: later, Findings: findings}
	about := aboutCheck
	about.Run, about.Commit, about.Version = "9", strings.Repeat("0", 40), "2.0.0"
	after := r.Issue(about)
	if len(findings) != len(drift.Findings(drift.Compare(drifted, drifting, checkedAt)))+1 {
		t.Fatal("the other day brought something else than one more old value")
	}
	if d := gocmp.Diff(before.Title, after.Title); d != "" {
		t.Error(d)
	}
	const stripe = "| <code>STRIPE&#95;KEY</code> | **too old**<br>last changed 2026-03-02; max_age is 90 days |\n"
	without := strings.Replace(strings.Replace(after.Body, stripe, "", 1), "3 old values", "2 old values", 1)
	if d := gocmp.Diff(before.Body, without); d != "" {
		t.Error(d)
	}
	if before.Footer == after.Footer {
		t.Errorf("the footer is still %s", after.Footer)
	}
}

// However many findings there are, and whatever they quote, an issue has room for them,
// hides what is secret before it is escaped, and names nothing that it must not.
func TestAnIssueOfManyFindings(t *testing.T) {
	t.Parallel()
	for _, private := range []bool{false, true} {
		var hosts []string
		for i := range 50 {
			hosts = append(hosts, fmt.Sprintf("%s.%d.a_secret.example.com", strings.Repeat("`", 20), i))
		}
		vaults := []plan.Vault{{ID: vaultID, AllManaged: true}, {ID: otherID, AllManaged: true}}
		current := make([][]nairi.Secret, 2)
		for i := range 3000 {
			name := fmt.Sprintf("S%d_</details> @octocat a_secret ![x](y)", i)
			vaults[i%2].Secrets = append(vaults[i%2].Secrets, kept(i, name, 0, "db.example.com"))
			current[i%2] = append(current[i%2], secretOf(i%1000, name, 1, hosts...), secretOf(i%1000, fmt.Sprint("EXTRA_", i), 1))
		}
		r := checked(vaults, current...)
		r.Private = private
		r.VaultNames = map[nairi.VaultID]string{vaultID: "prod\n</details> @octocat a_secret"}
		r.Redact = func(text string) string { return strings.ReplaceAll(text, "a_secret", "***") }
		got := r.Issue(aboutCheck)
		text := got.Body + "\n\n" + got.Footer
		if len(text) > 60_000 || len(text) < 40_000 {
			t.Errorf("%d bytes", len(text))
		}
		for _, bad := range []string{"@", "`", "</details>", "![", "a_secret", "a&#95;secret"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q is in the issue", bad)
			}
		}
		for _, want := range []string{"**6000 differences.** ", "> **3000 secrets can reach more hosts than the manifest allows.**\n", "> - and 29", " more are left out here. ", "\n**What to do:** Run <code>operation: sync</code> to make the vaults "} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in the issue: %.3000s", want, text)
			}
		}
		if !private && strings.Contains(text, "EXTRA") {
			t.Error("a name that only the vault knows is in the issue of a public repository")
		}
	}
}

// A title is no Markdown, and what is not plain is not in it.
func TestOnlyAPlainNameIsInTheTitle(t *testing.T) {
	t.Parallel()
	const title = "vault-secret: the vaults differ from "
	for name, want := range map[string]string{
		".github/nairi-vault.yml": ".github/nairi-vault.yml", "": "the manifest", "a b": "the manifest", "@octocat": "the manifest",
		"a\nb": "the manifest", "hunter2.yml": "the manifest", strings.Repeat("x", 201): "the manifest", "vaults/*.yml": "the manifest",
	} {
		r := checked(drifted, drifting...)
		r.Redact = func(text string) string { return strings.ReplaceAll(text, "hunter2", "***") }
		if got := r.Issue(report.About{Manifest: name}); got.Title != title+want || strings.Contains(got.Body, "hunter2") {
			t.Errorf("%q: %s", name, got.Title)
		}
	}
}

// No value that a check could know is in an issue, whatever it is called and wherever
// it stands.
func TestNoSecretIsReadableInAnIssue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		hidden := rapid.StringMatching(`[a-z_*@<]{6,20}`).Draw(t, "secret")
		vault := plan.Vault{ID: vaultID, AllManaged: rapid.Bool().Draw(t, "all"), Secrets: []plan.Desired{kept(1, "A"+hidden, day, "x"+hidden+".example.com"), kept(2, "B", 0)}}
		r := checked([]plan.Vault{vault}, []nairi.Secret{secretOf(1, "A"+hidden, 2, hidden+".example.com"), secretOf(2, hidden, 2)})
		r.VaultNames = map[nairi.VaultID]string{vaultID: hidden}
		r.Redact = func(text string) string { return strings.ReplaceAll(text, hidden, "***") }
		got := r.Issue(report.About{Manifest: hidden + ".yml", Version: "1.2.3"})
		for _, text := range []string{got.Title, got.Body, got.Footer, got.Closing} {
			if strings.Contains(text, hidden) || strings.Contains(unescaped(text), hidden) {
				t.Fatalf("%q is readable in %s", hidden, text)
			}
		}
	})
}

// unescaped is Markdown as a reader sees it.
func unescaped(text string) string {
	return strings.NewReplacer("&#95;", "_", "&#42;", "*", "&#64;", "@", "&lt;", "<").Replace(text)
}
