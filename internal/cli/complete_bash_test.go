package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/cli"
)

// Bash calls the function with what it made of the line. Bash 4 breaks words at = and :;
// bash 3, as on macOS, does not, and replaces what is behind them all the same; and without
// both in COMP_WORDBREAKS no bash does either.
func TestCompletesInBash(t *testing.T) {
	t.Parallel()
	for _, before := range []string{
		"", "set -eu", "set -o posix", "set -f", "IFS=-=:s", "IFS=", "shopt -s nullglob", "shopt -s failglob", "shopt -s nocasematch extglob",
	} {
		for _, breaks := range []struct{ words, replaced string }{{"=:", "=:"}, {"", "=:"}, {"", ""}} {
			t.Run(fmt.Sprintf("%s, words break at %q, and what is replaced at %q", before, breaks.words, breaks.replaced), func(t *testing.T) {
				t.Parallel()
				s := stage(t, "bash")
				program := before + "\n" + cli.Script("bash", topics()...)
				for _, tt := range completes {
					program += bashCall(tt.line, breaks.words, breaks.replaced)
				}
				expect(t, answers(s.run(t, "--norc", "--noprofile", file(t, program))))
			})
		}
	}
}

// bashCall asks the function what it offers at the end of a line.
func bashCall(line, wordBreaks, replacedBreaks string) string {
	var words []string
	for _, word := range strings.Split(line, " ") {
		words = append(words, broken(word, wordBreaks)...)
	}
	current := words[len(words)-1]
	if current != "" && strings.Contains(wordBreaks, current) {
		current = ""
	}
	if current == words[len(words)-1] {
		current = current[strings.LastIndexAny(current, replacedBreaks)+1:]
	}
	return fmt.Sprintf("COMP_WORDS=('%s') COMP_CWORD=%d\n", strings.Join(words, "' '"), len(words)-1) +
		fmt.Sprintf("_vault_secret vault-secret '%s' '%s'\n", current, words[len(words)-2]) +
		replies
}

// replies prints what the function offers; before 4.4, -u does not like an empty array.
const replies = `(IFS=' '; for word in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do printf '%s\n' "$word"; done; echo --)
`

// broken cuts a word before and behind each run of some characters.
func broken(word, at string) []string {
	var parts []string
	for i, r := range word {
		if i == 0 || strings.ContainsRune(at, r) != strings.ContainsRune(at, rune(word[i-1])) {
			parts = append(parts, "")
		}
		parts[len(parts)-1] += string(r)
	}
	return append(parts, []string{""}[:max(0, 1-len(parts))]...)
}

// A name is offered as a file's, with the quotes that it needs, which is up to readline.
func TestCompletesFilesInBash(t *testing.T) {
	t.Parallel()
	s := stage(t, "bash")
	program := "set -u\n" + cli.Script("bash", topics()...)
	lines := []struct {
		words, replaced string
		want            []string
	}{
		{`vault-secret lint '"my fi'`, "my fi", []string{"my file.txt"}},
		{`vault-secret lint "'my fi"`, "my fi", []string{"my file.txt"}},
		{`vault-secret set --key-file = '"my fi'`, "my fi", []string{"my file.txt"}},
		{`vault-secret set '--key-file="my fi'`, "my fi", []string{"my file.txt"}},
		{`vault-secret lint '" first'`, " first", []string{" first.txt"}},
		{`vault-secret lint a : b`, "b", []string{"b.txt"}},
		{`vault-secret lint a:b`, "b", []string{"b.txt"}},
		{`vault-secret lint a:b`, "a:b", []string{"a:b.txt"}},
		{`vault-secret lint '*'`, "*", []string{"*"}},
		{`vault-secret lint '~/su'`, "~/su", []string{"~/sub"}},
	}
	for _, tt := range lines {
		program += fmt.Sprintf("COMP_WORDS=(%s)\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_vault_secret vault-secret '%s' lint\n", tt.words, tt.replaced) +
			replies
	}
	got := answers(s.run(t, "--norc", "--noprofile", file(t, program)))
	for i, tt := range lines {
		if d := cmp.Diff(tt.want, got[i]); d != "" {
			t.Errorf("%s (-want +got): %s", tt.words, d)
		}
	}
}

// What bash offers behind a flag is what the program takes.
func TestOffersInBashWhatIsTaken(t *testing.T) {
	t.Parallel()
	s := stage(t, "bash")
	program := reply(t, "completion", "bash").Text
	var lines []string
	var want []bool
	for _, v := range cli.Verbs() {
		if v.Operand == "" || v.Operand == "SHELL" || v.Operand == "VERB" {
			continue
		}
		for _, f := range v.Flags() {
			if f.Name == "help" {
				continue
			}
			given := f.String() + "=true"
			_, wrong := cli.Parse([]string{v.Name, given, given}, build)
			line := "vault-secret " + v.Name + " " + given + " " + f.String()
			lines, want = append(lines, line), append(want, wrong == nil)
			program += bashCall(line, "=:", "=:")
		}
	}
	for i, offered := range answers(s.run(t, "--norc", "--noprofile", file(t, program))) {
		flag := lines[i][strings.LastIndex(lines[i], " ")+1:]
		if got := slices.Contains(offered, flag); got != want[i] {
			t.Errorf("%s: offered again is %v, want %v", lines[i], got, want[i])
		}
	}
	if !slices.Contains(want, true) || !slices.Contains(want, false) {
		t.Error("nothing is taken twice, or everything")
	}
}
