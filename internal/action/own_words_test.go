package action

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// ownWords are values that are words of the program's own, or pieces of what it
// writes.
var ownWords = []string{
	"true", "false", "updated", "created", "result", "changed", "planned", "unchanged", "update", "2026", "0", "1", "set", "sync", "{", "}", `"`, ",", "[",
	":", `":"`, `","`, "sec_", "vlt_", "DATABASE_URL", "DATABASE", "NEW", "OTHER", "wider.example.com", "wider", "example", "bad_input", "error_code", "vault-secret", "null",
	"2026-04-25", "11:45:20", "***", "env_key", "NAIRI_RESULT", "warning", "error", "hint", "plan", "hosts", "value", `"changed":true`, `{"vault_id":`,
	leakSecret, leakVault, "::error", "=", "\\", "\\n", "u0022",
}

// A machine reads the outputs: whatever the value is, each is there, and the same as
// for any other value, but for names and hosts that are the value.
func TestOutputsAreWholeThoughTheValueIsAWordOfOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, many := range []bool{false, true} {
		want := outputsOf(t, dir, many, ordinary)
		if want["result"] != "updated" || want["NAIRI_CHANGED"] != "true" || want["printed result"] != "updated" || want["drone NAIRI_RESULT"] != "updated" {
			t.Fatalf("the usual outputs are %v", want)
		}
		for _, value := range ownWords {
			sameOutputs(t, value, want, outputsOf(t, dir, many, value))
		}
	}
}

// ordinary is a value of which no form is in the outputs.
const ordinary = "k3y-Zz99-of-no-word"

// The same of any value that is hard to hide.
func TestOutputsAreWholeWhateverTheValueIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := map[bool]map[string]string{false: outputsOf(t, dir, false, ordinary), true: outputsOf(t, dir, true, ordinary)}
	rapid.Check(t, func(t *rapid.T) {
		value := strings.ReplaceAll(samples.Values().Draw(t, "value").Text, "\x00", "")
		if len(value) > 4<<10 || strings.TrimRight(value, "\r\n") == "" || !utf8.ValidString(value) {
			t.Skip("no value, or one that takes long")
		}
		many := rapid.Bool().Draw(t, "many")
		sameOutputs(t, value, want[many], outputsOf(t, dir, many, value))
	})
}

// sameOutputs checks the outputs of a run against those of another value.
func sameOutputs(t rapid.TB, value string, want, got map[string]string) {
	t.Helper()
	for name, text := range want {
		plainly := strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:])
		switch strings.TrimPrefix(plainly, "nairi_") {
		case "env_key":
			if got[name] != text && !strings.Contains(got[name], "***") && got[name] != "" {
				t.Errorf("of %q, %s is %q", value, name, got[name])
			}
		case "allowed_domains":
			var hosts []string
			if text != "" && plainly == name && (json.Unmarshal([]byte(got[name]), &hosts) != nil || len(hosts) != 1) {
				t.Errorf("of %q, %s is %q", value, name, got[name])
			}
		case "results":
			checkResults(t, value, got[name])
		case "plan", "plan_digest": // without names, it would be another plan
			if got[name] != text && got[name] != "" {
				t.Errorf("of %q, %s is %q", value, name, got[name])
			}
		default:
			if got[name] != text {
				t.Errorf("of %q, %s is %q, want %q", value, name, got[name], text)
			}
		}
	}
}

// checkResults checks the results of a sync but for names.
func checkResults(t rapid.TB, value, text string) {
	t.Helper()
	var results []struct {
		VaultID  string `json:"vault_id"`
		SecretID string `json:"secret_id"`
		Action   string
		Result   string
		Changed  bool
	}
	if err := json.Unmarshal([]byte(text), &results); err != nil || len(results) != 3 {
		t.Errorf("of %q, results is %q: %v", value, text, err)
		return
	}
	for i, want := range []string{"update updated", "create created", "delete deleted"} {
		r := results[i]
		if r.Action+" "+r.Result != want || !r.Changed || r.VaultID != leakVault || !strings.HasPrefix(r.SecretID, "sec_01KQ27AQH800XQTQPJZ0DH14S") {
			t.Errorf("of %q, a result is %+v", value, r)
		}
	}
}

