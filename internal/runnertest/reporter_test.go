package runnertest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkLater runs cases in the job's second step, where the act inside the
// runner adds nothing to the log.
func checkLater(t *testing.T, o Oracle, cases []logCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(o.Name()+"/"+tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, run(o, "", tt.out).Log); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// reporter.go of act_runner and of the Forgejo runner v12, and the act inside.
func TestOldReporters(t *testing.T) {
	t.Parallel()
	for _, o := range []Oracle{Gitea(), Forgejo()} {
		checkLater(t, o, []logCase{
			{"text", "a\n\nb\n", "a\n\nb\n"},
			{"last line without a newline", "a\nb", "a\n"},
			{"carriage return", "a\r\n", "a\n"},
			{"not utf-8", "a\xffb\n", "a?b\n"},
			{"mask", "hidden\n::add-mask::hidden\nhidden x\n", "hidden\n*** x\n"},
			{"mark in the value", "::add-mask::abc::def\nabc::def\n", "***\n"},
			{"data stays escaped", "::add-mask::a%25b\na%b a%25b\n", "a%b ***\n"},
			{"raw percent sign", "::add-mask::a%b\na%b\n", "***\n"},
			{"lines stay together", "::add-mask::one%0Atwo\none\ntwo\n", "one\ntwo\n"},
			{"v1 is not known", "##[add-mask]abc\nabc\n", "##[add-mask]abc\nabc\n"},
			{"leading blank", " ::add-mask::abc\nabc\n", " ::add-mask::abc\nabc\n"},
			{"properties are greedy", "::add-mask x::abc::def\nabc::def abc\n", "abc::*** abc\n"},
			{"error is printed back", "::error title=t::x\n", "::error title=t::x\n"},
			{"errors are masked", "::add-mask::abc\n::error title=abc::abc\n", "::error title=***::***\n"},
			{"debug", "::debug::x\n", ""},
			{"no derived forms", "::add-mask::secret\nc2VjcmV0\n", "c2VjcmV0\n"},
			{"stopped", "::stop-commands::tok\n::add-mask::abc\nabc\n::tok::\n::add-mask::abc\nabc\n", "abc\n***\n"},
			{"v1 stops the act inside", "##[stop-commands]tok\n::add-mask::abc\nabc\n", "##[stop-commands]tok\nabc\n"},
			{"v1 stops in the middle of a line", "x ##[stop-commands]tok\n::add-mask::abc\nabc\n", "x ##[stop-commands]tok\n***\n"},
		})
	}
	checkLater(t, Gitea(), []logCase{
		{"oldest mask first", "::add-mask::ab\n::add-mask::abcd\nabcd\n", "***cd\n"},
		{"group", "::group::x\n::endgroup::\n", "::group::x\n::endgroup::\n"},
		{"empty mask", "::add-mask::\nab\n", "***a***b***\n"},
	})
	checkLater(t, Forgejo(), []logCase{
		{"longest mask first", "::add-mask::ab\n::add-mask::abcd\nabcd\n", "***\n"},
		{"group", "::group::x\n::endgroup::y\n", "##[group]x\n##[endgroup]\n"},
		{"empty mask", "::add-mask::\nab\n", "ab\n"},
	})
}

// gitea.com/gitea/runner, reporter.go and act/runner.
func TestGiteaRunner(t *testing.T) {
	t.Parallel()
	checkLater(t, GiteaRunner(), []logCase{
		{"escaped", "::add-mask::a%25b\na%b\n", "***\n"},
		{"no unescape twice", "::add-mask::a%250Ab\na%0Ab\n", "***\n"},
		{"lines", "::add-mask::one%0A two\none two\n", "*** ***\n"},
		{"one character", "::add-mask::{\n{\n", "{\n"},
		{"v1", "##[ADD-mask]a%5Db\na]b\n", "***\n"},
		{"longest mask first", "::add-mask::ab\n::add-mask::abcd\nabcd\n", "***\n"},
		{"case folds", "::Add-Mask::abc\nabc\n", "***\n"},
		{"properties end at the first mark", "::add-mask x::abc::def\nabc::def\n", "***\n"},
		{"error", "::error::x\n", "::error::x\n"},
		{"debug", "::debug::x\n", ""},
		{"stopped", "::stop-commands::a%25\n::add-mask::abc\nabc\n::A%::\n::add-mask::abc\nabc\n", "::add-mask::abc\nabc\n***\n"},
		{"v1 does not stop", "##[stop-commands]tok\n::add-mask::abc\nabc\n", "##[stop-commands]tok\n***\n"},
	})
	if _, dropped := run(GiteaRunner(), "::add-mask::abc\n").JobOutputs(map[string]string{"o": "xabc"}); len(dropped) != 1 {
		t.Error("an output with a secret is kept")
	}
}

// reporter.go, duringSteps: before the first step's first row, what the act
// inside logs is part of the log.
func TestReportersFirstStep(t *testing.T) {
	t.Parallel()
	const out = "::add-mask::ab::cd\n::error::ab::cd\nx\n::add-mask::ef\n"
	if got := run(Forgejo(), out).Log; got != "  ⚙  ::add-mask::***\n  ⚙  ::error::***\n::error::***\nx\n" {
		t.Errorf("forgejo: %q", got)
	}
	if got := run(Gitea(), "::add-mask::ef\nx\n::add-mask::gh\n").Log; got != "***\nx\n" {
		t.Errorf("gitea: %q", got)
	}
	silent := Job{Steps: []Step{{Outputs: []byte("a=1\n")}, {Outputs: []byte("b=1\n")}}}
	if got := Forgejo().Run(silent).Log; got != "  ⚙  ::set-output:: a=1\n" {
		t.Errorf("forgejo: %q", got)
	}
}

func TestReportersAcrossSteps(t *testing.T) {
	t.Parallel()
	for _, o := range []Oracle{Gitea(), GiteaRunner(), Forgejo()} {
		if got := run(o, "x\n::add-mask::abc\n", "abc\n").Log; got != "x\n***\n" {
			t.Errorf("%s: %q", o.Name(), got)
		}
		// The reporter, unlike the act inside, stays stopped.
		got := run(o, "x\n::stop-commands::tok\n", "::add-mask::abc\nabc\n").Log
		if got != "x\n::add-mask::abc\nabc\n" {
			t.Errorf("%s: %q", o.Name(), got)
		}
		debug := o.Run(Job{Debug: true, Steps: []Step{{}, {Stdout: []byte("::debug::x\n")}}}).Log
		if !strings.HasSuffix(debug, "x\n") {
			t.Errorf("%s: %q", o.Name(), debug)
		}
		long := Step{Outputs: []byte("a=1\nb=" + strings.Repeat("x", 1<<16) + "\n")}
		if got := o.Run(Job{Steps: []Step{long}}); len(got.Outputs[0]) != 1 || got.Failed {
			t.Errorf("%s: %d outputs", o.Name(), len(got.Outputs[0]))
		}
	}
}

// Forgejo runner internal/pkg/report/mask.go.
func TestForgejoMultiLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, secret, out, want string }{
		{"two lines", "one\ntwo", "x one\ntwo y\n", "x ***\n*** y\n"},
		{"three lines", "one\r\ntwo\r\nthree", "one\ntwo\nthree\n", "***\n***\n***\n"},
		{"one of its lines", "one\ntwo", "one x\ntwo\none\n", "one x\ntwo\none\n"},
		{"a line between differs", "one\ntwo\nthree", "one\n two\nthree\n", "one\n two\nthree\n"},
	} {
		got := Forgejo().Run(Job{Secrets: []string{tt.secret}, Steps: []Step{{}, {Stdout: []byte(tt.out)}}}).Log
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	gitea := Gitea().Run(Job{Secrets: []string{"one\ntwo"}, Steps: []Step{{}, {Stdout: []byte("one\ntwo\n")}}}).Log
	if gitea != "one\ntwo\n" {
		t.Errorf("gitea: %q", gitea)
	}
}

// rankedMasks against strings.Replacer itself.
func FuzzRankedMasks(f *testing.F) {
	f.Add("ab abcd cd", "xabcdabcdc")
	f.Fuzz(func(t *testing.T, masks, text string) {
		m := &rankedMasks{}
		var pairs []string
		for mask := range strings.SplitSeq(masks, " ") {
			m.add(mask)
			pairs = append(pairs, mask, "***")
		}
		if got, want := m.replace(text), strings.NewReplacer(pairs...).Replace(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func FuzzOracles(f *testing.F) {
	f.Add("::add-mask::abc\nabc\n", "##[stop-commands]x\n", "one\ntwo")
	f.Fuzz(func(t *testing.T, out, errs, secret string) {
		job := Job{
			Secrets: []string{secret},
			Steps: []Step{
				{Stdout: []byte(out), Stderr: []byte(errs), Outputs: []byte(errs), Summary: []byte(out)},
				{Stdout: []byte(errs)},
			},
		}
		for _, o := range Oracles() {
			got, again := o.Run(job), o.Run(job)
			if len(got.Outputs) != 2 || got.Visible() != again.Visible() {
				t.Errorf("%s does not give the same twice", o.Name())
			}
			got.Masked(out)
		}
	})
}
