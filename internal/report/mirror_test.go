package report_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// repo is a mirror in a repository.
func repo(name string, state mirror.State) mirror.Mirror {
	return mirror.Mirror{Target: mirror.Target{Store: mirror.Repository, Owner: "octo", Repo: name}, State: state}
}

// What was known of a mirror before the run.
var (
	has     = mirror.State{Known: true, There: true, UpdatedAt: createdAt}
	hasNone = mirror.State{Known: true}
	unasked = mirror.State{}
)

// spreadTo is an update of the vault, and what became of its mirrors. Those that were not
// written have their error.
func spreadTo(mirrors []mirror.Mirror, results ...apply.MirrorResult) apply.Result {
	r := done(rotation, apply.Updated, rotated("db.example.com"))
	r.Change.Desired.Mirrors = mirrors
	var lacking []apply.MirrorResult
	for i, m := range results {
		if m.Target = mirrors[i].Target; m.Err != nil {
			lacking = append(lacking, m)
		}
		r.Mirrors = append(r.Mirrors, m)
	}
	if len(lacking) > 0 {
		r.Outcome, r.Err = apply.Partial, &apply.MirrorError{Lacking: lacking}
	}
	return r
}

var (
	isThere = apply.MirrorResult{Outcome: apply.Updated}
	isNew   = apply.MirrorResult{Outcome: apply.Created}
)

func failed(why string) apply.MirrorResult {
	return apply.MirrorResult{Outcome: apply.Failed, Err: errors.New(why)}
}

func lost(why string) apply.MirrorResult {
	return apply.MirrorResult{Outcome: apply.Unknown, Err: errors.New(why)}
}

// Whoever reads of a rotation that stopped half-way must know what has which value.
func TestAFailureSaysWhatHasTheValueAndWhatDoesNot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before  []mirror.Mirror
		results []apply.MirrorResult
		want    string
	}{
		"one that is not written": {
			[]mirror.Mirror{repo("a", has)}, []apply.MirrorResult{failed("403")},
			"the value is in the vault; repo:octo/a has the old one: 403",
		},
		"one that has none": {
			[]mirror.Mirror{repo("a", hasNone)}, []apply.MirrorResult{failed("403")},
			"the value is in the vault; repo:octo/a does not have it: 403",
		},
		"one that nobody looked at": {
			[]mirror.Mirror{repo("a", unasked)}, []apply.MirrorResult{failed("403")},
			"the value is in the vault; repo:octo/a has what it had: 403",
		},
		"one that may be written": {
			[]mirror.Mirror{repo("a", has)}, []apply.MirrorResult{lost("no answer")},
			"the value is in the vault; repo:octo/a may have it or the old one: no answer",
		},
		"one that may be new": {
			[]mirror.Mirror{repo("a", hasNone)}, []apply.MirrorResult{lost("no answer")},
			"the value is in the vault; repo:octo/a may have it or not: no answer",
		},
		"those of one reason": {
			[]mirror.Mirror{repo("a", has), repo("b", has), repo("c", has), repo("d", has), repo("e", hasNone)},
			[]apply.MirrorResult{isThere, failed("cancelled"), failed("cancelled"), failed("cancelled"), isNew},
			"the value is in the vault, repo:octo/a and repo:octo/e; repo:octo/b, repo:octo/c and repo:octo/d have the old one: cancelled",
		},
		"an error that names the place": {
			[]mirror.Mirror{repo("a", has)}, []apply.MirrorResult{failed("write DATABASE_URL to repo:octo/a: 422: no")},
			"the value is in the vault; repo:octo/a has the old one: 422: no",
		},
	} {
		r := of(spreadTo(test.before, test.results...))
		if text, _ := failureOf(r); text != strings.ToUpper(test.want[:1])+test.want[1:]+". [mirror_failed]" {
			t.Errorf("%s: it says %q", name, text)
		}
		if code := r.ExitCode(); code != report.ExitUnknown {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}

// Nothing is said to be in a mirror that GitHub did not confirm, and nothing is left out.
func TestEachMirrorIsNamedOnceAmongThoseOfItsKind(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "mirrors")
		var before []mirror.Mirror
		var results []apply.MirrorResult
		for i := range n {
			before = append(before, repo(fmt.Sprintf("r%02d", i), rapid.SampledFrom([]mirror.State{has, hasNone, unasked}).Draw(t, "before")))
			results = append(results, rapid.SampledFrom([]apply.MirrorResult{isThere, isNew, failed("no"), failed("never"), lost("lost")}).Draw(t, "result"))
		}
		r := of(spreadTo(before, results...))
		text, _ := failureOf(r)
		if text == "" { // all of them are written
			text = "is in " + strings.Join(ending(r), "\n")
		}
		in, rest, _ := strings.Cut(text, "; ")
		for i, result := range results {
			name, written := before[i].Target.String(), result.Err == nil
			if strings.Count(text, name) != 1 || strings.Contains(in, name) != written || strings.Contains(rest, name) == written {
				t.Fatalf("%s, of which %v is known, is in the wrong place of %q", name, result.Outcome, text)
			}
		}
	})
}