// outputsOf runs a step with a value where outputs go to every place that there is,
// and returns all of them under the name that they have there.
func outputsOf(t rapid.TB, dir string, many bool, value string) map[string]string {
	t.Helper()
	s := scene{Sample: samples.Sample{Text: value}, many: many, quiet: true}
	vars := inputs{
		"INPUT_API_KEY": samples.Key, "INPUT_ALLOW_SUSPICIOUS_VALUE": "true", "HOLDER": value,
		"DRONE_OUTPUT": filepath.Join(dir, "drone"), "INPUT_OUTPUT_FILE": filepath.Join(dir, "variables"),
	}
	maps.Copy(vars, s.inputs())
	all := map[string]string{}
	for _, file := range []string{filepath.Join(dir, "output"), ""} {
		for _, name := range []string{file, vars["DRONE_OUTPUT"], vars["INPUT_OUTPUT_FILE"]} {
			_ = os.Remove(name)
		}
		vars["GITHUB_OUTPUT"] = file
		var out bytes.Buffer
		Run(context.Background(), host(vars, &out, s))
		if file == "" {
			addLines(all, "printed ", out.String())
			continue
		}
		outputs, err := runnertest.ParseOutputs(contents(file))
		if err != nil {
			t.Errorf("of %q: %v", value, err)
		}
		maps.Copy(all, outputs)
	}
	addLines(all, "drone ", string(contents(vars["DRONE_OUTPUT"])))
	addObject(t, all, vars, s)
	addLines(all, "", string(contents(vars["INPUT_OUTPUT_FILE"])))
	return all
}

// addObject adds the members of the object that a command line prints.
func addObject(t rapid.TB, all map[string]string, vars inputs, s scene) {
	t.Helper()
	var out bytes.Buffer
	h := host(vars, &out, s)
	s.command = &cli.Command{JSON: true}
	h.Command, h.Stderr = s.commandLine(), io.Discard
	Run(context.Background(), h)
	outputs, err := runnertest.ParseOutputs(outputsIn(t, out.Bytes()))
	if err != nil {
		t.Errorf("of %q: %v", s.Text, err)
	}
	for name, value := range outputs {
		all["object "+name] = strings.TrimPrefix(value, "null") // which an empty output is there
	}
}

// addLines adds the lines name=value of a text.
func addLines(all map[string]string, prefix, text string) {
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			all[prefix+name] = value
		}
	}
}

// A person reads the log and the summary: a value that is a word of ours cuts no line
// of them to pieces. What a runner makes of them is its own matter.
func TestTheLogStaysReadableThoughTheValueIsAWordOfOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, many := range []bool{false, true} {
		for _, refused := range []bool{false, true} {
			for name, where := range places {
				s := scene{place: where, Sample: samples.Sample{Text: ordinary}, many: many, refused: refused, quiet: true}
				want := readable(t, s, dir)
				for _, value := range ownWords {
					if !plain.MatchString(value) || slices.ContainsFunc([]string{"DATABASE_URL", "NEW", "OTHER", "wider.example.com"}, func(name string) bool { return strings.Contains(name, value) }) {
						continue // names are redacted
					}
					s.Text = value
					if diff := cmp.Diff(want, readable(t, s, dir)); diff != "" {
						t.Errorf("%s, of %q (-any other value +this one): %s", name, value, diff)
					}
				}
			}
		}
	}
}

// found is what is said of the value itself, in the log and in the summary.
var found = regexp.MustCompile(`(?m)^(warning: |- )?((The value|(INPUT_)?(?i:secrets):[0-9]+: [A-Z&#95;_]+) [^*\n]+|A value, or a part of one, is a plain word .*|\*\*Warnings\*\*)?\n`)

