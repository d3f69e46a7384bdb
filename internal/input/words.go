package input

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Words spells our own words for whoever gave the inputs: on a command line, inputs are
// flags, operations are verbs, and there is neither a step nor a log. It is for texts of
// this program alone: a name or a message from outside may look like an input.
func (f Flags) Words(text string) string {
	if f == nil {
		return text
	}
	text = f.phrased(text)
	var b strings.Builder
	for text != "" {
		at := strings.IndexFunc(text, isNamed)
		if at < 0 {
			break
		}
		end := at + len(text[at:]) - len(strings.TrimLeft(text[at:], nameCharacters))
		word, left := text[at:end], text[end:]
		b.WriteString(text[:at])
		text = left
		if spec, known := Named(word); known {
			word, text = spec.inWords(left)
		}
		b.WriteString(word)
	}
	return b.String() + text
}

// phrased is a text of ours about a manifest, whose keys are no inputs.
func (f Flags) phrased(text string) string {
	if f == nil {
		return text
	}
	return strings.ReplaceAll(phrases().Replace(text), "VERB", f.verb())
}

// verb is what a command line asks for. A sync that only looks has a name of its own.
func (f Flags) verb() string {
	if f[Operation] == string(plan.OpSync) && isTrue(f[DryRun]) {
		return "plan"
	}
	return f[Operation]
}

// nameCharacters are those of the names of inputs, of variables, and of flags and hosts,
// which are no names of inputs.
const nameCharacters = ascii.Word + "-"

func isNamed(r rune) bool { return strings.ContainsRune(nameCharacters, r) }

// inWords is an input as our words name it, and what is left of the text behind it: a word
// that it is to be given goes with it, as in "say overwrite: true". One whose name is a
// word of English is meant as one anywhere else.
func (s Spec) inWords(rest string) (word, left string) {
	if said, is := strings.CutPrefix(rest, ": "); is {
		left := strings.TrimLeft(said, ascii.Lower+"_")
		switch word := said[:len(said)-len(left)]; {
		case word == "true" && s.IsBoolean():
			return Flag(s.Name), left
		case slices.Contains(s.Words(), word):
			return Flag(s.Name) + " " + word, left
		}
	}
	if !strings.Contains(s.Name, "_") {
		return s.Name, rest
	}
	return s.spelled(), rest
}

// spelled is an input as a command line gives it: by a flag, or, if it is a secret, by the
// variable from which a shell has it.
func (s Spec) spelled() string {
	if s.Never() == "" {
		return Flag(s.Name)
	}
	return cmp.Or(s.shell, inputPrefix+strings.ToUpper(s.Name))
}

// phrases are our words for a step of a CI beside those for a command line.
var phrases = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(
		"value, value_env, value_file or generate", "--value-file, --value-env or --generate",
		"value, value_env or value_file", "--value-file or --value-env",
		"value, value_env and value_file", "--value-file and --value-env",
		"goes with generate, which makes the value; give generate as well", "goes with --generate, which makes the value; give that as well",
		"without a file or a variable nobody gets the value; give generated_file or generated_env", "without a file nobody gets the value",
		"neither env_json nor values_file is given", "--values-file is not given",
		"env_json or values_file", "--values-file",
		"is missing; give secret_id or env_key", "is missing; give the name or the ID of the secret, as in vault-secret VERB DATABASE_URL",
		"is missing; give the name of the secret to create", "is missing; give the name of the secret, as in vault-secret VERB DATABASE_URL",
		"is missing; the dashboard shows it,", "is missing; give it, or set NAIRI_VAULT_ID for all commands; the dashboard shows it,",
		"operation: ", "vault-secret ",
		"operation set", "vault-secret set",
		"use it as api_key", "use it",
		"check that api_key", "check that the API key",
		"that api_key belongs", "that the API key belongs",
		"the README's tables say what each input takes", "vault-secret help VERB says what each flag takes",
		"leave the input out", "leave the flag out",
		"which an input accepts", "which a flag accepts",
		"- does not mean standard input here; write /dev/stdin", "- is standard input only where a value, values or the API key are read",
		"- does not mean standard output here", "- is not standard output here",
		"this step may not", "you may not",
		"make sure that this step can", "make sure that you can",
		"variable of this step", "variable of this shell",
		"and set the variable in the step's env", "and export it",
		"one variable of the step", "one variable",
		"not set in this step", "not set",
		"from the step", "from the environment",
		"there is no variable of the name in env", "there is no variable of the name",
		"this step does not need", "is not needed",
		"the runner's CA certificates", "this machine's CA certificates",
		"who runs this runner's network, and", "who runs this network, and",
		"the runner's network and its HTTPS_PROXY", "the network and the variable HTTPS_PROXY",
		"this runner", "this machine",
		"and the step has", "and the run has",
		"later steps see", "whoever reads it sees",
		"the job was cancelled; run it again", "run the command again",
		"run the job again", "run the command again",
		"running the job again", "running the command again",
		"issue needs one that may", "--issue needs one that may",
		"give the job permissions: issues: write, pass its token as github_token, and", "give a token that may write issues in INPUT_GITHUB_TOKEN, and",
		", which a job's own never may", "",
		"spread jobs that use the same key", "do not run many at once with one key",
		"mistake in the action", "bug in vault-secret",
		"a secret created without a domain list could be sent to any host; give it allowed_domains",
		"a new one needs the hosts that it may be sent to: give them with --allowed-domains, or say --allow-any-domain if any host is meant",
		"a secret cannot be created without a value",
		"a new one needs a value: give --value-file or --value-env, or use vault-secret create, which asks for it on a terminal",
		"check the name or ID of the secret; only operation set, create or sync creates one, by its name, with a value and a list of domains",
		"check the name or the ID, as vault-secret list shows it; set, create and sync create a secret by its name, with a value and hosts",
		"and this log", "and what it printed",
		"problems with the inputs, listed in the log", "problems, listed above",
		"the log has each", "each is above",
		"is the repository checked out, and the name one from its root?", "a relative name starts from the working folder",
		"is the repository checked out, and the pattern one from its root?", "a pattern starts from the working folder",
		"as an earlier step got it", "as the output of an earlier run has it",
		"fix the step that provides the value", "fix what provides the value",
		"is too short to be masked in logs", "is very short: it has fewer than 4 characters",
		"the job's token", "a token",
		"only the input secrets can", "only --secrets can",
		"use an input from the README's table", "use the name of an input",
		"; the README's table lists all inputs", "; vault-secret help VERB lists the flags",
	)
})

// own is a text of this program for whoever gave the inputs.
func (c *checker) own(text string) string { return c.flags.Words(text) }

// ownError is an error all of whose text is this program's, for whoever gave the inputs.
func (c *checker) ownError(err error) error {
	if err == nil || c.flags == nil {
		return err
	}
	return respelled{errors.New(c.own(err.Error())), err}
}

// respelled is an error in other words.
type respelled struct {
	error
	cause error
}

// Unwrap implements the interface of errors.Is.
func (r respelled) Unwrap() error { return r.cause }
