#!/usr/bin/env bash
# Shows on this machine, offline, what a workflow step does. It starts the emulator
# of the API and runs the real program against it, each time as a runner would run
# a step. For each run it prints the inputs, the log that a person would see, the
# outputs for later steps, and the summary.
set -euo pipefail

cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
emulator=
finish() {
	[ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true
	rm -rf "$scratch"
}
trap finish EXIT

echo "building the program and the emulator ..."
CGO_ENABLED=0 go build -trimpath -o "$scratch/" . ./cmd/nairi-emulator

"$scratch/nairi-emulator" >"$scratch/ready" &
emulator=$!
until [ -s "$scratch/ready" ]; do
	kill -0 "$emulator" # ends the script if the emulator has ended
	sleep 0.05
done

# field NAME prints a field of the emulator's one line of JSON.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$scratch/ready"; }

# outputs prints the file of outputs as name=value lines.
outputs() {
	awk '/^[a-z_]+<<vault_secret_/ { split($0, head, "<<"); getline value; getline; printf "  %-16s %s\n", head[1], value }' "$1"
}

# step TITLE [NAME=VALUE ...] runs one step with those inputs.
step() {
	local title=$1 input code=0
	shift
	: >"$scratch/output"
	: >"$scratch/summary"
	printf '\n\n=== %s\n' "$title"
	for input in "$@"; do
		case $input in
		INPUT_VALUE=?* | DATABASE_URL=* | STRIPE_KEY=*) echo "  ${input%%=*}=(a secret)" ;;
		*) echo "  $input" ;;
		esac
	done
	env -i PATH="$PATH" GITHUB_ACTIONS=true \
		GITHUB_OUTPUT="$scratch/output" GITHUB_STEP_SUMMARY="$scratch/summary" \
		INPUT_BASE_URL="$(field base_url)" INPUT_API_KEY="$(field api_key)" INPUT_VAULT_ID="$(field vault_id)" \
		"$@" "$scratch/vault-secret" >"$scratch/log" || code=$?
	echo "--- log (the runner swallows the $(grep -c '^::add-mask::' "$scratch/log") mask commands before it)"
	grep -v '^::add-mask::' "$scratch/log" | sed 's/^/  /'
	echo "--- exit code $code, outputs"
	outputs "$scratch/output"
	echo "--- summary"
	sed 's/^/  /' "$scratch/summary"
}

key=INPUT_ENV_KEY=DATABASE_URL
step "create: the name is not in the vault yet" "$key" \
	INPUT_VALUE='postgres://app:correct-horse@db.example.com/app' INPUT_ALLOWED_DOMAINS='*.example.com'
step "rotate: the same step again, with a new value" "$key" \
	INPUT_VALUE='postgres://app:battery-staple@db.example.com/app' INPUT_ALLOWED_DOMAINS='*.example.com'
step "hosts: another list, the value left alone" "$key" INPUT_ALLOWED_DOMAINS='db.example.com,replica.example.com'
step "no change: the same hosts again" "$key" INPUT_ALLOWED_DOMAINS='db.example.com,replica.example.com'
step "a mistake: nothing is sent" "$key" INPUT_VALUE= INPUT_ALLOWED_DOMAINS='https://db.example.com:5432'
step "delete" "$key" INPUT_OPERATION=delete

# A vault as code: the same file is planned, written, and found as it is. Then somebody
# changes the vault without the file, and a vault without a file gets one.
cat >"$scratch/nairi-vault.yml" <<END
vaults:
  - vault_id: $(field vault_id)
    secrets:
      DATABASE_URL: { env: DATABASE_URL, allowed_domains: [db.example.com] }
      STRIPE_KEY: { env: STRIPE_KEY, allowed_domains: [api.stripe.com] }
END
as_code() { step "$@" INPUT_VAULT_ID= INPUT_MANIFEST="$scratch/nairi-vault.yml"; }
sync() { as_code "$@" INPUT_OPERATION=sync; }
values=(DATABASE_URL='postgres://app:correct-horse@db.example.com/app' STRIPE_KEY=sk_battery-staple)
sync "a vault as code: what a pull request shows" INPUT_DRY_RUN=true
sync "a vault as code: what the default branch does" "${values[@]}"
sync "a vault as code: nothing is left to do" INPUT_VALUES=when_created "${values[@]}"
step "behind the file's back: somebody else's change" INPUT_ENV_KEY=STRIPE_KEY INPUT_ALLOWED_DOMAINS='*.stripe.com'
as_code "check: what differs from the file" INPUT_OPERATION=check
step "export: a file for a vault that has none" INPUT_OPERATION=export
