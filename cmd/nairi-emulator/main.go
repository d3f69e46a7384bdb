// Nairi-emulator serves an emulator of Nairi's public API, as far as vaults and
// vault secrets go, on this machine alone. It is for trying clients and CI jobs
// without a Nairi account; it keeps everything in memory and forgets it when it
// ends. It is not made by Nairi.
//
// Usage:
//
//	nairi-emulator [-addr 127.0.0.1:0] [-api-key nr_…] [-vault-id vlt_…] [-latency 2s]
//		[-fault PATCH:reset-after-commit]… [-seed nairi-vault.yml]… [-admin-key …]
//		[-tls -ca-file ca.pem]
//	nairi-emulator verify -base-url http://127.0.0.1:40123 [-ca-file ca.pem] nairi-vault.yml…
//	nairi-emulator stop -base-url http://127.0.0.1:40123 [-ca-file ca.pem]
//	nairi-emulator path
//
// When it listens, it writes one line of JSON to standard output:
//
//	{"base_url":"http://127.0.0.1:40123","api_key":"nr_…","vault_id":"vlt_…"}
//
// The first is for NAIRI_BASE_URL, the second for NAIRI_API_KEY, and the third
// names a vault that is there and empty. With -tls there is "ca_file" too, the
// certificate to trust. Complaints go to standard error.
//
// The flags are:
//
//	-addr       where to listen; a loopback address, port 0 for any free one
//	-api-key    the one key to accept; by default a new one. Never give it a real
//	            one: the arguments of a program are no secret
//	-vault-id   the ID of the vault; by default a new one
//	-latency    how long every answer waits, as in 250ms
//	-rate       how many requests are answered in a second, the others with 429
//	-fault      what goes wrong with a request, as in PATCH:reset-after-commit; may
//	            be given several times
//	-seed       a manifest of what the vaults hold from the start; may be given
//	            several times
//	-tls        serve HTTPS, by a certificate authority made at the start
//	-ca-file    where -tls writes the certificate to trust, as PEM
//	-admin-key  the key of the paths below /_emulator/, which are not there without
//	            one. They set faults and times, and show the values of all secrets.
//	            NAIRI_EMULATOR_ADMIN_KEY is a variable for it, which nobody else sees
//
// It ends at SIGINT or SIGTERM with status 0. Status 1 means that it could not
// serve, and 2 that a flag was wrong.
//
// The verbs are for an emulator that runs, whose admin key is in the variable
// NAIRI_EMULATOR_ADMIN_KEY. The verb verify says how its vaults differ from
// manifests, without any value, and ends with status 3 if they do. The verb stop ends
// it, on every system. The verb path prints where this program is, which shows that it
// runs here.
//
// What it does as documented and what it assumes, and which faults there are:
// docs/emulator.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/nairi-community/vault-secret/internal/env"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], env.Process(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
