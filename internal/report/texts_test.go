package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// failures are one of each code that people meet by a request or a plan.
func failures() map[problem.Code]*report.Report {
	at, other := createdAt, createdAt.Add(time.Second)
	request := func(e nairi.Error) *nairi.Error {
		e.Method, e.Vault, e.Host = "PATCH", vaultID, "api.nairi.ai"
		return &e
	}
	byID := func(err error) *report.Report { return of(apply.Fail(rotation, err)) }
	single := func(d plan.Desired, there ...nairi.Secret) *report.Report { return of(preview(planned(d, there...))) }
	vault := func(rules plan.Rules, v plan.Vault, there ...nairi.Secret) *report.Report {
		v.ID = vaultID
		_, err := plan.Make([]plan.Vault{v}, [][]nairi.Secret{there}, rules)
		return ended(plan.Desired{}, err)
	}
	several := []nairi.Secret{{ID: "sec_1", EnvKey: "A"}, {ID: "sec_2", EnvKey: "B"}, {ID: "sec_3", EnvKey: "C"}}
	narrow := setByName
	narrow.DenyWidening = true
	narrow.Domains = &domains.List{"*.example.com"}
	conflict := setByName
	conflict.IfUpdatedAt = &other
	create := setByName
	create.Operation = plan.OpCreate
	return map[problem.Code]*report.Report{
		problem.BadInput:         byID(request(nairi.Error{Kind: nairi.Refused, Status: 400, Secret: secretID, Message: "value is too long"})),
		problem.Unauthorized:     byID(request(nairi.Error{Kind: nairi.Refused, Status: 401})),
		problem.VaultNotFound:    ended(setByID, request(nairi.Error{Kind: nairi.Refused, Status: 404})),
		problem.SecretNotFound:   single(plan.Desired{Operation: plan.OpUpdate, EnvKey: "TYPO"}),
		problem.AmbiguousName:    single(plan.Desired{Operation: plan.OpUpdate, EnvKey: "TOKEN"}, several[:2]...),
		problem.AlreadyExists:    single(create, *stored("db.example.com")),
		problem.RateLimited:      byID(request(nairi.Error{Kind: nairi.Refused, Status: 429, Limited: true, Note: "it asks to wait 2 h, and the step has 2 min left"})),
		problem.Blocked:          byID(request(nairi.Error{Kind: nairi.Refused, Status: 403, Foreign: true})),
		problem.ServerError:      byID(request(nairi.Error{Kind: nairi.Refused, Status: 500, Attempts: 6})),
		problem.UnknownState:     of(apply.Result{Change: rotation, Outcome: apply.Unknown, Changed: true, Err: request(nairi.Error{Kind: nairi.Network, Problem: "the connection broke before the answer came"})}),
		problem.Conflict:         single(conflict, nairi.Secret{ID: secretID, EnvKey: "DATABASE_URL", UpdatedAt: at}),
		problem.TooManyDeletes:   vault(plan.Rules{Prune: true, Guard: &plan.DeleteGuard{Most: 1}}, plan.Vault{}, several...),
		problem.WiderDomains:     single(narrow, *stored("db.example.com")),
		problem.NotBegun:         byID(fmt.Errorf("%w: NEW_NAME was not created", apply.ErrVaultIncomplete)),
		problem.Unmanaged:        vault(plan.Rules{}, plan.Vault{AllManaged: true}, several...),
		problem.PlanChanged:      ended(plan.Desired{}, &plan.Changed{New: make([]plan.Line, 1), Gone: make([]plan.Line, 1)}),
		problem.Drift:            ended(plan.Desired{}, drift.Verdict([]drift.Finding{{Kind: drift.Missing}, {Kind: drift.Extra}, {Kind: drift.Stale}})),
		problem.UnexpectedAnswer: byID(request(nairi.Error{Kind: nairi.Unexpected, Problem: "the answer is not the documented JSON"})),
	}
}

