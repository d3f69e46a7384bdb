package action

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// TestScripts runs the real program in the stories in testdata/script, each in
// an environment that holds nothing but what the story sets.
//
// Every story has an emulator of its own, at $URL with the key $KEY, whose vault
// $VAULT holds the secret TOKEN with the ID $TOKEN, and $OTHER is an ID of none.
// Besides testscript's own, a story has the commands below.
func TestScripts(t *testing.T) {
	commands := map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"exits":    exits,
		"wrong":    wrong,
		"cli":      commandLine,
		"seen":     seen,
		"outputs":  outputs,
		"vault":    vault,
		"requests": requests,
		"vaults":   vaults,
		"breaks":   breaks,
		"refuses":  refusesToCreate,
		"mends":    mends,
		"nameless": nameless,
		"answers":  answers,
		"aged":     aged,
		"stores":   stores,
		"exported": exported,
		"made":     madeIn,
	}
	maps.Copy(commands, mirrorCommands(t))
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds:                commands,
	})
}

// story is the emulator of one script.
type story struct {
	*nairitest.Emulator
	http    *httptest.Server
	vaultID string
}

type storyKey struct{}

func setUp(env *testscript.Env) error {
	s := &story{Emulator: nairitest.New(nairitest.Options{
		Now:     func() time.Time { return noon },
		Entropy: rand.NewChaCha8([32]byte{3}),
	})}
	s.vaultID = vaultID
	s.AddVaultWithID(s.vaultID, "default")
	s.AddSecret(s.vaultID, token())
	s.http = httptest.NewServer(s)
	env.Defer(s.http.Close)
	env.Values[storyKey{}] = s
	env.Values[hubKey{}] = &hubOf{}
	env.Setenv("URL", s.http.URL)
	env.Setenv("KEY", s.Options().Key)
	env.Setenv("VAULT", s.vaultID)
	env.Setenv("TOKEN", tokenID)
	env.Setenv("OTHER", otherID)
	env.Setenv("VALUE", value)
	path, err := program()
	if err != nil {
		return err
	}
	env.Setenv("PATH", filepath.Dir(path)+string(os.PathListSeparator)+env.Getenv("PATH"))
	return nil
}

func of(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

func arguments(ts *testscript.TestScript, neg bool, args []string, count int, usage string) {
	if neg || len(args) != count {
		ts.Fatalf("usage: %s", usage)
	}
}

// wrong runs the program with arguments that are wrong usage: it ends with exit code 2, says
// so on standard error alone, names a help, and repeats no secret.
func wrong(ts *testscript.TestScript, neg bool, args []string) {
	var exit *exec.ExitError
	if err := ts.Exec("vault-secret", args...); neg || !errors.As(err, &exit) || exit.ExitCode() != report.ExitBadInput {
		ts.Fatalf("it is no wrong usage: %v", err)
	}
	said := ts.ReadFile("stderr")
	if ts.ReadFile("stdout") != "" || !strings.HasPrefix(said, "error: ") || !strings.Contains(said, "\nRun vault-secret help") {
		ts.Fatalf("standard error is not one of wrong usage alone")
	}
	if strings.Contains(said, value) || strings.Contains(said, of(ts).Options().Key) {
		ts.Fatalf("a secret shows")
	}
}

// exits runs the program and checks its exit code, and that it writes nothing to
// standard error.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "exits CODE")
	endsWith(ts, args[0])
	if ts.ReadFile("stderr") != "" {
		ts.Fatalf("standard error is not empty")
	}
}

// endsWith runs the program, and checks its exit code.
func endsWith(ts *testscript.TestScript, want string, args ...string) {
	code := 0
	if err := ts.Exec("vault-secret", args...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// commandLine runs the program with arguments, and with what stdin gave, and checks its exit
// code. No stream has a secret, an output as a step prints it, or a command of a CI's.
func commandLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: cli CODE ARGUMENT...")
	}
	endsWith(ts, args[0], args[1:]...)
	for _, stream := range []string{ts.ReadFile("stdout"), ts.ReadFile("stderr")} {
		if strings.Contains(stream, value) || strings.Contains(stream, of(ts).Options().Key) {
			ts.Fatalf("a secret shows")
		}
		if strings.Contains(stream, "::") || strings.Contains("\n"+stream, "\nresult=") || strings.Contains(stream, "vault-secret devel") {
			ts.Fatalf("it speaks as to a CI")
		}
	}
}

