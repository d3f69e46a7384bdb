#!/usr/bin/env bash
# Makes the commit and the tag of a release, and puts into release/ what other
# jobs need of it: the tag as a git bundle on top of HEAD, and the files of dist/.
# The job that builds can so do without a token that writes.
#
#   VERSION  as in v1.2.3
#   TARGETS  as for dist.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf release
commit=$(TAG=1 bash scripts/release-tree.sh)
mkdir release
git bundle create --quiet release/release.bundle "refs/tags/$VERSION" "^$commit~"
git archive "$commit" dist | tar -xf - -C release