// What people search for is on the page as the program says it: each entry about a code
// quotes its failure, and each text that the page quotes is one of a wrong use, a golden
// file or the launcher.
func TestTroubleshootingQuotesWhatIsSaid(t *testing.T) {
	t.Parallel()
	page := string(contents(t, "../../docs/troubleshooting.md"))
	byCode, byText, found := strings.Cut(page, "\n## By the text of the error\n")
	if !found {
		t.Fatal("the page has no texts of errors")
	}
	printed := everythingSaid(t)
	for code, r := range failures() {
		_, entry, _ := strings.Cut(byCode, "\n## `"+string(code)+"`\n")
		entry, _, _ = strings.Cut(entry, "\n## ")
		f, failed := r.Failure()
		if !failed || f.Code != code {
			t.Errorf("%s: it is %+v", code, f)
			continue
		}
		printed += f.What + "\n"
		if !slices.ContainsFunc(quotes(entry), func(quoted string) bool { return says(f.What, quoted) }) {
			t.Errorf("%s: the page quotes %q, and the program says %q", code, quotes(entry), f.What)
		}
	}
	texts := quotes(byCode)
	for _, heading := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(byText, -1) {
		if heading[1] != "Argument list too long" { // which Linux says
			texts = append(texts, heading[1])
		}
	}
	if len(texts) < 50 {
		t.Errorf("the page quotes %d texts", len(texts))
	}
	for _, text := range texts {
		if !says(printed, text) {
			t.Errorf("the page has %q, which nothing prints", text)
		}
	}
}

// everythingSaid is what wrong uses, golden files and the launcher show.
func everythingSaid(t *testing.T) string {
	t.Helper()
	paths := []string{"../action/testdata/wrong/seen.txtar", "../../scripts/launch.sh", "../../scripts/provide.sh"}
	goldens, err := filepath.Glob("testdata/*.golden")
	if err != nil || len(goldens) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	var all strings.Builder
	for _, path := range append(paths, goldens...) {
		all.Write(contents(t, path))
	}
	return all.String()
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// quotes are the texts that entries show under *You see*.
func quotes(entries string) (found []string) {
	for _, seen := range regexp.MustCompile(`(?ms)^\*\*You see:\*\*.*?\n\n(- .*?\n\n)?`).FindAllString(entries, -1) {
		for _, span := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(seen, -1) {
			found = append(found, span[1])
		}
	}
	return found
}

// says reports whether a text has a quotation, in which … stands for anything, a number
// for any number and a name for any.
func says(text, quoted string) bool {
	pattern := regexp.QuoteMeta(strings.Trim(quoted, "….` "))
	pattern = regexp.MustCompile(`\b(DATABASE_URL|TYPO|TOKEN|NEW_NAME)\b`).ReplaceAllString(pattern, `[A-Z_]+`)
	pattern = strings.ReplaceAll(pattern, "login\\.example\\.com", `\S+`)
	pattern = regexp.MustCompile(`\d+`).ReplaceAllString(strings.ReplaceAll(pattern, "…", ".*"), `\d+`)
	return regexp.MustCompile("(?i)" + pattern).MatchString(text)
}

// Each text is whole sentences of the product's words, in the order of what happened and
// what to do.
func TestWhatFailuresSayIsWellFormed(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("../problem/testdata/banned.txt")
	if err != nil {
		t.Fatal(err)
	}
	var banned []string
	for _, line := range strings.Split(string(list), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			banned = append(banned, line)
		}
	}
	check := func(name, text string) {
		first := rune(text[0])
		word, _, _ := strings.Cut(text, " ")
		if !unicode.IsUpper(first) && !strings.ContainsAny(word, "_") {
			t.Errorf("%s begins with neither a capital nor a name: %s", name, text)
		}
		if !strings.ContainsRune(".?]", rune(text[len(text)-1])) || regexp.MustCompile(`[.?!]\s*[.?!;,]`).MatchString(text) {
			t.Errorf("%s does not end its sentences once: %s", name, text)
		}
		for _, phrase := range banned {
			if regexp.MustCompile(`\b` + regexp.QuoteMeta(phrase) + `\b`).MatchString(text) {
				t.Errorf("%s says %q: %s", name, phrase, text)
			}
		}
	}
	for code, r := range failures() {
		f, _ := r.Failure()
		if f.What == "" || f.Hint == "" {
			t.Errorf("%s lacks a text: %+v", code, f)
			continue
		}
		check(string(code), f.What)
		check("the hint of "+string(code), f.Hint)
	}
	for _, code := range problem.Codes() {
		if hint := code.Hint(); hint != "" {
			check("the hint of "+string(code), hint)
		} else if code != problem.BadInput {
			t.Errorf("%s has no hint", code)
		}
		if code.Title() == "" {
			t.Errorf("%s has no title", code)
		}
	}
}
