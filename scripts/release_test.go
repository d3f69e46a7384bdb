package scripts

import (
	"os"
	"path/filepath"
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

// remote is a bare repository whose main says something of 1.2.3, and a clone.
func remote(t *testing.T) (bare, work repository) {
	t.Helper()
	work = clone(t, origin)
	work.write(t, "CHANGELOG.md", changelog, 0o600)
	work.git(t, "commit", "--quiet", "--all", "--message=release notes")
	bare = clone(t, work.dir, "--bare")
	work.git(t, "remote", "set-url", "origin", bare.dir)
	return bare, work
}

func TestReleaseNotes(t *testing.T) {
	t.Parallel()
	_, r := remote(t)
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
	_, r := remote(t)
	output := filepath.Join(r.dir, "../output")
	for _, requested := range []string{"v1.2.3", "v1.2.3-candidate"} {
		r.script(t, "release-plan.sh", "REQUESTED="+requested, "GITHUB_OUTPUT="+output)
	}
	if got := r.read(t, "../output"); got != "version=v1.2.3\nversion=v1.2.3\n" {
		t.Errorf("output %q", got)
	}

	r.refuses(t, "it has to be like v1.2.3", "release-plan.sh", "REQUESTED=main")
	r.refuses(t, "says nothing of 1.3.0", "release-plan.sh", "REQUESTED=v1.3.0")
	r.git(t, "push", "--quiet", "origin", "HEAD:refs/tags/v1.2.3")
	r.refuses(t, "there is a tag v1.2.3 already", "release-plan.sh", "REQUESTED=v1.2.3")
	r.git(t, "commit", "--quiet", "--allow-empty", "--message=not reviewed")
	r.refuses(t, "HEAD is not on main", "release-plan.sh", "REQUESTED=v1.2.30")
}

// The jobs of the workflow one after the other, each in a clone of its own.
func TestRelease(t *testing.T) {
	t.Parallel()
	bare, builder := remote(t)
	main := bare.git(t, "rev-parse", "main")
	builder.script(t, "release-bundle.sh", "VERSION=v1.2.3", oneTarget)
	checkRelease(t, builder, "refs/tags/v1.2.3")
	builder.refuses(t, "there is a tag v1.2.3 already", "release-tree.sh", "VERSION=v1.2.3", "TAG=1", oneTarget)
	checkRefusesToPush(t, bare, builder)

	publisher := handOver(t, bare, builder)
	publisher.script(t, "release-push.sh", "VERSION=v1.2.3")
	publisher.script(t, "release-push.sh", "VERSION=v1.2.3") // as when a job is run again

	if diff := cmp.Diff(main+" refs/heads/main\n"+builder.git(t, "show-ref", "--tags"), bare.git(t, "show-ref")); diff != "" {
		t.Errorf("refs of the remote repository:\n%s", diff)
	}
	checkPublishes(t, publisher)
	checkMoves(t, bare)
}

// handOver is a clone for the job after the one that builds, with its files.
func handOver(t *testing.T, bare, builder repository) repository {
	t.Helper()
	r := clone(t, bare.dir)
	if err := os.CopyFS(filepath.Join(r.dir, "release"), os.DirFS(filepath.Join(builder.dir, "release"))); err != nil {
		t.Fatal(err)
	}
	return r
}

func checkRefusesToPush(t *testing.T, bare, builder repository) {
	t.Helper()
	r := handOver(t, bare, builder)
	r.git(t, "commit", "--quiet", "--allow-empty", "--message=later")
	r.refuses(t, "of another commit", "release-push.sh", "VERSION=v1.2.3")

	bare.git(t, "tag", "v1.2.3", "main")
	handOver(t, bare, builder).refuses(t, "would clobber existing tag", "release-push.sh", "VERSION=v1.2.3")
	bare.git(t, "tag", "--delete", "v1.2.3")
}

const image = "ghcr.io/nairi-community/vault-secret@sha256:0000"

func checkPublishes(t *testing.T, r repository) {
	t.Helper()
	f := newFakes(t)
	publish := f.env("VERSION=v1.2.3", "GH_REPO=nairi-community/vault-secret", "IMAGE="+image)
	const view = "gh release view v1.2.3 --json isDraft --jq .isDraft"
	const check = "gh api repos/nairi-community/vault-secret/releases/tags/v1.2.3 --jq .immutable"

	r.script(t, "release-publish.sh", append(publish, "DRAFT=", "IMMUTABLE=true")...)
	f.called(t, view,
		"gh release create v1.2.3 --draft --verify-tag --title v1.2.3 --notes-file TEMP"+
			" release/dist/SHA256SUMS release/dist/sbom.cdx.json release/dist/vault-secret_linux_amd64",
		"gh release edit v1.2.3 --draft=false", check)
	if want := "### Added\n\n- A first thing.\n\nThe image is `" + image + "`.\n"; f.read(t, "notes") != want {
		t.Errorf("notes %q, want %q", f.read(t, "notes"), want)
	}

	r.script(t, "release-publish.sh", append(publish, "DRAFT=false", "IMMUTABLE=true")...) // as when a job is run again
	f.called(t, view, check)

	r.refuses(t, "the release can be changed", "release-publish.sh", append(publish, "DRAFT=true", "IMMUTABLE=false")...)
	if calls := f.calls(t); len(calls) < 2 || calls[1] != "gh release delete v1.2.3 --yes" {
		t.Errorf("a draft that was left behind: %q", calls)
	}
}

// checkMoves moves v1 forward, and not back for a release of an older line.
func checkMoves(t *testing.T, bare repository) {
	t.Helper()
	released := bare.git(t, "rev-parse", "v1.2.3")
	for _, tag := range []string{"v1", "v1.1.9", "v2.0.0", "v1.3.0-candidate"} {
		bare.git(t, "tag", tag, "main")
	}
	f, r := newFakes(t), clone(t, bare.dir)

	r.script(t, "release-move.sh", f.env("VERSION=v1.2.3", "IMAGE="+image)...)
	const create = "docker buildx imagetools create --tag ghcr.io/nairi-community/vault-secret:"
	f.called(t, create+"v1.2.3 "+image, create+"v1 "+image)
	r.script(t, "release-move.sh", f.env("VERSION=v1.1.9", "IMAGE="+image)...)
	f.called(t, create+"v1.1.9 "+image)

	if got := bare.git(t, "rev-parse", "v1"); got != released {
		t.Errorf("v1 is at %s, v1.2.3 at %s", got, released)
	}
}

func TestImagePush(t *testing.T) {
	t.Parallel()
	_, r := remote(t)
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
