package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// programDir is where the program was built, once for all tests; "" for not yet.
var programDir string

// program builds the real program and returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "nairi-emulator")
	if err != nil {
		return "", err
	}
	programDir = dir
	path := filepath.Join(dir, "nairi-emulator")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func removeProgram() {
	if programDir != "" {
		_ = os.RemoveAll(programDir)
	}
}

// startProgram runs the real program until the test ends, when it must exit
// with 0 at a SIGTERM.
func startProgram(t *testing.T, args ...string) ready {
	t.Helper()
	r, stop := launch(t, args...)
	t.Cleanup(func() { stop(syscall.SIGTERM) })
	return r
}

// launch returns a function that ends the program with a signal, and checks
// how it ended.
func launch(t *testing.T, args ...string) (ready, func(os.Signal)) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	var r ready
	if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
		_ = cmd.Process.Kill()
		t.Fatalf("first line %q: %v", lines.Text(), err)
	}
	return r, func(s os.Signal) {
		if runtime.GOOS == "windows" { // which has no signals
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			return
		}
		_ = cmd.Process.Signal(s)
		for lines.Scan() {
			t.Errorf("a second line on stdout: %q", lines.Text())
		}
		if err := cmd.Wait(); err != nil || stderr.Len() != 0 {
			t.Errorf("after %v: %v, stderr %q; want exit code 0 and none", s, err, &stderr)
		}
	}
}

func TestProgramStopsAtSignals(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("signals cannot be sent on Windows")
	}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		r, stop := launch(t)
		if got := status(t, r); got != http.StatusOK {
			t.Errorf("status of the vault = %d, want 200", got)
		}
		stop(s)
	}
}

func TestProgramRefusesTheNetwork(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), path, "-addr", "0.0.0.0:0").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitUsage || !strings.Contains(string(out), "is not a loopback address") {
		t.Errorf("%v with %q, want exit code %d and why", err, out, exitUsage)
	}
}

// TestPackageTestingIsNotInTheProgram: it would bring its flags, and its weight.
func TestPackageTestingIsNotInTheProgram(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil || slices.Contains(strings.Fields(string(out)), "testing") {
		t.Errorf("%v; the program must not import testing", err)
	}
}

// TestDocumentedCurlIsTheTestedOne holds the page's example against the script
// that TestFiveClients runs.
func TestDocumentedCurlIsTheTestedOne(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("testdata/clients/patch.sh")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../docs/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), "```sh\n"+string(script)+"```\n") {
		t.Error("docs/emulator.md does not have testdata/clients/patch.sh as it is")
	}
}
