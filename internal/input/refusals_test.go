package input_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

var update = flag.Bool("update", false, "write what is said into testdata")

// bases are the environments and files that the cases of testdata change.
var bases = map[string]struct{ env, files env }{
	"single": {good(nil), nil},
	"needs":  {env{"INPUT_API_KEY": key, "INPUT_VAULT_ID": vaultID}, nil},
	"sync":   {syncing(nil), heldFiles},
	"guards": {good(env{"GITHUB_ACTIONS": "true"}), nil},
	"mirror": {good(env{"INPUT_ENV_KEY": envKey, "INPUT_MIRROR": "repo:octo/cats", "INPUT_GITHUB_TOKEN": "github_pat_synthetic"}), nil},
	"mirrors": {syncing(env{
		"INPUT_MANIFEST": "mirrors.yml", "INPUT_GITHUB_TOKEN": "github_pat_synthetic",
	}), env{"mirrors.yml": mirroredTo(vaultID, "    TOKEN: {generate: hex, allowed_domains: [example.com], mirror: [repo:octo/cats]}")}},
}

// mirroredTo is a manifest of one vault with these entries.
func mirroredTo(vault string, entries ...string) string {
	return "vaults:\n- vault_id: " + vault + "\n  secrets:\n" + strings.Join(entries, "\n") + "\n"
}

// What is refused or odd is told in the words of the cases, whoever hands the
// inputs over, and nothing else is.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name := range bases {
		archive, archiveName := cases(t, name)
		for i, file := range archive.Files {
			given, _ := splitCase(file.Data)
			for _, prefix := range prefixes {
				got := load(environments(t, name, given, prefix))
				said := given + after("! ", got.problems.Lines()) + after("? ", got.config.Warnings.Lines())
				if *update {
					archive.Files[i].Data = []byte(said)
				} else if diff := cmp.Diff(string(file.Data), said); diff != "" {
					t.Errorf("%s, %s, by %s (-told +tells)\n%s", name, file.Name, prefix, diff)
				}
			}
		}
		if *update {
			if err := os.WriteFile(archiveName, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The same cases on a command line, with a flag for each input that has one, are told in
// other words as far as commandline.txtar has them, and else in the same.
func TestRefusalsOfACommandLine(t *testing.T) {
	t.Parallel()
	archive, archiveName := cases(t, "commandline")
	var told []txtar.File
	for _, name := range slices.Sorted(maps.Keys(bases)) {
		stories, _ := cases(t, name)
		for _, file := range stories.Files {
			given, _ := splitCase(file.Data)
			vars, files := environments(t, name, given, "INPUT_")
			delete(vars, "GITHUB_ACTIONS")
			flags := asFlags(vars)
			e := outside(vars, files)
			config, _, problems := input.Read(e.Lookup, flags).Check(e, event.Read(e), now)
			step := load(environments(t, name, given, "INPUT_"))
			said := after("! ", otherwise(problems, step.problems)) + after("? ", otherwise(config.Warnings, step.config.Warnings))
			if said != "" {
				told = append(told, txtar.File{Name: name + ": " + file.Name, Data: []byte(said)})
			}
			whole := strings.Join(slices.Concat(problems.Lines(), config.Warnings.Lines()), "\n")
			for _, word := range []string{
				"this step", "the step", "operation:", "README", "the job", "this job", "the log", "in logs", "this runner", "workflow", "an input", "the input",
			} {
				if strings.Contains(whole, word) {
					t.Errorf("%s, %s: %q on a command line:\n%s", name, file.Name, word, whole)
				}
			}
		}
	}
	if *update {
		archive.Files = told
		if err := os.WriteFile(archiveName, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: told}))); d != "" {
		t.Errorf("(-told +tells)\n%s", d)
	}
}

// otherwise are the lines of problems whose text a step does not say.
func otherwise(problems, ofStep problem.List) []string {
	return slices.DeleteFunc(slices.Clone(problems), func(p problem.Problem) bool {
		return slices.ContainsFunc(ofStep, func(other problem.Problem) bool { return other.Text == p.Text })
	}).Lines()
}

// asFlags takes the inputs out of variables that a command line gives by flags.
func asFlags(vars env) input.Flags {
	flags := input.Flags{"operation": "set"}
	for _, spec := range input.Specs() {
		variable := "INPUT_" + strings.ToUpper(spec.Name)
		if text, given := vars[variable]; given && spec.Never() == "" {
			flags[spec.Name] = text
			delete(vars, variable)
		}
	}
	if key, given := vars["INPUT_API_KEY"]; given {
		vars["NAIRI_API_KEY"] = key
		delete(vars, "INPUT_API_KEY")
	}
	return flags
}

func cases(t testing.TB, base string) (archive *txtar.Archive, name string) {
	t.Helper()
	name = "testdata/" + base + ".txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return archive, name
}

// splitCase parts what is given in a case from what is told.
func splitCase(data []byte) (given, told string) {
	at := 0
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "! ") || strings.HasPrefix(line, "? ") {
			break
		}
		at += len(line)
	}
	return string(data[:at]), string(data[at:])
}

// environments are a base with the changes of a case, with the inputs by another
// prefix.
func environments(t testing.TB, base, given, prefix string) (vars, files env) {
	t.Helper()
	vars, files = env{}, bases[base].files.with(nil)
	change := bases[base].env.with(nil)
	for line := range strings.Lines(given) {
		name, text, set := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		into := change
		if name = strings.TrimPrefix(name, "-"); strings.HasPrefix(name, "@") {
			name, into = name[1:], files
		}
		if strings.HasPrefix(text, `"`) {
			var err error
			if text, err = strconv.Unquote(text); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
		if into[name] = text; !set {
			delete(into, name)
		}
	}
	for name, text := range change {
		if input, ok := strings.CutPrefix(name, "INPUT_"); ok {
			name = prefix + input
		}
		vars[name] = text
	}
	return vars, files
}

func after(sign string, lines []string) string {
	var text strings.Builder
	for _, line := range lines {
		fmt.Fprintln(&text, sign+line)
	}
	return text.String()
}

// A list of problems is one error, in one line, and tells its causes.
func TestProblemsAreOneError(t *testing.T) {
	t.Parallel()
	problems := load(good(env{"INPUT_API_KEY": "ccagent_x", "INPUT_ALLOWED_DOMAINS": "a b\n*", "INPUT_DRY_RUN": "x"}), nil).problems
	if text := problems.Error(); strings.ContainsAny(text, "\r\n") || strings.Count(text, ". dry_run must be true or false") != 1 {
		t.Errorf("not one line of all: %q", text)
	}
	for _, cause := range []error{nairi.ErrAgentKey, domains.ErrAnyHost} {
		if !errors.Is(problems, cause) {
			t.Errorf("the cause is lost: %v", cause)
		}
	}
	if code := problems[:1].Code(); code != problem.WrongKeyKind {
		t.Errorf("an agent's key has the code %s", code)
	}
}

func TestTheLongestValueIsTaken(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", secret.MaxSize)
	load(good(env{"INPUT_VALUE": long + "\r\n"}), nil).wantProblems(t)
	load(good(env{"INPUT_VALUE": long + "x"}), nil).wantProblems(t, "value is longer than 1024 KiB")
}
