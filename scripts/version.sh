# Sourced by the scripts that are given a version.

# require_version ends the script unless $1 is a version as releases have it.
require_version() {
	if ! [[ $1 =~ ^v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]]; then
		echo "'$1' is no version: it has to be like v1.2.3" >&2
		exit 2
	fi
}
