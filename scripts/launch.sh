#!/usr/bin/env bash
# Runs the vault-secret binary for this platform in place of this shell: the
# released one in dist/, or, in a checkout of the sources, one that Go builds into
# a folder of its own. With RUNNER_OS, RUNNER_ARCH and a released binary it starts
# no other process. action.yml sources it.
#
# It is for every bash from 3.2, which macOS has.

# An earlier step can hand functions on in the environment (BASH_FUNC_go%%), which
# bash takes before its own commands; but not before the special ones, such as unset,
# in the mode that this assignment turns on. There, older bashes refuse names like [.
POSIXLY_CORRECT=1
unset -f cd command exec exit export go local mkdir printf pwd read return set shopt trap umask uname unset || :
unset POSIXLY_CORRECT
unset -f : [ || :

set -euo pipefail

# Runners read the two streams at the same time: text on standard error could
# come before the masks that hide what is in it.
exec 2>&1

# refuse ends the step, and sets the outputs that tell of it.
refuse() {
	trap - EXIT
	if [ "${GITHUB_ACTIONS:-}" = true ]; then
		printf '::error title=vault-secret::%s\n' "$1"
	else
		printf 'vault-secret: %s\n' "$1"
	fi
	if [ -n "${GITHUB_OUTPUT:-}" ]; then
		add "$GITHUB_OUTPUT" changed=false result=failed error_code=not_started
	fi
	case ${INPUT_OUTPUT_FILE:-} in
	'' | __not_given__) ;;
	*) add "$INPUT_OUTPUT_FILE" NAIRI_CHANGED=false NAIRI_RESULT=failed NAIRI_ERROR_CODE=not_started ;;
	esac
	exit 1
}

# add adds lines to a file, if it can be written to. A pipe is left out, as the
# program does: to open one waits for somebody who reads it, for ever.
add() {
	[ -p "$1" ] || { printf '%s\n' "${@:2}" >>"$1"; } 2>/dev/null || :
}

# Whatever else ends this script ends in outputs too.
trap 'refuse "the launcher of vault-secret stopped before it could start the program"' EXIT

# build makes $program from the sources in $root, each time in a new folder that is
# for this user alone: what lies in a cache can be another program by the time that
# it is run with the key. Without the symbols, which -s -w leaves out, the linker takes
# three quarters of the time; without -buildvcs=false Go fails in a container whose
# user does not own $root.
build() {
	local temp
	root=$(CDPATH='' cd "$root" && pwd) || refuse "the folder of the action cannot be entered"
	command -v go >/dev/null || refuse "there is no binary for $platform in $root/dist, and no Go to build one: \
use a released version, as in nairi-community/vault-secret@v1, or run actions/setup-go before this step"
	temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
	temp=$(CDPATH='' cd "$temp" 2>/dev/null && pwd) || refuse "there is no folder to build in: set RUNNER_TEMP or TMPDIR to one that exists"
	temp=$temp/vault-secret.$$.$RANDOM$RANDOM
	(umask 077 && mkdir "$temp") 2>/dev/null || refuse "the folder to build in, $temp, cannot be created"
	program=$temp/$name
	(build_env && exec go build -C "$root" -buildvcs=false -ldflags '-s -w' -o "$program" .) || refuse "the sources in $root could not be built"
}

# build_env leaves Go, and what Go starts, none of the inputs, and of Go's settings
# those that say where modules come from, which have to have the sums in go.sum, and
# where caches are. The others change what is built (GOFLAGS), name programs to run
# (GOCACHEPROG, GOAUTH), or take sums from elsewhere (GOSUMDB), and the file that go
# env -w writes may be an earlier job's.
build_env() {
	local variable
	unset "${!INPUT_@}" "${!PLUGIN_@}" NAIRI_API_KEY BASH_ENV ENV
	for variable in "${!GO@}"; do
		case $variable in
		GOPROXY | GOCACHE | GOMODCACHE | GOPATH | GOTMPDIR | GOMAXPROCS | GOMEMLIMIT) ;;
		*) unset "$variable" ;;
		esac
	done
	export GOENV=off GOWORK=off CGO_ENABLED=0
}

# is_text reports whether a file begins as no program does: it is empty, or a text
# such as a server's page in place of a download. Bash would run it as a script, and
# an empty one with success. The bytes of macOS' programs are not compared: how bash
# 3.2 does that depends on the locale.
is_text() {
	local LC_ALL=C start=''
	[ -s "$1" ] || return 0
	[ -r "$1" ] || return 1
	IFS= read -r -n 2 start <"$1" || :
	case $platform:$start in
	darwin_* | *:'#!' | linux_*:$'\x7fE' | windows_*:MZ) return 1 ;;
	esac
	return 0
}

# Gitea's runner writes systems and processors as Go does.
case ${RUNNER_OS:-$(uname -s)} in
Linux | linux) platform=linux ;;
macOS | Darwin | darwin) platform=darwin ;;
Windows | windows | MINGW* | MSYS* | CYGWIN*) platform=windows ;;
*) refuse "does not run on the system '${RUNNER_OS:-$(uname -s)}', only on Linux, macOS and Windows" ;;
esac
case ${RUNNER_ARCH:-$(uname -m)} in
X64 | x86_64 | amd64) platform+=_amd64 ;;
ARM64 | aarch64 | arm64) platform+=_arm64 ;;
ARM | arm | armv[67]*) platform+=_arm ;;
X86 | i[3-6]86 | 386) platform+=_386 ;;
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
if [ ! -f "$program" ]; then
	refuse "Go built no program in $program"
elif [ ! -x "$program" ]; then
	refuse "$program may not be executed: it lost that permission, as when the action is copied or downloaded"
elif is_text "$program"; then
	refuse "$program is not a program: it is empty or a text, as after a failed download"
fi
# With set -e, bash would end here whatever follows.
set +e
shopt -s execfail
exec "$program"
refuse "$program cannot be executed on $platform: it is damaged, for another system or processor, or in a folder that allows no programs"
