package apply_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// A write whose fate is not known from its answer is looked into. What a look
// can tell is told; the rest stays unknown, and is never called failed.
func TestLostUpdate(t *testing.T) {
	t.Parallel()
	fenced := written(stored(one, "TOKEN", "c.example", "b.example"))
	moved := written(*before())
	still := *before()
	still.AnsweredAt = wrote
	noDomains := written(nairi.Secret{ID: one, EnvKey: "TOKEN"})
	justWritten := rotation
	justWritten.Before = before()
	justWritten.Before.AnsweredAt = noon.Add(time.Second)
	opening := updating(nairi.Patch{AllowedDomains: domains()})
	lost := func(by error, seen ...nairi.Secret) script {
		return script{"update": {refuses(by)}, "look": {says(seen...)}}
	}
	tests := map[string]struct {
		change  plan.Change
		answers script
		want    outcome
	}{
		"the new domains are there": {
			fencing, lost(broken, fenced), outcome{apply.Updated, true, &fenced, nil},
		},
		"the old domains are there": {
			fencing, lost(broken, still), outcome{apply.Unknown, true, &still, broken},
		},
		"the old domains are there, and the server is done with it": {
			fencing, lost(crashed, still), outcome{apply.Failed, false, &still, crashed},
		},
		"no domains are shown": {
			opening, lost(broken, noDomains), outcome{apply.Unknown, true, &noDomains, broken},
		},
		"the domains that were sent were there before": {
			plan.Change{Action: plan.Updates, Want: fencing.Want, Before: &fenced, Patch: fencing.Patch},
			lost(broken, fenced), outcome{apply.Unknown, true, &fenced, broken},
		},
		"something moved": {
			rotation, lost(crashed, moved), outcome{apply.Unknown, true, &moved, crashed},
		},
		"nothing moved yet": {
			rotation, lost(broken, still), outcome{apply.Unknown, true, &still, broken},
		},
		"nothing moved, and the server is done with it": {
			rotation, lost(crashed, still), outcome{apply.Failed, false, &still, crashed},
		},
		"nothing moved that could have": {
			justWritten, lost(crashed, still), outcome{apply.Unknown, true, &still, crashed},
		},
		"no look": {
			rotation,
			script{"update": {refuses(crashed)}, "look": {refuses(unsent)}},
			outcome{apply.Unknown, true, nil, crashed},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, calls := run(t, tt.change, tt.answers)
			if d := diff(tt.want, outcome{r.Outcome, r.Changed, r.After, r.Err}); d != "" {
				t.Error(d)
			}
			if len(calls) != 2 || calls[1] != looks {
				t.Errorf("calls %q", calls)
			}
		})
	}
}

func TestLostDelete(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers script
		want    outcome
	}{
		"an attempt after it did not find it": {
			script{"delete": {refuses(notFoundAfter)}, "list": {says()}},
			outcome{apply.Deleted, true, nil, nil},
		},
		"an attempt after it did not find it, but the list has it": {
			script{"delete": {refuses(notFoundAfter)}, "list": {says(*before())}},
			outcome{apply.Unknown, true, nil, notFoundAfter},
		},
		"an attempt after it did not find it, and there is no list": {
			script{"delete": {refuses(notFoundAfter)}, "list": {refuses(noVault)}},
			outcome{apply.Unknown, true, nil, notFoundAfter},
		},
		"a look did not find it, but the list has it": {
			script{"delete": {refuses(broken)}, "look": {refuses(notFound)}, "list": {says(*before())}},
			outcome{apply.Unknown, true, before(), broken},
		},
		"it is gone": {
			script{"delete": {refuses(broken)}, "look": {refuses(notFound)}, "list": {says()}},
			outcome{apply.Deleted, true, nil, nil},
		},
		"it is there yet": {
			script{"delete": {refuses(broken)}, "look": {says(*before())}},
			outcome{apply.Unknown, true, before(), broken},
		},
		"it is there, and the server is done with it": {
			script{"delete": {refuses(crashed)}, "look": {says(*before())}},
			outcome{apply.Failed, false, before(), crashed},
		},
		"the vault is gone": {
			script{"delete": {refuses(broken)}, "look": {refuses(notFound)}, "list": {refuses(noVault)}},
			outcome{apply.Unknown, true, nil, broken},
		},
		"no look": {
			script{"delete": {refuses(crashed)}, "look": {refuses(unsent)}},
			outcome{apply.Unknown, true, nil, crashed},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := run(t, deletion, tt.answers)
			if d := diff(tt.want, outcome{r.Outcome, r.Changed, r.After, r.Err}); d != "" {
				t.Error(d)
			}
		})
	}
}

