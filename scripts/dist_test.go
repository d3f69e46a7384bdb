package scripts

import (
	"crypto/sha256"
	"debug/buildinfo"
	"debug/macho"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	// maxProgram is of linux/amd64. 74 KB are nacl/box, which code of our own would replace
	// badly.
	maxProgram = 9_350_000
	maxArchive = 7_000_000 // of the tag, compressed: what a job downloads
)

const forDarwin = "vault-secret_darwin_arm64"

// programs of a release, by the names for which launch.sh looks.
func programs() []string {
	if testing.Short() {
		return []string{forDarwin, "vault-secret_linux_amd64"}
	}
	return slices.Clone(allPrograms)
}

var allPrograms = []string{
	"vault-secret_darwin_amd64", forDarwin,
	"vault-secret_linux_amd64", "vault-secret_linux_arm64",
	"vault-secret_windows_amd64.exe", "vault-secret_windows_arm64.exe",
}

// emulators of a release, for the same platforms: no job downloads one with the action.
func emulators() []string {
	names := programs()
	for i := range names {
		names[i] = strings.Replace(names[i], "vault-secret", "nairi-emulator", 1)
	}
	return names
}

// packages of a release: what people install.
func packages() []string { return packagesOf(programs()) }

func packagesOf(programs []string) []string {
	names := []string{"vault-secret.rb"}
	for _, program := range programs {
		name := strings.TrimSuffix(strings.Replace(program, "_", "_v1.2.3_", 1), ".exe")
		switch {
		case strings.Contains(name, "_windows_"):
			names = append(names, name+".zip")
		case strings.Contains(name, "_linux_"):
			names = append(names, name+".deb", name+".rpm", name+".tar.gz")
		default:
			names = append(names, name+".tar.gz")
		}
	}
	return names
}

const sourceArchive = "vault-secret_v1.2.3_source.tar.gz"

// attached are the files of a release, without the sums of them.
func attached() []string {
	names := slices.Concat([]string{"sbom.cdx.json", sourceArchive}, packages(), programs(), emulators())
	slices.Sort(names)
	return names
}

// targets is what makes a script build those programs.
func targets() string {
	if testing.Short() {
		return "TARGETS=linux/amd64 darwin/arm64"
	}
	return "TARGETS="
}

var makeRelease = sync.OnceValues(func() (repository, error) {
	r := repository{filepath.Join(filepath.Dir(origin), "released")}
	if _, err := start(".", nil, "git", "clone", "--quiet", origin, r.dir); err != nil {
		return r, err
	}
	_, err := start(r.dir, []string{"VERSION=v1.2.3", targets()}, "bash", "scripts/release-bundle.sh")
	return r, err
})

// release is a clone of origin in which v1.2.3 was made: its tags, and in release/
// what other jobs need. To build it takes long; the tests share it and leave it as
// it is.
func release(t *testing.T) repository {
	t.Helper()
	r, err := makeRelease()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDist(t *testing.T) {
	t.Parallel()
	r := release(t)
	checkSums(t, r)
	checkPrograms(t, r)
	checkSBOM(t, r)
	checkSaysVersion(t, r)
}

// checkSums checks the sums, in the form that sha256sum -c and shasum -c read.
func checkSums(t *testing.T, r repository) {
	t.Helper()
	var sums string
	for _, name := range attached() {
		sums += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(r.read(t, "release/dist/"+name))), name)
	}
	if diff := cmp.Diff(sums, r.read(t, "release/dist/SHA256SUMS")); diff != "" {
		t.Errorf("SHA256SUMS:\n%s", diff)
	}
}

// checkPrograms checks the size of the program that most jobs run, and what macOS wants.
func checkPrograms(t *testing.T, r repository) {
	t.Helper()
	for _, name := range programs() {
		program := r.read(t, "release/dist/"+name)
		t.Logf("%s has %d bytes", name, len(program))
		if name == "vault-secret_linux_amd64" && len(program) > maxProgram {
			t.Errorf("%s has %d bytes, more than %d", name, len(program), maxProgram)
		}
		if strings.Contains(name, "darwin") {
			checkUUID(t, program)
		}
	}
}

// checkSBOM checks that the one SBOM is true of every program, and of nothing
// that differs from one day to the next.
func checkSBOM(t *testing.T, r repository) {
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
	if err := json.Unmarshal([]byte(r.read(t, "release/dist/sbom.cdx.json")), &sbom); err != nil {
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
	for _, name := range programs() {
		if diff := cmp.Diff(modules(t, filepath.Join(r.dir, "release", "dist", name)), listed); diff != "" {
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
	program := filepath.Join(r.dir, "release", "dist", "vault-secret_"+runtime.GOOS+"_"+runtime.GOARCH)
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

func TestVersionsRefused(t *testing.T) {
	t.Parallel()
	r := clone(t, origin)
	r.write(t, "dist/before", "", 0o600)
	const why = "it has to be like v1.2.3"
	for _, version := range []string{
		"1.2.3", "v1", "v1.2", "v01.2.3", "v1.2.3-rc1", "v1.2.3\n", "../v1.2.3", "v1.2.3 -X main.commit=forged", "latest",
	} {
		for _, script := range []string{
			"dist.sh", "release-tree.sh", "release-take.sh", "release-draft.sh", "release-push.sh", "release-publish.sh",
			"release-move.sh", "image-push.sh",
		} {
			r.refuses(t, why, script, "VERSION="+version)
		}
	}
	r.refuses(t, why, "release-tree.sh", "VERSION=")
	r.read(t, "dist/before") // nothing was begun
}
