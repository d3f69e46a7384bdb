package input_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// ofMany are the operations that are not on a single secret.
var ofMany = slices.Concat(plan.OfManifest, plan.OfNone)

// operations are all operations, and one that is none.
func operations() []string {
	names := []string{"unknown"}
	for _, operation := range slices.Concat(plan.Operations, ofMany) {
		names = append(names, string(operation))
	}
	return names
}

// An input that means nothing for the operation is refused, and no other is.
func TestEveryInputIsRefusedWhereItMeansNothing(t *testing.T) {
	t.Parallel()
	for _, spec := range input.Specs() {
		if spec.Name == "operation" {
			continue
		}
		for _, operation := range operations() {
			group := operation
			if !slices.Contains(ofMany, plan.Operation(operation)) {
				group = "one"
			}
			taken := len(spec.Of()) == 0 || slices.Contains(spec.Of(), group)
			got := load(env{"INPUT_OPERATION": operation, "INPUT_" + strings.ToUpper(spec.Name): "x"}, nil)
			refused := slices.ContainsFunc(got.problems, func(p problem.Problem) bool {
				return p.Input == spec.Name && (strings.HasPrefix(p.Text, "is not used by ") || strings.HasPrefix(p.Text, "is only for "))
			})
			if refused == taken {
				t.Errorf("%s for %s: refused is %t", spec.Name, operation, refused)
			}
		}
	}
}

func TestProblemsComeInTheOrderOfSpecs(t *testing.T) {
	t.Parallel()
	var names []string
	all := env{}
	for _, spec := range input.Specs() {
		names = append(names, spec.Name)
		all["INPUT_"+strings.ToUpper(spec.Name)] = "x y\nz"
	}
	for _, operation := range operations() {
		var places []int
		for _, name := range load(all.with(env{"INPUT_OPERATION": operation}), nil).problems.Inputs() {
			places = append(places, slices.Index(names, name))
		}
		if len(places) < len(names)/2 || !slices.IsSorted(places) || places[0] < 0 {
			t.Errorf("%s: %v", operation, places)
		}
	}
}
