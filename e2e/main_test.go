package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// released is a repository like a released version of the action, and of all else only what
// is used: runners copy the whole, with its history, twice for every step that uses it. The
// tests share it and leave it as it is.
var released string

var inReleased = []string{"action.yml", "emulator", "scripts/launch.sh", ".github/workflows/vault-check.yml", ".github/workflows/vault-sync.yml", "e2e/testdata/wrapper", "examples/nairi-vault.yml"}

// releasedAs is its name, and where it lies in the folder of all.
const releasedAs = "nairi-community/vault-secret"

func TestMain(m *testing.M) {
	if endpoint := os.Getenv(awsEndpoint); endpoint != "" {
		if err := awsCLI(endpoint, os.Args[1:], os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "aws:", err)
			os.Exit(254)
		}
		return
	}
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
	if err := newRepository(released, inReleased, addPrograms, addManifest); err != nil {
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

// addPrograms adds dist to a repository, with two lines that start each program from beside it:
// to copy those takes longer than most jobs. TestTry runs one that is there itself. A release
// has the emulator beside its commit alone.
func addPrograms(repository string) error {
	beside := programsOf(repository)
	err := errors.Join(buildInto(beside, programName(), "."), buildInto(beside, emulatorName(), "./cmd/nairi-emulator"))
	if err != nil || beside == repository {
		return err
	}
	dist := filepath.Join(repository, "dist")
	err = os.Mkdir(dist, 0o755)
	for _, name := range []string{programName(), emulatorName()} {
		start := "#!/bin/sh\nexec '" + filepath.Join(beside, "dist", name) + "' \"$@\"\n"
		err = errors.Join(err, os.WriteFile(filepath.Join(dist, name), []byte(start), 0o755))
	}
	return err
}

// programsOf is where the programs of a repository are: on Windows, which starts no such lines,
// in itself.
func programsOf(repository string) string {
	if runtime.GOOS == "windows" {
		return repository
	}
	return repository + ".programs"
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
