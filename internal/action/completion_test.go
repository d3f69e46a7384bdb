package action

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/cli"
)

// The lines that load the completions, which the help and a page show, are run by the
// shells, as far as they are here.
func TestCompletionsAreLoadedAsShown(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/command-line.md")
	if err != nil {
		t.Fatal(err)
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	loading := map[string]struct {
		arguments    []string
		before, then string
		want         string
	}{
		"bash": {[]string{"--norc", "--noprofile", "-c"}, "", "complete -p vault-secret", "complete -F _vault_secret vault-secret\n"},
		"zsh":  {[]string{"-f", "-c"}, "autoload -Uz compinit && compinit -u -D", "print -r -- $_comps[vault-secret]", "_vault-secret\n"},
		"fish": {[]string{"--no-config", "-c"}, "", "complete -C 'vault-secret create' | string split \\t", "create\ncreate a secret\n"},
	}
	at := slices.IndexFunc(cli.Verbs(), func(v *cli.Verb) bool { return v.Name == "completion" })
	for i, shell := range cli.Shells() {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			line := cli.Verbs()[at].Examples[i].Line
			if !strings.Contains(string(page), "`"+strings.ReplaceAll(line, "|", `\|`)+"`") {
				t.Errorf("docs/command-line.md does not show %s", line)
			}
			program, err := exec.LookPath(shell)
			if err != nil || runtime.GOOS == "windows" {
				t.Skipf("there is no %s here: it does not load its completions", shell)
			}
			how := loading[shell]
			cmd := exec.Command(program, append(how.arguments, how.before+"\n"+line+"\n"+how.then)...)
			cmd.Env = []string{"PATH=" + filepath.Dir(path) + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LC_ALL=C.UTF-8"}
			out, err := cmd.CombinedOutput()
			if err != nil || string(out) != how.want {
				t.Errorf("%s: %v\n%s", line, err, out)
			}
		})
	}
}
