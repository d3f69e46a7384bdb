package plan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// kind says what a change of a secret that is there sends, and which kind it is.
func kind(c plan.Change) string {
	if c.Err != nil {
		return "error"
	}
	text := string(c.Action)
	if c.SendsValue() {
		text += " value"
	}
	if c.Patch.AllowedDomains != nil {
		text += " hosts"
	}
	if c.Rewrites() {
		text += " again"
	}
	if c.Rotates() {
		text += " rotated"
	}
	return text
}

// The mode and the date decide when a value is written, and the hosts take it with
// them where there is a date.
func TestWhenAValueIsWritten(t *testing.T) {
	t.Parallel()
	const missing = "it is not there"
	for _, tt := range []struct {
		mode    plan.Values
		rotated time.Duration // after the last change; 0 for no date
		hosts   string        // that are wanted; a.example is there
		value   string
		want    string
	}{
		{"", 0, "a", "v", "update value again"},
		{"", 0, "b", "v", "update value hosts"},
		{"", time.Second, "a", "v", "update value rotated"},
		{"", time.Nanosecond, "a", "v", "update value rotated"},
		{"", -time.Second, "a", "v", "no-op"},
		{"", -time.Second, "b", "v", "update value hosts"},
		{"", time.Second, "b", "v", "update value hosts rotated"},
		{plan.ValuesAlways, 0, "a", "v", "update value again"},
		{plan.ValuesAlways, -time.Second, "a", "v", "update value again"},
		{plan.ValuesAlways, time.Second, "a", "v", "update value rotated"},
		{plan.ValuesWhenCreated, time.Second, "a", "v", "no-op"},
		{plan.ValuesWhenCreated, time.Second, "b", "v", "update hosts"},
		{plan.ValuesWhenCreated, time.Second, "b", missing, "update hosts"},
		{plan.ValuesWhenRotated, 0, "a", "v", "no-op"},
		{plan.ValuesWhenRotated, 0, "b", "v", "update hosts"},
		{plan.ValuesWhenRotated, 0, "b", missing, "update hosts"},
		{plan.ValuesWhenRotated, -time.Second, "a", "v", "no-op"},
		{plan.ValuesWhenRotated, -time.Second, "a", missing, "no-op"},
		{plan.ValuesWhenRotated, -time.Second, "b", "v", "update value hosts"},
		{plan.ValuesWhenRotated, -time.Second, "b", missing, "error"},
		{plan.ValuesWhenRotated, time.Second, "a", "v", "update value rotated"},
		{plan.ValuesWhenRotated, time.Second, "a", missing, "error"},
		{plan.ValuesWhenRotated, time.Second, "a", "", "no-op"}, // the manifest names no value
		{"", time.Second, "b", "", "update hosts"},
	} {
		list := domains.List{tt.hosts + ".example"}
		d := plan.Desired{Operation: plan.OpSet, EnvKey: "A", Values: tt.mode, Domains: &list}
		if tt.rotated != 0 {
			d.Rotated = new(updatedAt.Add(tt.rotated).In(time.FixedZone("", 3600)))
		}
		promised := d
		switch promised.Promised = tt.value == "v"; tt.value {
		case "v":
			d.Value = secret.New("the value")
		case missing:
			d.NoValue, promised.NoValue = missing, missing
		}
		there := named("A", domains.List{"a.example"})
		there.UpdatedAt = updatedAt
		for _, d := range []plan.Desired{d, promised} { // a plan and its dry run
			c := (&plan.Change{Desired: d}).Again([]nairi.Secret{there})
			if got := kind(c); got != tt.want {
				t.Errorf("%q, %s, hosts %s, value %q, promised %t: %s, want %s", tt.mode, tt.rotated, tt.hosts, tt.value, d.Promised, got, tt.want)
			}
			if c.Err != nil && (!errors.Is(c.Err, plan.ErrLacking) || !strings.HasSuffix(c.Err.Error(), missing)) {
				t.Error(c.Err)
			}
		}
	}
}

// A secret without a time is written rather than not.
func TestASecretWithoutATimeCountsAsOlder(t *testing.T) {
	t.Parallel()
	d := plan.Desired{Operation: plan.OpSet, EnvKey: "A", Value: secret.New("the value"), Rotated: new(updatedAt)}
	if got := kind((&plan.Change{Desired: d}).Again([]nairi.Secret{named("A", nil)})); got != "update value rotated" {
		t.Error(got)
	}
}

// life is that of one secret: of its value where it is made, of its entry in a
// manifest, and of what a vault has of it.
type life struct {
	now      time.Time
	value    int         // the latest, which runs are given
	at       []time.Time // when each value was made
	stated   int         // the latest whose time is in the manifest
	entry    plan.Desired
	vault    nairi.Secret // of no ID until it is created
	stored   int          // the value in the vault
	edited   time.Time    // when the hosts were last changed without the value
	compares bool         // whether the API notices that a value is the one it has
	byDay    bool         // whether dates are days
}

