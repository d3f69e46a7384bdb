#!/usr/bin/env bash
# Publishes the release of a tag that is pushed: first a draft with all of its
# files, as an immutable release takes none later.
#
#   VERSION  as in v1.2.3
#   IMAGE    the image by its digest, for the notes
#   GH_REPO  the repository, as in owner/name; GH_TOKEN lets gh in
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
bash scripts/release-notes.sh "$VERSION" >"$notes"
printf '\nThe image is `%s`.\n' "$IMAGE" >>"$notes"

draft=$(gh release view "$VERSION" --json isDraft --jq .isDraft 2>/dev/null || true)
if [ "$draft" = true ]; then # of an attempt that failed; it has no users
	gh release delete "$VERSION" --yes
fi
if [ "$draft" != false ]; then
	gh release create "$VERSION" --draft --verify-tag --title "$VERSION" --notes-file "$notes" release/dist/*
	gh release edit "$VERSION" --draft=false
fi
if [ "$(gh api "repos/$GH_REPO/releases/tags/$VERSION" --jq .immutable)" != true ]; then
	echo "the release can be changed: turn on immutable releases in the settings of the repository" >&2
	exit 1
fi
