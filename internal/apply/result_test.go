package apply_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

func TestPreview(t *testing.T) {
	t.Parallel()
	tests := map[plan.Action]apply.Outcome{
		plan.Creates: apply.Planned,
		plan.Updates: apply.Planned,
		plan.Deletes: apply.Planned,
		plan.Keep:    apply.Unchanged,
		plan.Gone:    apply.Absent,
	}
	for action, want := range tests {
		change := plan.Change{Action: action, Before: before()}
		r := apply.Preview(change)
		if d := diff(apply.Result{Change: change, Outcome: want, After: before()}, r); d != "" {
			t.Errorf("%s: %s", action, d)
		}
	}
}

func TestFailAndLost(t *testing.T) {
	t.Parallel()
	err := errors.New("why")
	failed := apply.Result{Change: rotation, Outcome: apply.Failed, After: before(), Err: err}
	if d := diff(failed, apply.Fail(rotation, err)); d != "" {
		t.Errorf("Fail: %s", d)
	}
	lost := apply.Result{Change: rotation, Outcome: apply.Unknown, Changed: true, Err: err}
	if d := diff(lost, apply.Lost(rotation, err)); d != "" {
		t.Errorf("Lost: %s", d)
	}
}

func TestOutcomesAreAllDifferent(t *testing.T) {
	t.Parallel()
	sorted := slices.Sorted(slices.Values(apply.Outcomes))
	if len(slices.Compact(sorted)) != 9 || len(apply.Outcomes) != 9 {
		t.Errorf("the documented outcomes are nine, got %v", apply.Outcomes)
	}
}
