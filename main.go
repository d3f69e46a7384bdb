// Vault-secret writes a secret into a Nairi vault: it rotates a value, changes
// the domains a secret may be sent to, creates it, or deletes it, or makes whole
// vaults match a file. It is made to run as one step of a CI job; it is not an
// official product of Nairi.
//
// It takes no arguments except -version. What to do is read from the
// environment, in which a workflow puts the step's inputs as INPUT_NAME, and
// Woodpecker and Drone put a plugin's settings as PLUGIN_NAME:
//
//	operation               set (default), create, update, delete, sync, check, export or lint
//	api_key                 a public API key (nr_…); also NAIRI_API_KEY
//	base_url                of the API; also NAIRI_BASE_URL
//	vault_id                the vault (vlt_…); export: one or more
//	secret_id               which secret, by its ID (sec_…)
//	env_key                 which secret, by its name
//	value                   the value, or
//	value_env               the name of a variable that holds it, or
//	value_file              the name of a file that holds it
//	value_encoding          text (default), or base64 of the text to store
//	trim                    newline (default: one final new line goes) or none
//	allow_suspicious_value  true to store what looks like a mistake
//	allowed_domains         the only hosts the secret may be sent to
//	allow_any_domain        true for no such restriction
//	if_updated_at           write only if the secret has this updated_at
//	mask_parts              false to mask the whole value and none of its parts
//	unmasked_parts          names of parts that are no secret, as in host
//	timeout                 of the whole run (default 120s)
//	request_timeout         of one request (default 30s)
//	ca_cert                 certificates to trust beside the system's, or a file
//	output_file             a file to add the outputs to, as NAIRI_SECRET_ID=…
//	results_file            sync, check: a file for all results, as JSON
//	dry_run                 true to read and plan, and change nothing
//	deny_widening           true to let no secret go to more hosts than before
//	verify_create           false to not list the vault once more after a create
//	manifest                sync, export, lint, check: files that say what vaults hold
//	secrets                 sync, lint, check: the same text, inline
//	env_json                sync, lint: names and values, as a JSON object
//	values_file             sync, lint: the same in a file, .json or .env
//	values                  sync, lint: always, when_created or when_rotated
//	prune                   sync, lint: true to delete what the manifest leaves out
//	max_deletes             sync: how many secrets may be deleted (default 5)
//	unmanaged               sync, check: error to fail if the manifest leaves out a secret
//	expect_plan             sync: the plan that was approved, to write no other
//	concurrency             sync, export, check: how many requests at a time (default 8)
//	shard                   sync: the part of the work to do, as in 2/8
//	shards                  sync: how many parts there may be (default 1)
//	comment_pr              sync: true to show the plan on the pull request
//	github_token            sync, check: the token for that, or for issue
//	pull_request            sync: its number, where the event names none
//	export_file             export: the manifest to write
//	overwrite               export: true to merge into one that is there
//	fail_on_drift           check: false to succeed though vaults differ
//	issue                   check: true to keep an issue that says how they differ
//
// Everything it prints goes to standard output, masks first. The outputs go to
// the file that GITHUB_OUTPUT names, and are printed where there is none; as
// variables they are also added to output_file and to the file that DRONE_OUTPUT
// names.
//
// The exit code is 0 if it was done, 1 if it failed and nothing was changed, 2
// if an input was bad and no request was sent, 3 if it was done in part or it is
// not known, and 130 if SIGINT or SIGTERM ended it. After the first signal
// nothing new is sent, and a request in flight gets four seconds, or more where
// the CI gives more; after the second it is given up. The outputs are written all
// the same.
package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/nairi-community/vault-secret/internal/action"
	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/memory"
)

// version and commit say what was built from what. The linker sets them, and
// nothing else that would differ from one build to the next.
var version, commit = "devel", "unknown"

func main() {
	if len(os.Args) > 1 {
		os.Exit(cli.Reply(os.Args[1:], os.Stdout, cli.Build{Version: version, Commit: commit}))
	}
	signals := make(chan os.Signal, 2) // the two that mean something
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	// A reader of the log that goes away must not end a run between a write and
	// its outputs.
	signal.Ignore(syscall.SIGPIPE)
	memory.DelayCollection()
	os.Exit(action.Run(context.Background(), action.Host{
		Version:     version,
		Env:         env.Process(),
		Stdout:      env.Output(os.Stdout),
		Signals:     signals,
		Now:         time.Now,
		Random:      rand.Reader,
		Jitter:      mathrand.Float64,
		Proxy:       http.ProxyFromEnvironment,
		SystemRoots: x509.SystemCertPool,
	}))
}
