package scripts

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"debug/macho"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	maxProgram = 8 << 20    // of linux/amd64
	maxDist    = 20_000_000 // compressed: what a runner downloads
)

// programs of a release, by the name for which launch.sh looks.
var programs = []string{
	"vault-secret_darwin_amd64", "vault-secret_darwin_arm64",
	"vault-secret_linux_amd64", "vault-secret_linux_arm64",
	"vault-secret_windows_amd64.exe", "vault-secret_windows_arm64.exe",
}

func TestDist(t *testing.T) {
	t.Parallel()
	names, env := programs, []string{"VERSION=v1.2.3"}
	if testing.Short() {
		names, env = []string{programs[1], programs[2]}, append(env, "TARGETS=linux/amd64 darwin/arm64")
	}
	first, second := clone(t, origin), clone(t, origin, "--depth=1", "--no-local")
	first.script(t, "dist.sh", env...)
	second.script(t, "dist.sh", append(env, "GOFLAGS=-tags=other", "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8", "GOOS=plan9")...)

	if diff := cmp.Diff(first.read(t, "dist/SHA256SUMS"), second.read(t, "dist/SHA256SUMS")); diff != "" {
		t.Errorf("two builds of one commit differ:\n%s", diff)
	}
	checkPrograms(t, first, names)
	checkSBOM(t, first, names)
	checkSaysVersion(t, first)
}

// checkPrograms checks the sums, in the form that sha256sum -c and shasum -c read,
// and the sizes.
func checkPrograms(t *testing.T, r repository, names []string) {
	t.Helper()
	sbom := r.read(t, "dist/sbom.cdx.json")
	sums, total := fmt.Sprintf("%x  sbom.cdx.json\n", sha256.Sum256([]byte(sbom))), 0
	for _, name := range names {
		program := r.read(t, "dist/"+name)
		sums += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(program)), name)
		total += compressed(t, program)
		if name == "vault-secret_linux_amd64" && len(program) > maxProgram {
			t.Errorf("%s has %d bytes, more than %d", name, len(program), maxProgram)
		}
		if strings.Contains(name, "darwin") {
			checkUUID(t, program)
		}
	}
	if diff := cmp.Diff(sums, r.read(t, "dist/SHA256SUMS")); diff != "" {
		t.Errorf("SHA256SUMS:\n%s", diff)
	}
	if total > maxDist {
		t.Errorf("dist has %d bytes compressed, more than %d", total, maxDist)
	}
	t.Logf("dist has %d bytes compressed", total)
}

// checkSBOM checks that the one SBOM is true of every program, and of nothing
// that differs from one day to the next.
func checkSBOM(t *testing.T, r repository, names []string) {
	t.Helper()
	var sbom struct {
		SerialNumber string
		Metadata     struct {
			Timestamp string
			Component struct{ Version string }
			Tools     []struct{ Hashes []any }
		}
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal([]byte(r.read(t, "dist/sbom.cdx.json")), &sbom); err != nil {
		t.Fatal(err)
	}
	if sbom.SerialNumber != "" || sbom.Metadata.Timestamp != "" || len(sbom.Metadata.Tools) != 1 || sbom.Metadata.Tools[0].Hashes != nil ||
		sbom.Metadata.Component.Version != "v1.2.3" {
		t.Errorf("the SBOM is not of v1.2.3, or holds what is not of the program: %q, %+v", sbom.SerialNumber, sbom.Metadata)
	}
	var listed []string
	for _, c := range sbom.Components {
		listed = append(listed, c.Name+" "+c.Version)
	}
	for _, name := range names {
		if diff := cmp.Diff(modules(t, filepath.Join(r.dir, "dist", name)), listed); diff != "" {
			t.Errorf("- modules of %s, + in the SBOM:\n%s", name, diff)
		}
	}
}

// modules that a program is built of, and Go's own.
func modules(t *testing.T, program string) []string {
	t.Helper()
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"std " + info.GoVersion}
	for _, dep := range info.Deps {
		names = append(names, dep.Path+" "+dep.Version)
	}
	slices.Sort(names)
	return names
}

// checkSaysVersion runs the program for this machine, where there is one.
func checkSaysVersion(t *testing.T, r repository) {
	t.Helper()
	program := filepath.Join(r.dir, "dist", "vault-secret_"+runtime.GOOS+"_"+runtime.GOARCH)
	if _, err := os.Stat(program); err != nil {
		t.Logf("there is no program for %s/%s to run", runtime.GOOS, runtime.GOARCH)
		return
	}
	got, err := start(".", nil, program, "-version")
	if want := "vault-secret v1.2.3 (commit " + r.git(t, "rev-parse", "HEAD") + ")"; got != want || err != nil {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// checkUUID checks that a program for macOS has a UUID: macOS 26 starts none without
// (golang/go#68678).
func checkUUID(t *testing.T, program string) {
	t.Helper()
	const loadUUID = 0x1b // LC_UUID, mach-o/loader.h
	file, err := macho.NewFile(strings.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(file.Loads, func(l macho.Load) bool { return file.ByteOrder.Uint32(l.Raw()) == loadUUID }) {
		t.Error("a program for macOS has no UUID")
	}
}

// compressed is the size of a file as git and a tarball of GitHub hold it.
func compressed(t *testing.T, text string) int {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, text)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Len()
}

func TestVersionsRefused(t *testing.T) {
	t.Parallel()
	r := clone(t, origin)
	r.write(t, "dist/before", "", 0o600)
	const why = "it has to be like v1.2.3"
	for _, version := range []string{
		"1.2.3", "v1", "v1.2", "v01.2.3", "v1.2.3-rc1", "v1.2.3\n", "../v1.2.3", "v1.2.3 -X main.commit=forged", "latest",
	} {
		for _, script := range []string{
			"dist.sh", "release-tree.sh", "release-push.sh", "release-publish.sh", "release-move.sh", "image-push.sh",
		} {
			r.refuses(t, why, script, "VERSION="+version)
		}
	}
	r.refuses(t, why, "release-tree.sh", "VERSION=")
	r.read(t, "dist/before") // nothing was begun
}
