package ci

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// checkout is the environment of a step in a repository with these files.
func checkout(t *testing.T, platform env.Lookup, files ...string) env.Env {
	t.Helper()
	root := t.TempDir()
	for _, name := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return env.Env{
		Lookup: func(name string) (string, bool) {
			if name == "GITHUB_WORKSPACE" {
				return root, true
			}
			return platform(name)
		},
		Stat: func(name string) (fs.FileInfo, error) { return os.Stat(from(root, name)) },
	}
}

// from is a name as it is read in a folder.
func from(folder, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(folder, name)
}

// told is what a console of a platform prints of problems and doubts.
func told(e env.Env, problems, doubts problem.List) string {
	var out bytes.Buffer
	c := NewConsole(&out, e.Lookup)
	c.Mask(mask.Of(secret.New(hidden), mask.Options{}))
	out.Reset()
	c.Problems(problems.Shown(c.Clean), WorkspaceOf(e))
	c.Doubts(doubts.Shown(c.Clean), WorkspaceOf(e))
	return out.String()
}

var (
	onAct  = vars("GITHUB_ACTIONS=true", "ACT=true")
	onExec = vars("GITHUB_ACTIONS=true", "ACT=true", "ACT_EXEC=true")
)

func TestAFindingIsOnItsLine(t *testing.T) {
	t.Parallel()
	at := problem.Problem{Input: "manifest", File: "vaults/a.yml", Line: 4, Column: 7, Key: "TOKEN.env", Text: "is 100% wrong"}
	annotation := "::error col=7,file=vaults/a.yml,line=4,title=vault-secret%3A manifest::TOKEN.env is 100%25 wrong.\n"
	for name, test := range map[string]struct {
		platform env.Lookup
		want     string
	}{
		"GitHub": {onGitHub, annotation}, "Gitea": {onGitea, annotation}, "act": {onAct, annotation},
		"Forgejo": {vars("GITHUB_ACTIONS=true", "FORGEJO_ACTIONS=true"), annotation},
		"exec":    {onExec, "vaults/a.yml:4:7: TOKEN.env is 100% wrong.\n"},
		"a shell": {inShell, "vaults/a.yml:4:7: TOKEN.env is 100% wrong.\n"},
	} {
		e := checkout(t, test.platform, "vaults/a.yml")
		if d := cmp.Diff(test.want, told(e, problem.List{at}, nil)); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
		doubt := strings.Replace(test.want, "::error", "::warning", 1)
		if !strings.HasPrefix(doubt, "::") {
			doubt = strings.Replace(doubt, ": ", ": warning: ", 1)
		}
		if d := cmp.Diff(doubt, told(e, nil, problem.List{at})); d != "" {
			t.Errorf("%s, a doubt (-want +got)\n%s", name, d)
		}
	}
}

// A runner masks no property, and a page knows only files of the repository. What cannot
// be a property stands in the text.
func TestWhatIsNoPropertyStandsInTheText(t *testing.T) {
	t.Parallel()
	e := checkout(t, onGitHub, "a.yml", "odd,name.yml", "with space.yml", hidden+".yml", strings.Repeat("x", 197)+".yml", "sub/b.yml", "ä.yml")
	root := e.Get("GITHUB_WORKSPACE")
	outside := filepath.Join(t.TempDir(), "c.yml")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const in, no = "title=vault-secret%3A manifest::wrong.", ""
	for name, file := range map[string]string{
		"a.yml": "a.yml", "./a.yml": "a.yml", "sub/../a.yml": "a.yml", filepath.Join(root, "sub", "b.yml"): "sub/b.yml",
		"odd,name.yml": no, "with space.yml": no, "ä.yml": no, hidden + ".yml": no, strings.Repeat("x", 197) + ".yml": no,
		outside: no, "not-there.yml": no, "../c.yml": no, "a.yml\n::error::": no, "": no,
	} {
		got := told(e, problem.List{{File: name, Line: 3, Text: "wrong"}}, nil)
		if file != no {
			if want := "::error file=" + file + ",line=3," + in + "\n"; got != want {
				t.Errorf("%q: %q, want %q", name, got, want)
			}
			continue
		}
		place := ":3:1"
		if name == "" {
			place = "line 3"
		}
		if properties, text, _ := strings.Cut(strings.TrimPrefix(got, "::error "), "::"); properties != "title=vault-secret%3A manifest" || !strings.HasSuffix(text, place+": wrong.\n") {
			t.Errorf("%q: %q", name, got)
		}
		if strings.Contains(got, hidden) {
			t.Errorf("%q shows the secret", name)
		}
	}
}

