package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// made is a step that makes a value, and where that goes.
type made struct {
	id, operation, kind string
	env                 bool // whether later steps have it in their environment, too
}

// allMade has a value of each kind, and several passwords: those have symbols that
// runners may take for a command.
var allMade = []made{
	{"bytes", "generate", "base64url", true},
	{"digits", "generate", "hex", false},
	{"letters", "generate", "alphanumeric", true},
	{"number", "generate", "uuid", false},
	{"word", "generate", "password", true},
	{"stored", "set", "password", true},
	{"rotated", "set", "password", false},
}

func (m made) step() string {
	lines := []string{
		"- id: " + m.id, "  uses: ./", "  with:", "    operation: " + m.operation, "    generate: " + m.kind, "    generated_file: " + m.id,
	}
	if m.kind == "password" {
		lines = append(lines, "    generate_length: 64", "    generate_symbols: all")
	}
	if m.env {
		lines = append(lines, "    generated_env: "+m.variable())
	}
	if m.operation != "generate" {
		lines = append(lines,
			"    base_url: ${{ vars.NAIRI_BASE_URL }}", "    api_key: ${{ secrets.NAIRI_API_KEY }}", "    vault_id: ${{ vars.NAIRI_VAULT_ID }}",
			"    env_key: DATABASE_PASSWORD", "    allowed_domains: db.example.com")
	}
	return "      " + strings.Join(lines, "\n      ") + "\n"
}

func (m made) variable() string { return "MADE_" + strings.ToUpper(m.id) }

// makingValues is a job that makes values, prints them, as careless steps do, and keeps
// what it had in files.
func makingValues() string {
	var b strings.Builder
	b.WriteString("on: push\n\npermissions: {}\n\njobs:\n  make:\n    runs-on: ubuntu-latest\n    env:\n      KEPT: ${{ vars.KEPT }}\n    steps:\n      - uses: actions/checkout@v4\n")
	for _, m := range allMade {
		b.WriteString(m.step())
	}
	b.WriteString(`      - id: print
        shell: bash
        run: |
          cd "$RUNNER_TEMP"
          for name in ` + ids() + `; do
            value=$(< $name)
            printf '%s\n' "$value" "a $value b" "$(base64 -w 0 $name)" "$(od -An -v -tx1 $name | tr -d " \n")"
          done
          env | grep ^MADE_
          echo "::error::$value"
      - id: keep
        shell: bash
        run: |
          cp -r "$RUNNER_TEMP" "$KEPT/temporary"
          env > "$KEPT/environment"
`)
	return b.String() + seeing
}

// keeping stands in for the program: it runs it, and keeps the files by which it speaks to
// the runner, which empties them after each step.
const keeping = `#!/bin/sh
'%s' "$@"
code=$?
for file in "$GITHUB_OUTPUT" "$GITHUB_ENV" "$GITHUB_STEP_SUMMARY" "$GITHUB_STATE" "$GITHUB_PATH"; do
	cp "$file" "$KEPT/$$-${file##*/}" || exit
done
exit $code
`

