package report_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// escaped is the ID of a vault in Markdown.
func escaped(id nairi.VaultID) string { return strings.ReplaceAll(string(id), "_", "&#95;") }

// called is a report about two vaults, one of which is called so.
func called(name string) *report.Report {
	r := inTwoVaults(manifest(done(creation, apply.Created, stored("db.example.com")), in(otherID, named("OLD", done(deletion, apply.Deleted, nil)))))
	r.VaultNames = map[nairi.VaultID]string{vaultID: name}
	return r
}

func TestAVaultIsShownByItsNameAndItsID(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 61)
	for name, want := range map[string]struct{ line, heading string }{
		"production":             {"production", "production · <code>" + escaped(vaultID) + "</code>"},
		"":                       {string(vaultID), "<code>" + escaped(vaultID) + "</code>"},
		" \n\t ":                 {string(vaultID), "<code>" + escaped(vaultID) + "</code>"},
		"a\nb\x1b[31m c":         {"a b [31m c", "a b &#91;31m c · <code>" + escaped(vaultID) + "</code>"},
		"x\u202ey":               {"x y", "x y · <code>" + escaped(vaultID) + "</code>"},
		"<b>@octocat</b> | #1 *": {"<b>@octocat</b> | #1 *", "&lt;b&gt;&#64;&#8203;octocat&lt;/b&gt; &#124; &#35;&#8203;1 &#42; · <code>" + escaped(vaultID) + "</code>"},
		long:                     {strings.Repeat("é", 59) + "…", strings.Repeat("é", 59) + "… · <code>" + escaped(vaultID) + "</code>"},
	} {
		r := called(name)
		if line := r.ResultLines(r.Results[0])[0]; line != "Created DATABASE_URL in "+want.line+" ("+string(secretID)+")." {
			t.Errorf("%q: the line %q", name, line)
		}
		if summary := r.Summary(); !strings.Contains(summary, "\n#### "+want.heading+"\n") || !strings.Contains(summary, "\n#### <code>"+escaped(otherID)+"</code>\n") {
			t.Errorf("%q: the summary %s", name, summary)
		}
	}
}

// No redactor would know half of a secret.
func TestSecretsAreTakenOutOfTheNameOfAVaultBeforeItIsCut(t *testing.T) {
	t.Parallel()
	r := called(strings.Repeat("x", 50) + " " + value)
	r.Redact = func(text string) string { return strings.ReplaceAll(text, value, "***") }
	text := r.Summary() + strings.Join(r.PlanLines(), "") + r.ResultLines(r.Results[0])[0]
	if strings.Contains(text, value[:6]) || !strings.Contains(text, "x *** (") {
		t.Error(text)
	}
}

// Whatever a vault is called, it is one line of so many characters.
func TestTheNameOfAVaultIsOneShortLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := called(rapid.String().Draw(t, "name"))
		line := r.ResultLines(r.Results[0])[0]
		_, shown, _ := strings.Cut(line, " in ")
		name := strings.TrimSuffix(shown, " ("+string(secretID)+").")
		if strings.ContainsAny(line, "\n\r\x1b") || name != string(vaultID) && utf8.RuneCountInString(name) > 60 || !utf8.ValidString(line) {
			t.Fatalf("%q", line)
		}
	})
}

// Two vaults of one name are told apart by their IDs.
func TestVaultsOfOneNameHaveTheirIDs(t *testing.T) {
	t.Parallel()
	r := called("production")
	r.VaultNames[otherID] = "production"
	for i, id := range []nairi.VaultID{vaultID, otherID} {
		if line := r.ResultLines(r.Results[i])[0]; !strings.Contains(line, " in production ("+string(id)+")") {
			t.Error(line)
		}
	}
}

// A single vault is in no line of a result; its heading has its name.
func TestOfOneVaultOnlyTheHeadingHasTheName(t *testing.T) {
	t.Parallel()
	r := manifest(done(creation, apply.Created, stored("db.example.com")))
	r.VaultNames = map[nairi.VaultID]string{vaultID: "production", otherID: "staging"}
	lines := r.PlanLines()
	if text := strings.Join(r.ResultLines(r.Results[0]), "\n"); strings.Contains(text, "production") || lines[1] != "production ("+string(vaultID)+")" {
		t.Error(text)
	}
	if text := r.Summary(); !strings.Contains(text, "#### production · ") || strings.Contains(text, "staging") {
		t.Error(text)
	}
}

// A rename is told as one, in the log and in the summary.
func TestARenameIsToldByBothNames(t *testing.T) {
	t.Parallel()
	r := called("production")
	old := deletion
	old.RenamedTo = "NEW_URL"
	r.Changes[0], r.Results[0] = old, preview(old)
	want := "  delete  DATABASE_URL  once NEW_URL, its new name, is there"
	if lines := r.PlanLines(); lines[2] != want {
		t.Errorf("%q, want %q", lines, want)
	}
	if text := r.Summary(); !strings.Contains(text, "\n- DATABASE_URL  rename to NEW_URL\n") {
		t.Error(text)
	}
	kept := plan.Change{VaultID: vaultID, Action: plan.Delete, Desired: remove, Current: stored("db.example.com"), RenamedTo: "NEW_" + value}
	r.Redact = func(text string) string { return strings.ReplaceAll(text, value, "***") }
	line := r.ResultLines(apply.Fail(kept, apply.ErrOldName))[0]
	if line != "DATABASE_URL in production was not deleted. [not_begun]" {
		t.Error(line)
	}
}