// A create is never sent twice blindly: between the two the name is looked up.
func TestLostCreate(t *testing.T) {
	t.Parallel()
	ours := stored(one, "TOKEN", "a.example", "b.example")
	theirs := stored(two, "TOKEN")
	set := written(ours)
	other := stored(two, "OTHER")
	adopts := "update " + string(one) + " v1"
	opens := adopts + " [a.example b.example]"
	tests := map[string]struct {
		answers script
		outcome apply.Outcome
		err     error
		calls   []string
	}{
		"it is there: its value is set once more": {
			script{"create": {refuses(broken)}, "list": {says(other, ours)}, "update": {says(set)}},
			apply.Created, nil, []string{creates, "list", adopts},
		},
		"it is there with other domains": {
			script{"create": {refuses(broken)}, "list": {says(stored(one, "TOKEN"))}, "update": {says(set)}},
			apply.Created, nil, []string{creates, "list", opens},
		},
		"it is there, and may not be updated": {
			script{"create": {refuses(broken)}, "list": {says(ours)}, "update": {refuses(unauthorized)}},
			apply.Unknown, unauthorized, []string{creates, "list", adopts},
		},
		"it is there twice": {
			script{"create": {refuses(broken)}, "list": {says(ours, theirs)}},
			apply.Unknown, apply.ErrTwice, []string{creates, "list"},
		},
		"it cannot be looked for": {
			script{"create": {refuses(broken)}, "list": {refuses(unsent)}},
			apply.Unknown, broken, []string{creates, "list"},
		},
		"it is not there: sent once more": {
			script{"create": {refuses(broken), says(ours)}, "list": {says(other), says(other, ours)}},
			apply.Created, nil, []string{creates, "list", creates, "list"},
		},
		"sent once more, and the first came late": {
			script{"create": {refuses(broken), says(ours)}, "list": {says(), says(ours, theirs)}},
			apply.Unknown, apply.ErrTwice, []string{creates, "list", creates, "list"},
		},
		"sent once more, and refused as the first came late": {
			script{"create": {refuses(broken), refuses(conflict)}, "list": {says(), says(ours)}, "update": {says(set)}},
			apply.Created, nil, []string{creates, "list", creates, "list", adopts},
		},
		"sent once more, and not looked for": {
			script{"create": {refuses(broken), says(ours)}, "list": {says(), refuses(unsent)}},
			apply.Created, nil, []string{creates, "list", creates, "list"},
		},
		"lost twice, and not there yet": {
			script{"create": {refuses(broken), refuses(crashed)}, "list": {says(), says()}},
			apply.Unknown, broken, []string{creates, "list", creates, "list"},
		},
		"lost twice, and the server is done with both": {
			script{"create": {refuses(crashed), refuses(crashed)}, "list": {says(), says()}},
			apply.Failed, crashed, []string{creates, "list", creates, "list"},
		},
		"lost, then refused, and the server is done with it": {
			script{"create": {refuses(crashed), refuses(unauthorized)}, "list": {says(), says()}},
			apply.Failed, unauthorized, []string{creates, "list", creates, "list"},
		},
		"lost, then refused, and it may come yet": {
			script{"create": {refuses(broken), refuses(unauthorized)}, "list": {says(), says()}},
			apply.Unknown, broken, []string{creates, "list", creates, "list"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, calls := run(t, creation, tt.answers)
			if r.Outcome != tt.outcome || !errors.Is(r.Err, tt.err) || (tt.err == nil) != (r.Err == nil) {
				t.Errorf("got %s: %v; want %s: %v", r.Outcome, r.Err, tt.outcome, tt.err)
			}
			if r.Changed != (r.Outcome != apply.Failed) {
				t.Errorf("%s with changed %t", r.Outcome, r.Changed)
			}
			if d := diff(creation, r.Change); d != "" {
				t.Errorf("the change is not the one that was given: %s", d)
			}
			if d := diff(tt.calls, calls); d != "" {
				t.Errorf("calls: %s", d)
			}
		})
	}
}