// What is written is told as such in each place that tells of results.
func TestOutputsTellOfEachMirror(t *testing.T) {
	t.Parallel()
	result := spreadTo([]mirror.Mirror{repo("a", has), repo("b", has), repo("c", has)}, isThere, failed("403"), lost("no answer"))
	want := []map[string]string{
		{"mirror": "repo:octo/a", "result": "updated"}, {"mirror": "repo:octo/b", "result": "failed"}, {"mirror": "repo:octo/c", "result": "unknown"},
	}
	var single []map[string]string
	unmarshal(t, of(result), "mirrors", &single)
	var many []struct{ Mirrors []map[string]string }
	unmarshal(t, manifest(result), "results", &many)
	if d := cmp.Diff(want, single) + cmp.Diff(want, many[0].Mirrors); d != "" {
		t.Error(d)
	}
}

// Later steps ask whether anything changed, and a mirror is something.
func TestAMirrorThatIsWrittenIsAChange(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		result  apply.MirrorResult
		outcome apply.Outcome
		changed bool
	}{
		"written":     {isThere, apply.Updated, true},
		"not written": {failed("403"), apply.Partial, false},
		"not known":   {lost("no answer"), apply.Partial, true},
	} {
		result := spreadTo([]mirror.Mirror{repo("a", has)}, test.result)
		result.Changed = false
		for _, r := range []*report.Report{of(result), manifest(result)} {
			if outcome, changed := r.Outcome(); outcome != test.outcome || changed != test.changed {
				t.Errorf("%s: %s, changed %t", name, outcome, changed)
			}
		}
	}
}