// pass lets time pass, mostly more than the second in which times are known.
func (l *life) pass(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{1, 2, 60, 3600, 40_000, 90_000}).Draw(t, "seconds")) * time.Second)
}

// rotate makes another value. With days as dates it waits for the next day: a second
// value of a day is one of the holes that are documented.
func (l *life) rotate(t *rapid.T) {
	if l.byDay {
		l.now = l.now.Truncate(24 * time.Hour).Add(24*time.Hour + time.Duration(rapid.IntRange(0, 80_000).Draw(t, "second of the day"))*time.Second)
	}
	l.value++
	l.at = append(l.at, l.now)
}

// state says in the manifest when the latest value was made.
func (l *life) state() {
	at := l.at[l.value]
	if l.byDay {
		at = at.Truncate(24 * time.Hour)
	}
	l.stated, l.entry.Rotated = l.value, &at
}

// edit changes the hosts in the dashboard.
func (l *life) edit(hosts domains.List) {
	if l.vault.ID == "" || l.vault.AllowedDomains.Equal(hosts) {
		return
	}
	l.vault.AllowedDomains, l.vault.UpdatedAt, l.edited = hosts, l.now.Truncate(time.Second), l.now
}

func (l *life) plan(dry bool) plan.Change {
	d := l.entry
	if d.Promised = dry; !dry {
		d.Value = secret.New(fmt.Sprint("value ", l.value))
	}
	var found []nairi.Secret
	if l.vault.ID != "" {
		found = append(found, l.vault)
	}
	return (&plan.Change{Desired: d}).Again(found)
}

// carryOut does what an API does of a change, which moves updated_at if something
// differs.
func (l *life) carryOut(c plan.Change) {
	hosts, changes := c.Patch.AllowedDomains, false
	if c.Action == plan.Create {
		l.vault, hosts, changes = nairi.Secret{ID: "sec_A", EnvKey: "A"}, c.Desired.Domains, true
	}
	if hosts != nil {
		l.vault.AllowedDomains, changes = *hosts, true
	}
	if c.SendsValue() {
		changes = changes || !l.compares || l.stored != l.value
		l.stored = l.value
	} else if hosts != nil && l.entry.Rotated == nil { // the one case in which they go alone
		l.edited = l.now
	}
	if changes {
		l.vault.UpdatedAt = l.now.Truncate(time.Second)
	}
}

// hidden reports whether hosts were changed without the value after the time in the
// manifest, in the dashboard or while there was none: the other holes of the docs.
func (l *life) hidden() bool {
	return !l.edited.IsZero() && !l.edited.Before(*l.entry.Rotated)
}

// sync syncs, as a run that ends well or on the way.
func (l *life) sync(t *rapid.T) {
	change, shown := l.plan(false), l.plan(true)
	if kind(change) != kind(shown) {
		t.Fatalf("planned %s, and the plan showed %s", kind(change), kind(shown))
	}
	if change.Err != nil {
		t.Fatal(change.Err)
	}
	end := rapid.SampledFrom([]string{"done", "done", "refused", "its answer is lost"}).Draw(t, "the write")
	if end != "refused" {
		l.carryOut(change)
	}
	if end != "done" {
		return
	}
	if l.stored < l.stated && !l.hidden() {
		t.Fatalf("value %d is stored, and the manifest says that %d was made", l.stored, l.stated)
	}
	l.now = l.now.Add(time.Second)
	if again := l.plan(false); l.entry.Rotated != nil && again.Action != plan.NoOp {
		t.Fatalf("a second sync plans %s", kind(again))
	}
}

// Whatever is rotated, dated, edited and interrupted: after a sync the vault has the
// latest value that the manifest dates, and a second sync writes nothing. Ten times a
// hundred lives, with their seeds if one fails.
func TestADatedValueArrivesAndIsWrittenOnce(t *testing.T) {
	t.Parallel()
	hosts := rapid.SampledFrom([]domains.List{{"a.example"}, {"b.example"}, {"a.example", "b.example"}})
	for i := range 10 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				l := &life{now: updatedAt, at: []time.Time{updatedAt}, compares: rapid.Bool().Draw(t, "the API compares"), byDay: rapid.Bool().Draw(t, "dates are days")}
				l.entry = plan.Desired{
					Operation: plan.OpSet, EnvKey: "A", Domains: new(hosts.Draw(t, "hosts")),
					Values: rapid.SampledFrom([]plan.Values{plan.ValuesByDate, plan.ValuesWhenRotated}).Draw(t, "mode"),
				}
				for range rapid.IntRange(5, 30).Draw(t, "steps") {
					l.pass(t)
					switch rapid.SampledFrom([]string{"rotate", "state", "hosts", "dashboard", "sync", "sync"}).Draw(t, "step") {
					case "rotate":
						l.rotate(t)
					case "state":
						l.state()
					case "hosts":
						l.entry.Domains = new(hosts.Draw(t, "hosts"))
					case "dashboard":
						if rapid.Bool().Draw(t, "somebody edits") {
							l.edit(hosts.Draw(t, "hosts"))
						}
					case "sync":
						l.sync(t)
					}
				}
			})
		})
	}
}
