package report_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// listing is the report of a list of vaults, at the time of the checks.
func listing(current ...[]nairi.Secret) *report.Report {
	ids := []nairi.VaultID{vaultID, otherID, "vlt_01KQ27AQH800XQTQPJZ0DH14SJ"}
	r := &report.Report{Manifest: true, Operation: plan.OpList, Redact: asItIs, Listed: report.NewListed(current, checkedAt)}
	for i := range current {
		r.Desired = append(r.Desired, plan.Vault{ID: ids[i]})
	}
	r.Twins = plan.FindTwins(r.Desired, current, nil)
	return r
}

// hosts are so many hosts of a name.
func hosts(n int, name string) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s-%d.example.com", name, i+1))
	}
	return all
}

// odd are secrets whose names and hosts a table must not be spoilt by.
func odd() []nairi.Secret {
	unknown := secretOf(12, "UNKNOWN", 3)
	unknown.AllowedDomains = nil
	return []nairi.Secret{
		secretOf(1, "a b\n::warning::x", 3, "*", "a.example.com"), secretOf(2, "\x1b[31mRED\x1b[0m", 1, "evil\x1b]0;title\x07.example.com", "::error::x"),
		secretOf(3, "秘密", 400, "bücher.example", "xn--bcher-kva.example"), secretOf(4, "KEY", 0, hosts(12, "shard")...),
		secretOf(5, "key", -1, hosts(4, "one-of-four")...), secretOf(6, "TWIN", 30, "b.example.com"), secretOf(7, "TWIN", 20),
		secretOf(8, "\u202eevil", 1, "a.example.com"), secretOf(9, "שם", 1, "a.example.com"), secretOf(10, " a ", 1, "a.example.com"), unknown,
		secretOf(13, "A_NAME_THAT_IS_LONGER_THAN_ANYBODY_WOULD_WANT_IT_TO_BE_AND_THEN_SOME_MORE", 1, "a.example.com"),
	}
}

// lists are lists with all that is reported of them.
func lists() map[string]*report.Report {
	few := []nairi.Secret{
		secretOf(3, "STRIPE_KEY", 21, "api.stripe.com"), secretOf(2, "OPEN_TOKEN", 0), secretOf(1, "DATABASE_URL", 3, "db.example.com", "*.replicas.example.com"),
	}
	failed := listing()
	failed.Listed, failed.Err, failed.Desired = nil, &nairi.Error{
		Kind: nairi.Refused, Method: "GET", Path: "/api/public/v1/vaults/" + string(otherID) + "/secrets", Status: 404, Message: "vault not found",
	}, []plan.Vault{{ID: vaultID}, {ID: otherID}}
	return map[string]*report.Report{
		"one": namedVault(listing(few)), "several": namedVault(listing(few, []nairi.Secret{}, few[:1])), "odd": listing(odd()),
		"empty": listing([]nairi.Secret{}), "failed": failed,
	}
}

func TestListsAreShownAsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, r := range lists() {
		isInFile(t, filepath.Join("testdata", "list-"+name+".txt"), everythingListed(r))
	}
}

// everythingListed is all that is reported of a list, in the order in which it shows.
func everythingListed(r *report.Report) string {
	var b strings.Builder
	if r.Listed != nil {
		for _, width := range []int{0, 60, 80, 140} {
			fmt.Fprintf(&b, "-- table, %d --\n%s\n", width, joined(r.ListTable(width), ""))
		}
		fmt.Fprintf(&b, "-- columns --\n%s\n", joined(r.ListColumns(), "\t"))
		fmt.Fprintf(&b, "-- warnings --\n%s\n", strings.Join(r.ListWarnings(), "\n"))
	}
	text, hint := failureOf(r)
	fmt.Fprintf(&b, "-- ending --\n%s\n-- failure --\n%s\n%s\n", strings.Join(ending(r), "\n"), text, hint)
	fmt.Fprintf(&b, "-- summary --\n%s-- outputs --\n", r.Summary())
	for _, output := range append(r.Outputs(), r.Variables()...) {
		fmt.Fprintf(&b, "%s=%s\n", output.Name, output.Value)
	}
	fmt.Fprintf(&b, "-- results file --\n%s-- exit code --\n%d\n", r.AllResults(), r.ExitCode())
	return b.String()
}

// joined are lines of pieces, in which what stands out is between two signs.
func joined(lines [][]ci.Piece, separator string) string {
	var all []string
	for _, pieces := range lines {
		var texts []string
		for _, piece := range pieces {
			if piece.Loud {
				piece.Text = "«" + piece.Text + "»"
			}
			texts = append(texts, piece.Text)
		}
		all = append(all, strings.Join(texts, separator))
	}
	return strings.Join(all, "\n")
}

// A table is as wide as the terminal, and loses nothing of what it has to wrap.
func TestATableIsNoWiderThanTheTerminal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Z][A-Z0-9_]{0,80}`)
		var secrets []nairi.Secret
		for i := range rapid.IntRange(1, 8).Draw(t, "secrets") {
			most := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,40}(\.[a-z]{1,20}){1,3}`), 0, 4)
			secrets = append(secrets, secretOf(i, text.Draw(t, "name"), rapid.IntRange(0, 999).Draw(t, "days"), most.Draw(t, "hosts")...))
		}
		r := listing(secrets)
		width := rapid.IntRange(60, 200).Draw(t, "width")
		table := joined(r.ListTable(width), "")
		for line := range strings.Lines(table) {
			if n := len(strings.TrimSuffix(strings.NewReplacer("«", "", "»", "").Replace(line), "\n")); n > width {
				t.Errorf("%d characters in %s", n, table)
			}
		}
		if whole := joined(r.ListTable(0), ""); characters(whole) != characters(table) {
			t.Errorf("%s\nbecame\n%s", whole, table)
		}
	})
}

