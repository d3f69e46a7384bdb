#!/usr/bin/env bash
# Pushes the tags of a release, both or none.
#
#   VERSION     as in v1.2.3, whose tags release-take.sh has taken
#   DEPLOY_KEY  as for push.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
. scripts/push.sh
require_version "$VERSION"

push origin "refs/tags/$VERSION" "refs/tags/$VERSION-full"
