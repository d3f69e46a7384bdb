# shellcheck shell=bash
# Makes $launch_program, of $launch_package, where dist/ does not hold it; launch.sh
# sources this. The commit of a release has the sum of every program in dist/SHA256SUMS.
# A program with a sum there is fetched, and runs only if it has this sum: whoever pins
# the commit has pinned those bytes too. Any other is built from the sources, where they
# are: what runners download of the tag v1.2.3 leaves them out (release-tree.sh).
#
# Either is made in a folder that is new for each run and that only this user can enter,
# and runs from there. A cache can be written by others, such as an earlier job on the
# same machine: what lies there can be another program by the time that it runs with the
# key, even if it was checked a moment before. So the cache is copied from, and the copy
# is checked. The runner empties RUNNER_TEMP after each job, and this folder with it.

# forget unsets every variable of a subshell except those that say where programs,
# folders and caches are, how to reach the network, and whom to trust there. The others
# are the inputs, the key, the variables that an input or a manifest may name, and
# settings. Of Go's settings it keeps those that say where modules come from, since
# modules must match go.sum. The others change what is built (GOFLAGS), name programs to
# run (GOCACHEPROG, GOAUTH), or take sums from elsewhere (GOSUMDB). compgen -e would list
# the variables, but not every bash has it (NixOS). A variable of the job may stand behind
# a local one of the functions that run, so each name is unset as often as it is set; and
# one that begins with launch_ may be the job's. A name that bash cannot hold, such as
# one with a dash, it hands on and cannot unset.
forget() {
	set +u
	shopt -s nocasematch
	for launch_letter in {a..z} {A..Z} _; do
		eval "launch_names=(\"\${!$launch_letter@}\")"
		for launch_variable in "${launch_names[@]}"; do
			case $launch_variable in
			launch_*) export -n "${launch_variable?}" ;;
			PATH | HOME | PWD | LANG | LC_* | TMPDIR | TMP | TEMP | XDG_CACHE_HOME) ;;
			SYSTEMROOT | SYSTEMDRIVE | WINDIR | COMSPEC | PATHEXT | USERPROFILE | APPDATA | LOCALAPPDATA) ;;
			HTTP_PROXY | HTTPS_PROXY | ALL_PROXY | NO_PROXY) ;;
			SSL_CERT_FILE | SSL_CERT_DIR | CURL_CA_BUNDLE | CURL_SSL_BACKEND) ;;
			GOPROXY | GOCACHE | GOMODCACHE | GOPATH | GOTMPDIR | GOMAXPROCS | GOMEMLIMIT | GOENV | GOWORK | CGO_ENABLED) ;;
			*) unset "$launch_variable" "$launch_variable" "$launch_variable" "$launch_variable" 2>/dev/null || : ;;
			esac
		done
	done
}

# run runs a program in the folder $1, without the variables that forget unsets.
# $launch_out and $launch_err name files there for what the program prints: if run itself
# were redirected, the message about a cancel would go there too. It waits in the
# background, because a shell handles no signal while a foreground program runs.
run() {
	(
		forget && cd "$1" 2>/dev/null && shift || exit 1 # the folder is gone: where the step is, nothing is written
		[ -z "$launch_out" ] || exec >"$launch_out"
		[ -z "$launch_err" ] || exec 2>"$launch_err"
		exec "$@"
	) &
	launch_child=$!
	wait "$launch_child"
}

# cancelled ends what runs, and the step.
cancelled() {
	trap '' INT TERM HUP
	kill "$launch_child" 2>/dev/null || :
	wait "$launch_child" 2>/dev/null || :
	give_up "The job was cancelled before vault-secret started. Nothing was changed. Run the job again." cancelled 130
}

# give_up removes what was begun, and refuses. A cancel may come while run has files to
# print to, which are not for this one.
give_up() {
	[ -z "$launch_temp" ] || launch_out='' launch_err='' run . rm -rf "$launch_temp" ${launch_new:+"$launch_new"} || :
	refuse "$@"
}

# own_folder makes $launch_temp.
own_folder() {
	local temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
	temp=$(CDPATH='' cd "$temp" 2>/dev/null && pwd) || refuse "There is no folder for the program. Set RUNNER_TEMP or TMPDIR to a folder that exists."
	temp=$temp/vault-secret.$$.$RANDOM$RANDOM
	(umask 077 && run . mkdir "$temp") 2>/dev/null || refuse "The folder for the program, $temp, cannot be created. Check the disk and the permissions of this runner."
	launch_temp=$temp
	launch_program=$temp/$launch_name
}

