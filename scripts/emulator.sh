#!/usr/bin/env bash
# Starts the emulator of the API for the later steps of a job, on any system, and
# sets outputs that say how to reach it: base_url, api_key and vault_id, and pid, by
# which to end it. GitHub's runner ends it with the job.
#
#   GITHUB_OUTPUT  standard output if left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
emulator=$folder/nairi-emulator$(go env GOEXE)
go build -buildvcs=false -o "$emulator" ./cmd/nairi-emulator
# With a stream of this step open, GitHub's runner would wait five seconds for it, and
# then end it (actions/runner, ProcessInvoker.cs). Others give a step a terminal, and
# hang up after it.
nohup "$emulator" </dev/null >"$folder/ready" 2>"$folder/errors" &
until [ -s "$folder/ready" ]; do
	kill -0 $! 2>/dev/null || { cat "$folder/errors" >&2 && exit 1; }
	sleep 0.1
done
# One line of JSON, whose values have nothing to be escaped.
{ tr -d '{}"' <"$folder/ready" | tr , '\n' | sed 's/:/=/' && echo "pid=$!"; } >>"${GITHUB_OUTPUT:-/dev/stdout}"