// seen prints what a person sees of the last output on GitHub: the log and the
// annotations. It fails if that holds the value.
func seen(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "seen")
	step := runnertest.Step{Stdout: []byte(ts.ReadFile("stdout"))}
	visible := runnertest.GitHub().Run(runnertest.Job{Steps: []runnertest.Step{step}}).Visible()
	if strings.Contains(visible, value) || strings.Contains(visible, of(ts).Options().Key) {
		ts.Fatalf("a secret shows")
	}
	_, _ = fmt.Fprint(ts.Stdout(), visible)
}

// outputs prints what GitHub reads from a file of outputs, in alphabetical order.
func outputs(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "outputs FILE")
	values, err := runnertest.ParseOutputs([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		_, _ = fmt.Fprintf(ts.Stdout(), "%s=%s\n", name, values[name])
	}
}

// vault prints what the vault holds, a line a secret. Values are quoted.
func vault(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "vault")
	stdout := ts.Stdout()
	for _, secret := range of(ts).Secrets(of(ts).vaultID) {
		_, _ = fmt.Fprintf(stdout, "%s %q %v\n", secret.EnvKey, secret.Value, secret.AllowedDomains)
	}
}

// requests prints what the server got, a line a request, without the vault's path.
func requests(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "requests")
	stdout := ts.Stdout()
	for _, r := range of(ts).Requests() {
		path := strings.TrimPrefix(r.Path, "/api/public/v1/vaults/"+of(ts).vaultID)
		_, _ = fmt.Fprintln(stdout, strings.TrimSpace(r.Method+" "+path+" "+string(r.Body)))
	}
}

// breaks makes the server answer every write with a page that is not the API's.
func breaks(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "breaks")
	of(ts).Set(intercepting(writes, saysPage(http.StatusOK)))
}

// refusesToCreate makes the server refuse to create a secret.
func refusesToCreate(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "refuses NAME")
	of(ts).Set(refusing(http.StatusUnprocessableEntity, args[0]))
}

// mends makes the server answer as it should again.
func mends(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "mends")
	of(ts).Set(func(o *nairitest.Options) { o.Intercept = nil })
}

// vaults adds a vault of a name, with the ID of a fixed text.
func vaults(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "vaults NAME")
	of(ts).AddVaultWithID(otherVaultID, args[0])
}

// nameless makes the server know nothing of a list of vaults.
func nameless(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "nameless")
	of(ts).Set(namesAnswered(saysJSON(http.StatusNotFound, "{}")))
}

// answers makes the server answer everything with the JSON of a file.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "answers FILE")
	all := func(*http.Request, string) bool { return true }
	of(ts).Set(intercepting(all, saysJSON(http.StatusOK, ts.ReadFile(args[0]))))
}

// aged makes it that a secret was last changed so long ago, by the program's clock.
func aged(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, "aged NAME AGE")
	age, err := time.ParseDuration(args[1])
	ts.Check(err)
	for _, secret := range of(ts).Secrets(of(ts).vaultID) {
		if secret.EnvKey == args[0] {
			of(ts).SetUpdatedAt(secret.ID, time.Now().Add(-age))
		}
	}
}

var exportedOn = regexp.MustCompile(`, exported (20\d\d-\d\d-\d\d)\.`)

// exported sets TODAY to the day that a manifest says it was exported on. It is today, or
// was a moment ago.
func exported(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "exported FILE")
	day := exportedOn.FindStringSubmatch(ts.ReadFile(args[0]))
	if day == nil {
		ts.Fatalf("%s says no day", args[0])
	}
	began, err := time.Parse(time.DateOnly, day[1])
	ts.Check(err)
	if age := time.Since(began); age < 0 || age > 25*time.Hour {
		ts.Fatalf("it was exported on %s", day[1])
	}
	ts.Setenv("TODAY", day[1])
}

// stores puts a secret into the vault: its name, in which \n is a line break, and its
// hosts.
func stores(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: stores NAME [HOST...]")
	}
	name := strings.ReplaceAll(args[0], `\n`, "\n")
	of(ts).AddSecret(of(ts).vaultID, nairitest.Stored{EnvKey: name, Value: former, AllowedDomains: args[1:]})
}

// madeIn checks that a file which only its user can read has a generated value of a form,
// and that the last output shows it in masks alone; it sets MADE to the value.
func madeIn(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, "made FILE PATTERN")
	made := ts.ReadFile(args[0])
	if !regexp.MustCompile(args[1]).MatchString(made) {
		ts.Fatalf("the value has another form")
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		ts.Fatalf("the file has the mode %v", info.Mode())
	}
	for line := range strings.Lines(ts.ReadFile("stdout") + ts.ReadFile("stderr")) {
		if strings.Contains(line, made) && !strings.HasPrefix(line, "::add-mask::") {
			ts.Fatalf("the value shows")
		}
	}
	ts.Setenv("MADE", made)
}