# build builds the program. Without the symbols, which -s -w leaves out, the linker takes
# three quarters of the time; without -buildvcs=false Go fails in a container whose
# user does not own the sources.
build() {
	local root version none advice='Use a released version, as in nairi-community/vault-secret@v1, or run actions/setup-go before this step.'
	root=$(CDPATH='' cd "$launch_root" && pwd) || refuse "The folder of the action, $launch_root, cannot be entered. Check its permissions."
	none="There is no binary for $launch_platform in $root/dist"
	if [ "$launch_what" = nairi-emulator ] && [ ! -d "$root/$launch_package" ]; then
		refuse "$none, and what runners download of the action has no sources of the emulator to build one from. \
Use a released version, as in nairi-community/vault-secret/emulator@v1, on Linux, macOS or Windows, on x64 or arm64."
	elif released; then # for other platforms
		advice='Run actions/setup-go before this step.'
		[ -f "$root/go.mod" ] || refuse "$none, and what runners download of this tag has no sources to build one from. \
Use nairi-community/vault-secret@$version-full, which has them, and run actions/setup-go before that step."
	fi
	type -P go >/dev/null || refuse "$none, and no Go to build one. $advice"
	own_folder
	GOENV=off GOWORK=off CGO_ENABLED=0 run . go build -C "$root" -buildvcs=false -ldflags '-s -w' -o "$launch_program" "$launch_package" ||
		give_up "The sources in $root could not be built: what Go prints in the log of this step says why. Correct the sources, or use a released version, as in nairi-community/vault-secret@v1."
}

# released reports whether this is the commit of a release, and sets $version to which.
released() {
	version=
	{ IFS= read -r version <"$launch_root/dist/VERSION"; } 2>/dev/null || :
	case $version in v[0-9]*) ;; *) return 1 ;; esac
}

# pinned finds the sum of the program in this commit.
pinned() {
	local sum name
	while read -r sum name; do
		[ "$name" != "$launch_name" ] || { launch_sum=$sum && return; }
	done <"$launch_root/dist/SHA256SUMS"
	return 1
} 2>/dev/null

# fetch takes the program from the cache, or else from the release of this version.
fetch() {
	local version full='' cached reasons='' address
	released || refuse "dist/VERSION in this copy of the action names no version. Use the action as git checks it out."
	# The emulator is in no commit.
	[ "$launch_what" = nairi-emulator ] || full=", or use nairi-community/vault-secret@$version-full, which holds the program for every platform"
	find_summer || refuse "There is no sha256sum and no shasum to check $launch_name with. Install one of them on this runner$full."
	own_folder

	cached=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}}
	cached=${cached:+$cached/vault-secret/$version/$launch_name}
	if [ -f "$cached" ]; then
		if run . cp "$cached" "$launch_program" 2>/dev/null && verify; then return; fi
		echo "vault-secret: $cached is damaged, was replaced, or cannot be read. Fetching it again."
	fi

	type -P curl >/dev/null || give_up "There is no curl to fetch $launch_name with. Install it on this runner$full."
	find_releases || give_up "VAULT_SECRET_DOWNLOAD_URL must begin with https:// and must not hold a password. Nothing was fetched."
	for address in "${launch_releases[@]}"; do
		if download "$address/$version/$launch_name"; then
			[ -z "$cached" ] || keep "$cached" || echo "vault-secret: $cached cannot be written. The next step fetches the program again."
			return 0
		fi
		reasons+=" $launch_reason"
	done
	give_up "$launch_name of $version could not be fetched.$reasons \
Make the release reachable from this runner: set HTTPS_PROXY to a proxy, or VAULT_SECRET_DOWNLOAD_URL to a mirror$full."
}

# find_summer finds the tool for sums: macOS has shasum, Git for Windows both.
find_summer() {
	if type -P sha256sum >/dev/null; then
		launch_summer=(sha256sum)
	else
		type -P shasum >/dev/null && launch_summer=(shasum -a 256)
	fi
}

# verify reports whether the program has its sum, and makes it executable.
verify() {
	launch_got=
	launch_out=sum run "$launch_temp" "${launch_summer[@]}" "$launch_name" || :
	read -r launch_got _ <"$launch_temp/sum" || :
	[ "$launch_got" = "$launch_sum" ] || return 1
	[ -x "$launch_program" ] || run "$launch_temp" chmod 755 "$launch_name"
} 2>/dev/null