func TestLinesOfMirrorsOfManySecrets(t *testing.T) {
	t.Parallel()
	mirrors := []mirror.Mirror{repo("a", has), repo("b", hasNone)}
	all, part := named("ALL", spreadTo(mirrors, isThere, isNew)), named("PART", spreadTo(mirrors, isThere, failed("403")))
	again := spreadTo(mirrors[:1], isThere)
	all.Change.Desired.Generate = hexKey
	alone := all
	alone.Changed = false
	r := inTwoVaults(manifest(all, part))
	for name, test := range map[string]struct {
		result apply.Result
		want   []string
	}{
		"all of them": {all, []string{"ALL in " + string(vaultID) + " is also in repo:octo/a (updated) and repo:octo/b (created)."}},
		"mirrors alone": {alone, []string{"Updated DATABASE_URL in " + string(vaultID) + " (" + string(secretID) + "). The API reports no change in the vault. " +
			"Most likely it already had this value. The value is also in repo:octo/a (updated) and repo:octo/b (created)."}},
		"not all":                       {part, []string{"PART in " + string(vaultID) + " is not in every mirror. [mirror_failed]"}},
		"a value that is written again": {again, nil},
		"none":                          {done(rotation, apply.Updated, rotated()), nil},
		"a vault that failed":           {mirrored(apply.Fail(making, refused(401, "")), apply.Failed), nil},
	} {
		if d := cmp.Diff(test.want, r.MirrorLines(test.result)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// Why a value is written may be a mirror.
func TestAPlanShowsWhichMirrorsLackTheValue(t *testing.T) {
	t.Parallel()
	newest := createdAt.Add(time.Hour)
	current := mirror.State{Known: true, There: true, UpdatedAt: newest}
	desired := plan.Desired{
		Operation: plan.OpSync, EnvKey: "DATABASE_URL", Domains: list("db.example.com"), Generate: hexKey, Values: plan.ValuesWhenRotated, NewerThan: &newest,
		Mirrors: []mirror.Mirror{repo("a", has), repo("b", hasNone), repo("c", current), repo("d", unasked)},
	}
	lines := manifest(preview(planned(desired, *rotated("db.example.com")))).PlanLines()
	want := []string{
		"Plan: 0 to create, 1 to update, 0 to delete, 0 unchanged. 1 new value will be generated. 4 mirrors will be written.",
		string(vaultID),
		"  update  DATABASE_URL  value: generate 32 random bytes as hex; " +
			"mirrors: repo:octo/a (behind), repo:octo/b (new there), repo:octo/c, repo:octo/d",
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	desired.Mirrors = desired.Mirrors[2:]
	lines = manifest(preview(planned(desired, *rotated("db.example.com")))).PlanLines()
	if d := cmp.Diff([]string{
		"Plan: 0 to create, 0 to update, 0 to delete, 1 unchanged.",
		"The value of DATABASE_URL goes to repo:octo/d too if it is not there, or is older there. That was not looked at.",
	}, lines); d != "" {
		t.Error(d)
	}
}

func TestMirrorsThatWereNotLookedAtAreNamed(t *testing.T) {
	t.Parallel()
	r := ended(plan.Desired{Mirrors: []mirror.Mirror{repo("a", unasked)}}, nil)
	r.Redact = func(text string) string { return strings.ReplaceAll(text, "octo", "***") }
	one := r.UnseenMirrors(&apply.MirrorLookError{Errs: []error{errors.New("list the secrets of repo:octo/a: 403 Forbidden")}})
	want := []string{"A mirror was not looked at, so the plan does not show what it has: list the secrets of repo:***/a: 403 Forbidden."}
	if d := cmp.Diff(want, one); d != "" {
		t.Error(d)
	}
	many := r.UnseenMirrors(&apply.MirrorLookError{Errs: slices.Repeat([]error{errors.New("no answer")}, 10)})
	if last := many[len(many)-1]; len(many) != 9 || last != "2 more mirrors were not looked at." {
		t.Errorf("%d lines, and the last is %q", len(many), last)
	}
}

func TestALookThatFailedChangedNothing(t *testing.T) {
	t.Parallel()
	look := func(err error) error { return &apply.MirrorLookError{Errs: []error{errors.New("one"), err}} }
	for code, err := range map[problem.Code]error{
		problem.MirrorFailed:  look(errors.New("list the secrets of repo:octo/a: 403 Forbidden")),
		problem.Cancelled:     look(context.Canceled),
		problem.Timeout:       look(context.DeadlineExceeded),
		problem.InternalError: look(mistaken),
	} {
		r := ended(setByID, err)
		if got := r.Code(); got != code || r.ExitCode() != report.ExitFailed || r.Changed() {
			t.Errorf("%s is %s, exit code %d", code, got, r.ExitCode())
		}
	}
	r := ended(setByID, look(errors.New("two")))
	if text, hint := failureOf(r); text != "one; two. Nothing was changed. [mirror_failed]" || hint != problem.MirrorFailed.Hint() {
		t.Errorf("%q, %q", text, hint)
	}
}

// A value that was made cannot be written again.
func TestHintsTellWhatTheNextRunWrites(t *testing.T) {
	t.Parallel()
	given := spreadTo([]mirror.Mirror{repo("a", has)}, failed("403"))
	generated := given
	generated.Change.Desired.Generate, generated.Change.Desired.Value = hexKey, secret.Value{}
	for want, results := range map[string][]apply.Result{
		problem.HintMirrors: {given, generated},
		problem.HintMade:    {generated, done(rotation, apply.Updated, rotated())},
	} {
		if _, hint := failureOf(manifest(results...)); hint != want {
			t.Errorf("the hint is %q", hint)
		}
		if _, hint := failureOf(of(results[0])); hint != want {
			t.Errorf("of one secret it is %q", hint)
		}
	}
}

// The next run of a manifest goes by what the mirrors have. One that was changed lately does
// not look as if it lacked the value, and so the run would not be tried again.
func TestAHintTellsWhatTheNextRunDoesNotFindOut(t *testing.T) {
	t.Parallel()
	due := func(states ...mirror.State) apply.Result {
		var mirrors []mirror.Mirror
		var outcomes []apply.MirrorResult
		for i, state := range states {
			mirrors = append(mirrors, repo(string(rune('a'+i)), state))
			outcomes = append(outcomes, failed("403"))
		}
		result := spreadTo(mirrors, outcomes...)
		result.Change.Desired.Generate, result.Change.Desired.Values = hexKey, plan.ValuesWhenRotated
		return result
	}
	none := mirror.State{Known: true}
	for _, test := range []struct {
		result apply.Result
		want   string
	}{
		{due(has), problem.HintForgotten},
		{due(has, has), problem.HintForgotten},
		{due(has, none), problem.HintMade},
		{due(none), problem.HintMade},
	} {
		if _, hint := failureOf(manifest(test.result)); hint != test.want {
			t.Errorf("of %d mirrors the hint is %q", len(test.result.Mirrors), hint)
		}
	}
}

// The name of an environment may be anything, and so may be a secret.
func TestNamesOfMirrorsShowWithoutSecrets(t *testing.T) {
	t.Parallel()
	const leaked = `p"ss|word`
	target := mirror.Target{Store: mirror.Environment, Owner: "octo", Repo: "cats", Environment: "x" + leaked}
	result := spreadTo([]mirror.Mirror{{Target: target, State: has}, repo("b", has)}, failed("write X to "+target.String()+": 403"), isThere)
	for _, r := range []*report.Report{of(result), manifest(result), manifest(preview(result.Change)), of(preview(result.Change))} {
		r.Redact = func(text string) string { return strings.ReplaceAll(text, leaked, "***") }
		shown := everything(r) + strings.Join(r.MirrorLines(result), "\n") + r.Comment() + string(r.AllResults())
		for _, form := range []string{leaked, `p\"ss`, "p&quot;ss", "ss&#124;"} {
			if strings.Contains(shown, form) {
				t.Errorf("the report has %q: %s", form, shown)
			}
		}
		if hidden := "results"; !slices.Contains(r.Hidden(), hidden) && r.Manifest || !r.Manifest && !slices.Contains(r.Hidden(), "mirrors") {
			t.Errorf("hidden are %q", r.Hidden())
		}
	}
}

// The page shows what the program says.
func TestThePageOnMirrorsShowsWhatIsTold(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/mirror.md")
	if err != nil {
		t.Fatal(err)
	}
	all := done(making, apply.Updated, rotated("db.example.com"))
	all.Change.Desired.Mirrors = mirrorsThere[:2]
	part := all
	part.Mirrors = []apply.MirrorResult{
		{Target: mirrorsThere[0].Target, Outcome: apply.Updated},
		{Target: mirrorsThere[1].Target, Outcome: apply.Failed, Err: errors.New("403 Forbidden: the token may not do this: " +
			"it needs the repository permission Environments: read and write")},
	}
	part.Outcome, part.Err = apply.Partial, &apply.MirrorError{Lacking: part.Mirrors[1:]}
	all = named("WEBHOOK_SECRET", mirrored(all, apply.Updated, apply.Created))
	all.After.EnvKey = "WEBHOOK_SECRET"
	failure, _ := failureOf(of(part))
	for _, line := range slices.Concat(of(all).PlanLines(), ending(of(all))[:2], []string{failure}) {
		if !strings.Contains(string(page), "\n"+line+"\n") {
			t.Errorf("docs/mirror.md does not show %s", line)
		}
	}
}

// Whatever a place is called, it is one cell of a table.
func TestSummaryOfMirrorsKeepsItsColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target := mirror.Target{Store: mirror.Environment, Owner: "octo", Repo: "cats", Environment: hostile().Draw(t, "environment")}
		result := spreadTo([]mirror.Mirror{{Target: target, State: has}, repo("b", has)}, failed(hostile().Draw(t, "why")), isThere)
		for _, line := range plainly(of(result).Summary()) {
			if n := strings.Count(line, "|"); n != 0 && n != 3 {
				t.Fatalf("two columns have 3 borders, got %q", line)
			}
			inert(t, line)
		}
		for _, line := range strings.Split(manifest(result).Summary(), "\n") {
			if strings.HasPrefix(line, "| <code>") && strings.Count(line, "|") != 3 {
				t.Fatalf("two columns have 3 borders, got %q", line)
			}
		}
		wellFormed(t, manifest(result).Summary())
	})
}

// A comment has room for 65,536 characters, however many mirrors lack the value.
func TestACommentOnManyMirrorsHasRoom(t *testing.T) {
	t.Parallel()
	var mirrors []mirror.Mirror
	var outcomes []apply.MirrorResult
	for i := range 100 {
		mirrors, outcomes = append(mirrors, repo(fmt.Sprintf("repository-%03d", i), has)), append(outcomes, failed(fmt.Sprintf("reason %d", i)))
	}
	var results []apply.Result
	for i := range 200 {
		results = append(results, named(fmt.Sprintf("SECRET_%04d", i), spreadTo(mirrors, outcomes...)))
	}
	if n := len(manifest(results...).Comment()); n > 65_536 {
		t.Errorf("%d bytes", n)
	}
	if n := len(of(results[0]).Summary()); n > 65_536 {
		t.Errorf("%d bytes of one", n)
	}
}

// Whoever approves a plan sees each place that a value goes to, also where the value is
// written in every run, and where nobody looked whether it has to be.
func TestNoMirrorIsHiddenFromWhoApprovesThePlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		action plan.Action
		state  mirror.State
		want   string
		shown  string
	}{
		"written again": {plan.Update, has, "The value of DATABASE_URL is written again; mirrors: repo:octo/a.", "! DATABASE_URL  write value again\n!   → repo:octo/a\n"},
		"not looked at": {plan.NoOp, unasked, "The value of DATABASE_URL goes to repo:octo/a too if it is not there, or is older there. That was not looked at.", "! DATABASE_URL  write value if a mirror lacks it\n!   → repo:octo/a (not looked at)\n"},
	} {
		desired := plan.Desired{EnvKey: "DATABASE_URL", Value: secret.New("hunter2"), Mirrors: []mirror.Mirror{repo("a", test.state)}}
		if test.action == plan.NoOp {
			desired.Values = plan.ValuesWhenCreated
		}
		result := apply.Result{Change: plan.Change{VaultID: vaultID, Action: test.action, Desired: desired, Current: rotated("db.example.com")}, Outcome: apply.Planned}
		if test.action == plan.NoOp {
			result.Outcome = apply.Unchanged
		}
		r := manifest(result)
		if log := strings.Join(r.PlanLines(), "\n"); !strings.Contains(log, test.want) {
			t.Errorf("%s: the log says\n%s", name, log)
		}
		comment := r.Comment()
		if !strings.Contains(comment, test.shown) || strings.Contains(comment, "matches the manifest") || !r.HasNews() {
			t.Errorf("%s: the comment says, with news %t,\n%s", name, r.HasNews(), comment)
		}
	}
}

