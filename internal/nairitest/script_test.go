package nairitest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// parseFault reads a script of one fault.
func parseFault(text string) (nairitest.Fault, error) {
	script, err := nairitest.ParseScript(text)
	return script[0], err
}

func TestFaultsAreReadOrSaidToBeWrong(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/faults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var faults struct{ Read, Refused map[string]string }
	if err := yaml.Unmarshal(data, &faults); err != nil || len(faults.Read) == 0 || len(faults.Refused) == 0 {
		t.Fatal(err)
	}
	for text, want := range faults.Read {
		if f, err := parseFault(text); err != nil || f.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, f, err, want)
		}
	}
	for text, want := range faults.Refused {
		if _, err := parseFault(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
	_, err = nairitest.ParseScript("refuse", "a", "b")
	if got := strings.Split(err.Error(), "\n"); len(got) != 2 || !strings.HasPrefix(got[1], `fault "b": "b" is none of`) {
		t.Errorf("%d lines: %v; want one for each that is wrong", len(got), err)
	}
	if got := (nairitest.Fault{}).String(); got != "" {
		t.Errorf("no fault is %q", got)
	}
}

func FuzzParseFault(f *testing.F) {
	for _, name := range nairitest.EffectNames() {
		f.Add("always*PATCH:" + name)
		f.Add("3*look: " + name + "=503,https://a.example/ race=value")
	}
	f.Add("12*:refuse")
	f.Add("throttle=asctime,-2s  redirect=307,downgrade")
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := parseFault(text)
		if err != nil {
			if got := fault.String(); got != "" {
				t.Errorf("%q: a fault %q besides %v", text, got, err)
			}
			return
		}
		again, err := parseFault(fault.String())
		if err != nil || again.String() != fault.String() {
			t.Errorf("%q is %q, which is %q, %v", text, fault, again, err)
		}
	})
}

// TestPageNamesEveryEffect holds the table in docs/emulator.md against the
// parser, and its examples too.
func TestPageNamesEveryEffect(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z][a-z-]*)(?:[=[][^`]*)?` \\| .* \\| `([^`]*)` \\|$").FindAllStringSubmatch(string(page), -1) {
		names = append(names, row[1])
		if f, err := parseFault(row[2]); err != nil || f.String() != row[2] || !strings.Contains(row[2], row[1]) {
			t.Errorf("the example %q of %s: %v", row[2], row[1], err)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(nairitest.EffectNames(), names); diff != "" {
		t.Errorf("effects in docs/emulator.md (-emulator +page):\n%s", diff)
	}
}
