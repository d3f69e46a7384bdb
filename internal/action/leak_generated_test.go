package action

import (
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// making is how the value of a scene is made by the program itself. The randomness is
// handed in, so that the value is known; nil for one that is given.
type making struct {
	spec  generate.Spec
	seed  byte
	alone bool // whether no vault gets it
}

// makings draws them.
var makings = rapid.Custom(func(t *rapid.T) *making {
	kind := rapid.SampledFrom(generate.Kinds).Draw(t, "kind")
	given := generate.Given{Kind: string(kind)}
	switch size := strconv.Itoa(rapid.IntRange(24, 200).Draw(t, "size")); {
	case kind.CountsBytes():
		given.Bytes = size
	case kind.CountsCharacters():
		given.Length = size
	}
	if kind == generate.Password {
		given.Symbols = string(rapid.SampledFrom(generate.SymbolChoices).Draw(t, "symbols"))
	}
	spec, faults := given.Parse()
	if len(faults) > 0 {
		t.Fatalf("%v", faults)
	}
	return &making{spec, rapid.Byte().Draw(t, "seed"), rapid.Bool().Draw(t, "alone")}
})

func (m *making) random() io.Reader {
	if m == nil {
		return rand.NewChaCha8([32]byte{1})
	}
	return rand.NewChaCha8([32]byte{m.seed})
}

func (m *making) isAlone() bool { return m != nil && m.alone }

// value is what the program makes of the same randomness.
func (m *making) value(t rapid.TB) string {
	t.Helper()
	value, err := m.spec.Make(m.random())
	if err != nil {
		t.Fatal(err)
	}
	return value.Reveal()
}

// Names of what hands a value over.
const (
	handedFile     = "new-value"
	handedVariable = "NEW_VALUE"
)

// inputs ask for a value that is made, in the place of the one that a scene gives.
func (m *making) inputs(t rapid.TB, dir string, s scene) inputs {
	t.Helper()
	if m == nil {
		return nil
	}
	temp := filepath.Join(dir, "temp")
	if err := os.RemoveAll(temp); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	if s.many {
		return inputs{"INPUT_SECRETS": "vaults:\n- vault_id: " + leakVault + "\n  secrets:\n" +
			"    DATABASE_URL: {allowed_domains: [wider.example.com]}\n    NEW: {any_domain: true, " + m.keys() + "}\n"}
	}
	with := inputs{"INPUT_VALUE_ENV": "__not_given__", "INPUT_GENERATED_FILE": filepath.Join(temp, handedFile)}
	for name, text := range m.given() {
		with["INPUT_"+strings.ToUpper(name)] = text
	}
	if len(s.runners) > 0 {
		with["RUNNER_TEMP"], with["GITHUB_ENV"], with["INPUT_GENERATED_ENV"] = temp, filepath.Join(temp, "env"), handedVariable
	}
	if m.alone {
		maps.Copy(with, inputs{"INPUT_OPERATION": "generate"})
		for _, name := range []string{"VAULT_ID", "SECRET_ID", "ALLOWED_DOMAINS", "IF_UPDATED_AT"} {
			with["INPUT_"+name] = "__not_given__"
		}
	}
	return with
}

// given says how the value is made, by the names of inputs.
func (m *making) given() map[string]string {
	given := map[string]string{"generate": string(m.spec.Kind)}
	switch {
	case m.spec.Kind.CountsBytes():
		given["generate_bytes"] = strconv.Itoa(m.spec.Size)
	case m.spec.Kind.CountsCharacters():
		given["generate_length"] = strconv.Itoa(m.spec.Size)
	}
	if m.spec.Kind == generate.Password {
		given["generate_symbols"] = string(m.spec.Symbols)
	}
	return given
}

// keys say the same in a manifest.
func (m *making) keys() string {
	var keys []string
	for name, text := range m.given() {
		keys = append(keys, name+": "+text)
	}
	return strings.Join(keys, ", ")
}

// A value that the program makes is as hidden as one that it was given: in the log, in
// outputs and the summary, and in what the rest of the job prints of it. It is in the file
// and the variable that were asked for, and in no other file. For a long run:
//
//	go test ./internal/action -run TestNothingReadableOfMadeValues -rapid.checks=10000 -timeout 0
func TestNothingReadableOfMadeValues(t *testing.T) {
	t.Parallel()
	for name, where := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				s := scenes(where).Draw(t, "scene")
				s.made = makings.Draw(t, "making")
				s.many = s.many && !s.made.alone
				s.Sample = samples.Sample{Text: s.made.value(t)}
				s.echoed = rapid.SampledFrom(echoes).Draw(t, "echo of it")(s.Text)
				s.check(t, dir)
				s.checkHandedOver(t, dir)
			})
		})
	}
}

// checkHandedOver checks who has the value, after the last run of a scene.
func (s scene) checkHandedOver(t rapid.TB, dir string) {
	t.Helper()
	want := map[string]string{}
	if !s.many && (s.made.alone || !s.refused) {
		want[filepath.Join("temp", handedFile)] = s.Text
		if len(s.runners) > 0 {
			want[filepath.Join("temp", "env")] = s.Text
		}
	}
	err := filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text := string(taken(t, name))
		local, _ := filepath.Rel(dir, name)
		if has := strings.Contains(text, s.Text); has != (want[local] != "") {
			t.Errorf("whether the file %s has the value: %t", local, has)
		}
		delete(want, local)
		return nil
	})
	if err != nil || len(want) > 0 {
		t.Errorf("%v, and %d files are missing", err, len(want))
	}
	if len(s.runners) > 0 && !s.many {
		s.checkVariables(t, dir)
	}
}

// checkVariables checks what later steps have in their environment.
func (s scene) checkVariables(t rapid.TB, dir string) {
	t.Helper()
	variables, err := runnertest.ParseOutputs(contents(filepath.Join(dir, "temp", "env")))
	if set := s.made.alone || !s.refused; err != nil || set && (len(variables) != 1 || variables[handedVariable] != s.Text) || !set && len(variables) > 0 {
		t.Errorf("%v, and later steps get %d variables, or another value", err, len(variables))
	}
}
