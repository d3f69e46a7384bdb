package e2e

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// place is where the steps of a pipeline run one after the other: a workspace
// that they share, on a Linux with a shell, and a vault with before in it.
type place struct {
	t      *testing.T
	vault  vault
	dir    string
	bin    string // of commands that stand for others
	always map[string]string
	log    strings.Builder // of all steps
}

// newPlace is a place where the platform sets variables.
func newPlace(t *testing.T, always map[string]string) *place {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the pipelines that we show are for Linux")
	}
	v := newVault(t)
	v.AddVaultWithID(shownVault, "shown")
	v.VaultID = shownVault
	v.hold(before)
	p := &place{t: t, vault: v, dir: t.TempDir(), bin: t.TempDir(), always: always}
	for _, name := range []string{"wget", "curl"} {
		write(t, filepath.Join(p.bin, name), fakeDownload, 0o755)
	}
	return p
}

// fakeDownload stands for wget and curl: it has one file, that of the release
// that the pages name.
const fakeDownload = `#!/bin/sh
while [ $# -gt 1 ]; do
	case $1 in -O | -o) out=$2 ;; esac
	shift
done
[ "$1" = https://github.com/nairi-community/vault-secret/releases/download/v1.2.3/vault-secret_linux_amd64 ] || exit 22
cp "$RELEASED" "$out"
`

func releasedProgram() string { return filepath.Join(programsOf(released), "dist", programName()) }

// notPinned is the sum in the pages.
var notPinned = strings.Repeat("0", sha256.Size*2)

// pin puts the sum of the program in its place, or leaves one that is none.
func pin(t *testing.T, text string, pinned bool) string {
	t.Helper()
	if !strings.Contains(text, notPinned) {
		t.Errorf("there is no sum in %q", text)
	}
	if !pinned {
		return text
	}
	return strings.ReplaceAll(text, notPinned, fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, releasedProgram())))))
}

// script runs lines of a shell.
func (p *place) script(env map[string]string, lines ...string) error {
	return p.run(env, "sh", "-ec", strings.Join(lines, "\n"))
}

// run runs a command with no variables but those of the platform and env.
func (p *place) run(env map[string]string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	cmd.Env = []string{
		"PATH=" + p.bin + ":" + os.Getenv("PATH"), "HOME=" + p.bin,
		"RELEASED=" + releasedProgram(), "NAIRI_BASE_URL=" + p.vault.BaseURL,
	}
	for _, variables := range []map[string]string{p.always, env} {
		for name, text := range variables {
			cmd.Env = append(cmd.Env, name+"="+text)
		}
	}
	cmd.Stdout, cmd.Stderr = &p.log, &p.log
	return cmd.Run()
}

// rotated checks that the steps did what the page says, and a later one knows.
func (p *place) rotated(said string) {
	p.t.Helper()
	p.vault.holds(p.t, held{"DATABASE_URL", freshValue, replicas})
	p.printed(said)
}

// printed checks that the log holds a text, and no secret.
func (p *place) printed(said string) {
	p.t.Helper()
	if !strings.Contains(p.log.String(), said) {
		p.t.Errorf("%q is not in the log:\n%s", said, p.log.String())
	}
	outcome{log: p.log.String()}.hides(p.t, freshValue)
	outcome{log: p.log.String()}.hides(p.t, p.vault.Key)
}
