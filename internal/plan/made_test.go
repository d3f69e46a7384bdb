package plan_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

var hex = generate.Spec{Kind: generate.Hex, Size: generate.DefaultBytes}

// madeKind is kind, and whether a value is yet to be made.
func madeKind(c plan.Change) string {
	text := kind(c)
	if c.Generates() {
		text += " made"
	}
	return text
}

// state is what is known of a mirror, which was written so long after the vault.
func state(after time.Duration) mirror.State {
	return mirror.State{Known: true, There: true, UpdatedAt: updatedAt.Add(after)}
}

// A value that is made is new when it is due, when a mirror of it lags, and at no other
// time: hosts that change do not take it with them.
func TestWhenAValueIsMade(t *testing.T) {
	t.Parallel()
	const never = 1000 * time.Hour // is in place of no time
	missing, unseen := mirror.State{Known: true}, mirror.State{}
	for _, tt := range []struct {
		mode      plan.Values
		newerThan time.Duration // after the last change
		hosts     string        // that are wanted; a.example is there
		mirrors   []mirror.State
		want      string
	}{
		{plan.ValuesWhenRotated, never, "a", nil, "no-op"},
		{plan.ValuesWhenRotated, never, "b", nil, "update hosts"},
		{plan.ValuesWhenRotated, 0, "a", nil, "no-op"},
		{plan.ValuesWhenRotated, -time.Second, "a", nil, "no-op"},
		{plan.ValuesWhenRotated, -time.Second, "b", nil, "update hosts"},
		{plan.ValuesWhenRotated, time.Nanosecond, "a", nil, "update value made"},
		{plan.ValuesWhenRotated, time.Second, "a", nil, "update value made"},
		{plan.ValuesWhenRotated, time.Second, "b", nil, "update value hosts made"},
		{plan.ValuesWhenCreated, never, "a", nil, "no-op"},
		{plan.ValuesWhenCreated, never, "b", nil, "update hosts"},
		// An earlier run wrote the vault, and broke off before a mirror.
		{plan.ValuesWhenRotated, never, "a", []mirror.State{state(time.Second), missing}, "update value made"},
		{plan.ValuesWhenCreated, never, "a", []mirror.State{missing}, "update value made"},
		{plan.ValuesWhenRotated, -time.Second, "a", []mirror.State{state(-2 * time.Second)}, "update value made"},
		{plan.ValuesWhenRotated, -time.Second, "b", []mirror.State{state(-2 * time.Second)}, "update value hosts made"},
		{plan.ValuesWhenRotated, -time.Second, "a", []mirror.State{state(0), state(time.Second)}, "no-op"},
		{plan.ValuesWhenRotated, never, "a", []mirror.State{state(-1000 * time.Hour)}, "no-op"},
		{plan.ValuesWhenRotated, -time.Second, "a", []mirror.State{unseen}, "no-op"},
		// The one secret of a step gets a new value each time.
		{plan.ValuesByDate, never, "a", nil, "update value made"},
		{plan.ValuesByDate, never, "b", nil, "update value hosts made"},
	} {
		d := plan.Desired{Operation: plan.OpSet, EnvKey: "A", Values: tt.mode, Generate: &hex, Domains: &domains.List{tt.hosts + ".example"}}
		if tt.newerThan != never {
			d.NewerThan = new(updatedAt.Add(tt.newerThan))
		}
		for _, s := range tt.mirrors {
			d.Mirrors = append(d.Mirrors, mirror.Mirror{State: s})
		}
		there := named("A", domains.List{"a.example"})
		there.UpdatedAt = updatedAt
		c := (&plan.Change{Desired: d}).Again([]nairi.Secret{there})
		if got := madeKind(c); got != tt.want {
			t.Errorf("%q, newer than %s, hosts %s, mirrors %v: %s, want %s", tt.mode, tt.newerThan, tt.hosts, tt.mirrors, got, tt.want)
		}
		if created := (&plan.Change{Desired: d}).Again(nil); madeKind(created) != "create value made" {
			t.Errorf("%q: a new secret gets %s", tt.mode, madeKind(created))
		}
	}
}

// What is made for a change is what it sends, also if it is planned anew: a create that
// turns out to be an update does not make another value.
func TestAValueIsMadeOnce(t *testing.T) {
	t.Parallel()
	there := named("A", domains.List{"a.example"})
	for _, found := range [][]nairi.Secret{nil, {there}} {
		d := plan.Desired{Operation: plan.OpSet, EnvKey: "A", Generate: &hex, Domains: &domains.List{"a.example"}}
		c := (&plan.Change{Desired: d}).Again(found)
		value := secret.New("made")
		if c.Supply(value); c.Generates() || c.Desired.Value != value || c.Action == plan.Update && c.Patch.Value != value {
			t.Errorf("%s does not send what was made for it", c.Action)
		}
		if again := c.Again([]nairi.Secret{there}); again.Generates() || again.Patch.Value != value {
			t.Errorf("%s, planned anew, sends something else", c.Action)
		}
	}
}

// A value that is made is none that is written again, so that a plan shows it.
func TestAValueThatIsMadeIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	d := plan.Desired{Operation: plan.OpSet, EnvKey: "A", Generate: &hex}
	if c := (&plan.Change{Desired: d}).Again([]nairi.Secret{named("A", nil)}); c.Rewrites() {
		t.Error("it counts as written again")
	}
}

