package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The commands of docs/emulator.md start the emulator, of which the page shows the first line,
// and ask one that runs; the page shows what a change answers.
func TestPagesOfTheEmulator(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("runs a shell")
	}
	const page, program = "docs/emulator.md", "go run ./cmd/nairi-emulator"
	bin := t.TempDir()
	if err := os.Symlink(filepath.Join(programsOf(released), "dist", emulatorName()), filepath.Join(bin, "nairi-emulator")); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, b := range blocksOn(t, page) {
		if b.kind != commandsBlock || b.language != "console" {
			continue
		}
		ran++
		commands, printed := prompted(b.text)
		s := newTerminal(t, "NAIRI_EMULATOR_ADMIN_KEY=synthetic-admin-key", "DATABASE_URL="+freshValue, "STRIPE_KEY="+stripeValue)
		s.run("PATH='" + bin + "':$PATH\n")
		writeFiles(t, s.dir, map[string]string{"nairi-vault.yml": "vaults:\n  - vault_id: " + shownVault + "\n    secrets: {}\n"})
		line, code := s.run(strings.Replace(strings.TrimSpace(commands), program, "nairi-emulator -vault-id "+shownVault, 1) +
			" >ready 2>log & EMULATOR=$!\nuntil [ -s ready ] || ! kill -0 \"$EMULATOR\"; do sleep 0.05; done; cat ready log\n")
		var ready map[string]string
		if err := json.Unmarshal([]byte(line), &ready); err != nil || code != 0 || !strings.Contains(commands, program) {
			t.Fatalf("%s:%d: %v, exit code %d\n%s", page, b.line, err, code, line)
		}
		if printed != "" {
			checkFields(t, b, printed, line)
		}
		if !strings.HasPrefix(ready["base_url"], "https") {
			askEmulator(t, s, page, ready)
		}
		s.run("kill \"$EMULATOR\" 2>/dev/null; wait \"$EMULATOR\" 2>/dev/null\n")
	}
	if ran == 0 {
		t.Error("the page starts no emulator")
	}
}

// checkFields checks that two objects have the same fields.
func checkFields(t *testing.T, b pageBlock, shown, printed string) {
	t.Helper()
	fields := func(text string) []string {
		var object map[string]any
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Errorf("%s:%d: %v", b.page, b.line, err)
		}
		return slices.Sorted(maps.Keys(object))
	}
	if is, want := fields(printed), fields(shown); !slices.Equal(is, want) {
		t.Errorf("%s:%d: the fields are %q, and the page shows %q", b.page, b.line, is, want)
	}
}

// askEmulator changes a secret of an emulator as the page does, and then runs its verbs.
func askEmulator(t *testing.T, s *terminal, page string, ready map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the page needs curl")
	}
	s.run("export NAIRI_BASE_URL='" + ready["base_url"] + "' NAIRI_API_KEY='" + ready["api_key"] + "' NAIRI_VAULT_ID=" + shownVault + "\n")
	s.must("'" + releasedProgram() + "' set DATABASE_URL --value-env DATABASE_URL --allowed-domains db.example.com --quiet --json >created\n")
	s.run(`VAULT_ID=` + shownVault + ` SECRET_ID=$(sed -n 's/.*"secret_id": *"\([^"]*\)".*/\1/p' created) BODY='{"allowed_domains":["api.example.com"]}'` + "\n")
	answer, verbs := "", ""
	for _, b := range blocksOn(t, page) {
		switch {
		case b.language == "json":
			checkFields(t, b, b.text, answer)
		case strings.Contains(b.text, "nairi-emulator verify"):
			verbs = anyPort.ReplaceAllLiteralString(b.text, strings.TrimPrefix(ready["base_url"], "http://"))
		case b.language == "sh":
			answer = s.must(b.text)
		}
	}
	s.must("'" + releasedProgram() + "' delete DATABASE_URL --yes --quiet\n")
	s.must(verbs)
}

// must runs lines that end with exit code 0.
func (s *terminal) must(lines string) (printed string) {
	s.t.Helper()
	printed, code := s.run(lines)
	if code != 0 {
		s.t.Fatalf("exit code %d of %s:\n%s", code, lines, printed)
	}
	return printed
}

// The targets of make that the README names are there. The demo runs, so there is one at least.
func TestTheReadmesTargets(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("runs make")
	}
	targets := regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)").FindAllStringSubmatch(read(t, "../README.md"), -1)
	if len(targets) == 0 {
		t.Fatal("the README names none")
	}
	for _, target := range targets {
		args := []string{"-C", "..", "--no-print-directory", target[1]}
		if target[1] != "demo" {
			args = append(args, "--dry-run")
		}
		if out, err := exec.Command("make", args...).CombinedOutput(); err != nil {
			t.Errorf("make %s: %v\n%s", target[1], err, out)
		}
	}
}
