package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// released is a repository like a released version of the action, with the
// program for this machine in dist, and of all else only what is used: runners copy
// the whole for every job. The tests share it and leave it as it is.
var released string

var inReleased = []string{"action.yml", "emulator", "scripts/launch.sh", ".github/workflows/vault-check.yml", ".github/workflows/vault-sync.yml", "e2e/testdata/wrapper", "examples/nairi-vault.yml"}

// releasedAs is its name, and where it lies in the folder of all.
const releasedAs = "nairi-community/vault-secret"

func TestMain(m *testing.M) {
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "vault-secret-e2e")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	released = filepath.Join(dir, filepath.FromSlash(releasedAs))
	if err := newRepository(released, inReleased, buildProgram, buildEmulator, addManifest); err != nil {
		return 0, err
	}
	if _, err := run(released, "git", "tag", "v1"); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// buildProgram adds dist to a repository, with the program where launch.sh
// looks for it.
func buildProgram(repository string) error { return buildInto(repository, programName(), ".") }

// buildEmulator adds the emulator, which a release has beside its commit alone.
func buildEmulator(repository string) error {
	return buildInto(repository, emulatorName(), "./cmd/nairi-emulator")
}

func emulatorName() string {
	return strings.Replace(programName(), "vault-secret", "nairi-emulator", 1)
}

func buildInto(repository, name, pkg string) error {
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", filepath.Join(repository, "dist", name), pkg)
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return nil
}

// addManifest adds the manifest that we show to where it is looked for.
func addManifest(repository string) error {
	return os.Rename(filepath.Join(repository, "examples/nairi-vault.yml"), filepath.Join(repository, ".github/nairi-vault.yml"))
}

func programName() string {
	name := "vault-secret_" + runtime.GOOS + "_" + runtime.GOARCH
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return name
}
