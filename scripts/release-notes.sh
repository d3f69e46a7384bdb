#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a version, below a heading like
# "## 1.2.3 - 2026-11-30".
#
#   release-notes.sh VERSION
set -euo pipefail
changelog=$(dirname "${BASH_SOURCE[0]}")/../CHANGELOG.md
notes=$(awk -v version="${1#v}" '
	/^## / { found = $2 == version || $2 == "[" version "]"; next }
	found' "$changelog")
if [ -z "${notes//[[:space:]]/}" ]; then
	echo "CHANGELOG.md says nothing of ${1#v}" >&2
	exit 1
fi
sed '/./,$!d' <<<"$notes" # without empty lines in front
