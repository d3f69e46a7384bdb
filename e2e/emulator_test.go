package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// emulated is a workflow that tests itself with the emulator: it begins with one secret,
// adds another, and says what there must be at the end.
const emulated = `name: emulated
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    defaults:
      run:
        shell: bash
    steps:
      - run: |
          cat >seed.yml <<'END'
          vaults:
            - vault_id: vlt_01KEQ6963XS96YDP3NF9NKB7QJ
              secrets:
                STRIPE_KEY: { env: STRIPE_KEY, allowed_domains: [api.stripe.com] }
          END
          cat seed.yml - >expect.yml <<'END'
                DATABASE_URL: { env: EXPECTED, allowed_domains: [db.example.com] }
          END
      - id: emulator
        uses: nairi-community/vault-secret/emulator@v1
        with:
          seed: seed.yml
          expect: expect.yml
        env:
          EXPECTED: ${{ secrets.EXPECTED }}
      - id: rotate
        uses: nairi-community/vault-secret@v1
        with:
          base_url: ${{ steps.emulator.outputs.base_url }}
          api_key: ${{ steps.emulator.outputs.api_key }}
          vault_id: ${{ steps.emulator.outputs.vault_id }}
          env_key: DATABASE_URL
          value: ${{ secrets.VALUE }}
          allowed_domains: db.example.com
`

func TestEmulatorInAWorkflow(t *testing.T) {
	t.Parallel()
	needsNode(t)
	for name, tt := range map[string]struct {
		more, expected string
		fails          bool
		said           []string
	}{
		"as it should be": {"", freshValue, false, []string{"The vaults are as the manifest says: 2 secrets, and 1 value compared."}},
		"another value": {"", oldValue, true, []string{
			"The vaults of the emulator are not as expect.yml says:", "vlt_01KEQ6963XS96YDP3NF9NKB7QJ: DATABASE_URL has another value than its variable or file",
		}},
		"a failed job": {"      - run: exit 1\n", freshValue, true, []string{"The vaults are as the manifest says: 2 secrets, and 1 value compared."}},
	} {
		for _, runner := range runners {
			t.Run(name+" in "+runner.name(), func(t *testing.T) {
				t.Parallel()
				j := job{
					runner: runner, text: emulated + tt.more + seeing, vault: newVault(t),
					secrets: map[string]string{"VALUE": freshValue, "EXPECTED": tt.expected},
				}
				got := j.run(t)
				for tries := 1; tries < 3 && runner.name() == "act" && !saysAll(got.log, tt.said); tries++ {
					got = j.run(t) // act does not wait for the last lines that a step printed before it failed
				}
				if got.failed != tt.fails {
					t.Errorf("the job failed: %v", got.failed)
				}
				for _, text := range tt.said {
					if !strings.Contains(got.log, text) {
						t.Errorf("the log does not say %q", text)
					}
				}
				emulator := got.steps["emulator"].Outputs
				for _, secret := range []string{freshValue, oldValue, emulator["api_key"]} {
					got.hides(t, secret)
				}
				if got.steps["rotate"].Outputs["result"] != "created" {
					t.Errorf("result %q", got.steps["rotate"].Outputs["result"])
				}
				isGone(t, emulator)
			})
		}
	}
}

func saysAll(log string, texts []string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(log, text) })
}

// Who cancels a job in act interrupts act itself, as the step does here: its runner is
// what started it.
func TestEmulatorEndsWithACancelledJob(t *testing.T) {
	t.Parallel()
	needsNode(t)
	file := filepath.Join(t.TempDir(), "outputs")
	j := job{
		text: emulated + `      - run: |
          printf %s "$OUTPUTS" >"$FILE"
          kill -INT "$PPID"
          sleep 600
        env:
          OUTPUTS: ${{ toJSON(steps.emulator.outputs) }}
          FILE: ${{ vars.FILE }}
`,
		vault: newVault(t), vars: map[string]string{"FILE": file},
		secrets: map[string]string{"VALUE": freshValue, "EXPECTED": oldValue},
	}
	got := j.run(t)
	if !got.failed || !strings.Contains(got.log, "DATABASE_URL has another value than its variable or file") {
		t.Errorf("the job failed: %v; it must, and compare at its end", got.failed)
	}
	var outputs map[string]string
	if err := json.Unmarshal([]byte(read(t, file)), &outputs); err != nil {
		t.Fatal(err)
	}
	isGone(t, outputs)
}

// needsNode skips a test where there is no Node.js.
func needsNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no node: the emulator's action is not run")
	}
}

// isGone checks that the emulator of a step has ended.
func isGone(t *testing.T, outputs map[string]string) {
	t.Helper()
	if answers(t, outputs) {
		t.Error("the emulator outlives the job")
	}
}

