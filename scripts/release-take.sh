#!/usr/bin/env bash
# Takes the tags of a release from release/release.bundle, and checks that they are
# of HEAD and that the files to attach are those whose sums the commits hold: once
# it is published, a release with another file fails every job that fetches it. A
# tag that is there already must be the same.
#
#   VERSION  as in v1.2.3
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

for tag in "$VERSION" "$VERSION-full"; do
	git fetch release/release.bundle "refs/tags/$tag:refs/tags/$tag"
	if [ "$(git rev-parse "$tag~")" != "$(git rev-parse HEAD)" ]; then
		echo "the bundle holds a release of another commit" >&2
		exit 1
	fi
	if ! git show "$tag:dist/SHA256SUMS" | cmp -s - release/dist/SHA256SUMS; then
		echo "release/dist/SHA256SUMS is not that of $tag" >&2
		exit 1
	fi
done
cd release/dist
sha256sum --check --quiet SHA256SUMS
