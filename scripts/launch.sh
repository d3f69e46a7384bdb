#!/usr/bin/env bash
# Runs the vault-secret binary for this platform in place of this shell. With
# RUNNER_OS, RUNNER_ARCH and the binary in dist/ it starts no other process. Where the
# binary is not in dist/, provide.sh fetches it, or builds it from the sources; that is
# a separate file because bash takes longer to read a script than to run it.
# action.yml sources this one.
#
# With the argument nairi-emulator it is that program, of the same commit, which prints
# where it is: the action in emulator/ starts it.
#
# It is for every bash from 3.2, which macOS has. What outlives a function has a name
# that begins with launch_, as an assignment to any other could change a variable of
# the job, which the program would get.

# An earlier step can hand functions on in the environment (BASH_FUNC_go%%), which
# bash takes before its own commands; but not before the special ones, such as unset,
# in the mode that this assignment turns on. There, older bashes refuse names like [.
POSIXLY_CORRECT=1
unset -f cd command echo eval exec exit export go kill local mkdir printf pwd read return set shift shopt trap type umask uname unset wait || :
unset POSIXLY_CORRECT
unset -f : [ || :

set -euo pipefail

# Runners read the two streams at the same time: text on standard error could
# come before the masks that hide what is in it.
exec 2>&1

# refuse ends the step with a message, and says so in the outputs.
refuse() {
	trap - EXIT
	local code=${2:-not_started} text=${1//[$'\r\n']/ } # what is behind a line break could be a command to the runner
	if [ "${GITHUB_ACTIONS:-}" = true ]; then
		printf '::error title=vault-secret: %s::%s [%s]\n' "${code//_/ }" "$text" "$code"
	else
		printf 'error: %s [%s]\n' "$text" "$code"
	fi
	printf 'Help: https://github.com/nairi-community/vault-secret/blob/v1/docs/troubleshooting.md#%s\n' "$code"
	if [ -n "${GITHUB_OUTPUT:-}" ]; then
		add "$GITHUB_OUTPUT" changed=false result=failed "error_code=$code"
	fi
	case ${INPUT_OUTPUT_FILE:-} in
	'' | __not_given__) ;;
	*) add "$INPUT_OUTPUT_FILE" NAIRI_CHANGED=false NAIRI_RESULT=failed "NAIRI_ERROR_CODE=$code" ;;
	esac
	exit "${3:-1}"
}

# add adds lines to a file, if it can be written to. A pipe is left out, as the
# program does: to open one waits for somebody who reads it, for ever.
add() {
	[ -p "$1" ] || { printf '%s\n' "${@:2}" >>"$1"; } 2>/dev/null || :
}

# Whatever else ends this script ends in outputs too.
trap 'refuse "The launcher of vault-secret stopped before it could start the program. Nothing was changed. Run the job again. If it fails again, report it with this log."' EXIT

# is_text reports whether a file begins as no program does: it is empty, or a text
# such as a server's page in place of a download. Bash would run it as a script, and
# an empty one with success. The bytes of macOS' programs are not compared: how bash
# 3.2 does that depends on the locale.
is_text() {
	local LC_ALL=C start=''
	[ -s "$1" ] || return 0
	[ -r "$1" ] || return 1
	IFS= read -r -n 2 start <"$1" || :
	case $launch_platform:$start in
	darwin_* | *:'#!' | linux_*:$'\x7fE' | windows_*:MZ) return 1 ;;
	esac
	return 0
}

# system and processor translate what a runner or uname calls them, in any case, into
# Go's words. GitHub's runner has its own words (actions/runner, VarUtil.cs), which act
# and Forgejo's share. Gitea's on the host writes Go's, and so do the others for what
# they have no word for (host_environment.go of each). For containers, all three write
# the processor as the Docker daemon does, which is as uname (RunnerArch in
# docker_run.go). Windows has a uname for each of the environments of MSYS2.
system() {
	case $1 in
	linux) launch_platform=linux ;;
	macos | darwin) launch_platform=darwin ;;
	windows | *_nt | *_nt-*) launch_platform=windows ;;
	*) return 1 ;;
	esac
}

processor() {
	case $1 in
	x64 | amd64 | x86_64) launch_platform+=_amd64 ;;
	arm64 | aarch64) launch_platform+=_arm64 ;;
	arm | armv[5-8]*) launch_platform+=_arm ;;
	x86 | 386 | i[3-6]86) launch_platform+=_386 ;;
	*) return 1 ;;
	esac
}

# ask asks uname where a variable is empty or holds an unknown word. uname gets none of
# the variables, because the inputs are among them.
ask() {
	local said
	said=$(exec -c uname "$4" 2>/dev/null) || said=
	"$1" "$said" || refuse "vault-secret does not run on this $1: $2 is '$3', and uname says '${said:-nothing}'. \
Use a runner with Linux, macOS or Windows, on x64 or arm64."
}

shopt -s nocasematch
system "${RUNNER_OS:-}" || ask system RUNNER_OS "${RUNNER_OS:-}" -s
processor "${RUNNER_ARCH:-}" || ask processor RUNNER_ARCH "${RUNNER_ARCH:-}" -m
shopt -u nocasematch

case ${BASH_SOURCE[0]} in
*/*) launch_root=${BASH_SOURCE[0]%/*}/.. ;;
*) launch_root=.. ;;
esac
case ${1:-} in
nairi-emulator) launch_what=nairi-emulator launch_package=./cmd/nairi-emulator launch_verb=path ;;
*) launch_what=vault-secret launch_package=. launch_verb= ;;
esac
launch_name=${launch_what}_$launch_platform
case $launch_platform in windows_*) launch_name+=.exe ;; esac
launch_program=$launch_root/dist/$launch_name
[ -f "$launch_program" ] || . "$launch_root/scripts/provide.sh"
if [ ! -f "$launch_program" ]; then
	refuse "Go reported success, but built no program at $launch_program. Use a released version, as in nairi-community/vault-secret@v1."
elif [ ! -x "$launch_program" ]; then
	refuse "$launch_program is not executable: it loses that permission if the action is copied or downloaded. Use the action as git checks it out."
elif is_text "$launch_program"; then
	refuse "$launch_program is not a program: it is empty or a text, as after a failed download. Use the action as git checks it out."
fi
# With set -e, bash would end here whatever follows.
set +e
shopt -s execfail
exec "$launch_program" ${launch_verb:+"$launch_verb"}
refuse "$launch_program cannot run on $launch_platform: it is damaged, made for another system or processor, or in a folder mounted noexec. Use the action as git checks it out."
