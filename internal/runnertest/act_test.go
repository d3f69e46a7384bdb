package runnertest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// nektos/act pkg/runner/command.go and logger.go, pkg/common/line_writer.go.
func TestAct(t *testing.T) {
	t.Parallel()
	const gear = "  ⚙  "
	for _, o := range Act() {
		checkLogs(t, o, []logCase{
			{"text", "a\n\nb\n", "a\n\nb\n"},
			{"last line without a newline", "a\nb", "a\n"},
			{"mask", "hidden\n::add-mask::hidden\nhidden x\n", "hidden\n" + gear + "***\n*** x\n"},
			{"mark in the value", "::add-mask::abc::def\nabc::def\n", "  ❓  ::add-mask::abc::def\nabc::def\n"},
			{"v1 with a mark in the value", "##[add-mask]abc::def\nabc::def\n", gear + "***\n***\n"},
			{"v1 with a bracket in the value", "##[add-mask]a]b\na]b\n", "  ❓  ##[add-mask]a]b\na]b\n"},
			{"v1 not at the start", "x ##[add-mask]abc\nabc\n", "x ##[add-mask]abc\nabc\n"},
			{"lines stay together", "::add-mask::one%0Atwo\none\ntwo\n", gear + "***\none\ntwo\n"},
			{"leading blank", " ::add-mask::abc\nabc\n", " ::add-mask::abc\nabc\n"},
			{"no derived forms", "::add-mask::secret\nc2VjcmV0\n", gear + "***\nc2VjcmV0\n"},
			{"percent sign", "::add-mask::a%25b\na%b\n", gear + "***\n***\n"},
			{"oldest mask first", "::add-mask::ab\n::add-mask::abcd\nabcd\n", gear + "***\n" + gear + "***\n***cd\n"},
			{"empty mask", "::add-mask::\nabc\n", gear + "***\nabc\n"},
			{"case matters", "::ADD-MASK::abc\nabc\n", "  ❓  ::ADD-MASK::abc\nabc\n"},
			{"error is printed as it came", "::error title=t::x%0A\n", "  ❗  ::error title=t::x%0A\n"},
			{"debug", "::debug::x\n", ""},
			{"unknown", "::nothing::x\n", "  ❓  ::nothing::x\n"},
			{"output", "::set-output name=a::v\n", gear + "::set-output:: a=v\n"},
			{
				"stopped", "::stop-commands::tok\n::add-mask::abc\nabc\n::tok::\n::add-mask::abc\nabc\n",
				gear + "::stop-commands::tok\n" + gear + "::add-mask::abc\nabc\n" + gear + "::tok::\n" + gear + "***\n***\n",
			},
		})
	}
}

// Which value "%250A" names is a matter of the order.
func TestActOrders(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, o := range Act() {
		for _, mask := range run(o, "::add-mask::x%250Ay%250Dz\n").Masks {
			seen[mask]++
		}
	}
	want := map[string]int{"x\ny\rz": 1, "x%0Ay%0Dz": 1, "x\ny%0Dz": 1, "x%0Ay\rz": 1}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

func TestActStepEnds(t *testing.T) {
	t.Parallel()
	o := Act()[0]
	got := run(o, "::stop-commands::tok\n::add-mask::one\n", "::add-mask::two\none two\n").Log
	if !strings.HasSuffix(got, "one ***\n") {
		t.Errorf("got %q", got)
	}
	glued := o.Run(Job{Steps: []Step{{Stderr: []byte("oops"), Stdout: []byte("::add-mask::abc\nabc\n")}}}).Log
	if glued != "oops::add-mask::abc\nabc\n" {
		t.Errorf("got %q", glued)
	}
	later := run(o, "::add-mask::abc\n", "abc\n")
	kept, dropped := later.JobOutputs(map[string]string{"o": "abc"})
	if !strings.HasSuffix(later.Log, "***\n") || kept["o"] != "abc" || dropped != nil {
		t.Errorf("got %q, %v, %v", later.Log, kept, dropped)
	}
}

// nektos/act pkg/runner/step.go: files are logged, under the masks.
func TestActFiles(t *testing.T) {
	t.Parallel()
	got := Act()[0].Run(Job{Steps: []Step{{
		Stdout:  []byte("::add-mask::hidden\n"),
		Outputs: []byte("b=hidden\na=1\n"), Summary: []byte("# hidden\n"),
	}}})
	want := "  ⚙  ***\n  ⚙  ::set-output:: a=1\n  ⚙  ::set-output:: b=***\n  ⚙  Summary - # ***\n"
	if diff := cmp.Diff(want, got.Log); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]map[string]string{{"a": "1", "b": "hidden"}}, got.Outputs); diff != "" {
		t.Error(diff)
	}
	if got := ActOutputLog([]byte("a<<E\n1\n2\nE\n")); got != "  ⚙  ::set-output:: a=1\n2\n" {
		t.Errorf("got %q", got)
	}
	bad := Act()[0].Run(Job{Steps: []Step{{Outputs: []byte("a=1\n\n")}}})
	if !bad.Failed || len(bad.Outputs[0]) != 0 {
		t.Errorf("got %+v", bad)
	}
}

func TestActDebug(t *testing.T) {
	t.Parallel()
	got := Act()[0].Run(Job{Debug: true, Secrets: []string{"abc"}, Steps: []Step{{Stdout: []byte("::debug::abc\n")}}}).Log
	if got != "  💬  ::debug::***\n" {
		t.Errorf("got %q", got)
	}
}

// The parsers against the patterns of the sources.
func FuzzPatterns(f *testing.F) {
	greedyV2 := regexp.MustCompile("^::([^ ]+)( (.+))?::([^\r\n]*)[\r\n]+$")
	greedyV1 := regexp.MustCompile(`^##\[([^ ]+)( (.+))?]([^` + "\r\n]*)[\r\n]+$")
	reported := regexp.MustCompile(`^::([^ :]+)( .*)?::(.*)$`)
	reported2026 := regexp.MustCompile(`^::([^ :]+)( [^:]*)?::(.*)$`)
	for _, seed := range []string{
		"::a::b", "::a b=c,d=e::f::g", "::a::b c::d", "##[a b=c]d]e", "::a :::b", "::a\r::b", "::a  ::b", ":::::", "::a b:c::d",
		"::a::b\r", "::a b::c\rd", "##[]", "##[a]", "##[ a]b", "::a ::", "##[a\rb c]d",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "\n", "")
		line := text + "\n"
		m := greedyV2.FindStringSubmatch(line)
		if m == nil {
			m = greedyV1.FindStringSubmatch(line)
		}
		c, ok := parseAct(line)
		compareMatch(t, "act", m, 4, c, ok)
		trimmed := strings.TrimRight(text, "\r\n")
		c, ok = parseReported(trimmed)
		compareMatch(t, "reporter", reported.FindStringSubmatch(trimmed), 3, c, ok)
		c, ok = parseReported2026(trimmed)
		compareMatch(t, "reporter of 2026", reported2026.FindStringSubmatch(trimmed), 3, c, ok)
	})
}

func compareMatch(t *testing.T, pattern string, m []string, data int, c Command, ok bool) {
	t.Helper()
	if (m != nil) != ok {
		t.Errorf("%s: match %q, parsed %v", pattern, m, ok)
		return
	}
	if ok && (m[1] != c.Name || m[data] != c.Data) {
		t.Errorf("%s: match %q, parsed %+v", pattern, m, c)
	}
}
