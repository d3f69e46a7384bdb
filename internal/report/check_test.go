package report_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

const day = 24 * time.Hour

// checkedAt is when vaults were compared.
var checkedAt = time.Date(2026, 5, 31, 6, 0, 0, 0, time.UTC)

// kept is an entry of a manifest in a line.
func kept(line int, name string, maxAge time.Duration, hosts ...string) plan.Desired {
	return plan.Desired{
		Operation: plan.OpSet, EnvKey: name, Domains: list(hosts...), MaxAge: maxAge, Place: plan.Place{File: ".github/nairi-vault.yml", Line: line},
	}
}

func gonePlan(line int, name string) plan.Desired {
	d := kept(line, name, 0)
	d.Operation, d.Domains = plan.OpDelete, nil
	return d
}

// secretOf is one in a vault, last changed so many days ago; -1 for an age that is not known.
func secretOf(id int, name string, days int, hosts ...string) nairi.Secret {
	s := nairi.Secret{ID: nairi.SecretID(fmt.Sprintf("sec_01KQ27AQH800XQTQPJZ0DH1%03d", id)), EnvKey: name, AllowedDomains: *list(hosts...)}
	if days >= 0 {
		s.UpdatedAt = checkedAt.Add(-time.Duration(days) * day)
	}
	return s
}

// checked is the report of a check, which fails for what it found.
func checked(vaults []plan.Vault, current ...[]nairi.Secret) *report.Report {
	compared := drift.Compare(vaults, current, checkedAt)
	findings := drift.Findings(compared)
	return &report.Report{
		Manifest: true, Operation: plan.OpCheck, Desired: vaults, Redact: asItIs, Err: drift.Verdict(findings), Private: true,
		Check: &report.Check{Compared: compared, Findings: findings}, Unmanaged: plan.FindUnmanaged(vaults, current, plan.Rules{}),
	}
}

// namedVault is a report of vaults of which one has a name that is known.
func namedVault(r *report.Report) *report.Report {
	r.VaultNames = map[nairi.VaultID]string{vaultID: "production"}
	return r
}

func allowed(r *report.Report) *report.Report { r.Err = nil; return r }

func public(r *report.Report) *report.Report { r.Private = false; return r }

var (
	drifted = []plan.Vault{
		{ID: vaultID, Place: plan.Place{File: ".github/nairi-vault.yml", Line: 2}, Secrets: []plan.Desired{
			kept(4, "DATABASE_URL", 90*day, "db.example.com", "*.replicas.example.com"), kept(5, "STRIPE_KEY", 90*day, "api.stripe.com"),
			kept(6, "SEARCH_TOKEN", 12*time.Hour), kept(7, "NEW_TOKEN", 0, "new.example.com"), gonePlan(8, "LEGACY_TOKEN"), gonePlan(9, "GONE"),
		}},
		{ID: otherID, AllManaged: true, Place: plan.Place{File: "staging.yml", Line: 3}, Secrets: []plan.Desired{
			kept(5, "WEBHOOK_SECRET", 30*day), kept(6, "KEPT", 0, "keep.example.com"),
		}},
	}
	drifting = [][]nairi.Secret{
		{
			secretOf(1, "DATABASE_URL", 91, "db.example.com", "evil.example.net"), secretOf(2, "STRIPE_KEY", 90, "api.stripe.com"), secretOf(3, "SEARCH_TOKEN", 1),
			secretOf(4, "LEGACY_TOKEN", 400), secretOf(5, "ELSEWHERE", 3),
		},
		{
			secretOf(6, "WEBHOOK_SECRET", 2), secretOf(7, "WEBHOOK_SECRET", 1), secretOf(8, "KEPT", -1), secretOf(9, "B_TEMPORARY", 7), secretOf(10, "A_TEMPORARY", 7),
		},
	}
	fine = []plan.Vault{{ID: vaultID, Secrets: []plan.Desired{kept(4, "DATABASE_URL", 90*day, "db.example.com"), kept(5, "STRIPE_KEY", 90*day)}}}
)

// checks are checks with all that is reported of each, in testdata.
var checks = map[string]*report.Report{
	"check-drift":   namedVault(checked(drifted, drifting...)),
	"check-public":  public(checked(drifted, drifting...)),
	"check-allowed": allowed(checked(drifted, drifting...)),
	"check-stale":   checked(fine, []nairi.Secret{secretOf(1, "DATABASE_URL", 91, "db.example.com"), secretOf(2, "STRIPE_KEY", 10), secretOf(3, "OTHER", 10)}),
	"check-well":    checked(fine, []nairi.Secret{secretOf(1, "DATABASE_URL", 0, "db.example.com"), secretOf(2, "STRIPE_KEY", -1), secretOf(3, "OTHER", 10)}),
	"check-no-look": but(refused(401, ""), &report.Report{Manifest: true, Operation: plan.OpCheck, Desired: fine, Redact: asItIs}),
}

