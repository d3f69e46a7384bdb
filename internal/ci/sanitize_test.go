package ci

import (
	"strings"
	"testing"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

func TestSanitize(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, want string }{
		{"", ""},
		{"plain text: as it was, 100%", "plain text: as it was, 100%"},
		{"  indented", "  indented"},
		{"Ünïcode ✓ 秘密 🔑", "Ünïcode ✓ 秘密 🔑"},
		{"a::b::c", "a::b::c"},
		{"::error::x", ": :error::x"},
		{"  ::error::x", ": :error::x"},
		{"\t::error::x", ": :error::x"},
		{"\u00a0::error::x", ": :error::x"}, // .NET's TrimStart takes every white space of Unicode away
		{"\u3000::error::x", ": :error::x"},
		{"\u2028::error::x", ": :error::x"},
		{"\ufeff::error::x", ": :error::x"},
		{":::error::x", ": ::error::x"},
		{"::::", ": :::"},
		{"::1", "::1"}, // addresses
		{"::ffff:10.0.0.1", "::ffff:10.0.0.1"},
		{" ::", " ::"},
		{"##[error]x", "## [error]x"},
		{"told: ##[stop-commands]x", "told: ## [stop-commands]x"},
		{"####[error]x", "#### [error]x"},
		{"##\u200b[error]x", "## [error]x"},
		{"##[##[error]x", "## [## [error]x"},
		{"::##[error]x", "::## [error]x"},
		{"::##[error]x::y", ": :## [error]x::y"},
		{"one\ntwo\r\nthree", "one two  three"},
		{"one\n::error::x", "one ::error::x"},
		{"\x1b[31mred\x1b[0m", " [31mred [0m"},
		{"back\b\bspace\x00\x7f\u0085", "back  space   "},
		{"\u202eabc\u202c", " abc "}, // the direction of the line turned around
		{"soft\u00adhyphen", "soft hyphen"},
		{"::stop-commands:\u034f:x", "::stop-commands: :x"}, // .NET compares by the culture, and ICU ignores U+034F
		{"::stop-commands:\ufe0f:x", ": :stop-commands:\ufe0f:x"},
		{"::error:é:x", ": :error:é:x"},
		{"⚠️ told", "⚠️ told"},
		{"a\u3164\u2800b", "a  b"},
		{"not \xff UTF-8", "not \ufffd UTF-8"},
	}
	for _, tt := range tests {
		if got := sanitize(tt.line); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{
		"", "text", "::error::x", "\u00a0\u3000\u2028::add-mask::x", ":::::::", "####[[[error]x", "##[##[stop-commands]x",
		"#\u00ad#[error]x", ":\u200b:error::x", "\r\n::set-output name=a::b", "\x1b]0;title\x07", "\xff::error::x", "x ##[add-mask]y",
		"\u034f::error::x", "##\ufe0f[error]x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		clean := sanitize(line)
		if rest, begins := strings.CutPrefix(strings.TrimLeftFunc(clean, unicode.IsSpace), "::"); begins && strings.Contains(strings.ReplaceAll(rest, "\ufe0f", ""), "::") {
			t.Errorf("begins like a command: %q", clean)
		}
		if strings.Contains(clean, "##[") {
			t.Errorf("holds a command: %q", clean)
		}
		if i := strings.IndexFunc(clean, unprintable); i >= 0 {
			t.Errorf("holds %q: %q", []rune(clean[i:])[0], clean)
		}
		if again := sanitize(clean); again != clean {
			t.Errorf("%q becomes %q the second time", clean, again)
		}
		runsNothing(t, clean)
	})
}

func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

// runsNothing fails if a runner takes the line for a command.
func runsNothing(t *testing.T, line string) {
	t.Helper()
	job := runnertest.Job{Steps: []runnertest.Step{{Stdout: []byte(line + "\n")}}}
	for _, oracle := range runnertest.Oracles() {
		after := oracle.Run(job)
		if len(after.Commands) > 0 || len(after.Masks) > 0 || len(after.Annotations) > 0 {
			t.Errorf("%s runs %q: %v, masks %q", oracle.Name(), line, after.Commands, after.Masks)
		}
	}
}
