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
var phrases = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(pairs[:]...) })

// pairs are what phrases replaces, and with what. Most texts are right in both places.
var pairs = [...]string{
	"value (or value_env, value_file)", "--value-file (or --value-env)",
	", or set generated_env", "",
	"env_json or values_file", "--values-file",
	"Name the secret: set env_key (its name) or secret_id", "Give the name or the ID of the secret, as in vault-secret VERB DATABASE_URL",
	"is not set. The dashboard", "is not set. Give it, or set NAIRI_VAULT_ID for all commands. The dashboard",
	"operation: ", "vault-secret ",
	"set it in the step's env", "export it",
	"this runner", "this machine",
	"the runner's network", "the network",
	"and the step has", "and the run has",
	"Later steps see", "Whoever reads it sees",
	"masked in logs", "masked",
	"Run the job again", "Run the command again",
	"run the job again", "run the command again",
	"fewer jobs", "fewer commands",
	"Give the job permissions: issues: write, pass its token as github_token, and", "Give a token that may write issues in INPUT_GITHUB_TOKEN, and",
	", which a job's own token never is", "",
	"store it as the secret that api_key reads", "give it as NAIRI_API_KEY",
	"and this log", "and what it printed",
}

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