func TestGoldenFilesShowAllThatIsReportedOfACheck(t *testing.T) {
	t.Parallel()
	for name, r := range checks {
		got, file := everythingChecked(r), filepath.Join("testdata", name+".txt")
		isInFile(t, file, got)
	}
}

// everythingChecked is all that is reported of a check, in the order in which it shows.
func everythingChecked(r *report.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- findings --\n%s\n", strings.Join(r.FindingList().Lines(), "\n"))
	text, hint := failureOf(r)
	fmt.Fprintf(&b, "-- text --\n%s\n-- failure --\n%s\n%s\n", strings.Join(ending(r), "\n"), text, hint)
	fmt.Fprintf(&b, "-- summary --\n%s-- outputs --\n", r.Summary())
	for _, output := range r.Outputs() {
		fmt.Fprintf(&b, "%s=%s\n", output.Name, output.Value)
	}
	fmt.Fprintf(&b, "-- variables --\n")
	for _, variable := range r.Variables() {
		fmt.Fprintf(&b, "%s=%s\n", variable.Name, variable.Value)
	}
	fmt.Fprintf(&b, "-- exit code --\n%d\n", r.ExitCode())
	return b.String()
}

// A chart has the oldest, a number for the rest, and no more columns than a phone shows.
func TestTheChartHasTheOldest(t *testing.T) {
	t.Parallel()
	vault, held := plan.Vault{ID: vaultID}, []nairi.Secret(nil)
	for i := range 30 {
		vault.Secrets = append(vault.Secrets, kept(i, fmt.Sprint("S", i), 0))
		held = append(held, secretOf(i, fmt.Sprint("S", i), i))
	}
	_, chart, _ := strings.Cut(checked([]plan.Vault{vault}, held).Summary(), "#### Ages\n\n")
	rows := strings.Split(strings.TrimSpace(chart), "\n")
	if len(rows) != 2+20+2 || rows[2] != "| <code>S29</code> | 29 days | "+strings.Repeat("█", 20)+" | – |" {
		t.Errorf("the chart is\n%s", chart)
	}
	if rows[21] != "| <code>S10</code> | 10 days | "+strings.Repeat("█", 7)+" | – |" || rows[23] != "10 more were changed 9 days ago or later." {
		t.Errorf("the chart ends in\n%s", strings.Join(rows[20:], "\n"))
	}
	for _, row := range rows[:22] {
		if strings.Count(row, "|") != 5 {
			t.Errorf("the row %q", row)
		}
	}
}

// However much is off, the summary keeps to its size, its chart, and the number of what
// is left out.
func TestASummaryOfMuchDriftIsShort(t *testing.T) {
	t.Parallel()
	vault := plan.Vault{ID: vaultID}
	for i := range 5000 {
		vault.Secrets = append(vault.Secrets, kept(i, fmt.Sprint("SECRET_", i), 0))
	}
	held := []nairi.Secret{secretOf(1, "SECRET_0", 5)}
	r := checked([]plan.Vault{vault}, held)
	summary := r.Summary()
	rows := strings.Count(summary, "**missing**")
	if len(summary) > 50<<10 || rows < 500 || !strings.Contains(summary, fmt.Sprintf("\n%d more are left out here", 4999-rows)) || !strings.Contains(summary, "#### Ages") {
		t.Errorf("%d bytes with %d rows: %s", len(summary), rows, summary[len(summary)-500:])
	}
	if lines := r.FindingList(); len(lines) != 4999 {
		t.Errorf("%d lines in the log", len(lines))
	}
}

// escapedMark is what stands for a secret, in Markdown.
const escapedMark = "&#42;&#42;&#42;"

