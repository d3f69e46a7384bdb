package scripts

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// homes are the folders of what an archive holds, in a package of Linux.
var homes = map[string]string{
	"usr/bin/vault-secret":                                  "vault-secret",
	"usr/share/doc/vault-secret/copyright":                  "LICENSE",
	"usr/share/man/man1/vault-secret.1.gz":                  "vault-secret.1",
	"usr/share/bash-completion/completions/vault-secret":    "completions/vault-secret.bash",
	"usr/share/zsh/vendor-completions/_vault-secret":        "completions/_vault-secret", // of Debian
	"usr/share/zsh/site-functions/_vault-secret":            "completions/_vault-secret",
	"usr/share/fish/vendor_completions.d/vault-secret.fish": "completions/vault-secret.fish",
}

// Each package holds the program of the release and what belongs to it, and nothing of
// the machine that made it.
func TestPackages(t *testing.T) {
	t.Parallel()
	r := release(t)
	said := r.sayings(t)
	for _, name := range packages()[1:] {
		files := unpack(t, name, r.read(t, "release/dist/"+name))
		checkOrigins(t, r, name, files)
		got := map[string]string{}
		for file, is := range files {
			got[r.home(t, name, file)] = text(t, file, is)
		}
		want := r.inside(t, name)
		maps.Copy(want, said)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, - wanted:\n%.3000s", name, diff)
		}
	}
}

// checkOrigins checks that everything was changed by the commit, and belongs to root.
func checkOrigins(t *testing.T, r repository, name string, files map[string]packed) {
	t.Helper()
	for file, is := range files {
		if !is.changed.Equal(r.changed(t)) || is.owner != "" && is.owner != "root" {
			t.Errorf("%s: %s was changed at %v, and belongs to %q", name, file, is.changed, is.owner)
		}
	}
}

// home is what a file of a package is called in an archive.
func (r repository) home(t *testing.T, name, file string) string {
	t.Helper()
	switch path.Ext(name) {
	case ".deb", ".rpm":
		if strings.Contains(file, "vendor-completions") != (path.Ext(name) == ".deb") && strings.Contains(file, "/zsh/") {
			t.Errorf("%s: %s is not where zsh looks", name, file)
		}
		return homes[file]
	}
	folder := strings.TrimSuffix(strings.TrimSuffix(name, ".zip"), ".tar.gz") + "/"
	if !strings.HasPrefix(file, folder) {
		t.Errorf("%s: %s is not in the one folder", name, file)
	}
	return strings.TrimSuffix(strings.TrimPrefix(file, folder), ".exe")
}

// text is a file with its mode in front; of a program it is the sum.
func text(t *testing.T, name string, file packed) string {
	t.Helper()
	data := file.data
	switch {
	case strings.HasSuffix(name, ".gz"):
		data = gunzip(t, data)
	case len(data) > 1_000_000:
		data = fmt.Sprintf("%x", sha256.Sum256([]byte(data)))
	}
	return file.mode.String() + "\n" + data
}

// inside is what a package has to hold beside the sayings, by the names in an archive.
func (r repository) inside(t *testing.T, name string) map[string]string {
	t.Helper()
	platform, _, _ := strings.Cut(strings.TrimPrefix(name, "vault-secret_v1.2.3_"), ".")
	program := "vault-secret_" + platform
	want := map[string]string{"LICENSE": readable + here.read(t, "LICENSE")}
	switch path.Ext(name) {
	case ".zip":
		program += ".exe"
		fallthrough
	case ".gz":
		want["README.md"] = readable + here.read(t, "README.md")
	}
	want["vault-secret"] = "-rwxr-xr-x\n" + fmt.Sprintf("%x", sha256.Sum256([]byte(r.read(t, "release/dist/"+program))))
	return want
}

// readable is the mode of a file that is no program.
const readable = "-rw-r--r--\n"

// sayings are what the program for this machine and the sources say of it.
func (r repository) sayings(t *testing.T) map[string]string {
	t.Helper()
	program := filepath.Join(r.dir, "release", "dist", r.programHere(t))
	files := map[string]string{}
	for file, command := range map[string][]string{
		"vault-secret.1":                {"go", "run", "./cmd/manual", "-version", "v1.2.3", "-date", r.changed(t).Format(time.DateOnly)},
		"completions/vault-secret.bash": {program, "completion", "bash"},
		"completions/_vault-secret":     {program, "completion", "zsh"},
		"completions/vault-secret.fish": {program, "completion", "fish"},
	} {
		out, err := start(r.dir, nil, command[0], command[1:]...)
		if err != nil {
			t.Fatal(err)
		}
		files[file] = readable + out + "\n"
	}
	return files
}

// programHere is the program for this machine, if there is one.
func (r repository) programHere(t *testing.T) string {
	t.Helper()
	for _, name := range programs() {
		if strings.TrimSuffix(name, ".exe") == "vault-secret_"+runtime.GOOS+"_"+runtime.GOARCH {
			return name
		}
	}
	t.Skipf("no program for %s/%s to ask", runtime.GOOS, runtime.GOARCH)
	return ""
}

// changed is when the commit was made.
func (r repository) changed(t *testing.T) time.Time {
	t.Helper()
	seconds, err := strconv.ParseInt(r.git(t, "show", "--no-patch", "--format=%ct", "HEAD"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(seconds, 0).UTC()
}

// fakeGo is a go whose nfpm ends each .deb with a failure.
const fakeGo = `#!/usr/bin/env bash
case "$*" in
*" -n nfpm") "$GO" "$@" >"$FAKES/real" && echo "$FAKES/nfpm" ;;
*) exec "$GO" "$@" ;;
esac
`

const fakeNfpm = `#!/usr/bin/env bash
"$(<"$FAKES/real")" "$@" || exit
case "$*" in *"--packager deb"*) echo "no .deb today" >&2 && exit 1 ;; esac
`

const failingSums = "#!/bin/sh\necho no sum today >&2 && exit 1\n"

// A package or a sum that cannot be made ends the build: a release lacks none without a word.
func TestPackagesFail(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	release(t) // has built what this needs
	r, f := clone(t, origin), newFakes(t)
	f.write(t, "go", fakeGo, 0o755)
	f.write(t, "nfpm", fakeNfpm, 0o755)
	r.refuses(t, "no .deb today", "dist.sh", f.env("GO="+tool, "VERSION=v1.2.3", "TARGETS=linux/amd64 darwin/arm64")...)
	f.write(t, "sha256sum", failingSums, 0o755)
	r.refuses(t, "no sum today", "dist.sh", f.env("GO="+tool, "TARGETS=linux/amd64")...)
	if _, err := os.Stat(filepath.Join(r.dir, "dist", "SHA256SUMS")); err == nil {
		t.Error("there are sums")
	}
}
