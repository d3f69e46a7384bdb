package plan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const hour = time.Hour

// The times of the tests are in hours, from a secret's creation.
var born = time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)

func atHour(hours time.Duration) time.Time { return born.Add(hours * hour) }

func sinceHour(hours time.Duration) *time.Time { return new(atHour(hours)) }

// mirrorAt is a mirror in which a secret was last changed at a time; not at all before -99.
func mirrorAt(name string, hours time.Duration) mirror.Mirror {
	m := mirror.Mirror{Target: mirror.Target{Store: mirror.Repository, Owner: "octo", Repo: name}, State: mirror.State{Known: true}}
	if hours > -99 {
		m.State.There, m.State.UpdatedAt = true, atHour(hours)
	}
	return m
}

// unseenMirror is one that nobody looked at.
func unseenMirror(name string) mirror.Mirror {
	m := mirrorAt(name, -100)
	m.State = mirror.State{}
	return m
}

// madeMirrored is an entry whose value is made here, with mirrors.
func madeMirrored(newerThan *time.Time, mirrors ...mirror.Mirror) plan.Desired {
	return plan.Desired{
		Operation: plan.OpSet, EnvKey: "TOKEN", Domains: &domains.List{"a.example"}, Values: plan.ValuesWhenRotated,
		Generate: &generate.Spec{Kind: generate.Hex, Size: 32}, NewerThan: newerThan, Mirrors: mirrors,
	}
}

// givenMirrored is the same with a value.
func givenMirrored(rotated *time.Time, values plan.Values, mirrors ...mirror.Mirror) plan.Desired {
	d := madeMirrored(nil, mirrors...)
	d.Generate, d.Value, d.Rotated, d.Values = nil, secret.New("v"), rotated, values
	return d
}

// changeAt plans one secret that was last changed at a time; one that is not there before -99.
func changeAt(t *testing.T, d plan.Desired, hours time.Duration) plan.Change {
	t.Helper()
	var current []nairi.Secret
	if hours > -99 {
		current = append(current, nairi.Secret{ID: "sec_1", EnvKey: "TOKEN", AllowedDomains: domains.List{"a.example"}, CreatedAt: born, UpdatedAt: atHour(hours)})
	}
	changes, err := plan.Make([]plan.Vault{{ID: "vlt_1", Secrets: []plan.Desired{d}}}, [][]nairi.Secret{current}, plan.Rules{})
	if err != nil || len(changes) != 1 || changes[0].Err != nil {
		t.Fatal(changes, err)
	}
	return changes[0]
}

// What an earlier run did not come to the end of shows in the mirrors alone.
func TestAMirrorThatLagsMakesAValueDue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		desired plan.Desired
		updated time.Duration // of the vault
		due     bool
	}{
		{"all have it", madeMirrored(sinceHour(10), mirrorAt("a", 20), mirrorAt("b", 20)), 20, false},
		{"one is not there", madeMirrored(sinceHour(10), mirrorAt("a", 20), mirrorAt("b", -100)), 20, true},
		{"one is older", madeMirrored(sinceHour(10), mirrorAt("a", 20), mirrorAt("b", 9)), 20, true},
		{"one is as old as asked for", madeMirrored(sinceHour(10), mirrorAt("a", 10)), 20, false},
		{"the vault is older", madeMirrored(sinceHour(10), mirrorAt("a", 20)), 9, true},
		{"nobody looked", madeMirrored(sinceHour(10), unseenMirror("a")), 20, false},
		{"no date, and all have it", madeMirrored(nil, mirrorAt("a", 1)), 20, false},
		{"no date, and it is older than the secret in the vault", madeMirrored(nil, mirrorAt("a", -1)), 20, true},
		{"a date before the secret was there, and it is older", madeMirrored(sinceHour(-50), mirrorAt("a", -1)), 20, true},
		{"only the hosts of the vault were changed since", madeMirrored(sinceHour(10), mirrorAt("a", 11)), 20, false},
		{"a given value that all have", givenMirrored(sinceHour(10), plan.ValuesByDate, mirrorAt("a", 20)), 20, false},
		{"a given value that one lacks", givenMirrored(sinceHour(10), plan.ValuesByDate, mirrorAt("a", 9)), 20, true},
		{"a given value for new secrets alone, that one lacks", givenMirrored(nil, plan.ValuesWhenCreated, mirrorAt("a", -100)), 20, true},
		{"a given value for new secrets alone, older than the one in the vault", givenMirrored(nil, plan.ValuesWhenCreated, mirrorAt("a", -1)), 20, true},
		{"a given value for new secrets alone, that all have", givenMirrored(nil, plan.ValuesWhenCreated, mirrorAt("a", 1)), 20, false},
		{"a given value for new secrets alone, whatever its date", givenMirrored(sinceHour(10), plan.ValuesWhenCreated, mirrorAt("a", 1)), 20, false},
	} {
		c := changeAt(t, tt.desired, tt.updated)
		if got := c.SendsValue(); got != tt.due || (len(c.Mirrors()) > 0) != tt.due {
			t.Errorf("%s: due is %v, and it goes to %d mirrors", tt.name, got, len(c.Mirrors()))
		}
	}
}

