#!/usr/bin/env bash
# Makes the two commits of a release, side by side on top of HEAD, and prints them
# as git show-ref prints their tags. Each is HEAD, dist/ built from it, and itself in
# place of v1 in the workflows that others call. v1.2.3 holds the programs for Linux,
# so that a job downloads no others: launch.sh fetches those from the release, and
# takes only what has its sum in the commit. v1.2.3-full holds all of them. A job that
# uses v1.2.3 builds none and reads nothing, so its archive leaves out the sources and the
# README; the commit has them.
# What people install is in neither, but its sums are, so that two builds of it are
# compared as well. The commits depend on HEAD, the version and the version of Go alone.
# They are on no branch, and the working tree stays as it is.
#
#   VERSION  as in v1.2.3
#   FILES    a folder that is not there yet, for the files to attach; nowhere if left out
#   TAG      1 to make the tags
#   TARGETS  as for dist.sh; one for Linux has to be among them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh

version=${VERSION:-}
require_version "$version"
if [ -n "$(git status --porcelain)" ]; then
	echo "the working tree has changes that are not in HEAD: a release is built from a commit" >&2
	exit 1
fi
for tag in "$version" "$version-full"; do
	if [ "${TAG:-}" = 1 ] && git show-ref --quiet --verify "refs/tags/$tag"; then
		echo "there is a tag $tag already" >&2
		exit 1
	fi
done

scratch=$(mktemp -d)
tree=$scratch/tree
cleanup() {
	git worktree remove --force "$tree" 2>/dev/null || true
	rm -rf "$scratch"
}
trap cleanup EXIT
# No hook of whoever runs this has a say in what is released.
git -c core.hooksPath=/dev/null worktree add --quiet --detach "$tree" HEAD >&2

COMMIT=$(git rev-parse HEAD) bash "$tree/scripts/dist.sh" >&2
echo "$version" >"$tree/dist/VERSION" # where launch.sh looks for what is not in the tree

GIT_AUTHOR_NAME='github-actions[bot]'
GIT_AUTHOR_EMAIL=41898282+github-actions[bot]@users.noreply.github.com
GIT_AUTHOR_DATE="@$(git show --no-patch --format=%ct HEAD) +0000"
GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE

# unused are the attributes of what a job needs only to build the program itself, and of
# what people read. git archive takes them from the commit that it packs.
unused() {
	printf '%s export-ignore\n' '*.go' /go.mod /go.sum /internal /Dockerfile /.dockerignore /Makefile /README.md /SECURITY.md
}

# stage stages what the commit of tag $1 changes, with the programs that match $2.
stage() {
	# Whoever pins a workflow that others call pins the action in it too.
	local called
	for called in .github/workflows/vault-{check,sync}.yml; do
		git show "HEAD:$called" | sed "s|\(nairi-community/vault-secret\)@v1\$|\1@$1|" >"$tree/$called"
		git -C "$tree" add --force "$called"
	done
	git show HEAD:.gitattributes >"$tree/.gitattributes"
	[ "$1" != "$version" ] || unused >>"$tree/.gitattributes"
	git -C "$tree" add --force .gitattributes dist/SHA256SUMS dist/sbom.cdx.json dist/VERSION
	git -C "$tree" add --force --chmod=+x "dist/$2" ":!dist/vault-secret_$version*"
}

# commit prints the ID of the commit of tag $1, which holds what is staged.
commit() {
	printf 'vault-secret %s\n\nBuilt from %s.\n' "$1" "$(git rev-parse HEAD)" |
		git -c i18n.commitEncoding=UTF-8 commit-tree -p HEAD "$(git -C "$tree" write-tree)"
}

stage "$version" 'vault-secret_linux_*'
small=$(commit "$version")
stage "$version-full" 'vault-secret_*'
full=$(commit "$version-full")
if [ -n "${FILES:-}" ]; then
	rm "$tree/dist/VERSION"
	mv "$tree/dist" "$FILES"
fi
if [ "${TAG:-}" = 1 ]; then
	printf 'create refs/tags/%s %s\n' "$version" "$small" "$version-full" "$full" | git update-ref --stdin
fi
printf '%s refs/tags/%s\n' "$small" "$version" "$full" "$version-full"