// A value that was made can be stored once more from its file. While that is there, none is
// made.
func TestTheHintOnMirrorsGoesByWhereTheValueIs(t *testing.T) {
	t.Parallel()
	result := spreadTo([]mirror.Mirror{repo("a", has)}, failed("403"))
	result.Change.Desired.Generate = hexKey
	for inFile, want := range map[bool]string{true: problem.HintKept, false: problem.HintMade} {
		r := of(result)
		r.InFile = inFile
		if _, hint := failureOf(r); hint != want {
			t.Errorf("the hint is %q", hint)
		}
	}
}

// However many mirrors cannot be looked at, what is said of them is of bearable length.
func TestManyMirrorsThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	var errs []error
	for i := range 2000 {
		errs = append(errs, fmt.Errorf("read the public key of repo:octo/cats-%d: 403 Forbidden: the token may not do this", i))
	}
	r := but(&apply.MirrorLookError{Errs: errs}, manifest())
	text, _ := failureOf(r)
	if len(text) > 1000 || !strings.Contains(text, "cats-0: 403") || !strings.Contains(text, "1992 more") {
		t.Errorf("the failure has %d bytes", len(text))
	}
	if n := max(len(r.Comment()), len(r.Summary())); n > 65_536 {
		t.Errorf("the comment or the summary has %d bytes", n)
	}
}