// The clocks of GitHub and of the vault are two, and each shows whole seconds.
func TestAMirrorOfANewSecretDoesNotLagByAClockAlone(t *testing.T) {
	t.Parallel()
	for seconds, due := range map[time.Duration]bool{0: false, -5: false, -6: true} {
		m := mirrorAt("a", 0)
		m.State.UpdatedAt = born.Add(seconds * time.Second)
		if c := changeAt(t, madeMirrored(nil, m), 0); c.SendsValue() != due {
			t.Errorf("%d seconds: due is %v", seconds, !due)
		}
	}
}

// If the last one that lags got its value while another did not, no run would find that
// out any more.
func TestWhatTellsTheNextRun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		desired plan.Desired
		updated time.Duration
		want    []bool // of each mirror
	}{
		{"an earlier run broke off", madeMirrored(sinceHour(10), mirrorAt("a", 20), mirrorAt("b", 9), mirrorAt("c", -100)), 20, []bool{false, true, true}},
		{"it is due", madeMirrored(sinceHour(10), mirrorAt("a", 9), mirrorAt("b", 11)), 9, []bool{true, false}},
		{"the vault is to create it", madeMirrored(sinceHour(10), mirrorAt("a", 9), mirrorAt("b", -100)), -100, []bool{false, false}},
		{"a given value, by its date", givenMirrored(sinceHour(10), plan.ValuesByDate, mirrorAt("a", 9), mirrorAt("b", 20)), 20, []bool{true, false}},
		{"a given value, for new secrets alone", givenMirrored(nil, plan.ValuesWhenCreated, mirrorAt("a", -100), mirrorAt("b", 20)), 20, []bool{true, false}},
		{"a given value, in each run", givenMirrored(nil, plan.ValuesByDate, mirrorAt("a", -100), mirrorAt("b", 20)), 20, []bool{false, false}},
		{"a given value, always", givenMirrored(sinceHour(10), plan.ValuesAlways, mirrorAt("a", -100), mirrorAt("b", 20)), 20, []bool{false, false}},
	} {
		c := changeAt(t, tt.desired, tt.updated)
		var got []bool
		for _, m := range c.Mirrors() {
			got = append(got, c.Tells(&m))
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A value that is not there can be missed until a mirror lacks it, and one that goes to a
// mirror that lacks it is not written again.
func TestWhatLagsIsNoRewriteAndNeedsItsValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mirror   mirror.Mirror
		rewrites bool
	}{{mirrorAt("a", 20), true}, {mirrorAt("a", -100), false}} {
		if c := changeAt(t, givenMirrored(nil, plan.ValuesAlways, tt.mirror), 20); c.Rewrites() != tt.rewrites {
			t.Errorf("%+v: it counts as written again: %v", tt.mirror.State, c.Rewrites())
		}
	}
	d := givenMirrored(sinceHour(30), plan.ValuesWhenCreated, mirrorAt("a", -100))
	d.Value, d.NoValue = secret.Value{}, "it is not there"
	c := (&plan.Change{Desired: d}).Again([]nairi.Secret{{ID: "sec_1", EnvKey: "TOKEN", AllowedDomains: domains.List{"a.example"}, CreatedAt: born, UpdatedAt: atHour(20)}})
	if want := "TOKEN must be written with its value, because a mirror lacks the value, or has an older one. it is not there"; c.Err == nil || c.Err.Error() != want {
		t.Errorf("%v, want %s", c.Err, want)
	}
}

// What a plan says of hosts that go alone is what it said before there were made values.
func TestHostsThatGoAloneMakeNothing(t *testing.T) {
	t.Parallel()
	d := madeMirrored(sinceHour(10), mirrorAt("a", 20))
	d.Domains = &domains.List{"b.example"}
	c := changeAt(t, d, 20)
	if _, text := plan.Identify([]plan.Change{c}); !strings.HasSuffix(text, `["a.example"],["b.example"],"not written"]`) {
		t.Error(text)
	}
}

