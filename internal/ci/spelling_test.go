package ci

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// What newer forges would decode to very short lines is masked in pieces.
func TestUndecoded(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"100%":               {"100%"},
		"left%25right":       {"left%25right"},
		"left%0Aright":       {"left%0Aright"},
		"ab%250Alonger":      {"250Alonger"},
		"longer%250Alonger":  {"longer%250Alonger"},
		"left%0Dright":       {"left%", "0Dright"},
		"left%0D%0Aright":    {"left%0D%0Aright"},
		"up%0Alonger":        {"0Alonger"},
		"on%0Aup%0Alonger":   {"0Aup%", "0Alonger"},
		"longer%0D%0Aup":     {"longer%", "0Aup"},
		"%7B%0A%20%20%22key": {"%7B%", "0A%20%20%22key"},
		"!!%0D%0A!":          {"!!%0", "0D%0"},
		"ab%0A":              {"ab%0"},
		"ba%2500%0D%0A":      {"2500%"}, // v1.0.8 may make %0D of the %250D that spells it
		"a%0Ab":              {"a%0Ab"}, // no piece is long enough
		"%25%25%25":          {"25%2", "25%2"},
		"%25%25%25%25":       {"%25%25%25%25"},
	}
	for form, want := range tests {
		if d := cmp.Diff(want, undecoded(form)); d != "" {
			t.Errorf("%q: %s", form, d)
		}
	}
}

// A form with all that act trips over is masked in pieces of pieces.
func TestPiecesOfPiecesOnAct(t *testing.T) {
	t.Parallel()
	lines := (&act{}).mask("left::mid]dle%0Aright::end]ing")
	for _, want := range []string{"::add-mask::left", "::add-mask::mid]dle", "##[add-mask]left::mid", "::add-mask::0Aright", "::add-mask::end]ing"} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not in %q", want, lines)
		}
	}
}

// GitHub's runner also masks a form trimmed, and must not trip over that.
func TestColourCodeBeforeSpaceOnGitHub(t *testing.T) {
	t.Parallel()
	if d := cmp.Diff([]string{"::add-mask::word&"}, (&github{}).mask("word&+ ")); d != "" {
		t.Error(d)
	}
}

// Longer masks come first, also those that are pieces of a form.
func TestMasksAreInOrder(t *testing.T) {
	t.Parallel()
	for name, lookup := range map[string]env.Lookup{"act": vars("ACT=true"), "a forge": onGitea, "GitHub": onGitHub} {
		var out bytes.Buffer
		NewConsole(&out, lookup).Mask(mask.Of(secret.New("left::wo]rd%0A of this line\nleft-is-a-longer-line\n100%25"), mask.Options{}))
		lines := slices.Collect(strings.Lines(out.String()))
		if !slices.IsSortedFunc(lines, func(a, b string) int { return len(b) - len(a) }) {
			t.Errorf("%s: the masks are not in order", name)
		}
		if len(slices.Compact(slices.Clone(lines))) != len(lines) {
			t.Errorf("%s: a mask is told twice", name)
		}
	}
}

// What the platform was told in pieces is kept out of texts from outside in pieces too,
// and a form that the sanitizer would make is kept out of every line. Our own words
// stay as they are: a log with "***: x" for "error: x" helps nobody.
func TestOurWordsStayAndFormsGo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lookup      env.Lookup
		value, want string
		print       func(*Console)
	}{
		{vars("ACT=true"), "left::mid]right", "the *** and the ***\n", func(c *Console) { c.Print(c.Clean("the left and the right")) }},
		{vars("ACT=true"), "left::mid]right", "the left and the right\n", func(c *Console) { c.Print("the left and the right") }},
		{onGitea, "updated%0Aword", "***\n", func(c *Console) { c.Print(c.Clean("updated")) }},
		{onGitea, "updated%0Aword", "updated\n", func(c *Console) { c.Print("updated") }},
		{onGitHub, "updated%0Aword", "updated\n", func(c *Console) { c.Print("updated") }},
		{inShell, "error", "error: x\nhint: y\n", func(c *Console) { c.Fail(problem.Failure{What: "x", Hint: "y"}) }},
		{onGitHub, "error", "::error title=vault-secret::x y\n", func(c *Console) { c.Fail(problem.Failure{What: "x", Hint: "y"}) }},
		{onGitHub, "hint", "::error title=vault-secret::x y\n", func(c *Console) { c.Fail(problem.Failure{What: "x", Hint: "y"}) }},
		{inShell, "2026", "in 2026\n", func(c *Console) { c.Print("in 2026") }},
		{inShell, "vault-secret", "vault-secret v1\n", func(c *Console) { c.Print("vault-secret v1") }},
		{inShell, "hunter", "***\n", func(c *Console) { c.Print(c.Clean("hunter")) }},
		{inShell, "hunter2", "a ***\n", func(c *Console) { c.Print("a hunter2") }},
		{inShell, "two words", "***\n", func(c *Console) { c.Print(c.Clean("two\twords")) }},
		{inShell, "two words", "***\n", func(c *Console) { c.Print("two\twords") }},
		{inShell, "a ## [b", "***\n", func(c *Console) { c.Print("a ##[b") }},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		c := NewConsole(&out, tt.lookup)
		c.Mask(mask.Of(secret.New(tt.value), mask.Options{}))
		out.Reset()
		tt.print(c)
		if d := cmp.Diff(tt.want, out.String()); d != "" {
			t.Errorf("%q: %s", tt.value, d)
		}
	}
}
