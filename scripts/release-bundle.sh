#!/usr/bin/env bash
# Makes the commits and the tags of a release, and puts into release/ what other
# jobs need of it: the tags as a git bundle on top of HEAD, and in dist/ the files
# to attach. The job that builds can so do without a token that writes.
#
#   VERSION  as in v1.2.3
#   TARGETS  as for release-tree.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rm -rf release
mkdir release
TAG=1 FILES=release/dist bash scripts/release-tree.sh >/dev/null
git bundle create --quiet release/release.bundle "refs/tags/$VERSION" "refs/tags/$VERSION-full" ^HEAD
