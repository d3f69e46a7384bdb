package scripts

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const changelog = `# Changelog

## Unreleased

- Later.

## 1.2.3 - 2026-11-30

### Added

- A first thing.

## [1.2.30]

- Another.

## 1.1.0

`

func TestReleaseNotes(t *testing.T) {
	t.Parallel()
	r := clone(t, origin)
	for version, want := range map[string]string{
		"v1.2.3": "### Added\n\n- A first thing.", "v1.2.30": "- Another.", "v1.1.0": "", "v1.2.4": "", "v1.2": "",
	} {
		got, err := start(r.dir, nil, "bash", "scripts/release-notes.sh", version)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", version, got, err)
		}
	}
}

func TestReleasePlan(t *testing.T) {
	t.Parallel()
	bare := clone(t, origin, "--bare")
	r := clone(t, bare.dir)
	output := filepath.Join(r.dir, "../output")
	for _, requested := range []string{"v1.2.3", "v1.2.3-candidate"} {
		r.script(t, "release-plan.sh", "REQUESTED="+requested, "GITHUB_OUTPUT="+output)
	}
	if got := r.read(t, "../output"); got != "version=v1.2.3\nversion=v1.2.3\n" {
		t.Errorf("output %q", got)
	}

	r.refuses(t, "it has to be like v1.2.3", "release-plan.sh", "REQUESTED=main")
	r.refuses(t, "it has to be like v1.2.3", "release-plan.sh", "REQUESTED=v1.2.3-full")
	r.refuses(t, "says nothing of 1.3.0", "release-plan.sh", "REQUESTED=v1.3.0")
	for _, tag := range []string{"v1.2.3", "v1.2.30-full"} {
		version := strings.TrimSuffix(tag, "-full")
		r.git(t, "push", "--quiet", "origin", "HEAD:refs/tags/"+tag)
		r.refuses(t, "there is a tag "+tag+" already", "release-plan.sh", "REQUESTED="+version)
	}
	r.git(t, "commit", "--quiet", "--allow-empty", "--message=not reviewed")
	r.refuses(t, "HEAD is not on main", "release-plan.sh", "REQUESTED=v1.2.30")
}

const image = "ghcr.io/nairi-community/vault-secret@sha256:0000"

// The steps of the workflow after those that build, one after the other, each as if
// its job were run twice.
func TestRelease(t *testing.T) {
	t.Parallel()
	built := release(t)
	bare := clone(t, origin, "--bare")
	r := handOver(t, bare)

	r.script(t, "release-take.sh", "VERSION=v1.2.3")
	r.script(t, "release-take.sh", "VERSION=v1.2.3")
	checkDrafts(t, r)
	r.script(t, "release-push.sh", "VERSION=v1.2.3")
	r.script(t, "release-push.sh", "VERSION=v1.2.3")

	main := built.git(t, "rev-parse", "HEAD")
	if diff := cmp.Diff(main+" refs/heads/main\n"+built.git(t, "show-ref", "--tags"), bare.git(t, "show-ref")); diff != "" {
		t.Errorf("refs of the remote repository:\n%s", diff)
	}
	checkPublishes(t, r)
	checkMoves(t, bare)
}

