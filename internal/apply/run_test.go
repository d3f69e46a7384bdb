package apply_test

import (
	"errors"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// A change of each kind, of the secret TOKEN.
var (
	creation = plan.Change{
		Action: plan.Creates,
		Want: plan.Want{
			Operation: plan.Set, EnvKey: "TOKEN", Value: secret.New("v1"), Domains: domains("a.example", "b.example"),
		},
	}
	rotation = updating(nairi.Patch{Value: secret.New("v2")})
	fencing  = updating(nairi.Patch{AllowedDomains: domains("b.example", "c.example")})
	deletion = plan.Change{Action: plan.Deletes, Before: before()}
)

func before() *nairi.Secret {
	s := stored(one, "TOKEN", "a.example")
	return &s
}

func updating(p nairi.Patch) plan.Change {
	return plan.Change{Action: plan.Updates, Before: before(), Patch: p}
}

// The calls of those changes.
const (
	creates = "create TOKEN v1 [a.example b.example]"
	rotates = "update " + string(one) + " v2"
	fences  = "update " + string(one) + " [b.example c.example]"
	deletes = "delete " + string(one)
	looks   = "look " + string(one)
)

// outcome is the part of a result that a test is about.
type outcome struct {
	Outcome apply.Outcome
	Changed bool
	After   *nairi.Secret
	Err     error
}

func TestRun(t *testing.T) {
	t.Parallel()
	created := stored(one, "TOKEN", "a.example", "b.example")
	turned := stored(one, "TOKEN", "b.example", "a.example")
	rotated := written(*before())
	fenced := written(stored(one, "TOKEN", "c.example", "b.example"))
	onlyID := nairi.Secret{ID: one, AnsweredAt: looked}
	noDomains := written(nairi.Secret{ID: one, EnvKey: "TOKEN"})
	plain := errors.New("update of nothing")
	tests := map[string]struct {
		change  plan.Change
		answers script
		want    outcome
		calls   []string
	}{
		"keep sends nothing": {
			change: plan.Change{Action: plan.Keep, Before: before()},
			want:   outcome{apply.Unchanged, false, before(), nil},
		},
		"gone sends nothing": {
			change: plan.Change{Action: plan.Gone},
			want:   outcome{apply.Absent, false, nil, nil},
		},

		"create": {
			change:  creation,
			answers: script{"create": {says(created)}},
			want:    outcome{apply.Created, true, &created, nil},
			calls:   []string{creates},
		},
		"create, the domains in another order": {
			change:  creation,
			answers: script{"create": {says(turned)}},
			want:    outcome{apply.Created, true, &turned, nil},
			calls:   []string{creates},
		},
		"create answered by an ID alone is looked at once": {
			change:  creation,
			answers: script{"create": {says(onlyID)}, "look": {says(created)}},
			want:    outcome{apply.Created, true, &created, nil},
			calls:   []string{creates, looks},
		},
		"create answered by an ID alone, and no look": {
			change:  creation,
			answers: script{"create": {says(onlyID)}, "look": {refuses(unsent)}},
			want:    outcome{apply.Unknown, true, &onlyID, unsent},
			calls:   []string{creates, looks},
		},
		"create whose look shows no more is not looked at again": {
			change:  creation,
			answers: script{"create": {says(onlyID)}, "look": {says(onlyID)}},
			want:    outcome{apply.Unknown, true, &onlyID, apply.ErrDiffers},
			calls:   []string{creates, looks},
		},
		"create answered by another name": {
			change:  creation,
			answers: script{"create": {says(stored(one, "token", "a.example", "b.example"))}},
			want:    outcome{apply.Unknown, true, ptr(stored(one, "token", "a.example", "b.example")), apply.ErrDiffers},
			calls:   []string{creates},
		},
		"create answered by fewer domains": {
			change:  creation,
			answers: script{"create": {says(*before())}},
			want:    outcome{apply.Unknown, true, before(), apply.ErrDiffers},
			calls:   []string{creates},
		},
		"create answered by no fence at all": {
			change:  creation,
			answers: script{"create": {says(stored(one, "TOKEN"))}},
			want:    outcome{apply.Unknown, true, ptr(stored(one, "TOKEN")), apply.ErrDiffers},
			calls:   []string{creates},
		},
		"create refused": {
			change:  creation,
			answers: script{"create": {refuses(unauthorized)}},
			want:    outcome{apply.Failed, false, nil, unauthorized},
			calls:   []string{creates},
		},

		"update of the value": {
			change:  rotation,
			answers: script{"update": {says(rotated)}},
			want:    outcome{apply.Updated, true, &rotated, nil},
			calls:   []string{rotates},
		},
		"update of the domains, answered in another order": {
			change:  fencing,
			answers: script{"update": {says(fenced)}},
			want:    outcome{apply.Updated, true, &fenced, nil},
			calls:   []string{fences},
		},
		"update answered by the old domains": {
			change:  fencing,
			answers: script{"update": {says(rotated)}},
			want:    outcome{apply.Unknown, true, &rotated, apply.ErrDiffers},
			calls:   []string{fences},
		},
		"update of the value takes whatever domains there are": {
			change:  rotation,
			answers: script{"update": {says(fenced)}},
			want:    outcome{apply.Updated, true, &fenced, nil},
			calls:   []string{rotates},
		},
		"update answered by another ID": {
			change:  rotation,
			answers: script{"update": {says(written(stored(two, "TOKEN", "a.example")))}},
			want:    outcome{apply.Unknown, true, ptr(written(stored(two, "TOKEN", "a.example"))), apply.ErrDiffers},
			calls:   []string{rotates},
		},
		"update answered by another name": {
			change:  rotation,
			answers: script{"update": {says(written(stored(one, "OTHER", "a.example")))}},
			want:    outcome{apply.Unknown, true, ptr(written(stored(one, "OTHER", "a.example"))), apply.ErrDiffers},
			calls:   []string{rotates},
		},
		"update answered by an ID alone is looked at once": {
			change:  rotation,
			answers: script{"update": {says(onlyID)}, "look": {says(rotated)}},
			want:    outcome{apply.Updated, true, &rotated, nil},
			calls:   []string{rotates, looks},
		},
		"update to any domain, which no answer shows": {
			change:  updating(nairi.Patch{AllowedDomains: domains()}),
			answers: script{"update": {says(noDomains)}, "look": {says(noDomains)}},
			want:    outcome{apply.Unknown, true, &noDomains, apply.ErrDiffers},
			calls:   []string{"update " + string(one) + " []", looks},
		},
		"update refused": {
			change:  rotation,
			answers: script{"update": {refuses(unauthorized)}},
			want:    outcome{apply.Failed, false, before(), unauthorized},
			calls:   []string{rotates},
		},
		"update of a secret that went away is not a success": {
			change:  rotation,
			answers: script{"update": {refuses(notFound)}},
			want:    outcome{apply.Failed, false, before(), notFound},
			calls:   []string{rotates},
		},
		"update that never left": {
			change:  rotation,
			answers: script{"update": {refuses(unsent)}},
			want:    outcome{apply.Failed, false, before(), unsent},
			calls:   []string{rotates},
		},
		"update that is no request": {
			change:  rotation,
			answers: script{"update": {refuses(plain)}},
			want:    outcome{apply.Failed, false, before(), plain},
			calls:   []string{rotates},
		},

		"delete": {
			change:  deletion,
			answers: script{"delete": {says()}},
			want:    outcome{apply.Deleted, true, nil, nil},
			calls:   []string{deletes},
		},
		"delete of a secret that went away": {
			change:  deletion,
			answers: script{"delete": {refuses(notFound)}, "list": {says()}},
			want:    outcome{apply.Absent, false, nil, nil},
			calls:   []string{deletes, "list"},
		},
		"delete answered with 404 by something before the API": {
			change:  deletion,
			answers: script{"delete": {refuses(notFound)}, "list": {says(*before())}},
			want:    outcome{apply.Failed, false, before(), notFound},
			calls:   []string{deletes, "list"},
		},
		"delete in a vault that is gone": {
			change:  deletion,
			answers: script{"delete": {refuses(notFound)}, "list": {refuses(noVault)}},
			want:    outcome{apply.Failed, false, before(), notFound},
			calls:   []string{deletes, "list"},
		},
		"delete refused": {
			change:  deletion,
			answers: script{"delete": {refuses(unauthorized)}},
			want:    outcome{apply.Failed, false, before(), unauthorized},
			calls:   []string{deletes},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, calls := run(t, tt.change, tt.answers)
			if d := diff(tt.want, outcome{r.Outcome, r.Changed, r.After, r.Err}); d != "" {
				t.Errorf("result: %s", d)
			}
			if d := diff(tt.change, r.Change); d != "" {
				t.Errorf("the change is not the one that was given: %s", d)
			}
			if d := diff(tt.calls, calls); d != "" {
				t.Errorf("calls: %s", d)
			}
		})
	}
}

