#!/usr/bin/env bash
# Publishes the draft of a release whose tags are pushed, and fetches each of its
# files as anybody can: v1 moves only to a release that is complete.
#
#   VERSION            as in v1.2.3
#   GH_REPO            the repository, as in owner/name; GH_TOKEN lets gh in
#   GITHUB_SERVER_URL  where it is
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

if [ "$(gh release view "$VERSION" --json isDraft --jq .isDraft)" = true ]; then
	# To name the tag makes gh look for it: GitHub would make one that is not there.
	gh release edit "$VERSION" --tag "$VERSION" --verify-tag --draft=false
fi
if [ "$(gh api "repos/$GH_REPO/releases/tags/$VERSION" --jq .immutable)" != true ]; then
	echo "the release can be changed: turn on immutable releases in the settings of the repository" >&2
	exit 1
fi

# fetch prints a file of the release.
fetch() {
	curl --fail --silent --show-error --location --retry 5 --retry-all-errors \
		"$GITHUB_SERVER_URL/$GH_REPO/releases/download/$VERSION/$1"
}
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
fetch SHA256SUMS >"$files/SHA256SUMS"
cmp release/dist/SHA256SUMS "$files/SHA256SUMS"
while read -r _ name; do
	fetch "$name" >"$files/$name"
done <release/dist/SHA256SUMS
cd "$files"
sha256sum --check --quiet SHA256SUMS