// Adopting a secret is said, and so is each ID of a name that stands there twice.
func TestLostCreateIsExplained(t *testing.T) {
	t.Parallel()
	ours, theirs := stored(one, "TOKEN", "a.example", "b.example"), stored(two, "TOKEN")
	adopted, _ := run(t, creation, script{
		"create": {refuses(broken)}, "list": {says(ours)}, "update": {says(written(ours))},
	})
	if adopted.Note == "" {
		t.Error("nothing is said of the secret that was found")
	}
	twice, _ := run(t, creation, script{"create": {refuses(broken)}, "list": {says(ours, theirs)}})
	for _, id := range []nairi.SecretID{one, two} {
		if !strings.Contains(twice.Err.Error(), string(id)) {
			t.Errorf("%q does not name %s", twice.Err, id)
		}
	}
}

// A create that is refused as the name is there by now goes on as what was
// asked for goes on with a secret that is there.
func TestOvertakenCreate(t *testing.T) {
	t.Parallel()
	theirs := stored(one, "TOKEN")
	set := written(stored(one, "TOKEN", "a.example", "b.example"))
	badRequest := &nairi.Error{Kind: nairi.Refused, Method: "POST", Status: 400}
	adopts := "update " + string(one) + " v1 [a.example b.example]"
	tests := map[string]struct {
		operation plan.Operation
		answers   script
		outcome   apply.Outcome
		err       error
		calls     []string
	}{
		"set updates it": {
			plan.Set,
			script{"create": {refuses(conflict)}, "list": {says(theirs)}, "update": {says(set)}},
			apply.Updated, nil, []string{creates, "list", adopts},
		},
		"set updates it, the refusal a 400": {
			plan.Set,
			script{"create": {refuses(badRequest)}, "list": {says(theirs)}, "update": {says(set)}},
			apply.Updated, nil, []string{creates, "list", adopts},
		},
		"create does not": {
			plan.Create,
			script{"create": {refuses(conflict)}, "list": {says(theirs)}},
			apply.Failed, plan.ErrExists, []string{creates, "list"},
		},
		"the name is not there": {
			plan.Set,
			script{"create": {refuses(badRequest)}, "list": {says()}},
			apply.Failed, badRequest, []string{creates, "list"},
		},
		"the name is there twice": {
			plan.Set,
			script{"create": {refuses(conflict)}, "list": {says(theirs, theirs)}},
			apply.Failed, plan.ErrAmbiguous, []string{creates, "list"},
		},
		"no look": {
			plan.Set,
			script{"create": {refuses(conflict)}, "list": {refuses(unsent)}},
			apply.Failed, conflict, []string{creates, "list"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := creation
			change.Want.Operation = tt.operation
			r, calls := run(t, change, tt.answers)
			if r.Outcome != tt.outcome || !errors.Is(r.Err, tt.err) || (tt.err == nil) != (r.Err == nil) {
				t.Errorf("got %s: %v; want %s: %v", r.Outcome, r.Err, tt.outcome, tt.err)
			}
			if d := diff(tt.calls, calls); d != "" {
				t.Errorf("calls: %s", d)
			}
		})
	}
}
