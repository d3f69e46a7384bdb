#!/usr/bin/env bash
# Builds the image for amd64 and arm64 and pushes it by its digest alone, without
# a tag; the digest is an output of the step. docker has to be logged in.
#
#   VERSION        as in v1.2.3
#   IMAGE          as in ghcr.io/owner/name
#   GITHUB_OUTPUT  standard output if left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

metadata=$(mktemp)
builder=vault-secret-$$
cleanup() {
	rm -f "$metadata"
	docker buildx rm --force "$builder" >/dev/null 2>&1 || true
}
trap cleanup EXIT
# The builder that comes with Docker cannot make an image for two platforms.
docker buildx create --name "$builder" --driver docker-container >/dev/null
SOURCE_DATE_EPOCH=$(git show --no-patch --format=%ct HEAD)
export SOURCE_DATE_EPOCH
docker buildx build --builder "$builder" --platform linux/amd64,linux/arm64 \
	--build-arg "VERSION=$VERSION" --build-arg "COMMIT=$(git rev-parse HEAD)" \
	--no-cache --provenance=false --sbom=false --metadata-file "$metadata" \
	--output "type=image,name=$IMAGE,push=true,push-by-digest=true,rewrite-timestamp=true" .
digest=$(sed -n 's/.*"containerimage\.digest": *"\(sha256:[0-9a-f]\{64\}\)".*/\1/p' "$metadata")
if [ -z "$digest" ]; then
	echo "docker names no digest of what it pushed" >&2
	exit 1
fi
echo "digest=$digest" >>"${GITHUB_OUTPUT:-/dev/stdout}"
