package cli_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

var build = cli.Build{Version: "v1.2.3", Commit: "abcdef0"}

// reply is what the program prints on a command line that runs nothing.
func reply(t *testing.T, arguments ...string) *cli.Reply {
	t.Helper()
	command, reply := cli.Parse(arguments, build)
	if command != nil || reply == nil {
		t.Fatalf("%q is run", arguments)
	}
	return reply
}

// helps are the help of the program, "", and that of each verb.
func helps(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"": reply(t, "help").Text}
	for _, v := range cli.Verbs() {
		all[v.Name] = reply(t, "help", v.Name).Text
	}
	return all
}

// What a help says is in testdata, one file for each verb.
func TestHelp(t *testing.T) {
	t.Parallel()
	for verb, got := range helps(t) {
		golden(t, strings.TrimSuffix("help_"+verb, "_")+".txt", got)
	}
}

// golden compares a text with a file of testdata, or writes it there.
func golden(t *testing.T, file, got string) {
	t.Helper()
	name := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got): %s", name, diff)
	}
}

// A terminal is 80 columns wide at least, and text that is copied has no odd spaces.
func TestHelpFitsATerminal(t *testing.T) {
	t.Parallel()
	for verb, text := range helps(t) {
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) > 80 || strings.ContainsAny(line, "\t\u00a0") || strings.HasSuffix(line, " ") {
				t.Errorf("help %s: %q", verb, line)
			}
		}
	}
}

// Whichever way somebody asks, the help is the same, and goes to standard output.
func TestEveryWayToAskForHelp(t *testing.T) {
	t.Parallel()
	same := map[string][][]string{
		"":           {{"help"}, {"-h"}, {"--help"}, {"-help"}},
		"set":        {{"help", "set"}, {"set", "-h"}, {"set", "--help"}, {"set", "NAME", "--help"}, {"set", "--no-such-flag", "--help"}, {"--help", "set"}, {"set", "--help=true"}},
		"help":       {{"help", "help"}, {"help", "--help"}, {"help", "-h"}},
		"completion": {{"help", "completion"}, {"completion", "--help"}},
		"version":    {{"help", "version"}, {"version", "-h"}, {"help", "--", "--version"}},
	}
	all := helps(t)
	for verb, ways := range same {
		for _, way := range ways {
			got := reply(t, way...)
			if got.Text != all[verb] || got.Code != 0 {
				t.Errorf("%q: exit code %d: %s", way, got.Code, got.Text)
			}
			var stdout, stderr bytes.Buffer
			got.Print(&stdout, &stderr)
			if stdout.String() != all[verb] || stderr.Len() > 0 {
				t.Errorf("%q: standard output %q, standard error %q", way, &stdout, &stderr)
			}
		}
	}
	if _, wrong := cli.Parse([]string{"set", "--", "-h"}, build); wrong != nil {
		t.Errorf("behind --, -h is a flag: %s", wrong.Text)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"version", "-version", "--version"} {
		if got := reply(t, way); *got != (cli.Reply{Text: "vault-secret v1.2.3 (commit abcdef0)\n"}) {
			t.Errorf("%s: %+v", way, got)
		}
	}
}

// Every input is a flag of some verb, or a secret for which there is another way, or what
// the verbs say; and whoever takes it is told of it once.
func TestHelpListsEachFlagOnce(t *testing.T) {
	t.Parallel()
	var listed []string
	for verb, text := range helps(t) {
		for line := range strings.Lines(text) {
			if fields := strings.Fields(line); strings.HasPrefix(line, "  --") {
				if slices.Contains(listed, verb+" "+fields[0]) {
					t.Errorf("help %s lists %s twice", verb, fields[0])
				}
				listed = append(listed, verb+" "+fields[0])
			}
		}
	}
	var want []string
	for _, v := range cli.Verbs() {
		runs := strings.HasSuffix(v.Usage(), " [flags]")
		if runs {
			want = append(want, v.Name+" --json", v.Name+" --quiet", v.Name+" --help")
		}
		for _, spec := range input.Specs() {
			operation := plan.Operation(v.Name)
			if v.Name == "plan" {
				operation = plan.OpSync
			}
			said := spec.Name == "operation" || v.Name == "plan" && spec.Name == "dry_run" || spec.Name == "generated_env"
			if runs && spec.Serves(operation) && spec.Never() == "" && !said {
				want = append(want, v.Name+" "+input.Flag(spec.Name))
			}
		}
	}
	want = append(want, "delete --yes", "sync --yes")
	slices.Sort(want)
	slices.Sort(listed)
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("flags (-want +got): %s", diff)
	}
	for _, spec := range input.Specs() {
		isFlag := slices.ContainsFunc(listed, func(flag string) bool { return strings.HasSuffix(flag, " "+input.Flag(spec.Name)) })
		if never := spec.Never() != "" || spec.Name == "operation" || spec.Name == "generated_env"; isFlag == never {
			t.Errorf("%s: a flag: %t, never one: %t", spec.Name, isFlag, never)
		}
	}
}

// The flags that an example shows are there, and its other arguments are right.
func TestExamplesAreRight(t *testing.T) {
	t.Parallel()
	for _, v := range cli.Verbs() {
		if strings.HasSuffix(v.Usage(), " [flags]") && len(v.Examples) < 2 {
			t.Errorf("%s has %d examples", v.Name, len(v.Examples))
		}
		for _, example := range v.Examples {
			_, ours, _ := strings.Cut(example.Line, "vault-secret ")
			ours = strings.TrimSpace(ours[:strings.IndexAny(ours+"|", "|)>")])
			command, wrong := cli.Parse(strings.Fields(ours), build)
			switch {
			case wrong != nil && wrong.Code != 0:
				t.Errorf("%s: %s", example.Line, wrong.Text)
			case command != nil && command.Verb != v.Name:
				t.Errorf("%s is an example of %s", example.Line, v.Name)
			}
		}
	}
}
