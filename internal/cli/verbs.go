package cli

import "github.com/nairi-community/vault-secret/internal/plan"

// What verbs take beside flags.
const (
	aName  = "NAME"
	aVault = "VAULT"
	aFile  = "FILE"
	aVerb  = "VERB"
	aShell = "SHELL"
)

// Headings of verbs.
const (
	oneSecret  = "One secret"
	wholeVault = "Whole vaults"
	asCode     = "Vault as code"
	others     = "Other"
)

const newHosts = "A new secret needs hosts: --allowed-domains, or --allow-any-domain if any host is meant."

// verbs is the table of verbs. The compiler lays it out, so that a start costs nothing.
var verbs = [...]*Verb{
	{
		Name: "set", Group: oneSecret, Operand: aName, operation: plan.OpSet, also: "put add rotate write store",
		Help: "update a secret, or create it if it is not there",
		More: "Without a value and without hosts, set asks for the value on a terminal: hidden, and twice. " +
			"With hosts alone, the value stays as it is. " + newHosts + " To type the value of a new secret, use create.",
		Examples: []Example{
			{"Type the value, or paste it", "vault-secret set STRIPE_KEY"},
			{"Take it from a pipe", "openssl rand -hex 32 | vault-secret set SESSION_KEY --value-file -"},
			{"Take it from a variable", "vault-secret set DATABASE_URL --value-env DATABASE_URL"},
			{"Make a new one, and keep it in a file too", "vault-secret set SESSION_KEY --generate hex --generated-file session-key"},
			{"Change the hosts, and keep the value", "vault-secret set STRIPE_KEY --allowed-domains api.stripe.com"},
		},
	},
	{
		Name: "create", Group: oneSecret, Operand: aName, operation: plan.OpCreate, also: "new insert",
		Help: "create a secret",
		More: "A secret that is there already is an error. Without a value, create asks for it on a terminal: hidden, and twice. " + newHosts,
		Examples: []Example{
			{"Type the value, or paste it", "vault-secret create STRIPE_KEY --allowed-domains api.stripe.com"},
			{"Take it from a file", "vault-secret create TLS_KEY --value-file key.pem --allow-any-domain"},
		},
	},
	{
		Name: "update", Group: oneSecret, Operand: aName, operation: plan.OpUpdate, also: "edit change patch modify",
		Help: "update a secret that is there",
		More: "A secret that is not there is an error. Without a value and without hosts, update asks for the value on a terminal: " +
			"hidden, and twice. With hosts alone, the value stays as it is.",
		Examples: []Example{
			{"Type the value, or paste it", "vault-secret update STRIPE_KEY"},
			{"Take it from a file, for a secret by its ID", "vault-secret update sec_01KQ27AQH800XQTQPJZ0DH14SJ --value-file key.pem"},
		},
	},
	{
		Name: "delete", Group: oneSecret, Operand: aName, operation: plan.OpDelete, deletes: true, also: "del rm remove unset destroy",
		Help: "delete a secret",
		More: "On a terminal, delete shows what goes, and asks. A secret that is not there is no error.",
		Examples: []Example{
			{"Show what would go", "vault-secret delete LEGACY_TOKEN --dry-run"},
			{"Delete without asking", "vault-secret delete LEGACY_TOKEN --yes"},
		},
	},
	{
		Name: "list", Group: wholeVault, Operand: aVault, Several: true, operation: plan.OpList, also: "ls show get read view",
		Help: "show what vaults hold",
		More: "A list shows names, IDs, hosts and ages. No value is shown: nobody can read one back.",
		Examples: []Example{
			{"Show one vault", "vault-secret list"},
			{"Show two", `vault-secret list "$PRODUCTION_VAULT" "$STAGING_VAULT"`},
			{"Print the names alone", "vault-secret list --json | jq -r '.results[].env_key'"},
		},
	},
	{
		Name: "export", Group: wholeVault, Operand: aVault, Several: true, operation: plan.OpExport, also: "dump pull",
		Help: "write a manifest of what vaults hold",
		More: "The manifest has the names and the hosts, and no values. Without --export-file it is printed. " +
			"Without a vault, the vaults are those that the manifest names.",
		Examples: []Example{
			{"Print the manifest", "vault-secret export"},
			{"Write it where sync looks for it", "vault-secret export --export-file .github/nairi-vault.yml"},
		},
	},
	{
		Name: "lint", Group: asCode, Operand: aFile, Several: true, operation: plan.OpLint, also: "validate verify",
		Help: "check a manifest, without a key",
		More: "A lint needs no API key and no network. The exit code is 2 if there is a problem.",
		Examples: []Example{
			{"Check the manifest", "vault-secret lint"},
			{"Check several", "vault-secret lint vaults/*.yml"},
		},
	},
	{
		Name: "plan", Group: asCode, Operand: aFile, Several: true, operation: plan.OpSync, dryRun: true, also: "preview dryrun",
		Help: "show what a sync would change",
		More: "A plan is a sync with --dry-run: it changes nothing, and reads no value.",
		Examples: []Example{
			{"Show the plan", "vault-secret plan"},
			{"Keep what was approved, for sync --expect-plan", "digest=$(vault-secret plan --json | jq -r .plan_digest)"},
		},
	},
	{
		Name: "sync", Group: asCode, Operand: aFile, Several: true, operation: plan.OpSync, deletes: true, also: "apply deploy import push",
		Help: "make vaults match a manifest",
		More: "The values are in the variables and files that the manifest names, or in --values-file. " +
			"On a terminal, a sync that deletes shows what goes, and asks.",
		Examples: []Example{
			{"Write what the manifest says", "vault-secret sync"},
			{"Take the values from a file", "vault-secret sync vaults/*.yml --values-file values.env"},
			{"Delete what the manifest does not name, without asking", "vault-secret sync --prune --yes"},
			{"Write the plan that was approved, and no other", `vault-secret sync --expect-plan "$digest"`},
		},
	},
	{
		Name: "check", Group: asCode, Operand: aFile, Several: true, operation: plan.OpCheck, also: "diff drift compare",
		Help: "compare vaults with a manifest, and change nothing",
		More: "The exit code is 1 if a vault differs or a value is too old, unless --fail-on-drift=false is given.",
		Examples: []Example{
			{"Compare", "vault-secret check"},
			{"Write down what differs, and go on", "vault-secret check --fail-on-drift=false --results-file drift.json"},
		},
	},
	{
		Name: "generate", Group: others, operation: plan.OpGenerate, also: "random password make",
		Help: "make a random value, for a file alone",
		More: "The value goes to a new file that only you can read, and is never printed. generate needs no vault and no key. " +
			"To store the value in a vault as well, use set --generate.",
		Examples: []Example{
			{"Make a password", "vault-secret generate --generate password --generated-file new-password"},
			{"Make a key of 64 bytes", "vault-secret generate --generate hex --generate-bytes 64 --generated-file key"},
		},
	},
	{
		Name: "completion", Group: others, Operand: aShell,
		Help: "print completions for bash, zsh or fish",
		Examples: []Example{
			{"In ~/.bashrc", `eval "$(vault-secret completion bash)"`},
			{"In ~/.zshrc, after compinit", "source <(vault-secret completion zsh)"},
			{"In ~/.config/fish/config.fish", "vault-secret completion fish | source"},
		},
	},
	{Name: "help", Group: others, Operand: aVerb, Help: "explain the program, or one verb"},
	{Name: "version", Group: others, Help: "print the version and the commit"},
}