// characters are those of a text but for spaces, in alphabetical order.
func characters(text string) string {
	all := strings.Split(strings.Join(strings.Fields(text), ""), "")
	slices.Sort(all)
	return strings.Join(all, "")
}

// What takes two cells of a terminal, or none, is as wide as it looks.
// A host that is shown with its other spelling is cut between the two, not in one of them.
func TestAHostIsCutAtASpace(t *testing.T) {
	t.Parallel()
	r := listing([]nairi.Secret{secretOf(1, "TRANSLATE_KEY", 30, "xn--bcher-kva.example")})
	for width := 60; width < 100; width++ {
		if table := joined(r.ListTable(width), ""); !strings.Contains(table, "(bücher.example)") {
			t.Errorf("%d columns: %s", width, table)
		}
	}
}

func TestColumnsStandBelowOneAnother(t *testing.T) {
	t.Parallel()
	r := listing([]nairi.Secret{
		secretOf(1, "秘密", 1, "h"), secretOf(2, "ＡＢ", 1, "h"), secretOf(3, "e\u0301e\u0301xx", 1, "h"), secretOf(4, "🔑🔑", 1, "h"), secretOf(5, "한글", 1, "h"), secretOf(6, "ключ", 1, "h"),
		secretOf(7, "かな", 1, "h"), secretOf(8, "abcd", 1, "h"),
	})
	for _, width := range []int{0, 100} {
		for line := range strings.Lines(joined(r.ListTable(width)[2:], "")) {
			if before, _, _ := strings.Cut(line, "  h"); strings.ContainsAny(before, " ") {
				t.Errorf("%q is not four cells wide", before)
			}
		}
	}
}

// A long list is bounded in a summary and in an output, and whole in a file, in time.
func TestALongListIsBounded(t *testing.T) {
	t.Parallel()
	const many = 10_000
	var secrets []nairi.Secret
	for i := range many {
		secrets = append(secrets, secretOf(i, fmt.Sprintf("SECRET_%05d", i), i%400, hosts(3, fmt.Sprint("host-", i))...))
	}
	r := listing(secrets, secrets[:1])
	if summary := r.Summary(); len(summary) > 50<<10 || !strings.Contains(summary, " more are left out here; the log has them all.\n") {
		t.Errorf("a summary of %d bytes", len(summary))
	}
	for _, output := range r.Outputs() {
		if output.Name == "results" && (len(output.Value) > 401_000 || !regexp.MustCompile(`,\{"left_out":\d+\}\]$`).MatchString(output.Value)) {
			t.Errorf("an output of %d bytes, which ends in %s", len(output.Value), output.Value[len(output.Value)-40:])
		}
	}
	if n := strings.Count(string(r.AllResults()), "\n"); n != many+1+2 {
		t.Errorf("%d lines of a file", n)
	}
	if n, m := len(r.ListTable(0)), len(r.ListColumns()); n != many+1+5 || m != many+1 {
		t.Errorf("%d lines of tables, and %d rows", n, m)
	}
}

// A secret in a name or in a host is hidden wherever that shows.
func TestAListHidesSecrets(t *testing.T) {
	t.Parallel()
	r := listing([]nairi.Secret{secretOf(1, "A_hidden", 1, "hidden.example.com"), secretOf(2, "A_hidden", 1), secretOf(3, "OPEN", 1)})
	if d := cmp.Diff([]string(nil), r.Hidden()); d != "" {
		t.Error(d)
	}
	r.Redact = func(text string) string { return strings.ReplaceAll(text, "hidden", "***") }
	if d := cmp.Diff([]string{"results"}, r.Hidden()); d != "" {
		t.Error(d)
	}
	text := everythingListed(r)
	if strings.Contains(text, "hidden") || !strings.Contains(text, "A_***") || !strings.Contains(text, "***.example.com") {
		t.Error(text)
	}
}

// What is odd about many names is said of the first.
func TestWarningsOfAListAreFew(t *testing.T) {
	t.Parallel()
	var secrets []nairi.Secret
	for i := range 40 {
		secrets = append(secrets, secretOf(i, fmt.Sprintf("TWIN_%02d", i/2), 1))
	}
	lines := listing(secrets).ListWarnings()
	if len(lines) != 9 || !strings.HasPrefix(lines[7], "2 secrets of the vault have the name TWIN_07: ") || !strings.HasPrefix(lines[8], "12 more names ") {
		t.Error(strings.Join(lines, "\n"))
	}
}

// A name that looks like another one because a part of it does not show is shown by its
// characters.
func TestNoListedNameHidesAPart(t *testing.T) {
	t.Parallel()
	for _, unseen := range []string{"\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u2800", "\u3164", "\ufe0f", "\uffa0", "\U000e0100"} {
		got := listing([]nairi.Secret{secretOf(1, "KEY"+unseen, 1, "a.example.com")}).ListColumns()[0][0].Text
		if want := strconv.QuoteToASCII("KEY" + unseen); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
