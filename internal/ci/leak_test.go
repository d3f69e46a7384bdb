package ci_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const apiKey = "nr_0123456789abcdefghijklmnopqrstuvwxyzABCDEF"

// place is where a job runs, with the variables by which it is known.
type place struct {
	env     map[string]string
	runners []runnertest.Oracle
}

var places = map[string]place{
	"GitHub": {map[string]string{"GITHUB_ACTIONS": "true"}, []runnertest.Oracle{runnertest.GitHub()}},
	"act":    {map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true"}, runnertest.Act()},
	"forges": {
		map[string]string{"GITHUB_ACTIONS": "true", "ACT": "true", "GITEA_ACTIONS": "true"},
		[]runnertest.Oracle{runnertest.Gitea(), runnertest.GiteaRunner(), runnertest.Forgejo()},
	},
	"a shell": {},
}

// scene is one value on its way through a job.
type scene struct {
	place
	sample
	parts      bool   // mask_parts
	echo       string // what the server says
	head, tail string // what stands beside the value in a longer text
	first      bool   // whether ours is the first step of the job
}

// scenes draws them. Of act, whose decoder leaves an order to chance, one order
// is drawn each time.
func scenes(where place) *rapid.Generator[scene] {
	return rapid.Custom(func(t *rapid.T) scene {
		s := scene{
			place: where, sample: values().Draw(t, "value"), parts: rapid.Bool().Draw(t, "parts"),
			head:  rapid.StringMatching(`[ -~]{0,4}`).Draw(t, "head"),
			tail:  rapid.StringMatching(`[ -~\n]{0,4}`).Draw(t, "tail"),
			first: rapid.Bool().Draw(t, "first"),
		}
		s.text = strings.ReplaceAll(s.text, "\x00", "") // no variable can hold it
		if len(where.runners) > 3 {
			s.runners = []runnertest.Oracle{rapid.SampledFrom(where.runners).Draw(t, "runner")}
		}
		s.echo = rapid.SampledFrom(echoes).Draw(t, "echo")(s.text)
		return s
	})
}

// echoes are what a server may make of the value in its answer.
var echoes = []func(value string) string{
	func(value string) string { return "invalid value: " + value },
	func(value string) string { return fmt.Sprintf("{\"value\":%q}", value) },
	func(value string) string { return "\n::error::" + value + "\r##[stop-commands]" + value },
	func(value string) string {
		return "##[add-mask]x ::add-mask::y \x1b[2J\u202e" + value + "\u202c| <b>@" + value
	},
	func(value string) string {
		return strings.Join(encodings(value), " ") + " Authorization: Bearer " + apiKey
	},
	// What the sanitizer makes the value of.
	func(value string) string { return "is " + strings.ReplaceAll(value, " ", "\x01") },
	func(string) string { return "" },
}

// step does what the program does in one run: masks, then all that it has words
// for, with the server's in them.
func (s scene) step(t rapid.TB, dir string) runnertest.Step {
	t.Helper()
	vars := map[string]string{"GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary")}
	for name, text := range s.env {
		vars[name] = text
	}
	lookup := func(name string) (string, bool) { text, ok := vars[name]; return text, ok }
	var out bytes.Buffer
	console := ci.NewConsole(&out, lookup)
	o := mask.Options{Parts: s.parts}
	console.Mask(mask.Join(mask.Of(secret.New(s.text), o), mask.Of(secret.New(apiKey), o)))
	console.Print("vault-secret devel")
	files, err := console.OpenFiles(lookup, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	console.Warn("value: is odd " + s.echo)
	for _, r := range s.reports(console) {
		console.Print(r.Text()...)
		if text, hint := r.Failure(); text != "" {
			files.WriteSummary(r.Summary())
			if err := files.WriteOutputs(r.Outputs()); err != nil {
				t.Fatal(err)
			}
			console.Fail(text, hint)
		}
	}
	return runnertest.Step{Stdout: out.Bytes(), Outputs: taken(t, vars["GITHUB_OUTPUT"]), Summary: taken(t, vars["GITHUB_STEP_SUMMARY"])}
}

// taken is the content of a file, which is empty for the next step.
func taken(t rapid.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	return text
}

// reports are of a success and of a failure, both with the server's words as
// internal/nairi hands them on: redacted, and then without what does not print.
func (s scene) reports(console *ci.Console) []report.Report {
	said := strings.Map(printed, console.Redact(s.echo))
	at := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
	seen := &nairi.Secret{
		ID: "sec_01KQ27AQH800XQTQPJZ0DH14SJ", EnvKey: "DATABASE_URL " + said, CreatedAt: at, UpdatedAt: at,
		AllowedDomains: nairi.Domains{"db.example.com", s.text},
	}
	change := plan.Change{
		Action: plan.Updates, Want: plan.Want{Operation: plan.Set, EnvKey: "DATABASE_URL"}, Before: seen,
		Patch: nairi.Patch{Value: secret.New(s.text)},
	}
	console.Print(report.Plan(change))
	done := apply.Result{Change: change, Outcome: apply.Updated, Changed: true, After: seen}
	failed := apply.Fail(change, errors.New("PATCH /api/public/v1: 400 Bad Request: "+said))
	var reports []report.Report
	for _, result := range []apply.Result{done, failed} {
		reports = append(reports, report.Report{VaultID: "vlt_01KEQ6963XS96YDP3NF9NKB7QJ", Result: result, Redact: console.Redact})
	}
	return reports
}

func printed(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// check runs a job of which the program is a step, and then the rest of it.
func (s scene) check(t rapid.TB, dir string) {
	t.Helper()
	step := s.step(t, dir)
	forms := append(s.forms(s.parts, s.head, s.tail), sample{text: apiKey}.forms(s.parts, s.head, s.tail)...)
	log := own(step.Stdout)
	s.checkOwn(t, forms, step, log)
	for _, runner := range s.runners {
		after := runner.Run(runnertest.Job{Steps: s.steps(step, "")})
		if !s.onForge() || !slices.ContainsFunc(ownLines(s.text), ambiguous) {
			s.checkUntouched(t, runner.Name(), after, step, log)
			s.checkReadable(t, runner.Name(), after)
		}
		after = runner.Run(runnertest.Job{Steps: s.steps(step, s.printed(forms, s.head, s.tail))})
		shown := withoutFrames(after.Visible())
		for _, form := range forms {
			if strings.Contains(shown, form) && (!s.onAct() || !beyondAct(form, forms)) {
				t.Errorf("%s: of %q, form %q survives in %q", runner.Name(), s.text, form, around(shown, form))
			}
		}
	}
}

func (s scene) onForge() bool { return s.env["GITEA_ACTIONS"] != "" }

func (s scene) onAct() bool { return s.env["ACT"] != "" && !s.onForge() }

// beyondAct reports whether act cannot be told of a form: it would decode what
// stands in it in an order that it leaves to chance, or take a part of it for the
// command's name, and between those signs there is no piece of four characters,
// the least that may be masked; or whether it is such a form and a line end. See
// the comment on the platform act.
func beyondAct(form string, all []string) bool {
	return slices.ContainsFunc(all, func(other string) bool {
		pieces := strings.FieldsFunc(strings.ReplaceAll(other, "::", "%"), func(r rune) bool { return r == '%' || r == ']' })
		return strings.HasPrefix(form, other) && len(atLeast(4, pieces...)) == 0
	})
}

// around is what of a text stands beside its first occurrence of a form.
func around(text, form string) string {
	at := strings.Index(text, form)
	return text[max(0, at-60):min(len(text), at+len(form)+60)]
}

// steps are those of the job: perhaps one before ours, ours, and two later ones,
// one of which prints to standard error.
func (s scene) steps(step runnertest.Step, later string) []runnertest.Step {
	var steps []runnertest.Step
	if !s.first {
		steps = append(steps, runnertest.Step{Stdout: []byte("before\n")})
	}
	half := len(later) / 2
	half += strings.IndexByte(later[half:], '\n') + 1
	return append(steps, step, runnertest.Step{Stdout: []byte(later[half:]), Stderr: []byte(later[:half])})
}

// frames stand before our text in a command. A runner that prints them does so
// whatever the secret is.
var frames = []string{"::error title=vault-secret::", "::warning title=vault-secret::"}

// own are the lines of a log that are not masks, without frames and as a runner
// decodes them.
func own(log []byte) []string {
	var lines []string
	for line := range strings.Lines(string(log)) {
		if strings.HasPrefix(line, "::add-mask::") || strings.HasPrefix(line, "##[add-mask]") {
			continue
		}
		for _, frame := range frames {
			if data, ok := strings.CutPrefix(line, frame); ok {
				line = strings.ReplaceAll(data, "%25", "%")
			}
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return lines
}

// withoutFrames takes out of a transcript what a runner adds to our commands:
// the sign of an annotation and its title, and act and Forgejo the frames as they
// came.
func withoutFrames(shown string) string {
	return strings.NewReplacer("\n##[error]", "\n", "\n##[warning]", "\n", "\ntitle=vault-secret\n", "\n\n",
		"  ⚙  ::add-mask::", "", "  ❗  ::error title=vault-secret::", "", "  🚧  ::warning title=vault-secret::", "").Replace("\n" + shown)
}

// checkOwn checks that nothing we write needs a runner to hide it.
func (s scene) checkOwn(t rapid.TB, forms []string, step runnertest.Step, log []string) {
	t.Helper()
	outputs, err := runnertest.ParseOutputs(step.Outputs)
	if err != nil || len(outputs) != 9 {
		t.Errorf("of %q, %d outputs, %v", s.text, len(outputs), err)
	}
	text := strings.Join(log, "\n") + "\n" + string(step.Summary)
	for _, output := range outputs {
		text += "\n" + output
	}
	for _, form := range forms {
		if strings.Contains(text, form) {
			t.Errorf("of %q, we print %q in %q", s.text, form, around(text, form))
		}
	}
}

// checkUntouched checks that masks alter nothing that we wrote, and that what we
// wrote is what ran.
func (s scene) checkUntouched(t rapid.TB, runner string, after runnertest.Transcript, step runnertest.Step, log []string) {
	t.Helper()
	var ran []string
	for _, command := range after.Commands {
		ran = append(ran, command.Name)
	}
	want := []string{"warning", "error"}
	if s.onForge() {
		want = nil
	}
	// An output that had to be hidden makes a warning of its own.
	slices.Sort(ran)
	if ran = slices.Compact(ran); after.Failed || !cmp.Equal(ran, slices.Sorted(slices.Values(want))) {
		t.Errorf("%s: of %q, failed %t, ran %q", runner, s.text, after.Failed, ran)
	}
	for _, line := range append(log, strings.Split(string(step.Summary), "\n")...) {
		if masked := after.Masked(line); masked != line && !strings.Contains(s.text+line, "*") {
			t.Errorf("%s: of %q, our %q becomes %q", runner, s.text, line, masked)
		}
	}
	outputs, err := runnertest.ParseOutputs(step.Outputs)
	if _, dropped := after.JobOutputs(outputs); err != nil || len(dropped) > 0 && !strings.Contains(s.text, "*") {
		t.Errorf("%s: of %q, %v, drops %q", runner, s.text, err, dropped)
	}
}

// short are words of a log that stay as they are, whatever the secret is.
var short = []string{"{", "}", "[", "]", "0", "1", "a", "e", "on", "no", "ok", "yes", "id", "%", "%25", "%0A", "::", "##[", ":", "***", "\"", "\\n", "&", "x=1"}

// checkReadable checks that no text under four characters is masked: not one of
// a usual log, and not one of the value.
func (s scene) checkReadable(t rapid.TB, runner string, after runnertest.Transcript) {
	t.Helper()
	for _, text := range append(pieces(s.text), short...) {
		if strings.HasSuffix(text, "&") && slices.Contains(ownLines(s.text), text+"+") {
			continue // all that the runner can be told of such a value: see github.mask
		}
		if masked := after.Masked(text); masked != text {
			t.Errorf("%s: of %q, the short %q becomes %q", runner, s.text, text, masked)
		}
	}
}

var escape = regexp.MustCompile("%(25|0A|0D)")

// ambiguous reports whether a line means one text to some forges and another, of
// which a part may be very short, to others, and has no long enough part that
// means the same to all. It is masked all the same: see undecoded.
func ambiguous(line string) bool {
	pieces := escape.Split(line, -1)
	last := len(pieces) - 1
	length := utf8.RuneCountInString
	return last > 0 && length(pieces[0]) < 3 && length(pieces[last]) < 2 && strings.Join(pieces[1:last], "") == ""
}

// pieces are the texts of three characters and fewer in the first part of text.
func pieces(text string) []string {
	var all []string
	runes := []rune(text)
	for i := range min(len(runes), 80) {
		for n := 1; n <= 3 && i+n <= len(runes); n++ {
			all = append(all, string(runes[i:i+n]))
		}
	}
	return all
}

// Whatever the value is, on no runner is it readable, nor any of its forms, in
// what we print or in what the rest of the job prints. For a long run:
//
//	go test ./internal/ci -run TestNothingReadable -rapid.checks=200000 -timeout 0
func TestNothingReadable(t *testing.T) {
	t.Parallel()
	for name, where := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				scenes(where).Draw(t, "scene").check(t, dir)
			})
		})
	}
}