// handOver is a clone for a job after the one that builds, with its files. They are
// those of all tests: one that is changed has to be replaced.
func handOver(t *testing.T, bare repository, options ...string) repository {
	t.Helper()
	from, r := release(t), clone(t, bare.dir, options...)
	names, err := filepath.Glob(filepath.Join(from.dir, "release", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(r.dir, "release", "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, filepath.Join(from.dir, "release", "release.bundle")) {
		if err := os.Link(name, filepath.Join(r.dir, strings.TrimPrefix(name, from.dir))); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r repository) replace(t *testing.T, name, text string) {
	t.Helper()
	if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
		t.Fatal(err)
	}
	r.write(t, name, text, 0o600)
}

// What is not the release of this commit is not taken.
func TestReleaseTakeRefuses(t *testing.T) {
	t.Parallel()
	bare := clone(t, origin, "--bare")
	for why, spoil := range map[string]func(r repository){
		"of another commit":          func(r repository) { r.git(t, "commit", "--quiet", "--allow-empty", "--message=later") },
		"would clobber existing tag": func(r repository) { r.git(t, "tag", "v1.2.3-full", "HEAD") },
		"SHA256SUMS is not that of":  func(r repository) { r.replace(t, "release/dist/SHA256SUMS", "") },
		"did NOT match":              func(r repository) { r.replace(t, "release/dist/"+forDarwin, "another program") },
	} {
		r := handOver(t, bare)
		spoil(r)
		r.refuses(t, why, "release-take.sh", "VERSION=v1.2.3")
	}
}

// checkDrafts checks the draft. It has each file that has a sum, and no other.
func checkDrafts(t *testing.T, r repository) {
	t.Helper()
	f := newFakes(t)
	draft := f.env("VERSION=v1.2.3", "GH_REPO=nairi-community/vault-secret", "IMAGE="+image)
	create := "gh release create v1.2.3 --draft --target main --title v1.2.3 --notes-file TEMP" +
		" release/dist/SHA256SUMS"
	for _, name := range attached() {
		create += " release/dist/" + name
	}
	r.write(t, "release/dist/added", "", 0o600)

	r.script(t, "release-draft.sh", append(draft, "DRAFT=")...)
	f.called(t, view, create)
	r.script(t, "release-draft.sh", append(draft, "DRAFT=true")...)
	f.called(t, view, "gh release delete v1.2.3 --yes", create)
	r.script(t, "release-draft.sh", append(draft, "DRAFT=false")...)
	f.called(t, view)

	const action = "nairi-community/vault-secret@"
	want := "### Added\n\n- A first thing.\n\nTo pin this release:\n\n| what | name |\n| --- | --- |\n" +
		"| the action | `" + action + r.git(t, "rev-parse", "v1.2.3") + " # v1.2.3` |\n" +
		"| the action with the programs for macOS and Windows in it | `" + action + r.git(t, "rev-parse", "v1.2.3-full") + " # v1.2.3-full` |\n" +
		"| the image | `" + image + "` |\n"
	if diff := cmp.Diff(want, f.read(t, "notes")); diff != "" {
		t.Errorf("notes, - wanted:\n%s", diff)
	}
}

const view = "gh release view v1.2.3 --json isDraft --jq .isDraft"

func checkPublishes(t *testing.T, r repository) {
	t.Helper()
	f := newFakes(t)
	publish := f.env("VERSION=v1.2.3", "GH_REPO=nairi-community/vault-secret", "GITHUB_SERVER_URL="+downloads(t, r))
	const edit = "gh release edit v1.2.3 --tag v1.2.3 --verify-tag --draft=false"
	const check = "gh api repos/nairi-community/vault-secret/releases/tags/v1.2.3 --jq .immutable"

	r.script(t, "release-publish.sh", append(publish, "DRAFT=true", "IMMUTABLE=true")...)
	f.called(t, view, edit, check)
	r.script(t, "release-publish.sh", append(publish, "DRAFT=false", "IMMUTABLE=true")...)
	f.called(t, view, check)

	r.refuses(t, "the release can be changed", "release-publish.sh", append(publish, "DRAFT=true", "IMMUTABLE=false")...)
	spoilt := handOver(t, r)
	spoilt.replace(t, "release/dist/"+forDarwin, "half of a program")
	for _, server := range []string{downloads(t, spoilt), "http://127.0.0.1:1"} {
		if _, err := start(r.dir, append(publish, "DRAFT=true", "IMMUTABLE=true", "GITHUB_SERVER_URL="+server), "bash", "scripts/release-publish.sh"); err == nil {
			t.Errorf("a release that nobody can use passes")
		}
	}
}

// downloads serves the files that are attached to a release, as GitHub does.
func downloads(t *testing.T, r repository) (url string) {
	t.Helper()
	const path = "/nairi-community/vault-secret/releases/download/v1.2.3/"
	server := httptest.NewServer(http.StripPrefix(path, http.FileServer(http.Dir(filepath.Join(r.dir, "release", "dist")))))
	t.Cleanup(server.Close)
	return server.URL
}

// checkMoves moves v1 forward, and not back for a release of an older line.
func checkMoves(t *testing.T, bare repository) {
	t.Helper()
	for _, tag := range []string{"v1", "v1-full", "v1.1.9", "v1.1.9-full", "v2.0.0", "v1.3.0-candidate", "v1.10.0-full"} {
		bare.git(t, "tag", tag, "main")
	}
	f, r := newFakes(t), clone(t, bare.dir)

	r.script(t, "release-move.sh", f.env("VERSION=v1.2.3", "IMAGE="+image)...)
	const create = "docker buildx imagetools create --tag ghcr.io/nairi-community/vault-secret:"
	f.called(t, create+"v1.2.3 "+image, create+"v1 "+image)
	r.script(t, "release-move.sh", f.env("VERSION=v1.1.9", "IMAGE="+image)...)
	f.called(t, create+"v1.1.9 "+image)

	for tag, at := range map[string]string{"v1": "v1.2.3", "v1-full": "v1.2.3-full"} {
		if bare.git(t, "rev-parse", tag) != bare.git(t, "rev-parse", at) {
			t.Errorf("%s is not at %s", tag, at)
		}
	}
}

// fakeSSH is a github.com on this machine. It lets in who has the key, and knows it.
const fakeSSH = `#!/usr/bin/env bash
while [ $# -gt 2 ]; do
	case $1 in
	-i) [ "$(cat "$2")" = "a key" ] || exit 255 ;;
	UserKnownHostsFile=*) grep -q '^github.com ssh-ed25519 ' "${1#*=}" || exit 255 ;;
	esac
	echo "$1" >>"$FAKES/calls"
	shift
done
[ "$1" = git@github.com ] && [ -z "${DEPLOY_KEY:-}" ] && exec bash -c "$2"
`

// The key of the repository goes to ssh alone, and nothing of it stays.
func TestPushWithDeployKey(t *testing.T) {
	t.Parallel()
	bare := clone(t, origin, "--bare")
	r, f, temp := clone(t, bare.dir), newFakes(t), t.TempDir()
	f.write(t, "ssh", fakeSSH, 0o755)
	r.git(t, "remote", "set-url", "--push", "origin", "ssh://git@github.com"+filepath.ToSlash(bare.dir))
	for _, tag := range []string{"v1.2.3", "v1.2.3-full"} {
		r.git(t, "tag", tag)
	}

	r.script(t, "release-push.sh", f.env("VERSION=v1.2.3", "DEPLOY_KEY=a key", "TMPDIR="+temp)...)

	if diff := cmp.Diff(r.git(t, "show-ref", "--tags"), bare.git(t, "show-ref", "--tags")); diff != "" {
		t.Errorf("tags:\n%s", diff)
	}
	if calls := f.calls(t); !slices.Contains(calls, "StrictHostKeyChecking=yes") || !slices.Contains(calls, "-i") {
		t.Errorf("ssh %q", calls)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := start(r.dir, f.env("VERSION=v1.2.3", "DEPLOY_KEY=another key"), "bash", "scripts/release-push.sh"); err == nil {
		t.Error("another key is let in")
	}
}

// What ci does with a release on another system: the files are where launch.sh looks.
func TestTryRelease(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3")
	}
	r := handOver(t, clone(t, origin, "--bare"))
	want := r.read(t, "release/dist/"+forDarwin)

	said := r.script(t, "try-release.sh", "VERSION=v1.2.3", "TMPDIR="+t.TempDir())

	var url string
	var pid int
	if _, err := fmt.Sscanf(said, "VAULT_SECRET_DOWNLOAD_URL=%s\npid=%d", &url, &pid); err != nil {
		t.Fatalf("%v: %q", err, said)
	}
	server, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Kill() })
	if head, tag := r.git(t, "rev-parse", "HEAD"), r.git(t, "rev-parse", "v1.2.3"); head != tag {
		t.Errorf("%s is checked out, and not %s", head, tag)
	}
	got, err := start(r.dir, nil, "curl", "--fail", "--silent", url+"/v1.2.3/"+forDarwin)
	if err != nil || got != strings.TrimSpace(want) {
		t.Errorf("%v; %d bytes", err, len(got))
	}
}

func TestImagePush(t *testing.T) {
	t.Parallel()
	r := clone(t, origin)
	f := newFakes(t)
	digest := "sha256:" + strings.Repeat("0a", 32)
	push := f.env("VERSION=v1.2.3", "IMAGE=ghcr.io/nairi-community/vault-secret")

	if got := r.script(t, "image-push.sh", append(push, "DIGEST="+digest)...); got != "digest="+digest {
		t.Errorf("output %q", got)
	}
	f.called(t,
		"docker buildx create --name vault-secret-TEMP --driver docker-container",
		"docker buildx build --builder vault-secret-TEMP --platform linux/amd64,linux/arm64"+
			" --build-arg VERSION=v1.2.3 --build-arg COMMIT="+r.git(t, "rev-parse", "HEAD")+
			" --no-cache --provenance=false --sbom=false --metadata-file TEMP"+
			" --output type=image,name=ghcr.io/nairi-community/vault-secret,push=true,push-by-digest=true,rewrite-timestamp=true .",
		"docker buildx rm --force vault-secret-TEMP")
	r.refuses(t, "names no digest", "image-push.sh", append(push, "DIGEST=")...)
}
