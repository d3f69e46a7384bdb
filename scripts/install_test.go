package scripts

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// says is what the program of the release prints of itself.
func (r repository) says(t *testing.T) string {
	t.Helper()
	return "vault-secret v1.2.3 (commit " + r.git(t, "rev-parse", "HEAD") + ")"
}

// packageFor is a package for this machine, if there is one.
func packageFor(t *testing.T, ext string) string {
	t.Helper()
	for _, name := range packages() {
		if strings.HasSuffix(name, runtime.GOOS+"_"+runtime.GOARCH+ext) {
			return name
		}
	}
	t.Skipf("no package *%s for %s/%s to install", ext, runtime.GOOS, runtime.GOARCH)
	return ""
}

// unpacked puts the files of a package into a folder.
func unpacked(t *testing.T, r repository, name string) repository {
	t.Helper()
	root := repository{t.TempDir()}
	for file, is := range unpack(t, name, r.read(t, "release/dist/"+name)) {
		root.write(t, file, is.data, is.mode)
	}
	return root
}

// What is in the archive for this machine runs, and can be read.
func TestArchiveRuns(t *testing.T) {
	t.Parallel()
	r := release(t)
	ext := ".tar.gz"
	if runtime.GOOS == "windows" {
		ext = ".zip"
	}
	name := packageFor(t, ext)
	root := unpacked(t, r, name)
	folder := filepath.Join(root.dir, strings.TrimSuffix(name, ext))
	if got, err := start(folder, nil, filepath.Join(folder, "vault-secret"), "version"); got != r.says(t) || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	// The name is completed once bash has read the file.
	got, err := start(folder, nil, "bash", "-c", "source completions/vault-secret.bash && complete -p vault-secret")
	if err != nil || !strings.HasPrefix(got, "complete ") {
		t.Errorf("%q, %v", got, err)
	}
}

// man shows the page of each package of Linux from where it is installed.
func TestManualIsRead(t *testing.T) {
	t.Parallel()
	man, err := exec.LookPath("man")
	if err != nil {
		t.Skip("no man to read the manual")
	}
	r := release(t)
	for _, ext := range []string{".deb", ".rpm"} {
		root := unpacked(t, r, packageFor(t, ext))
		got, err := start(root.dir, []string{"MANPATH=" + filepath.Join(root.dir, "usr/share/man"), "LC_ALL=C.UTF-8"}, man, "--warnings", "vault-secret")
		if err != nil || !strings.Contains(got, "SYNOPSIS") {
			t.Errorf("%s: %.200q, %v", ext, got, err)
		}
	}
}

// A .deb says for whom it is.
func TestDebFields(t *testing.T) {
	t.Parallel()
	r := release(t)
	for _, name := range packages() {
		if path.Ext(name) == ".deb" {
			_, arch, _ := strings.Cut(strings.TrimSuffix(name, ".deb"), "_linux_")
			said := fields(t, r.read(t, "release/dist/"+name))
			got := []string{said["Package"], said["Version"], said["Architecture"], said["Depends"]}
			if diff := cmp.Diff([]string{"vault-secret", "1.2.3", arch, ""}, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

// An .rpm says for whom it is, and nothing of the machine that made it.
func TestRPMHeader(t *testing.T) {
	t.Parallel()
	r := release(t)
	for _, name := range packages() {
		if path.Ext(name) == ".rpm" {
			arch := map[bool]string{true: "x86_64", false: "aarch64"}[strings.Contains(name, "_amd64")]
			said := unpackRPM(t, r.read(t, "release/dist/"+name)).texts
			got := []string{said[rpmName][0], said[rpmVersion][0], said[rpmArch][0], said[rpmBuildHost][0]}
			if diff := cmp.Diff([]string{"vault-secret", "1.2.3", arch, "localhost"}, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

// dpkg installs the package into a system of its own, where it runs, and removes all of it.
func TestDebIsInstalled(t *testing.T) {
	t.Parallel()
	dpkg, err := exec.LookPath("dpkg")
	if err != nil || os.Getuid() != 0 {
		t.Skip("no dpkg, or no right to install with it")
	}
	r, name := release(t), packageFor(t, ".deb")
	root := repository{t.TempDir()}
	for _, file := range []string{"status", "available", "info/format", "updates/.keep", "triggers/Lock"} {
		root.write(t, "var/lib/dpkg/"+file, map[string]string{"info/format": "1\n"}[file], 0o644)
	}
	if err := os.Remove(filepath.Join(root.dir, "var/lib/dpkg/updates/.keep")); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) {
		if _, err := start(".", nil, dpkg, append([]string{"--root=" + root.dir, "--log=" + os.DevNull}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	run("--install", filepath.Join(r.dir, "release", "dist", name))
	run("--verify", "vault-secret") // the sums of its files
	if got, err := start(root.dir, nil, filepath.Join(root.dir, "usr/bin/vault-secret"), "version"); got != r.says(t) || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	run("--purge", "vault-secret")
	if left, err := filepath.Glob(filepath.Join(root.dir, "usr", "*")); left != nil || err != nil {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// rpm installs the package into a system of its own, where it runs, and removes all of it.
func TestRPMIsInstalled(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("rpm")
	if err != nil || os.Getuid() != 0 {
		t.Skip("no rpm, or no right to install with it")
	}
	r, name := release(t), packageFor(t, ".rpm")
	root := repository{t.TempDir()}
	run := func(args ...string) {
		if _, err := start(".", nil, program, append([]string{"--root=" + root.dir, "--nosignature"}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	run("--install", "--nodeps", filepath.Join(r.dir, "release", "dist", name)) // nothing else is installed there
	run("--verify", "vault-secret")
	if got, err := start(root.dir, nil, filepath.Join(root.dir, "usr/bin/vault-secret"), "version"); got != r.says(t) || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	run("--erase", "vault-secret")
	if _, err := os.Stat(filepath.Join(root.dir, "usr/bin/vault-secret")); err == nil {
		t.Error("it is left behind")
	}
}
