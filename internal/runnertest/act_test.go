package runnertest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
	lines := Act()[0].Run(Job{Steps: []Step{{Outputs: []byte("a<<E\n1\n2\nE\n")}}}).Log
	if lines != "  ⚙  ::set-output:: a=1\n2\n" {
		t.Errorf("got %q", lines)
	}
	bad := Act()[0].Run(Job{Steps: []Step{{Outputs: []byte("a=1\n\n")}}})
	if !bad.Failed || len(bad.Outputs[0]) != 0 {
		t.Errorf("got %+v", bad)
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
