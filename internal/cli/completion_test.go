package cli_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
)

// nasty is a text with all that a shell could take for its own.
const nasty = `it's a "test" of $HOME, ` + "`id`" + `, $(id), [a]: 100% \n \\ \ {b,c} ~ * ? ! # ; & | < > (d)`

// topics are verbs and flags of each kind.
func topics() []cli.Topic {
	trim := &cli.Flag{Name: "trim", Takes: "newline|none", Words: []string{"newline", "none"}, Help: "what is dropped"}
	dryRun := &cli.Flag{Name: "dry-run", Help: nasty, Default: "false"}
	manifest := &cli.Flag{Name: "manifest", Takes: "FILE", IsFile: true, IsList: true, Help: "the files: all of them"}
	return []cli.Topic{
		cli.NewTopic(&cli.Verb{Name: "set", Operand: "NAME", Help: nasty},
			&cli.Flag{Name: "key-file", Takes: "FILE", IsFile: true, Help: "a file"},
			&cli.Flag{Name: "url", Takes: "URL", Help: nasty + " too"},
			&cli.Flag{Name: "host", Takes: "HOST", IsList: true, Help: "some hosts"},
			&cli.Flag{Name: "vault", Takes: "ID", Help: "a vault"},
			trim, dryRun,
			&cli.Flag{Name: "verify", Help: "look again", Default: "true"}),
		cli.NewTopic(&cli.Verb{Name: "list", Operand: "VAULT", Several: true, Help: "show them"},
			&cli.Flag{Name: "vault", Takes: "ID", IsList: true, Help: "a vault"}),
		cli.NewTopic(&cli.Verb{Name: "lint", Operand: "FILE", Several: true, Help: "check: it all"}, trim, dryRun, manifest),
		cli.NewTopic(&cli.Verb{Name: "completion", Operand: "SHELL", Help: "print it"}),
		cli.NewTopic(&cli.Verb{Name: "help", Operand: "VERB", Help: "explain"}),
	}
}

// The scripts for them are in testdata.
func TestScriptsOfCompletions(t *testing.T) {
	t.Parallel()
	for _, shell := range cli.Shells() {
		golden(t, "completion."+shell, cli.Script(shell, topics()...))
	}
}

// What a secret is called is in no script, and what each flag is called is in all.
func TestCompletionsOfInputs(t *testing.T) {
	t.Parallel()
	for _, shell := range cli.Shells() {
		script := reply(t, "completion", shell).Text
		words := regexp.MustCompile(`[\w-]+`).FindAllString(script, -1)
		for _, spec := range input.Specs() {
			name := strings.TrimPrefix(input.Flag(spec.Name), "--")
			isOffered := slices.Contains(words, "--"+name) || strings.Contains(script, " -l "+name+" ")
			if want := spec.Never() == "" && spec.Name != "operation" && spec.Name != "generated_env"; isOffered != want {
				t.Errorf("%s: whether it offers --%s: %v, want %v", shell, name, isOffered, want)
			}
		}
		for _, v := range cli.Verbs() {
			if !slices.Contains(words, v.Name) {
				t.Errorf("%s: it does not offer %s", shell, v.Name)
			}
		}
	}
}

// Names and words stand in the scripts as they are, so they must be plain.
func TestWordsOfCompletionsArePlain(t *testing.T) {
	t.Parallel()
	plain := regexp.MustCompile(`^[a-z]+([-_]?[a-z0-9]+)*$`)
	for _, v := range cli.Verbs() {
		words := []string{v.Name, strings.ToLower(v.Operand + "x")}
		for _, f := range v.Flags() {
			words = append(append(words, f.Name), f.Words...)
		}
		for _, word := range words {
			if !plain.MatchString(word) {
				t.Errorf("%s: %q would have to be quoted", v.Name, word)
			}
		}
	}
}