// answers reports whether the emulator of a step is there. Another one that has its port by
// now does not know its key.
func answers(t *testing.T, outputs map[string]string) bool {
	t.Helper()
	address, err := url.Parse(outputs["base_url"])
	if err != nil || address.Hostname() != "127.0.0.1" || outputs["api_key"] == "" {
		t.Fatalf("base_url %q, want one of this machine, and a key", outputs["base_url"])
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, outputs["base_url"]+"/api/public/v1/vaults/"+outputs["vault_id"], nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+outputs["api_key"])
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// nodeStep is the step of the emulator as a runner starts it: main.js, and at the end of
// the job post.js with the state that main.js saved.
type nodeStep struct {
	dir string
	env map[string]string
}

const adminKey = "admin_key"

// newNodeStep is one in a folder that has seed.yml.
func newNodeStep(t *testing.T, inputs map[string]string) nodeStep {
	t.Helper()
	needsNode(t)
	s := nodeStep{t.TempDir(), onThisMachine()}
	for name, value := range map[string]string{
		"PATH": os.Getenv("PATH"), "GITHUB_OUTPUT": filepath.Join(s.dir, "output"), "GITHUB_STATE": filepath.Join(s.dir, "state"),
		"RUNNER_TEMP": t.TempDir(), "GITHUB_TOKEN": "made-up-token", "ACTIONS_RUNTIME_TOKEN": "made-up-token", "STRIPE_KEY": "made-up-value",
	} {
		s.env[name] = value
	}
	for name, value := range inputs {
		s.env["INPUT_"+strings.ToUpper(name)] = value
	}
	for _, name := range []string{"output", "state"} {
		write(t, filepath.Join(s.dir, name), "", 0o600)
	}
	write(t, filepath.Join(s.dir, "seed.yml"), `vaults:
  - vault_id: vlt_01KEQ6963XS96YDP3NF9NKB7QJ
    secrets:
      STRIPE_KEY: { env: STRIPE_KEY, allowed_domains: [api.stripe.com] }
`, 0o600)
	t.Cleanup(func() {
		if s.saved(t)["folder"] != "" {
			s.run(t, "post.js")
		}
	})
	return s
}

// run runs a script, and returns what it prints and its exit code. A process that held a
// stream of the step would keep this waiting.
func (s nodeStep) run(t *testing.T, script string) (log string, code int) {
	t.Helper()
	cmd := exec.Command("node", filepath.Join(released, "emulator", script))
	cmd.Dir = s.dir
	for name, value := range s.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	for name, value := range s.saved(t) {
		cmd.Env = append(cmd.Env, "STATE_"+name+"="+value)
	}
	return finish(t, cmd)
}

func (s nodeStep) saved(t *testing.T) map[string]string {
	return outputsIn(t, filepath.Join(s.dir, "state"))
}

func (s nodeStep) outputs(t *testing.T) map[string]string {
	return outputsIn(t, s.env["GITHUB_OUTPUT"])
}

// started runs main.js, which must succeed.
func (s nodeStep) started(t *testing.T) (log string) {
	t.Helper()
	log, code := s.run(t, "main.js")
	if code != 0 {
		t.Fatalf("exit code %d, %q", code, log)
	}
	return log
}

// The keys are masked before they are anywhere else, and neither they nor a token of the
// job are where other processes of the machine could read them.
func TestEmulatorKeepsKeysToTheJob(t *testing.T) {
	t.Parallel()
	s := newNodeStep(t, map[string]string{"seed": "seed.yml"})
	log := s.started(t)
	outputs, state := s.outputs(t), s.saved(t)
	for _, key := range []string{outputs["api_key"], state[adminKey]} {
		if first, _, _ := strings.Cut(log, key); key == "" || !strings.HasSuffix(first, "::add-mask::") || strings.Count(log, key) != 1 {
			t.Error("a key is not masked where it shows first, or shows again")
		}
	}
	want := map[string]string{"base_url": outputs["base_url"], "api_key": outputs["api_key"], "vault_id": "vlt_01KEQ6963XS96YDP3NF9NKB7QJ", "ca_file": ""}
	if diff := cmp.Diff(want, outputs); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if !answers(t, outputs) {
		t.Error("the emulator does not answer")
	}
	if runtime.GOOS == "linux" {
		checkProcess(t, state["program"], state[adminKey], outputs["api_key"])
	}
}

// checkProcess checks what Linux shows of the process of a program, which is the one that
// has the admin key in its environment: other tests run the program too.
func checkProcess(t *testing.T, program, admin, key string) {
	t.Helper()
	found := false
	for _, folder := range glob(t, "/proc/[0-9]*") {
		arguments, noArguments := os.ReadFile(filepath.Join(folder, "cmdline"))
		environment, noEnvironment := os.ReadFile(filepath.Join(folder, "environ"))
		if noArguments != nil || noEnvironment != nil { // it is another user's, or gone by now
			continue
		}
		if !bytes.Contains(arguments, []byte(program+"\x00-addr\x00")) || !bytes.Contains(environment, []byte("="+admin+"\x00")) {
			continue
		}
		found = true
		for _, secret := range []string{admin, key} {
			if bytes.Contains(arguments, []byte(secret)) {
				t.Error("a key is among the arguments")
			}
		}
		for _, name := range []string{"INPUT_", "GITHUB_", "ACTIONS_"} {
			if bytes.Contains(environment, []byte("\x00"+name)) || bytes.HasPrefix(environment, []byte(name)) {
				t.Errorf("the process keeps variables %s*", name)
			}
		}
	}
	if !found {
		t.Errorf("no process of %s", program)
	}
}

// A port that is asked for is the one, with HTTPS too.
func TestEmulatorOnAPortByHTTPS(t *testing.T) {
	t.Parallel()
	s, port := startedOnAPort(t, map[string]string{"tls": "true", "vault_id": "vlt_01KQ27AQH800XQTQPJZ0DH14SJ", "expect": "seed.yml", "seed": "seed.yml"})
	outputs := s.outputs(t)
	if _, err := os.Stat(outputs["ca_file"]); err != nil || outputs["base_url"] != "https://127.0.0.1:"+port || outputs["vault_id"] != "vlt_01KQ27AQH800XQTQPJZ0DH14SJ" {
		t.Errorf("%v, outputs %v", err, outputs["base_url"])
	}

	another := newNodeStep(t, map[string]string{"port": port})
	log, code := another.run(t, "main.js")
	if code != 1 || !strings.Contains(log, "::error title=nairi-emulator::The emulator did not start:%0A") || !strings.Contains(log, "%0Anairi-emulator: listen tcp 127.0.0.1:"+port) {
		t.Errorf("on a port that is taken: exit code %d, %q", code, log)
	}
	if log, code := another.run(t, "post.js"); code != 0 || log != "" {
		t.Errorf("after that: exit code %d, %q", code, log)
	}

	log, code = s.run(t, "post.js")
	if code != 0 || log != "The vaults are as the manifest says: 1 secret, and 1 value compared.\n" {
		t.Errorf("exit code %d, %q", code, log)
	}
}

// startedOnAPort runs main.js on a free port. Another process may take the port first: then
// it is another one.
func startedOnAPort(t *testing.T, inputs map[string]string) (s nodeStep, port string) {
	t.Helper()
	log := ""
	for range 3 {
		port = freePort(t)
		inputs["port"] = port
		s = newNodeStep(t, inputs)
		said, code := s.run(t, "main.js")
		if code == 0 {
			return s, port
		}
		log = said
	}
	t.Fatalf("it does not start: %q", log)
	return s, port
}

// freePort is a port on loopback that nobody has just now.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// A cancel may end main.js at any time, also between the start and what it says of it.
func TestEmulatorEndsAfterACancel(t *testing.T) {
	t.Parallel()
	s := newNodeStep(t, nil)
	s.started(t)
	state, _, _ := strings.Cut(read(t, s.env["GITHUB_STATE"]), "ready<<")
	write(t, s.env["GITHUB_STATE"], state, 0o600)
	if log, code := s.run(t, "post.js"); code != 0 || log != "" {
		t.Errorf("exit code %d, %q", code, log)
	}
	isGone(t, s.outputs(t))
}

// What was to be compared and is gone is a failure, and never a success.
func TestEmulatorThatIsGoneIsNotEqual(t *testing.T) {
	t.Parallel()
	s := newNodeStep(t, map[string]string{"seed": "seed.yml", "expect": "seed.yml"})
	s.started(t)
	if log, code := s.run(t, "post.js"); code != 0 {
		t.Fatalf("exit code %d, %q", code, log)
	}
	log, code := s.run(t, "post.js")
	if code != 1 || !strings.Contains(log, "could not be compared with seed.yml:%0A") || !strings.Contains(log, "it may have ended before") {
		t.Errorf("exit code %d, %q", code, log)
	}
}

func TestEmulatorRefusesWrongInputs(t *testing.T) {
	t.Parallel()
	for input, tt := range map[string]struct{ text, want string }{
		"port":     {"0.0.0.0:80", "port must be a number"},
		"tls":      {"yes", "tls must be true or false"},
		"vault_id": {"vlt_x", "-vault-id: must be vlt_ and a ULID"},
		"seed":     {"none.yml", "nairi-emulator: none.yml: "},
		"faults":   {"create:refuse\nno-such-thing", "no-such-thing"},
	} {
		s := newNodeStep(t, map[string]string{input: tt.text})
		log, code := s.run(t, "main.js")
		if code != 1 || !strings.Contains(log, "::error title=nairi-emulator::") || !strings.Contains(log, tt.want) || len(s.outputs(t)) > 0 {
			t.Errorf("%s: exit code %d, %q", input, code, log)
		}
	}
}

// The first bash of Windows' search path is often that of WSL.
func TestEmulatorFindsBash(t *testing.T) {
	t.Parallel()
	needsNode(t)
	const git = `C:\Program Files\Git\bin\bash.exe`
	for name, tt := range map[string]struct{ platform, path, there, want string }{
		"elsewhere":            {"linux", "/usr/bin", "", "bash"},
		"of Git, by its cmd":   {"win32", `C:\Windows\system32;C:\Program Files\Git\cmd`, `C:\Windows\system32\bash.exe|C:\Program Files\Git\cmd\git.exe|` + git, git},
		"of Git, by mingw64":   {"win32", `C:\Program Files\Git\mingw64\bin`, `C:\Program Files\Git\mingw64\bin\git.exe|` + git, git},
		"of Git, not searched": {"win32", `C:\Windows\System32`, `C:\Windows\System32\bash.exe|` + git, git},
		"of MSYS2":             {"win32", `C:\Windows\System32;C:\msys64\usr\bin`, `C:\Windows\System32\bash.exe|C:\msys64\usr\bin\bash.exe`, `C:\msys64\usr\bin\bash.exe`},
		"only WSL's": {
			"win32", `C:\WINDOWS\system32;C:\Users\me\AppData\Local\Microsoft\WindowsApps`,
			`C:\WINDOWS\system32\bash.exe|C:\Users\me\AppData\Local\Microsoft\WindowsApps\bash.exe`, "undefined",
		},
	} {
		const script = `const { findBash } = require(process.argv[1]);
			const [platform, PATH, there] = process.argv.slice(2);
			console.log(String(findBash(platform, { PATH, ProgramFiles: 'C:\\Program Files' }, (name) => there.split('|').includes(name))));`
		cmd := exec.Command("node", "-e", script, filepath.Join(released, "emulator", "bash.js"), tt.platform, tt.path, tt.there)
		if out, code := finish(t, cmd); code != 0 || strings.TrimSpace(out) != tt.want {
			t.Errorf("%s: exit code %d, %q, want %q", name, code, out, tt.want)
		}
	}
}

// The emulator is fetched as the program is, and is only run with its sum.
func TestLaunchFetchesTheEmulator(t *testing.T) {
	t.Parallel()
	const name = "nairi-emulator_darwin_arm64"
	const program = "#!/bin/sh\necho $0 $*\n"
	for sum, want := range map[string]string{sumOf(program): "/" + name + " path\n", sumOf("another"): "sent something else, which was not run"} {
		folder, env := unreleased(t, program, nil)
		write(t, filepath.Join(folder, "dist", "SHA256SUMS"), sum+"  "+name+"\n", 0o644)
		cmd := exec.Command("bash", filepath.Join(folder, "scripts", "launch.sh"), "nairi-emulator")
		for name, value := range env {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		out, code := finish(t, cmd)
		if !strings.Contains(out, want) || (code == 0) != (sum == sumOf(program)) || strings.Contains(out, "-full") {
			t.Errorf("exit code %d, %q, want %q", code, out, want)
		}
	}
}

// The page, action.yml and the scripts name the same inputs and outputs.
func TestEmulatorNamesItsInputsEverywhere(t *testing.T) {
	t.Parallel()
	var action struct {
		Inputs, Outputs map[string]struct{ Default string }
	}
	if err := yaml.Unmarshal([]byte(read(t, "../emulator/action.yml")), &action); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(action.Inputs))
	_, page, _ := strings.Cut(read(t, "../docs/emulator.md"), "## In a workflow")
	page, _, _ = strings.Cut(page, "\n## ")
	scripts := read(t, "../emulator/main.js") + read(t, "../emulator/post.js")
	for where, found := range map[string][][]string{
		"docs/emulator.md": regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(page, -1),
		"the scripts":      regexp.MustCompile(`runner\.(?:input|lines)\('([a-z_]+)'\)`).FindAllStringSubmatch(scripts, -1),
	} {
		var got []string
		for _, match := range found {
			got = append(got, match[1])
		}
		slices.Sort(got)
		if diff := cmp.Diff(names, slices.Compact(got)); diff != "" {
			t.Errorf("- in action.yml, + in %s:\n%s", where, diff)
		}
	}
	for name := range action.Outputs {
		if !strings.Contains(page, "`"+name+"`") || !strings.Contains(scripts, "'"+name+"'") {
			t.Errorf("the output %s is not everywhere", name)
		}
	}
}
