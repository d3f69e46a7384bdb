#!/usr/bin/env bash
# Puts the release in release/ in place of the sources, and serves its files as GitHub
# does, for the later steps of a job: launch.sh fetches there what the release's tree
# does not hold. The output pid says by which to end the server; GitHub's runner ends
# it with the job.
#
#   VERSION        as in v1.2.3
#   GITHUB_ENV     standard output if left out, as is GITHUB_OUTPUT
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/version.sh
require_version "$VERSION"

git fetch --quiet release/release.bundle "refs/tags/$VERSION:refs/tags/$VERSION"
git checkout --quiet "$VERSION"
folder=$(mktemp -d)
mkdir "$folder/files"
mv release/dist "$folder/files/$VERSION"
# With a stream of this step open, GitHub's runner would wait five seconds for it, and
# then end it (actions/runner, ProcessInvoker.cs). Others give a step a terminal, and
# hang up after it.
nohup python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$folder/files" </dev/null >"$folder/ready" 2>"$folder/errors" &
until grep -q ' port ' "$folder/ready"; do
	kill -0 $! 2>/dev/null || { cat "$folder/errors" >&2 && exit 1; }
	sleep 0.1
done
port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$folder/ready")
echo "VAULT_SECRET_DOWNLOAD_URL=http://127.0.0.1:$port" >>"${GITHUB_ENV:-/dev/stdout}"
echo "pid=$!" >>"${GITHUB_OUTPUT:-/dev/stdout}"