# find_releases lists the servers to ask: only the mirror, if a variable names one;
# otherwise the server of this workflow, which on GHES, Gitea and Forgejo is often not
# where the action came from, and then github.com. GITHUB_ACTION_REPOSITORY
# does not tell: it is empty here (actions/runner#2525).
find_releases() {
	local releases=nairi-community/vault-secret/releases/download own=${GITHUB_SERVER_URL:-}
	own=${own%/}
	launch_releases=("https://github.com/$releases")
	if [ -n "${VAULT_SECRET_DOWNLOAD_URL:-}" ]; then
		launch_releases=("${VAULT_SECRET_DOWNLOAD_URL%/}")
		may_ask "${launch_releases[0]}/"
	elif [ "$own" != https://github.com ] && may_ask "$own/"; then
		launch_releases=("$own/$releases" "${launch_releases[@]}")
	fi
}

# may_ask reports whether an address uses TLS or is on this machine, and sets
# $launch_host. Without an @, the host is what it looks like, and there is no password.
may_ask() {
	local LC_ALL=C
	launch_host=${1#*://}
	launch_host=${launch_host%%/*}
	case $launch_host in '' | *[!0-9A-Za-z.:_[\]-]*) return 1 ;; esac
	case $1 in
	https://*) launch_protocols='=https' ;;
	http://127.0.0.1[:/]* | http://localhost[:/]* | 'http://[::1]'[:/]*) launch_protocols='=http,https' ;;
	*) return 1 ;;
	esac
}

# download fetches an address, or says in $launch_reason why it could not. It takes three
# minutes at most. After a wrong sum the next server is asked: on a forge, anybody can own
# this name, and the answer may be a login page, while github.com has the program.
download() {
	local code
	may_ask "$1"
	echo "vault-secret: fetching $launch_name from $launch_host"
	ask_for "$1" && code=0 || code=$?
	case $code in 18 | 52 | 55 | 56 | 92) ask_for "$1" && code=0 || code=$? ;; esac # broken off: curl itself does not retry these
	if [ "$code" = 0 ]; then
		verify && return
		launch_reason="$launch_host sent something else, which was not run: its SHA-256 is ${launch_got:-unknown}, and must be $launch_sum."
		! is_page || launch_reason+=" It is a web page, such as one to log in."
		return 1
	fi
	why "$code"
	return 1
}

# is_page reports whether what was fetched is HTML.
is_page() {
	local start=''
	IFS= read -r -n 1 start <"$launch_program" || :
	[ "$start" = '<' ]
} 2>/dev/null

# ask_for is one request; passing failures are retried (--retry). -q leaves ~/.curlrc out.
ask_for() {
	launch_out=status launch_err=said run "$launch_temp" curl -q -gfsSL --proto "$launch_protocols" --proto-redir =https --max-redirs 5 \
		--connect-timeout 10 --speed-limit 1000 --speed-time 20 --max-time 60 --max-filesize 100000000 \
		--retry 3 --retry-max-time 30 -o "$launch_name" -w '%{http_code} %{http_connect}' "$1"
}

# why sets $launch_reason to what curl says of its exit code.
why() {
	local status='' proxy='' line said="curl ended with the exit code $1"
	read -r status proxy <"$launch_temp/status" || :
	while read -r line; do
		case $line in 'curl: ('*) said=${line#*) } ;; esac
	done <"$launch_temp/said"
	launch_reason="$launch_host: ${said%$'\r'}."
	case $1:$status:$proxy in
	23:* | 153:*) # it could not write, or was ended by SIGXFSZ
		give_up "$launch_name could not be written to $launch_temp: the disk is full, or the limit on the size of files is too low. Free space on this runner, or raise the limit."
		;;
	*:000:[45]??*) launch_reason="The proxy refused to connect to $launch_host: it answered $proxy." ;;
	22:*) launch_reason="$launch_host answered $status." ;;
	esac
}

# keep puts the program into the cache. What is there has its name only once it is
# whole, also if two jobs do this at a time: mv replaces in one step.
keep() {
	local folder=${1%/*} code
	launch_new=$folder/.$$.$RANDOM$RANDOM
	[ ! -d "$1" ] && run . mkdir -p "$folder" && run . mkdir "$launch_new" &&
		run . cp "$launch_program" "$launch_new/$launch_name" && run . mv -f "$launch_new/$launch_name" "$1" && code=0 || code=1
	run . rm -rf "$launch_new" || :
	launch_new=
	return $code
} 2>/dev/null

launch_temp='' launch_new='' launch_child='' launch_out='' launch_err=''
trap cancelled INT TERM HUP
if pinned; then fetch; else build; fi
trap - INT TERM HUP
