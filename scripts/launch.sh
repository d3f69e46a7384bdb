#!/usr/bin/env bash
# Runs the vault-secret binary for this platform in place of this shell: the
# released one in dist/, or, in a checkout of the sources, one that Go builds into
# a cache. With RUNNER_OS, RUNNER_ARCH and a released binary it starts no other
# process. action.yml sources it.
set -euo pipefail

# Runners read the two streams at the same time: text on standard error could
# come before the masks that hide what is in it.
exec 2>&1

# refuse ends the step, and sets the outputs that tell of it.
refuse() {
	if [ "${GITHUB_ACTIONS:-}" = true ]; then
		printf '::error title=vault-secret::%s\n' "$1"
	else
		printf 'vault-secret: %s\n' "$1"
	fi
	if [ -n "${GITHUB_OUTPUT:-}" ]; then
		printf '%s\n' changed=false result=failed error_code=not_started >>"$GITHUB_OUTPUT"
	fi
	if [ -n "${INPUT_OUTPUT_FILE:-}" ]; then
		{ printf 'NAIRI_%s\n' CHANGED=false RESULT=failed ERROR_CODE=not_started >>"$INPUT_OUTPUT_FILE"; } 2>/dev/null || :
	fi
	exit 1
}

# build makes $program from the sources in $root; Go itself knows when there is
# nothing to do. Go and what it starts get none of the inputs, and none of what
# the job may have set for builds of its own. Without -buildvcs=false it fails in
# a container whose user does not own $root.
build() {
	local cache
	root=$(CDPATH='' cd "$root" && pwd)
	command -v go >/dev/null || refuse "there is no binary for $platform in $root/dist, and no Go to build one: \
use a released version, as in nairi-community/vault-secret@v1, or run actions/setup-go before this step"
	cache=${RUNNER_TOOL_CACHE:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}
	[ -n "$cache" ] || refuse "there is no folder to build in: set HOME, XDG_CACHE_HOME or RUNNER_TOOL_CACHE"
	program=$cache/vault-secret$root/$name
	(
		unset "${!INPUT_@}" "${!PLUGIN_@}" NAIRI_API_KEY
		export GOOS='' GOARCH='' GOFLAGS='' GOWORK=off CGO_ENABLED=0
		exec go build -C "$root" -buildvcs=false -o "$program" .
	) || refuse "the sources in $root could not be built"
}

case ${RUNNER_OS:-$(uname -s)} in
Linux) platform=linux ;;
macOS | Darwin) platform=darwin ;;
Windows | MINGW* | MSYS* | CYGWIN*) platform=windows ;;
*) refuse "does not run on the system '${RUNNER_OS:-$(uname -s)}', only on Linux, macOS and Windows" ;;
esac
case ${RUNNER_ARCH:-$(uname -m)} in
X64 | x86_64 | amd64) platform+=_amd64 ;;
ARM64 | aarch64 | arm64) platform+=_arm64 ;;
ARM | armv[67]*) platform+=_arm ;;
X86 | i[3-6]86) platform+=_386 ;;
*) refuse "does not run on the processor '${RUNNER_ARCH:-$(uname -m)}', only on x64, arm64, arm and x86" ;;
esac

case ${BASH_SOURCE[0]} in
*/*) root=${BASH_SOURCE[0]%/*}/.. ;;
*) root=.. ;;
esac
name=vault-secret_$platform
case $platform in windows_*) name+=.exe ;; esac
program=$root/dist/$name
[ -f "$program" ] || build
exec "$program"
