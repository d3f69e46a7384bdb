# shellcheck shell=bash
# Sourced by dist.sh. Makes what people install from the programs in dist/: an archive
# for each, a .deb and an .rpm for each that runs on Linux, and a Homebrew formula. The
# sources are an archive too, as those that GitHub makes of a tag leave out what a job
# does not use.

# pack makes all of it. Everything in it was changed when the commit was made, and the
# manual and the completions come from this machine's own build of the program.
pack() (
	export SOURCE_DATE_EPOCH
	SOURCE_DATE_EPOCH=$(git show --no-patch --format=%ct HEAD)
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	machine=$(GOOS='' GOARCH='' go env GOOS)/$(GOOS='' GOARCH='' go env GOARCH)
	mkdir -p "$folder/with/completions"
	beside "$folder" "$folder/with"
	sources "$folder" >"$folder/source.tar"

	echo "packing $version" >&2
	build "$machine" ./cmd/packages "$folder/packages"
	"$folder/packages" -version "$version" -time "$SOURCE_DATE_EPOCH" -with "$folder/with" -man "$folder/vault-secret.1.gz" \
		-source "$folder/source.tar" -dist dist
	tool=$(GOOS='' GOARCH='' GOFLAGS=-buildvcs=false go tool -C tools/nfpm -n nfpm)
	for target in $targets; do
		case $target in
		linux/*)
			for_linux "${target#*/}" deb
			for_linux "${target#*/}" rpm
			;;
		esac
	done
)

# beside makes what comes with the program into the folder $2, with programs in $1.
beside() {
	build "$machine" . "$1/vault-secret"
	build "$machine" ./cmd/manual "$1/manual"
	cp LICENSE README.md "$2"
	"$1/manual" -version "$version" -date "$(TZ=UTC0 git show --no-patch --date=format-local:%Y-%m-%d --format=%cd HEAD)" >"$2/vault-secret.1"
	"$1/vault-secret" completion bash >"$2/completions/vault-secret.bash"
	"$1/vault-secret" completion zsh >"$2/completions/_vault-secret"
	"$1/vault-secret" completion fish >"$2/completions/vault-secret.fish"
}

# sources prints a tar of HEAD as it is in git, with what .gitattributes leaves out of
# archives: the attributes of a repository come before those of a commit, and this one, in
# the folder $1, has no others (as ensureGitAttributes in go's codehost/git.go).
sources() {
	local head objects
	head=$(git rev-parse HEAD)
	objects=$(git rev-parse --path-format=absolute --git-path objects)
	git init --quiet --bare --template= "$1/git"
	mkdir "$1/git/info"
	echo '* -export-ignore -export-subst -ident -filter -text -working-tree-encoding' >"$1/git/info/attributes"
	GIT_OBJECT_DIRECTORY=$objects git --git-dir="$1/git" -c tar.umask=0022 \
		archive --format=tar --prefix="vault-secret_${version}_source/" "$head"
}

# for_linux makes the package of the kind $2 for the processor $1. nfpm reads the names
# in its settings as seen from the folder that it runs in.
for_linux() (
	root=$PWD
	export VERSION=$version ARCH=$1 PROGRAM="$root/dist/vault-secret_linux_$1"
	cd "$folder"
	"$tool" package --config "$root/tools/nfpm/nfpm.yml" --packager "$2" --target "$root/dist/vault-secret_${version}_linux_$1.$2" >/dev/null
)
