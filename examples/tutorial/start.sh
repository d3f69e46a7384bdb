# To be read by a shell, in the root of a clone: . examples/tutorial/start.sh
# Builds the program and the emulator of the API, puts both into the search path, and
# starts the emulator with a vault of 30 secrets. stop_emulator ends all of it.

start_emulator() {
	tools=$(mktemp -d) || return
	if ! CGO_ENABLED=0 go build -trimpath -o "$tools/" . ./cmd/nairi-emulator; then
		echo "The programs could not be built, so nothing was started." >&2
		rm -rf "$tools"
		return 1
	fi
	PATH=$tools:$PATH

	nairi-emulator -admin-key tutorial -vault-id vlt_01KEQ6963XS96YDP3NF9NKB7QJ >"$tools/ready" &
	EMULATOR=$!
	until [ -s "$tools/ready" ] || ! kill -0 "$EMULATOR"; do sleep 0.1; done

	NAIRI_BASE_URL=$(field base_url) NAIRI_API_KEY=$(field api_key) NAIRI_VAULT_ID=$(field vault_id)
	export NAIRI_BASE_URL NAIRI_API_KEY NAIRI_VAULT_ID

	curl --silent --show-error --fail --header 'Authorization: Bearer tutorial' \
		--data-binary @examples/tutorial/secrets.json "$NAIRI_BASE_URL/_emulator/state" &&
		echo "A vault of 30 secrets is at $NAIRI_BASE_URL."
}

# field NAME prints a field of the emulator's one line of JSON.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$tools/ready"; }

# stop_emulator leaves nothing of it in this shell, and no file.
stop_emulator() {
	kill "$EMULATOR"
	rm -rf "$tools"
	PATH=$(printf %s "$PATH" | sed "s|^$tools:||")
	unset tools EMULATOR NAIRI_BASE_URL NAIRI_API_KEY NAIRI_VAULT_ID
}

start_emulator