// keepingRepository is one like released, whose program keeps those files.
func keepingRepository(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vault-secret")
	err := newRepository(dir, inReleased, func(dir string) error {
		if err := os.Mkdir(filepath.Join(dir, "dist"), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "dist", programName()), fmt.Appendf(nil, keeping, releasedProgram()), 0o755)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func ids() string {
	var names []string
	for _, m := range allMade {
		names = append(names, m.id)
	}
	return strings.Join(names, " ")
}

// A value that was made here is nowhere but where it was told to go: not in the log, also
// of steps that print it, not in an output or a summary, not in another file, not in the
// environment of a process that was not to have it, and not in an argument.
func TestAMadeValueShowsNowhere(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the environments and arguments of processes are read as Linux has them")
	}
	for _, runner := range runners {
		t.Run(runner.name(), func(t *testing.T) {
			t.Parallel()
			v := newVault(t)
			processes := watchProcesses(v)
			kept := t.TempDir()
			seen := filepath.Join(kept, "seen.json")
			got := job{runner: runner, text: makingValues(), vault: v, repository: keepingRepository(t), vars: map[string]string{"KEPT": kept, "SEEN": seen}}.run(t)
			got.succeeded(t)

			checkKept(t, kept)
			environment := read(t, filepath.Join(kept, "environment"))
			for _, m := range allMade {
				value := read(t, filepath.Join(kept, "temporary", m.id))
				checkMadeLog(t, m, got.log, value)
				checkMadeFiles(t, m, kept, value)
				if has := strings.Contains(environment, value); has != m.env {
					t.Errorf("%s: the value is in the environment of later steps: %t", m.id, has)
				}
			}
			processes.check(t)
			stored := read(t, filepath.Join(kept, "temporary", "rotated"))
			v.holds(t, held{"DATABASE_PASSWORD", stored, []string{"db.example.com"}})
		})
	}
}

// checkKept checks that there is an output and a summary of each step.
func checkKept(t *testing.T, kept string) {
	t.Helper()
	for _, pattern := range []string{"*-outputcmd.txt", "*-SUMMARY.md"} {
		full := slices.DeleteFunc(glob(t, filepath.Join(kept, pattern)), func(path string) bool { return read(t, path) == "" })
		if len(full) != len(allMade) {
			t.Errorf("%d files %s have something in them", len(full), pattern)
		}
	}
}

// formsOf are spellings of a value that a careless step prints.
func formsOf(value string) []string {
	quoted, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return []string{
		value, base64.StdEncoding.EncodeToString([]byte(value)), hex.EncodeToString([]byte(value)),
		url.QueryEscape(value), strings.Trim(string(quoted), `"`),
	}
}

func checkMadeLog(t *testing.T, m made, log, value string) {
	t.Helper()
	if len(value) < 22 {
		t.Fatalf("%s: a value of %d characters", m.id, len(value))
	}
	for i, form := range formsOf(value) {
		if strings.Contains(log, form) {
			t.Errorf("%s: the log shows form %d of the value", m.id, i)
		}
	}
}

// checkMadeFiles checks that of all files of the runner only those have the value that
// were told to: its own, and the one by which variables are set.
func checkMadeFiles(t *testing.T, m made, kept, value string) {
	t.Helper()
	own := filepath.Join("temporary", m.id)
	err := filepath.WalkDir(kept, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(kept, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		sets := m.env && (name == "environment" || bytes.Contains(data, []byte(m.variable()+"<<")))
		if err == nil && name != own && !sets && bytes.Contains(data, []byte(value)) {
			t.Errorf("%s: the value is in %s", m.id, name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	info, err := os.Stat(filepath.Join(kept, own))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: the file is for others too: %v, %v", m.id, info.Mode(), err)
	}
}

// processes are those that ran while a vault was written.
type processes struct {
	mu     sync.Mutex
	writes int
	found  []string // who had the value that was being written, and where
}

// watchProcesses looks at every process of this machine whenever a value arrives.
func watchProcesses(v vault) *processes {
	p := &processes{}
	v.Set(func(o *nairitest.Options) {
		o.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			p.look(r)
			return false
		}
	})
	return p
}

func (p *processes) look(r *http.Request) {
	var body bytes.Buffer
	_, err := body.ReadFrom(r.Body)
	r.Body = nopCloser{&body}
	var fields struct{ Value string }
	if err != nil || json.Unmarshal(body.Bytes(), &fields) != nil || fields.Value == "" {
		return
	}
	found, err := haveText(fields.Value)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writes++
	p.found = append(p.found, found...)
	if err != nil {
		p.found = append(p.found, err.Error())
	}
}

type nopCloser struct{ *bytes.Buffer }

func (nopCloser) Close() error { return nil }

// haveText are the processes that have a text in their arguments or their environment.
func haveText(text string) ([]string, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err == nil && len(paths) == 0 {
		err = errors.New("there are no processes")
	}
	var found []string
	for _, path := range paths {
		for _, name := range []string{path, filepath.Join(filepath.Dir(path), "environ")} {
			if data, err := os.ReadFile(name); err == nil && bytes.Contains(data, []byte(text)) { // others' are not for us, and some are gone by now
				found = append(found, name)
			}
		}
	}
	return slices.Compact(found), err
}

// check checks that nobody had the value, in as many writes as there are. One that took too
// long came again.
func (p *processes) check(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.writes < 2 || len(p.found) > 0 {
		t.Errorf("in %d writes the value was in %q", p.writes, p.found)
	}
	if own, err := haveText(filepath.Base(os.Args[0])); err != nil || len(own) == 0 {
		t.Errorf("not even the arguments of this process are seen: %v", err)
	}
}