// A step may run in a folder of the repository, and where it does is not always known.
func TestTheNameIsFromTheRepository(t *testing.T) {
	t.Parallel()
	e := checkout(t, onGitHub, "sub/a.yml", "a.yml")
	root, lookup := e.Get("GITHUB_WORKSPACE"), e.Lookup
	e.Stat = func(name string) (fs.FileInfo, error) { return os.Stat(from(filepath.Join(root, "sub"), name)) }
	known := e
	known.Lookup = func(name string) (string, bool) {
		if name == "PWD" {
			return filepath.Join(root, "sub"), true
		}
		return lookup(name)
	}
	list := problem.List{{File: "a.yml", Line: 3, Text: "wrong"}}
	if got := told(known, list, nil); !strings.HasPrefix(got, "::error file=sub/a.yml,line=3,") {
		t.Errorf("from the folder: %q", got)
	}
	if got := told(e, list, nil); got != "::error title=vault-secret%3A manifest::a.yml:3:1: wrong.\n" {
		t.Errorf("from where nobody knows: %q", got)
	}
}

// Of more than a runner keeps, the last annotation says how many there are, and the log
// has all.
func TestNoAnnotationIsLost(t *testing.T) {
	t.Parallel()
	for _, n := range []int{9, 10, 11, 1000} {
		var list problem.List
		for i := range n {
			list = append(list, problem.Problem{File: "a.yml", Line: i + 1, Text: "wrong"})
		}
		log := []byte(told(checkout(t, onGitHub, "a.yml"), list, list))
		shown := runnertest.GitHub().Run(runnertest.Job{Steps: []runnertest.Step{{Stdout: log}}})
		if len(shown.Annotations) != 2*min(n, 10) {
			t.Errorf("%d problems make %d annotations", n, len(shown.Annotations))
		}
		for i := range n {
			onLine := slices.ContainsFunc(shown.Annotations, func(a runnertest.Annotation) bool { return a.Properties["line"] == fmt.Sprint(i+1) })
			if !onLine && !strings.Contains(shown.Log, fmt.Sprintf("\na.yml:%d:1: wrong.\n", i+1)) {
				t.Errorf("of %d problems, that of line %d is lost", n, i+1)
			}
		}
		if more := fmt.Sprintf("There are %d more problems.", n-9); strings.Contains(shown.Log, more) != (n > 10) {
			t.Errorf("of %d problems it is said how many more there are: %t", n, n <= 10)
		}
	}
}

// A text is cut behind the redactor, and to what a person reads.
func TestALongTextIsCut(t *testing.T) {
	t.Parallel()
	long := problem.Problem{Text: strings.Repeat("é", longestText-5) + hidden + strings.Repeat("é", 9)}
	got := told(checkout(t, onGitHub), problem.List{long}, nil)
	if text := strings.TrimSuffix(got, "…\n"); text == got || strings.Contains(text, hidden[:4]) || strings.Count(text, "é") != longestText-4 {
		t.Errorf("%q", got)
	}
}

// On no runner does a secret show, whether it stands in the name of the file, in a key or
// in a text, nor does a name start a command.
func TestFindingsShowNoSecret(t *testing.T) {
	t.Parallel()
	at := problem.Problem{File: hidden + "/a.yml", Line: 2, Key: hidden, Text: "has " + hidden + "\n::stop-commands::x"}
	forges := append(runnertest.GiteaRunner1(), runnertest.Gitea(), runnertest.GiteaRunner(), runnertest.Forgejo())
	for _, test := range []struct {
		platform env.Lookup
		runners  []runnertest.Oracle
	}{{onGitHub, []runnertest.Oracle{runnertest.GitHub()}}, {onAct, runnertest.Act()}, {onExec, runnertest.Exec()}, {onGitea, forges}} {
		log := []byte(told(checkout(t, test.platform, hidden+"/a.yml"), problem.List{at}, problem.List{at}))
		for _, runner := range test.runners {
			shown := runner.Run(runnertest.Job{Steps: []runnertest.Step{{Stdout: log}}})
			if strings.Contains(shown.Visible(), hidden) {
				t.Errorf("%s shows it", runner.Name())
			}
			if slices.ContainsFunc(shown.Commands, func(c runnertest.Command) bool { return c.Name == "stop-commands" }) {
				t.Errorf("%s takes a name for a command", runner.Name())
			}
		}
	}
}
