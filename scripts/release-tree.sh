#!/usr/bin/env bash
# Makes the commit of a release and prints its ID: HEAD, dist/ built from it, and
# the release in place of v1 in the workflow that others call.
# The commit depends on HEAD, the version and the version of Go alone. It is on no
# branch, and the working tree stays as it is.
#
#   VERSION  as in v1.2.3
#   TAG      1 to tag the commit with the version
#   TARGETS  as for dist.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh

version=${VERSION:-}
require_version "$version"
if [ -n "$(git status --porcelain)" ]; then
	echo "the working tree has changes that are not in HEAD: a release is built from a commit" >&2
	exit 1
fi
if [ "${TAG:-}" = 1 ] && git show-ref --quiet --verify "refs/tags/$version"; then
	echo "there is a tag $version already" >&2
	exit 1
fi

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
# Whoever pins the workflow that others call pins the action in it too.
called=.github/workflows/vault-sync.yml
git show "HEAD:$called" | sed "s|\(nairi-community/vault-secret\)@v1\$|\1@$version|" >"$tree/$called"
git -C "$tree" add --force dist "$called"
git -C "$tree" add --force --chmod=+x dist/vault-secret_*

GIT_AUTHOR_NAME='github-actions[bot]'
GIT_AUTHOR_EMAIL=41898282+github-actions[bot]@users.noreply.github.com
GIT_AUTHOR_DATE="@$(git show --no-patch --format=%ct HEAD) +0000"
GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE
commit=$(printf 'vault-secret %s\n\nBuilt from %s.\n' "$version" "$(git rev-parse HEAD)" |
	git -c i18n.commitEncoding=UTF-8 commit-tree -p HEAD "$(git -C "$tree" write-tree)")
if [ "${TAG:-}" = 1 ]; then
	git update-ref "refs/tags/$version" "$commit" ''
fi
echo "$commit"
