#!/usr/bin/env bash
# Moves the tag of the major version, as v1, to a release, in git and of the
# image, unless there is a newer release of that major version. It is the last
# step of a release: who follows v1 gets only what is published and complete.
#
#   VERSION  as in v1.2.3, whose tag is pushed
#   IMAGE    the image by its digest
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

major=${VERSION%%.*}
git fetch --quiet --force origin 'refs/tags/*:refs/tags/*'
docker buildx imagetools create --tag "${IMAGE%@*}:$VERSION" "$IMAGE"
newest=$(git tag --list "$major.*" --sort=version:refname | grep -E '^v[0-9]+\.[0-9]+\.[0-9]+$' | tail -n 1)
if [ "$newest" != "$VERSION" ]; then
	echo "$major stays at $newest, which is newer"
	exit
fi
docker buildx imagetools create --tag "${IMAGE%@*}:$major" "$IMAGE"
git push --quiet --force origin "refs/tags/$VERSION:refs/tags/$major"
