#!/usr/bin/env bash
# Prints the SBOM of a program in CycloneDX, from the modules that Go has noted in
# it. It holds no time and no random number, and is the same wherever it is made.
#
#   sbom.sh PROGRAM VERSION
set -euo pipefail
program=$1 version=$2
tools=$(dirname "${BASH_SOURCE[0]}")/../tools
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

tool=$(GOOS='' GOARCH='' GOFLAGS=-buildvcs=false go tool -C "$tools" -n cyclonedx-gomod)
# Short names of packages: long ones tell the platform that this runs on, whatever
# that of the program is. Licenses are looked up in the module cache, which the
# build has filled. Without GOPROXY=off the tool asks for this version of this
# module, too, which is there only after its release; it warns of that.
if ! GOPROXY=off GOFLAGS=-mod=mod "$tool" bin -json -std -licenses -noserial -notimestamp -short-purls \
	-version "$version" -output "$folder/sbom.json" "$program" 2>"$folder/log"; then
	cat "$folder/log" >&2
	exit 1
fi
# The sums of the tool, at this depth, depend on where it was built.
sed '/^        "hashes": \[$/,/^        \],$/d' "$folder/sbom.json"
