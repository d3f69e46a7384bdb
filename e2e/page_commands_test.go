package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The commands of a page are run in one shell, from its first block to its last, where the
// files are that the page prints. What stands right after them is all that they print.
func TestCommandsOnPagesRun(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("runs a shell")
	}
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("pages need jq")
	}
	for _, page := range pages(t) {
		var shown []pageBlock
		clones := false
		for _, b := range general(t, page) {
			if b.kind == commandsBlock || b.kind == printedBlock {
				shown = append(shown, b)
				clones = clones || strings.Contains(b.text, "git clone")
			}
		}
		if len(shown) == 0 {
			continue
		}
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, nil)
			runCommands(t, p, p.desk(t, page, clones), shown)
			p.printed("")
		})
	}
}

// desk is a shell of somebody who reads a page: with the program in its search path, or else
// with a clone to build it from, and with the files of the page.
func (p *place) desk(t *testing.T, page string, clones bool) *terminal {
	t.Helper()
	environ := []string{"NEW_VALUE=" + freshValue, "DATABASE_URL=" + freshValue, "STRIPE_KEY=" + stripeValue}
	var s *terminal
	if clones {
		s = newReader(t, "../"+page, environ...).terminal
		s.run("unset INPUT_OUTPUT_FILE\n") // a shell of whoever reads the page has none
		t.Cleanup(func() { s.run("[ -z \"${EMULATOR:-}\" ] || kill \"$EMULATOR\" 2>/dev/null\n") })
	} else {
		if err := os.Symlink(releasedProgram(), filepath.Join(p.bin, "vault-secret")); err != nil {
			t.Fatal(err)
		}
		s = newTerminal(t, append(environ, "NAIRI_BASE_URL="+p.vault.BaseURL, "NAIRI_API_KEY="+p.vault.Key, "NAIRI_VAULT_ID="+shownVault)...)
		s.run("PATH='" + p.bin + "':$PATH\n")
	}
	writeFiles(t, s.dir, filesOn(t, page))
	return s
}

// writeFiles writes the files of a page into a folder.
func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, text, 0o644)
	}
}

func runCommands(t *testing.T, p *place, s *terminal, shown []pageBlock) {
	t.Helper()
	printed := ""
	for _, b := range shown {
		lines, prints, isOutput := b.text, "", b.kind == printedBlock
		if b.language == "console" {
			lines, prints = prompted(b.text)
			isOutput = prints != ""
		}
		if b.kind == commandsBlock {
			var code int
			if printed, code = s.run(lines); code != 0 {
				t.Errorf("%s:%d: exit code %d of\n%s\n%s", b.page, b.line, code, lines, printed)
			}
			p.log.WriteString(printed)
		}
		if b.kind == printedBlock {
			prints = b.text
		}
		if isOutput {
			printedAll(t, printed, prints)
		}
	}
}

// prompted are the commands of a session, which have a $ before them, and what they print.
func prompted(session string) (commands, printed string) {
	for line := range strings.Lines(session) {
		if command, isOne := strings.CutPrefix(line, "$ "); isOne {
			commands += command
		} else {
			printed += line
		}
	}
	return commands, printed
}
