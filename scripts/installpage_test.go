package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var fileOfRelease = regexp.MustCompile(`vault-secret_[a-z][a-z0-9_.]*[a-z0-9]|vault-secret\.rb|SHA256SUMS`)

// The files that the pages name are those that a release has, or the folders in them.
func TestFilesOfPages(t *testing.T) {
	t.Parallel()
	there := slices.Concat([]string{"SHA256SUMS", sourceArchive, strings.TrimSuffix(sourceArchive, ".gz")}, allPrograms, packagesOf(allPrograms))
	for _, page := range []string{"docs/install.md", "docs/releasing.md"} {
		found := fileOfRelease.FindAllString(here.read(t, page), -1)
		for _, name := range found {
			if !slices.ContainsFunc(there, func(file string) bool {
				return file == name || strings.TrimSuffix(strings.TrimSuffix(file, ".zip"), ".tar.gz") == name
			}) {
				t.Errorf("%s: a release has no %s", page, name)
			}
		}
		if len(found) < 10 {
			t.Errorf("%s names %q", page, found)
		}
	}
}

// fakeInstaller is a curl and a gh that have the files of a release in $FILES, and a sudo
// that installs below $HOME and not on this machine.
const fakeInstaller = `#!/usr/bin/env bash
echo "${0##*/} $*" >>"$FAKES/calls"
case ${0##*/} in
curl) cp "$FILES/${2##*/}" . ;;
gh) [ "$1" != release ] || cp "$FILES"/{SHA256SUMS,vault-secret_v1.2.3_linux_amd64.deb} . ;;
sudo) "${@//\/usr\/local/$HOME\/local}" ;;
esac
`

// What the page says of an archive, and of checking a file, does what it says.
func TestInstallPage(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the commands of the page are for linux/amd64")
	}
	r, f, home := release(t), newFakes(t), repository{t.TempDir()}
	for _, name := range []string{"curl", "gh", "sudo"} {
		f.write(t, name, fakeInstaller, 0o755)
	}
	env := append(f.env("FILES="+filepath.Join(r.dir, "release", "dist"), "HOME="+home.dir),
		"PATH="+f.dir+":"+filepath.Join(home.dir, "local", "bin")+":"+os.Getenv("PATH"))
	recipe := "set -euo pipefail\n" + blocks(t, "An archive") + "cd ..\n" + blocks(t, "Check what you fetched")

	if _, err := start(t.TempDir(), env, "bash", "-c", recipe); err != nil {
		t.Fatal(err)
	}
	if got, err := start(".", nil, filepath.Join(home.dir, "local/bin/vault-secret"), "version"); got != r.says(t) || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{
		"local/share/man/man1/vault-secret.1", ".local/share/bash-completion/completions/vault-secret",
		".zfunc/_vault-secret", ".config/fish/completions/vault-secret.fish",
	} {
		if home.read(t, name) == "" {
			t.Errorf("%s is empty", name)
		}
	}
}

// blocks are the commands for a shell below a heading of docs/install.md.
func blocks(t *testing.T, heading string) string {
	t.Helper()
	_, page, _ := strings.Cut(here.read(t, "docs/install.md"), "\n## "+heading+"\n")
	page, _, _ = strings.Cut(page, "\n## ")
	var commands string
	for _, block := range strings.Split(page, "\n```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "\n```\n")
		commands += block + "\n"
	}
	if commands == "" {
		t.Fatalf("there are no commands below %s", heading)
	}
	return commands
}
