package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/spelling"
)

// What a command line runs.
func TestParse(t *testing.T) {
	t.Parallel()
	set := func(flags input.Flags) input.Flags {
		flags["operation"] = "set"
		return flags
	}
	for _, tt := range []struct {
		line string
		want cli.Command
	}{
		{"set", cli.Command{Verb: "set", Flags: set(input.Flags{})}},
		{"set NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME"})}},
		{"set sec_1", cli.Command{Verb: "set", Flags: set(input.Flags{"secret_id": "sec_1"})}},
		{"set sec_1 --env-key NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"secret_id": "sec_1", "env_key": "NAME"})}},
		{"set --env-key sec_1", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "sec_1"})}},
		{"set SEC_1", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "SEC_1"})}},
		{"set -- -NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "-NAME"})}},
		{"set NAME --", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME"})}},
		{"set -", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "-"})}},
		{"set --vault-id vlt_1 NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "vault_id": "vlt_1"})}},
		{"set NAME --vault-id=vlt_1", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "vault_id": "vlt_1"})}},
		{"set -vault-id vlt_1 -value-env=A=B NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "vault_id": "vlt_1", "value_env": "A=B"})}},
		{"set --value-file - NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "value_file": "-"})}},
		{"set --value-file=-x NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "value_file": "-x"})}},
		{"set --vault-id=--json NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "vault_id": "--json"})}},
		{"set NAME --dry-run --deny-widening=false --mask-parts=FALSE", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "dry_run": "true", "deny_widening": "false", "mask_parts": "FALSE"})}},
		{"set --json NAME --quiet", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME"}), JSON: true, Quiet: true}},
		{"set --json=false NAME", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME"})}},
		{"set NAME --allowed-domains a.example.com --allowed-domains b.example.com,c.example.com", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "allowed_domains": "a.example.com\nb.example.com,c.example.com"})}},
		// An input that tells empty and left out apart says itself what is wrong.
		{"set NAME --allowed-domains= --value-file ''", cli.Command{Verb: "set", Flags: set(input.Flags{"env_key": "NAME", "allowed_domains": "", "value_file": ""})}},
		{"delete NAME --yes", cli.Command{Verb: "delete", Flags: input.Flags{"operation": "delete", "env_key": "NAME"}, Yes: true}},
		{"list", cli.Command{Verb: "list", Flags: input.Flags{"operation": "list"}}},
		{"list vlt_1 vlt_2 --vault-id vlt_3", cli.Command{Verb: "list", Flags: input.Flags{"operation": "list", "vault_id": "vlt_3\nvlt_1\nvlt_2"}}},
		{"export vlt_1 --export-file a.yml", cli.Command{Verb: "export", Flags: input.Flags{"operation": "export", "vault_id": "vlt_1", "export_file": "a.yml"}}},
		{"lint a.yml b=c.yml", cli.Command{Verb: "lint", Flags: input.Flags{"operation": "lint", "manifest": "a.yml\nb=c.yml"}}},
		{"plan a.yml", cli.Command{Verb: "plan", Flags: input.Flags{"operation": "sync", "dry_run": "true", "manifest": "a.yml"}}},
		{"sync --dry-run", cli.Command{Verb: "sync", Flags: input.Flags{"operation": "sync", "dry_run": "true"}}},
		{"check --fail-on-drift=false", cli.Command{Verb: "check", Flags: input.Flags{"operation": "check", "fail_on_drift": "false"}}},
	} {
		got, wrong := cli.Parse(words(tt.line), build)
		if wrong != nil {
			t.Errorf("%s: %s", tt.line, wrong.Text)
			continue
		}
		if diff := cmp.Diff(tt.want, *got); diff != "" {
			t.Errorf("%s (-want +got): %s", tt.line, diff)
		}
	}
}

// vocabulary are all words that may be in a reply, whatever was given.
func vocabulary() string {
	var all strings.Builder
	add := func(arguments ...string) {
		_, said := cli.Parse(arguments, build)
		all.WriteString(said.Text)
	}
	add("help")
	add("version")
	for _, v := range cli.Verbs() {
		add("help", v.Name)
	}
	for _, spec := range input.Specs() {
		all.WriteString(input.Flag(spec.Name) + " " + spec.Never() + "\n")
	}
	return all.String()
}

// What is given is repeated only if it is a known word, or next to one.
func TestNoReplyRepeatsWhatMayBeASecret(t *testing.T) {
	t.Parallel()
	known := vocabulary()
	secrets := rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9+/_-]{12,40}`), rapid.StringMatching(`(nr_|sk_live_|ghp_)[A-Za-z0-9]{16,40}`), rapid.StringN(8, 40, -1))
	rapid.Check(t, func(t *rapid.T) {
		secret := secrets.Draw(t, "secret")
		if nearAny(secret, strings.Fields(known)) {
			t.Skip("a known word")
		}
		arguments := rapid.SliceOfN(argument(secret), 1, 6).Draw(t, "arguments")
		_, said := cli.Parse(arguments, build)
		if said != nil && strings.Contains(said.Text, secret) {
			t.Fatalf("the reply repeats it: %s", said.Text)
		}
	})
}

// argument draws an argument: a known word, with a secret in every place where one may be.
func argument(secret string) *rapid.Generator[string] {
	flags := []string{"--value", "--api-key", "--api_key", "-token", "--json", "--dry-run", "--vault-id", "--valut-id", "--x", "--", "-", ""}
	verbs := []string{"help", "version", "completion", "sett", "rm", "--help"}
	for _, v := range cli.Verbs() {
		verbs = append(verbs, v.Name)
		for _, f := range v.Flags() {
			flags = append(flags, f.String())
		}
	}
	return rapid.Custom(func(t *rapid.T) string {
		known := rapid.SampledFrom(slices.Concat(verbs, flags)).Draw(t, "word")
		form := rapid.SampledFrom([]string{"WORD", "WORD", "WORD", "SECRET", "--SECRET", "-SECRET", "WORD=SECRET", "NAME=SECRET", "--SECRET=x", "SECRET=x", "WORDSECRET"}).Draw(t, "form")
		return strings.NewReplacer("WORD", known, "SECRET", secret).Replace(form)
	})
}

// nearAny reports whether a word is known, in part or but for slips.
func nearAny(word string, known []string) bool {
	return len(spelling.Guess(word, known)) > 0 || slices.ContainsFunc(known, func(k string) bool { return strings.Contains(k, word) || strings.Contains(word, k) && len(k) > 4 })
}

// Whatever is given, there is something to run or something to say, and no panic.
func FuzzParse(f *testing.F) {
	for _, line := range []string{"set NAME", "set --vault-id vlt_1 NAME --json", "sync --prune=false a.yml b.yml", "help set", "--", "-", "=", "set ---x -=y --=z", "list -- -x", "set --value\x00x", "\xff"} {
		f.Add(strings.ReplaceAll(line, " ", "\n"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		command, said := cli.Parse(strings.Split(text, "\n"), build)
		switch {
		case (command == nil) == (said == nil):
			t.Fatal("both, or neither")
		case command != nil && command.Flags["operation"] == "":
			t.Fatalf("runs nothing: %+v", command)
		case said != nil && (said.Text == "" || said.Code != report.ExitDone && said.Code != report.ExitBadInput):
			t.Fatalf("says %+v", said)
		case said != nil && strings.ContainsFunc(said.Text, func(r rune) bool { return r < ' ' && r != '\n' || r == '\ufffd' }):
			t.Fatalf("says %q", said.Text)
		}
	})
}