// target is a mirror as an input spells it.
func target(t *testing.T, text string) mirror.Mirror {
	t.Helper()
	parsed, err := mirror.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return mirror.Mirror{Target: parsed}
}

// Who approves a plan approves where the value goes, who may read it there, and that it is
// another one than before. Nothing is said of it where there is nothing of it, so that
// plans which were approved before there were mirrors stay what they are.
func TestTheTextOfAPlanSaysWhereAValueGoesToo(t *testing.T) {
	t.Parallel()
	const head = "vault-secret plan 1\n[\"" + oneVault + "\",\"TOKEN\",\"\",\"create\",null,[\"a.example\"],"
	for _, tt := range []struct {
		desired plan.Desired
		want    string
	}{
		{givenMirrored(nil, plan.ValuesByDate), `"written"]`},
		{madeMirrored(nil), `"made"]`},
		{givenMirrored(nil, plan.ValuesByDate, target(t, "repo:octo/cats")), `"written",["repo:octo/cats"]]`},
		{
			madeMirrored(nil, target(t, "repo:octo/cats"), target(t, "org:octo:selected"), target(t, "env:octo/cats/grün \"1\""), target(t, "org:a")),
			`"made",["env:octo/cats/gr\u00fcn \u00221\u0022","org:a","org:octo:selected","repo:octo/cats"]]`,
		},
	} {
		changes, err := plan.Make([]plan.Vault{{ID: oneVault, Secrets: []plan.Desired{tt.desired}}}, [][]nairi.Secret{nil}, plan.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		digest, text := plan.Identify(changes)
		if text != head+tt.want {
			t.Errorf("%s\nwant\n%s", text, head+tt.want)
		}
		for _, approved := range []string{text, digest} {
			a, err := plan.ParseApproved(approved, plan.Shard{})
			if err != nil || a.Check(changes, plan.Shard{}) != nil {
				t.Errorf("%s is not the plan that it is: %v", approved, err)
			}
		}
	}
}

func TestNoPlanHasALineWhoseMirrorsAreNotInItsWords(t *testing.T) {
	t.Parallel()
	const head = "vault-secret plan 1\n[\"" + oneVault + "\",\"TOKEN\",\"sec_1\",\"update\",null,null,"
	for _, tail := range []string{
		`"written",[]]`, `"written",null]`, `"written",["octo/cats"]]`, `"written",["repo:octo/cats","org:octo"]]`, `"not written",["org:octo"]]`,
		`"written",["org:octo:"]]`, `"written",["repo:Octo/cats","repo:octo/cats"]]`, `"written",["org:octo","org:octo"]]`, `"written",["org:octo:all","org:octo:private"]]`, `"written",[7]]`, `"written",{"org":"octo"}]`, `"written","",["org:octo"]]`, `"Made"]`,
	} {
		if _, err := plan.ParseApproved(head+tail, plan.Shard{}); err == nil {
			t.Errorf("%s is taken", tail)
		}
	}
	if _, err := plan.ParseApproved(head+`"made",["org:octo"]]`, plan.Shard{}); err != nil {
		t.Error(err)
	}
}

// A mirror more, more readers of one, or a value that is made in place of a given one is
// another plan.
func TestAPlanWithOtherMirrorsIsAnotherPlan(t *testing.T) {
	t.Parallel()
	var plans [][]plan.Change
	for _, d := range []plan.Desired{
		madeMirrored(nil), givenMirrored(nil, plan.ValuesByDate), madeMirrored(nil, target(t, "org:octo:private")), madeMirrored(nil, target(t, "org:octo:all")),
		madeMirrored(nil, target(t, "org:octo:all"), target(t, "repo:octo/cats")), givenMirrored(nil, plan.ValuesByDate, target(t, "org:octo:all")),
	} {
		changes, err := plan.Make([]plan.Vault{{ID: oneVault, Secrets: []plan.Desired{d}}}, [][]nairi.Secret{nil}, plan.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		plans = append(plans, changes)
	}
	for i := range plans {
		approved, err := plan.ParseApproved(plan.Text(plans[i]), plan.Shard{})
		if err != nil {
			t.Fatal(err)
		}
		for j := range plans {
			var changed *plan.Changed
			if err := approved.Check(plans[j], plan.Shard{}); (i == j) != (err == nil) || err != nil && (!errors.As(err, &changed) || len(changed.Other) != 1) {
				t.Errorf("%d is approved, and the plan is %d: %v", i, j, err)
			}
		}
	}
}
