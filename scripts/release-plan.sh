#!/usr/bin/env bash
# Decides whether HEAD may be released, and as what; the version is an output of
# the step.
#
#   REQUESTED      the version, as in v1.2.3, or the tag that asks for it, as in
#                  v1.2.3-candidate
#   GITHUB_OUTPUT  standard output if left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh

version=${REQUESTED%-candidate}
require_version "$version"
git fetch --quiet origin '+refs/heads/main:refs/remotes/origin/main'
if ! git merge-base --is-ancestor HEAD origin/main; then
	echo "HEAD is not on main" >&2
	exit 1
fi
there=$(git ls-remote --tags --refs origin "refs/tags/$version" "refs/tags/$version-full")
if [ -n "$there" ]; then
	echo "there is a tag ${there##*/} already" >&2
	exit 1
fi
bash scripts/release-notes.sh "$version" >/dev/null
echo "version=$version" >>"${GITHUB_OUTPUT:-/dev/stdout}"