// The largest value that a variable should hold.
func TestNothingReadableOfHugeValues(t *testing.T) {
	t.Parallel()
	for name, where := range places {
		for _, end := range []string{"", "\n", "\r\n"} {
			t.Run(fmt.Sprintf("%s %q", name, end), func(t *testing.T) {
				t.Parallel()
				s := scene{place: where, sample: huge(1, end), parts: true, head: "x"}
				s.runners = s.runners[:min(len(s.runners), 3)]
				s.echo = echoes[0](s.text)
				s.check(t, t.TempDir())
			})
		}
	}
}

func FuzzNothingReadable(f *testing.F) {
	for _, text := range append(slices.Concat(ours, nasty), "{\n  \"a\": \"leaf-number-one\"\n}\n", "ab\r\ncd\rlonger line\n",
		"postgres://u:p%40ss@h/d", "Server=h;Password='p4;s''s';Pwd={a}}b};", "a%0Ab%250Ac::d]e", "KEY=\"line one\nline two\"") {
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, parts bool) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Skip("no value: a variable holds no NUL, and the program refuses what is not UTF-8")
		}
		for _, where := range places {
			s := scene{place: where, sample: sample{text: text}, parts: parts, head: "x", tail: "\n"}
			s.echo = echoes[len(text)%len(echoes)](text)
			s.check(t, t.TempDir())
		}
	})
}
