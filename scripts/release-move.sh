#!/usr/bin/env bash
# Moves the tags of the major version, as v1 and v1-full, to a release, and v1 of the
# image, unless there is a newer release of that major version. It is the last step of
# a release: who follows v1 gets only what is published and complete.
#
#   VERSION     as in v1.2.3, whose tags are pushed
#   IMAGE       the image by its digest
#   DEPLOY_KEY  as for push.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
. scripts/push.sh
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
push --force origin "refs/tags/$VERSION:refs/tags/$major" "refs/tags/$VERSION-full:refs/tags/$major-full"
