package cli_test

import (
	"bytes"
	"strings"
	"testing"
)

// What is said of a command line that is wrong, without the last line.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	const (
		read   = "everybody on this machine could read it in the list of processes, and the shell keeps it in its history.\n"
		ways   = "hint: Pipe it in with --value-file -, name a file with --value-file, or name a variable that holds it with --value-env."
		leaked = " If you typed a real secret, remove it from the history."
		verbs  = "The verbs are set, create, update, delete, list, export, lint, plan, sync, check, generate, completion, help and version."
		asks   = " On a terminal, vault-secret set NAME asks for it."
		value  = "error: There is no flag --value: " + read + ways
		setIt  = "error: set takes the name of a secret, and no value: " + read + ways + asks + leaked
		key    = "error: There is no flag --api-key: " + read + "hint: Set the variable NAIRI_API_KEY, or name a file with --api-key-file." + leaked
		empty  = "error: An argument is empty.\nhint: A variable that is not set may be the reason."
		vault  = "error: --vault-id needs an argument: the vault, by its ID (vlt_…).\nhint: If it begins with a dash, write --vault-id=…"
	)
	for _, tt := range []struct {
		line, help, want string
	}{
		// Verbs.
		{"foo", "", "error: The first argument is not a verb.\nhint: " + verbs},
		{"STRIPE_KEY=hunter2", "", "error: The first argument is not a verb.\nhint: " + verbs},
		{"''", "", empty},
		{"sett NAME", "", "error: sett is not a verb.\nhint: Did you mean set?"},
		{"SET NAME", "", "error: SET is not a verb.\nhint: Did you mean set?"},
		{"udpate NAME", "", "error: udpate is not a verb.\nhint: Did you mean update?"},
		{"lit", "", "error: lit is not a verb.\nhint: Did you mean list or lint?"},
		{"rm NAME", "", "error: rm is not a verb.\nhint: Did you mean delete?"},
		{"apply", "", "error: apply is not a verb.\nhint: Did you mean sync?"},
		{"help foo", "", "error: The first argument is not a verb.\nhint: " + verbs},
		{"help exprot", "", "error: exprot is not a verb.\nhint: Did you mean export?"},
		{"help set list", "", "error: help takes one argument."},
		{"help ''", "", empty},
		{"help --json", "", "error: help does not take --json.\nhint: It is a flag of set, create, update, delete, list, export, lint, plan, sync, check and generate."},
		{"version NAME", "version", "error: version takes no arguments."},
		{"generate password", "generate", "error: generate takes no arguments.\nhint: Say what to make with --generate, as in --generate password."},
		{"completion", "completion", "error: completion needs the name of a shell.\nhint: Write bash, zsh or fish behind it."},
		{"completion tcsh", "completion", "error: completion needs the name of a shell.\nhint: Write bash, zsh or fish behind it."},
		{"completion bash zsh", "completion", "error: completion takes one argument."},
		{"--vault-id vlt_1 list", "", "error: The verb comes before --vault-id.\nhint: Write it as in vault-secret set --vault-id."},
		{"--yes", "", "error: The verb comes before --yes.\nhint: Write it as in vault-secret delete --yes."},
		{"--foo", "", "error: The first argument is not a verb, but a flag.\nhint: Write the verb first, as in vault-secret list."},
		{"--value hunter2 set NAME", "", value + leaked},
		{"--", "", "error: The first argument is not a verb, but a flag.\nhint: Write the verb first, as in vault-secret list."},

		// Flags that are not there.
		{"set --valut-id vlt_1", "set", "error: set has no flag --valut-id.\nhint: Did you mean --vault-id?"},
		{"set --vault_id vlt_1", "set", "error: set has no flag --vault_id.\nhint: Did you mean --vault-id?"},
		{"set -valut-id=vlt_1", "set", "error: set has no flag --valut-id.\nhint: Did you mean --vault-id?"},
		{"set --vault vlt_1", "set", "error: set has no flag --vault.\nhint: Did you mean --vault-id?"},
		{"set --domains x", "set", "error: set has no flag --domains.\nhint: Did you mean --allowed-domains?"},
		{"set --file x", "set", "error: set has no flag --file.\nhint: Did you mean --api-key-file, --value-file, --generated-file or --output-file?"},
		{"set --jsn", "set", "error: set has no flag --jsn.\nhint: Did you mean --json?"},
		{"set --foo", "set", "error: Argument 2 is no flag of set."},
		{"set NAME --json --hunter2", "set", "error: Argument 4 is no flag of set."},
		{"set NAME -v hunter2", "set", "error: There is no flag -v: none has a short form, except -h."},
		{"delete NAME -n", "delete", "error: delete has no flag -n.\nhint: Did you mean --dry-run?"},
		{"delete NAME -y", "delete", "error: delete has no flag -y.\nhint: Did you mean --yes?"},
		{"sync --force", "sync", "error: sync has no flag --force.\nhint: Did you mean --yes?"},
		{"list -o json", "list", "error: list has no flag -o.\nhint: Did you mean --json?"},
		{"list -q", "list", "error: list has no flag -q.\nhint: Did you mean --quiet?"},
		{"set NAME --host x", "set", "error: set has no flag --host.\nhint: Did you mean --allowed-domains?"},
		{"set NAME --hosts x", "set", "error: set has no flag --hosts.\nhint: Did you mean --allowed-domains?"},
		{"set NAME --domain x", "set", "error: set has no flag --domain.\nhint: Did you mean --allowed-domains?"},
		{"set --name NAME", "set", "error: set has no flag --name.\nhint: Did you mean --env-key?"},
		{"set NAME --from-file x", "set", "error: set has no flag --from-file.\nhint: Did you mean --value-file?"},
		{"generate --generated-env NAME", "generate", "error: There is no flag --generated-env, because a program cannot set variables of its shell.\nhint: Name a file with --generated-file."},
		{"list --endpoint x", "list", "error: list has no flag --endpoint.\nhint: Did you mean --base-url?"},
		{"set ---json", "set", "error: set has no flag ---json.\nhint: Did you mean --json?"},
		{"set ---", "set", "error: Argument 2 is no flag of set."},
		{"set -=hunter2", "set", "error: Argument 2 is no flag of set."},
		{"set --prune NAME", "set", "error: set does not take --prune.\nhint: It is a flag of lint, plan and sync."},
		{"set --prunee", "set", "error: set has no flag --prunee.\nhint: Did you mean --prune, which is a flag of lint, plan and sync?"},
		{"set --yes NAME", "set", "error: set does not take --yes.\nhint: It is a flag of delete and sync."},
		{"delete --value-file x NAME", "delete", "error: delete does not take --value-file.\nhint: It is a flag of set, create and update."},
		{"lint --vault-id vlt_1", "lint", "error: lint does not take --vault-id.\nhint: It is a flag of set, create, update, delete, list and export."},
		{"set --operation=delete NAME", "set", "error: There is no flag --operation, because the verb says it.\nhint: Leave it out, or begin with another verb."},
		{"plan --dry-run=false", "plan", "error: plan does not take --dry-run, because it always is a dry run.\nhint: Leave it out, or write sync to make the changes."},

		// Secrets.
		{"set --value hunter2 NAME", "set", value + asks + leaked},
		{"set --value=hunter2 NAME", "set", value + asks + leaked},
		{"set -value hunter2", "set", value + asks + leaked},
		{"set NAME --valeu=hunter2", "set", value + asks + leaked},
		{"set NAME --body hunter2", "set", value + asks + leaked},
		{"set NAME -b hunter2", "set", value + asks + leaked},
		{"set NAME --password hunter2", "set", value + asks + leaked},
		{"list --token hunter2", "list", key},
		{"list --value hunter2", "list", "error: There is no flag --value: " + read + "hint: list needs none." + leaked},
		{"plan --value=hunter2", "plan", "error: There is no flag --value: " + read + "hint: plan needs none." + leaked},
		{"lint --api-key nr_1", "lint", "error: There is no flag --api-key: " + read + "hint: lint needs none." + leaked},
		{"set --api-key nr_hunter2", "set", key},
		{"list --api-key=nr_hunter2", "list", key},
		{"list -api_key nr_hunter2", "list", key},
		{"sync --env-json {}", "sync", "error: There is no flag --env-json: " + read + "hint: Name a file that holds it with --values-file." + leaked},
		{"sync --github-token x", "sync", "error: There is no flag --github-token: " + read + "hint: Set the variable INPUT_GITHUB_TOKEN." + leaked},
		{"set NAME=hunter2", "set", setIt},
		{"set NAME hunter2", "set", setIt},
		{"create NAME hunter2", "create", strings.NewReplacer("set takes", "create takes", "secret set", "secret create").Replace(setIt)},
		{"set -- NAME -hunter2", "set", setIt},
		{"delete NAME=hunter2", "delete", "error: delete takes one name."},
		{"delete NAME OTHER", "delete", "error: delete takes one name."},

		// Texts of flags.
		{"set NAME --vault-id", "set", vault},
		{"set --vault-id --json", "set", vault},
		{"set --vault-id -- NAME", "set", vault},
		{"set --vault-id ''", "set", "error: --vault-id is empty.\nhint: A variable that is not set may be the reason."},
		{"set --vault-id=", "set", "error: --vault-id is empty.\nhint: A variable that is not set may be the reason."},
		{"set --allowed-domains=a.example --allowed-domains=", "set", "error: --allowed-domains is empty.\nhint: A variable that is not set may be the reason."},
		{"set --allowed-domains= --allowed-domains=a.example", "set", "error: --allowed-domains is empty.\nhint: A variable that is not set may be the reason."},
		{"set --vault-id=' '", "set", "error: --vault-id is empty.\nhint: A variable that is not set may be the reason."},
		{"set --dry-run=no", "set", "error: --dry-run is true or false.\nhint: Write --dry-run, or --dry-run=false."},
		{"set --dry-run=", "set", "error: --dry-run is true or false.\nhint: Write --dry-run, or --dry-run=false."},
		{"set --json=hunter2", "set", "error: --json is true or false.\nhint: Write --json, or --json=false."},
		{"set --dry-run false NAME", "set", "error: --dry-run and false must be one argument.\nhint: Write --dry-run=false."},
		{"sync --prune TRUE", "sync", "error: --prune and TRUE must be one argument.\nhint: Write --prune=TRUE."},
		{"set --json --json", "set", "error: --json is given twice.\nhint: Give it once."},
		{"set --env-key=A --env-key=B", "set", "error: --env-key is given twice.\nhint: Give it once."},
		{"set --vault-id=A --vault-id=B", "set", "error: --vault-id is given twice.\nhint: Give it once."},
		{"set --env-key=A B", "set", "error: The secret is given twice: as an argument, and with --env-key.\nhint: Give it once."},
		{"set sec_1 --secret-id sec_2", "set", "error: The secret is given twice: as an argument, and with --secret-id.\nhint: Give it once."},

		// Operands.
		{"set ''", "set", empty},
		{"lint a.yml ''", "lint", empty},
		{"list -- ''", "list", empty},
		{"delete vlt_01KEQ6963XS96YDP3NF9NKB7QJ", "delete", "error: delete takes the name of a secret, or its ID (sec_…), and this looks like the ID of a vault.\nhint: Name the vault with --vault-id."},
	} {
		got := reply(t, words(tt.line)...)
		want := tt.want + "\nRun vault-secret help " + tt.help + ".\n"
		if want = strings.Replace(want, "help .", "help.", 1); got.Text != want || got.Code != 2 {
			t.Errorf("%s: exit code %d\ngot  %swant %s", tt.line, got.Code, got.Text, want)
		}
		var stdout, stderr bytes.Buffer
		if got.Print(&stdout, &stderr); stdout.Len() > 0 || stderr.String() != got.Text {
			t.Errorf("%s: standard output %q", tt.line, &stdout)
		}
	}
}

// words are the arguments of a line, as a shell cuts it; there is no space in any but ' '.
func words(line string) []string {
	var all []string
	for _, word := range strings.Fields(strings.ReplaceAll(line, "' '", "\x00")) {
		all = append(all, strings.ReplaceAll(strings.ReplaceAll(word, "\x00", " "), "''", ""))
	}
	return all
}
