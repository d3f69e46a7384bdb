package input_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
)

// The page names each input of which an empty one is an error, and no other.
func TestThePageSaysWhichInputsMustNotBeEmpty(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/usage.md")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*`) \\| .* \\| an error \\|$").FindAllStringSubmatch(string(page), -1) {
		for _, name := range strings.Split(row[1], ", ") {
			named = append(named, strings.Trim(name, "`"))
		}
	}
	var refused []string
	for _, spec := range input.Specs() {
		base := good(nil)
		if of := spec.Of(); len(of) > 0 && !slices.Contains(of, "one") {
			base = syncing(nil).with(env{"INPUT_OPERATION": of[0]})
		}
		name := "INPUT_" + strings.ToUpper(spec.Name)
		told := lines(load(base.with(env{name: ""}), heldFiles).problems)
		asLeftOut := told == lines(load(base.with(env{name: unset}), heldFiles).problems)
		// secrets is read as an empty manifest.
		if strings.Contains(told, spec.Name+" is empty") && !asLeftOut || spec.Name == "secrets" && told != "" {
			refused = append(refused, spec.Name)
		}
	}
	slices.Sort(named)
	slices.Sort(refused)
	if !slices.Equal(named, refused) {
		t.Errorf("the page names %q, refused are %q", named, refused)
	}
}