// One secret by its ID is written without a look, as one that is given a value is.
func TestAValueThatIsMadeNeedsNoLook(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		desired plan.Desired
		want    plan.Look
	}{
		"by its ID":            {plan.Desired{Operation: plan.OpUpdate, SecretID: "sec_1", Generate: &hex}, plan.LookAtNone},
		"by its name":          {plan.Desired{Operation: plan.OpUpdate, EnvKey: "A", Generate: &hex}, plan.LookAtAll},
		"for a new one alone":  {plan.Desired{Operation: plan.OpUpdate, SecretID: "sec_1", Generate: &hex, Values: plan.ValuesWhenCreated}, plan.LookAtOne},
		"that is made, or not": {plan.Desired{Operation: plan.OpUpdate, SecretID: "sec_1", Generate: &hex, Values: plan.ValuesWhenRotated, NewerThan: new(updatedAt)}, plan.LookAtOne},
	} {
		if got := (plan.Rules{}).Look(plan.Vault{Secrets: []plan.Desired{tt.desired}}); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

// pot is the life of a secret whose value is made, by an entry with a date and an age.
type pot struct {
	now     time.Time
	rotated *time.Time // the date of the entry
	maxAge  time.Duration
	hosts   domains.List
	vault   nairi.Secret // of no ID until it is created
	made    int          // how many values were made
	stored  int          // the one in the vault
}

// newerThan is what the entry asks for now.
func (p *pot) newerThan() *time.Time {
	newest := p.rotated
	if oldest := p.now.Add(-p.maxAge); p.maxAge > 0 && (newest == nil || oldest.After(*newest)) {
		newest = &oldest
	}
	return newest
}

func (p *pot) plan() plan.Change {
	d := plan.Desired{
		Operation: plan.OpSet, EnvKey: "A", Values: plan.ValuesWhenRotated, Generate: &hex, Domains: &p.hosts, NewerThan: p.newerThan(),
	}
	var found []nairi.Secret
	if p.vault.ID != "" {
		found = append(found, p.vault)
	}
	return (&plan.Change{Desired: d}).Again(found)
}

// isDue is when the documentation says that a value is made.
func (p *pot) isDue() bool {
	rotated := p.rotated != nil && p.vault.UpdatedAt.Before(*p.rotated)
	return p.vault.ID == "" || rotated || p.maxAge > 0 && p.now.Sub(p.vault.UpdatedAt) > p.maxAge
}

// sync syncs, as a run that ends well or on the way. A value is made before it is written.
func (p *pot) sync(t *rapid.T) {
	c, due := p.plan(), p.isDue()
	if c.Err != nil || c.Generates() != due || c.SendsValue() != due {
		t.Fatalf("a value is due: %t, and the plan is %s, %v", due, madeKind(c), c.Err)
	}
	if due {
		p.made++
		c.Supply(secret.New(fmt.Sprint("value ", p.made)))
	}
	end := rapid.SampledFrom([]string{"done", "done", "refused", "its answer is lost"}).Draw(t, "the write")
	if end != "refused" && c.Writes() {
		p.vault = nairi.Secret{ID: "sec_A", EnvKey: "A", AllowedDomains: p.hosts, UpdatedAt: p.now.Truncate(time.Second)}
		if due {
			p.stored = p.made
		}
	}
	if end != "done" {
		return
	}
	if due && p.stored != p.made {
		t.Fatalf("value %d is stored, and %d were made", p.stored, p.made)
	}
	if again := p.plan(); again.Action != plan.NoOp {
		t.Fatalf("a second sync plans %s", madeKind(again))
	}
}

// Whatever is dated, edited and interrupted: a value is made when it is due and not
// otherwise, and after a sync that made one the vault has it.
func TestAValueIsMadeExactlyWhenItIsDue(t *testing.T) {
	t.Parallel()
	hosts := rapid.SampledFrom([]domains.List{{"a.example"}, {"b.example"}})
	rapid.Check(t, func(t *rapid.T) {
		p := &pot{now: updatedAt, hosts: hosts.Draw(t, "hosts"), maxAge: time.Duration(rapid.SampledFrom([]int{0, 1, 24}).Draw(t, "max_age")) * time.Hour}
		for range rapid.IntRange(5, 30).Draw(t, "steps") {
			p.now = p.now.Add(time.Duration(rapid.SampledFrom([]int{2, 60, 3599, 3600, 40_000, 90_000}).Draw(t, "seconds")) * time.Second)
			switch rapid.SampledFrom([]string{"date", "hosts", "dashboard", "sync", "sync"}).Draw(t, "step") {
			case "date":
				p.rotated = new(p.now.Add(-time.Duration(rapid.IntRange(0, 2).Draw(t, "hours")) * time.Hour))
			case "hosts":
				p.hosts = hosts.Draw(t, "hosts")
			case "dashboard":
				if p.vault.ID != "" {
					p.vault.AllowedDomains, p.vault.UpdatedAt = hosts.Draw(t, "hosts"), p.now.Truncate(time.Second)
				}
			case "sync":
				p.sync(t)
			}
		}
	})
}
