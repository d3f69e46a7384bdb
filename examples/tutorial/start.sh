# To be read by a shell, in the root of a clone: . examples/tutorial/start.sh
# Builds the program and the emulator of the API, puts both into the search path, and
# starts the emulator with a vault of 30 secrets. It ends with: kill "$EMULATOR"

tools=$(mktemp -d)
go build -o "$tools/" . ./cmd/nairi-emulator
PATH=$tools:$PATH

nairi-emulator -admin-key tutorial -vault-id vlt_01KEQ6963XS96YDP3NF9NKB7QJ >"$tools/ready" &
EMULATOR=$!
until [ -s "$tools/ready" ] || ! kill -0 "$EMULATOR"; do sleep 0.1; done

# field NAME prints a field of the emulator's one line of JSON.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$tools/ready"; }
NAIRI_BASE_URL=$(field base_url) NAIRI_API_KEY=$(field api_key) NAIRI_VAULT_ID=$(field vault_id)
export NAIRI_BASE_URL NAIRI_API_KEY NAIRI_VAULT_ID

curl --silent --show-error --fail --header 'Authorization: Bearer tutorial' \
	--data-binary @examples/tutorial/secrets.json "$NAIRI_BASE_URL/_emulator/state" &&
	echo "A vault of 30 secrets is at $NAIRI_BASE_URL."
