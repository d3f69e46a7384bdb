#!/usr/bin/env bash
# Runs all tests once and prints what go test -json does. The race detector watches what
# goroutines share, and makes a test take several times as long. So the packages that
# decide, or start programs, are tested without it; and so are the tests of leaks and of
# mirrors, which do a thousand runs of the action one after the other.
#
#   RACE  -race; left out where there is no C compiler
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# raced are the folders with a goroutine or a lock, in the code or in its tests.
raced() {
	grep -rlE '^\s*go (func\b|\w+(\.\w+)*\()|errgroup|sync/atomic|sync\.(RW)?Mutex|sync\.WaitGroup|testing/synctest' \
		--include='*.go' cmd internal | sed 's|/[^/]*$||; s|^|./|' | sort -u
}

many='^(Test|Fuzz)Nothing(Readable|ThatAServerRepeats)|^TestChaosOfMirrors$'

# golangci-lint vets the code.
tests() { go test -json -vet=off -count=1 -timeout 20m "$@"; }

if [ -z "${RACE:-}" ]; then
	tests ./...
	exit
fi
raced=$(raced)
others=$(go list ./... | grep -vxF "$(sed "s|^[.]|$(go list -m)|" <<<"$raced")")
# At the same time: some wait for programs, while others need the processor.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
tests "$RACE" -skip "$many" $raced >"$log" &
tests $others || code=$?
tests -run "$many" ./internal/action || code=$?
wait $! || code=$?
cat "$log"
exit "$code"
