#!/usr/bin/env bash
# Pushes the tag of a release from release/release.bundle. A tag that is there
# already must be the same.
#
#   VERSION  as in v1.2.3
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

git fetch release/release.bundle "refs/tags/$VERSION:refs/tags/$VERSION"
if [ "$(git rev-parse "$VERSION~")" != "$(git rev-parse HEAD)" ]; then
	echo "the bundle holds a release of another commit" >&2
	exit 1
fi
git push --quiet origin "refs/tags/$VERSION"
