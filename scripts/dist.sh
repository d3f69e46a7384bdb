#!/usr/bin/env bash
# Builds what a release is made of into dist/: the program and the emulator for each
# platform, an SBOM of the program, what people install (packages.sh), and the sums of them all. The same commit
# and the same Go give the same bytes on every system and in every folder.
#
#   VERSION  what the program calls itself, as in v1.2.3; devel if left out, and then
#            there is nothing to install
#   COMMIT   what it says it was built from; HEAD if left out
#   TARGETS  the platforms, as in "linux/amd64 windows/arm64"; all if left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
. scripts/packages.sh

version=${VERSION:-devel}
[ "$version" = devel ] || require_version "$version"
# Not git's own short form: how long that is depends on the clone.
commit=${COMMIT:-$(git describe --always --abbrev=40 --dirty --exclude='*')}
targets=${TARGETS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64}

# program is the file of the program $2 for platform $1; of vault-secret if left out.
program() {
	local file=dist/${2:-vault-secret}_${1%/*}_${1#*/}
	case $1 in windows/*) file+=.exe ;; esac
	echo "$file"
}

# build builds package $2 for platform $1 into the file $3. What else of the
# environment would change the bytes is set here. The build ID
# stays: it is the same everywhere, and without it the linker leaves out LC_UUID,
# which macOS 26 does not start a program without (golang/go#68678).
build() (
	export GOOS=${1%/*} GOARCH=${1#*/} GOAMD64=v1 GOARM64=v8.0
	export CGO_ENABLED=0 GOWORK=off GOEXPERIMENT='' GOFIPS140=off GOFLAGS=-trimpath
	exec go build -tags released -trimpath -buildvcs=false "${gcflags[@]}" -ldflags "$(ldflags)" -o "$3" "$2"
)

# gcflags are for the compiler. Functions that are copied to where they are called
# take a sixteenth of the size, and save a hundredth of the time of a step at most:
# the maps of the runtime keep that, and the ciphers whose arithmetic is in Go; the rest
# does without. For the rest of crypto/internal it is 48 KB, and 0.03 ms of a TLS
# handshake; mlkem, which stays, would save 4 KB and cost 0.25 ms. For the curves above
# their fields (nistec) it is 30 KB, and 0.04 ms of 0.52 for each signature by P-384. For
# package runtime it is 78 KB, and 8 % of the instructions of a plan of 1,000 secrets.
gcflags=(
	-gcflags=all=-l '-gcflags=internal/runtime/...='
	-gcflags=crypto/internal/fips140/{aes,mlkem,nistec/fiat,sha3,subtle}/...=
)

# ldflags are for the linker. To align functions to 32 bytes, as is usual on amd64,
# is a hundredth of the size, and to lint 3,000 secrets takes as long without; code that
# needs it says so itself (PCALIGN).
ldflags() {
	local align=
	[ "$GOARCH" != amd64 ] || align=' -funcalign=1'
	echo "-s -w$align -X main.version=$version -X main.commit=$commit"
}

# Every system has a tool of another name for this, and its own way to print.
checksum() {
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi <"$1" | cut -d ' ' -f 1
}

rm -rf dist
mkdir dist
for target in $targets; do
	echo "building $(program "$target") $version" >&2
	build "$target" . "$(program "$target")"
	build "$target" ./cmd/nairi-emulator "$(program "$target" nairi-emulator)"
done
bash scripts/sbom.sh "$(program "${targets%% *}")" "$version" >dist/sbom.cdx.json
[ "$version" = devel ] || pack
cd dist
export LC_ALL=C # the order of *
sums=
for file in *; do
	sum=$(checksum "$file")
	sums+="$sum  $file"$'\n'
done
printf %s "$sums" >SHA256SUMS