// What comes from a server is text, wherever it is shown, and without what is secret.
func TestHostileNamesAreText(t *testing.T) {
	t.Parallel()
	const name = "X`|\n<img> @team **b** hunter2"
	vaults := []plan.Vault{{ID: vaultID, AllManaged: true, Secrets: []plan.Desired{kept(1, "A", 0, "a.example.com")}}}
	hostile := secretOf(1, "A", 1, "@team", "hunter2.example.com", "</table>")
	r := checked(vaults, []nairi.Secret{hostile, secretOf(2, name, 1)})
	r.Redact = func(text string) string { return strings.ReplaceAll(text, "hunter2", "***") }
	shown := everythingChecked(r)
	_, after, _ := strings.Cut(shown, "-- summary --\n")
	summary, _, _ := strings.Cut(after, "-- outputs --\n")
	for _, markup := range []string{"@team", "<img>", "</table>", "**b**", "`"} {
		if strings.Contains(summary, markup) {
			t.Errorf("%s is in the summary:\n%s", markup, summary)
		}
	}
	if strings.Contains(shown, "hunter2") || strings.Count(shown, "***") < 3 || !strings.Contains(summary, escapedMark) {
		t.Errorf("the secret shows, or nothing stands for it:\n%s", shown)
	}
}

// All hosts of the world and none are not the same, and a thousand are not all named.
func TestHostsInALine(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 25 {
		many = append(many, fmt.Sprintf("h%02d.example.com", i))
	}
	for want, lists := range map[string][2][]string{
		"only in the vault: any host; only in the manifest: a.example.com":                           {nil, {"a.example.com"}},
		"only in the vault: a.example.com; only in the manifest: any host":                           {{"a.example.com"}, nil},
		"only in the vault: b.example.com":                                                           {{"a.example.com", "b.example.com"}, {"a.example.com"}},
		"only in the vault: " + strings.Join(many[:20], ", ") + " and 5 more; only in the manifest:": {many, {"a.example.com"}},
	} {
		vault := plan.Vault{ID: vaultID, Secrets: []plan.Desired{kept(0, "A", 0, lists[1]...)}}
		lines := checked([]plan.Vault{vault}, []nairi.Secret{secretOf(1, "A", 1, lists[0]...)}).FindingList().Lines()
		if len(lines) != 1 || !strings.Contains(lines[0], want) {
			t.Errorf("%v, want %s", lines, want)
		}
	}
	vault := plan.Vault{ID: vaultID, Secrets: []plan.Desired{kept(0, "A", 0)}}
	unknown := secretOf(1, "A", 1)
	unknown.AllowedDomains = domains.List(nil)
	if lines := checked([]plan.Vault{vault}, []nairi.Secret{unknown}).FindingList().Lines(); len(lines) != 1 || !strings.HasSuffix(lines[0], "the API does not say which it has.") {
		t.Errorf("%v", lines)
	}
}

// A vault in which nothing is off, and much of which the manifest says nothing, has a
// summary that fits.
func TestASummaryOfMuchElseIsShort(t *testing.T) {
	t.Parallel()
	var held []nairi.Secret
	for i := range 5000 {
		held = append(held, secretOf(i, fmt.Sprint("SECRET_OF_SOMEBODY_", i), 5))
	}
	vault := plan.Vault{ID: vaultID, Secrets: []plan.Desired{kept(1, "SECRET_OF_SOMEBODY_0", 0)}}
	if summary := checked([]plan.Vault{vault}, held).Summary(); len(summary) > 64<<10 || !strings.Contains(summary, "4999 secrets are in the vault and not in the manifest") {
		t.Errorf("%d bytes: %s", len(summary), summary[:500])
	}
}

// A check of thousands of vaults is told in time that grows as they do.
func TestFindingsOfManyVaultsAreToldInLinearTime(t *testing.T) {
	t.Parallel()
	const many = 100_000
	var vaults []plan.Vault
	for i := range many {
		vaults = append(vaults, plan.Vault{ID: nairi.VaultID(fmt.Sprintf("vlt_%026d", i)), AllManaged: true})
	}
	current := make([][]nairi.Secret, many)
	for i := range current {
		current[i] = []nairi.Secret{secretOf(i, "A", 1, "a.example")}
	}
	r := public(checked(vaults, current...))
	begin := time.Now()
	if n := len(r.FindingList()); n != many {
		t.Errorf("%d findings", n)
	}
	if text := strings.Join(ending(r), "\n"); strings.Contains(text, "not in the manifest") {
		t.Error(text)
	}
	for _, text := range []string{r.Summary(), r.Issue(about).Body} {
		if !strings.Contains(text, " left out here") {
			t.Errorf("%.900s", text)
		}
	}
	if took := time.Since(begin); took > 30*time.Second { // vault by vault it takes more than two minutes
		t.Errorf("it took %s", took)
	}
}