func ptr(s nairi.Secret) *nairi.Secret { return &s }

// An update that the server says changed nothing is unchanged. Its word is that
// updated_at stands, and only counts where a write would have moved it.
func TestUnchangedIsTheServersWord(t *testing.T) {
	t.Parallel()
	value := nairi.Patch{Value: secret.New("v2")}
	both := nairi.Patch{Value: secret.New("v2"), AllowedDomains: domains("b.example")}
	tests := map[string]struct {
		patch     nairi.Patch
		looked    time.Duration // after the last update; negative for an answer without a Date
		moved     time.Duration
		unchanged bool
	}{
		"stands, looked long after":           {value, time.Hour, 0, true},
		"stands, looked two seconds after":    {value, 2 * time.Second, 0, true},
		"stands, looked a second after":       {value, time.Second, 0, false},
		"stands, looked in the same second":   {value, 0, 0, false},
		"stands, looked at an unknown time":   {value, -1, 0, false},
		"moved on":                            {value, time.Hour, time.Hour, false},
		"moved back":                          {value, time.Hour, -time.Second, false},
		"stands though the domains were sent": {both, time.Hour, 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := updating(tt.patch)
			change.Before.AnsweredAt = noon.Add(tt.looked)
			if tt.looked < 0 {
				change.Before.AnsweredAt = time.Time{}
			}
			after := *change.Before
			if tt.patch.AllowedDomains != nil {
				after.AllowedDomains = *tt.patch.AllowedDomains
			}
			after.UpdatedAt = noon.Add(tt.moved)
			r, _ := run(t, change, script{"update": {says(after)}})
			want := apply.Updated
			if tt.unchanged {
				want = apply.Unchanged
			}
			if r.Outcome != want || r.Changed == tt.unchanged {
				t.Errorf("got %s, changed %t; want %s", r.Outcome, r.Changed, want)
			}
		})
	}
}

// The word for "unchanged" is in the answer that shows the rest too, where the
// first one was incomplete.
func TestUnchangedAfterASecondLook(t *testing.T) {
	t.Parallel()
	r, _ := run(t, rotation, script{"update": {says(nairi.Secret{ID: one})}, "look": {says(*before())}})
	if r.Outcome != apply.Unchanged || r.Changed {
		t.Errorf("got %s, changed %t", r.Outcome, r.Changed)
	}
}