// readable is what a step prints, but for masks and for what is said of the value itself.
func readable(t rapid.TB, s scene, dir string) []string {
	t.Helper()
	step, _ := s.step(t, dir)
	shown := strings.Join(own(step.Stdout), "\n") + "\n" + string(step.Summary) + "\n"
	return strings.Split(found.ReplaceAllString(shown, ""), "\n")
}

// unmasked_parts leaves a part readable for the rest of the job, and nothing else.
func TestPartsThatAreNamedAreNotMasked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const value = `{"user":"u","note":"Zq8#note-9","host":"Int#Host-1","password":"pa55w0rd-X"}`
	log := new(bytes.Buffer)
	s.stdout = log
	got := s.step(inputs{"env_key": "TOKEN", "value": value, "unmasked_parts": "note\nhost,", "allow_suspicious_value": "true"})
	got.ends(t, 0, "updated", "")
	for _, tt := range []struct {
		text   string
		masked bool
	}{{"Zq8#note-9", false}, {"Int#Host-1", false}, {"pa55w0rd-X", true}, {value, true}, {base64.RawStdEncoding.EncodeToString([]byte(value)), true}} {
		if masked := strings.Contains(log.String(), "::add-mask::"+tt.text+"\n"); masked != tt.masked {
			t.Errorf("%q is masked: %t", tt.text, masked)
		}
	}
}

// Hosts and names that the workflow says in the open stay readable in the plan, in
// outputs and in refusals, though they stand in the value too.
func TestHostsInTheOpenAreNoPartOfASecret(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const value = `{"username":"TOKEN","password":"pa55w0rd-X","host":"api.example.com","secret":"db.example.com"}`
	got := s.step(inputs{"env_key": "TOKEN", "value": value, "allowed_domains": "api.example.com, db.example.com"})
	got.ends(t, 0, "updated", "")
	same(t, "allowed_domains", `["api.example.com","db.example.com"]`, got.outputs["allowed_domains"])
	same(t, "env_key", "TOKEN", got.outputs["env_key"])
	got.says(t, "db.example.com")
	got = s.step(inputs{"env_key": "TOKEN", "value": value, "allowed_domains": "new.example.com", "deny_widening": "true"})
	got.says(t, "new.example.com")
}

// A host that is the value is hidden wherever it stands.
func TestAHostThatIsTheValueIsHidden(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.hidden = append(s.hidden, "db.example.com")
	got := s.step(inputs{"env_key": "TOKEN", "value": "db.example.com", "allowed_domains": "api.example.com, db.example.com"})
	got.ends(t, 0, "updated", "")
	same(t, "allowed_domains", `["api.example.com","***"]`, got.outputs["allowed_domains"])
	if !strings.Contains(got.log, "The output allowed_domains contains the value or an encoding of it. Later steps see ***.") {
		t.Errorf("no warning of it: %s", got.log)
	}
}

// An address may begin like a command of the runner, and a server's list may hold
// what no host has: neither is a secret.
func TestAnAddressIsAnOutputAsItStands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	got := s.step(inputs{"env_key": "TOKEN", "allowed_domains": "::1, ::ffff:10.0.0.1"})
	got.ends(t, 0, "updated", "")
	same(t, "allowed_domains", `["::1","::ffff:10.0.0.1"]`, got.outputs["allowed_domains"])
	got.says(t, "::ffff:10.0.0.1")
}

func TestWhatIsOnlyMadeHarmlessIsNotCalledASecret(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	odd := token()
	odd.EnvKey, odd.AllowedDomains = "ODD", []string{"a.example.com\x1b[31m", "::error::x"}
	s.AddSecret(s.VaultID, odd)
	got := s.step(inputs{"env_key": "ODD", "operation": "update", "value": value})
	got.ends(t, 0, "updated", "")
	same(t, "allowed_domains", `["a.example.com\u001b[31m","::error::x"]`, got.outputs["allowed_domains"])
	if strings.Contains(got.log, "contains the secret") {
		t.Errorf("a warning of a secret: %s", got.log)
	}
}
