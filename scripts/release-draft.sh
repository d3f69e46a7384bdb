#!/usr/bin/env bash
# Makes the draft of a release with all of its files, as an immutable release takes
# none later. It comes before the tags are pushed: who follows them finds the files.
#
#   VERSION  as in v1.2.3, whose tags release-take.sh has taken
#   IMAGE    the image by its digest, for the notes
#   GH_REPO  the repository, as in owner/name; GH_TOKEN lets gh in
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

case $(gh release view "$VERSION" --json isDraft --jq .isDraft 2>/dev/null || true) in
false) exit ;; # published by an earlier attempt
true) gh release delete "$VERSION" --yes ;; # by one that failed; it has no users
esac

notes=$(mktemp)
trap 'rm -f "$notes"' EXIT
bash scripts/release-notes.sh "$VERSION" >"$notes"
cat >>"$notes" <<END

To pin this release:

| what | name |
| --- | --- |
| the action | \`$GH_REPO@$(git rev-parse "$VERSION") # $VERSION\` |
| the action with the programs for macOS and Windows in it | \`$GH_REPO@$(git rev-parse "$VERSION-full") # $VERSION-full\` |
| the image | \`$IMAGE\` |
END
files=(release/dist/SHA256SUMS)
while read -r _ name; do
	files+=("release/dist/$name")
done <release/dist/SHA256SUMS
# gh refuses a tag that is here and not yet there, unless it is told where to make it.
# It is made nowhere: release-publish.sh wants the one that was pushed.
gh release create "$VERSION" --draft --target main --title "$VERSION" --notes-file "$notes" "${files[@]}"
