package plan

import (
	"slices"
	"time"

	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// clocksApart is how far the clock of GitHub may be behind that of the vault, and a whole
// second that each cuts off.
const clocksApart = 5 * time.Second

// lags reports whether a mirror lacks the secret, or has a value that is older than the one
// which the manifest asks for: an earlier run wrote the vault and did not come to the end. No
// value can be read back from either, so all get one anew.
func (d *Desired) lags(there *nairi.Secret) bool {
	if len(d.Mirrors) == 0 { // as most have
		return false
	}
	newest := d.newest(there)
	return slices.ContainsFunc(d.Mirrors, func(m mirror.Mirror) bool { return m.Lags(newest) })
}

// newest is the time that the value of a mirror must be newer than; nil if there is none.
// What was in a mirror before the vault had the secret is none of its values. That the
// secret was changed later tells nothing: its hosts may have been.
func (d *Desired) newest(there *nairi.Secret) *time.Time {
	newest := d.NewerThan
	if newest == nil {
		newest = d.date()
	}
	if there == nil {
		return newest
	}
	if since := there.CreatedAt.Add(-clocksApart); newest == nil || since.After(*newest) {
		return &since
	}
	return newest
}

// Tells reports whether the next run goes by what a mirror has to find out that one lacks
// the value. Where each run writes the value, or the next one does because the secret is a
// new one, none has to.
func (c *Change) Tells(m *mirror.Mirror) bool {
	return !c.isRepeated() && c.Lags(m)
}

// Forgets reports whether the next run cannot find out that some mirrors lack the value: no
// date is a reason to write it, and each of them was changed so lately that it seems to have
// it.
func (c *Change) Forgets(lacks func(mirror.Target) bool) bool {
	return !c.isRepeated() && !slices.ContainsFunc(c.Desired.Mirrors, func(m mirror.Mirror) bool { return lacks(m.Target) && c.Lags(&m) })
}

// isRepeated reports whether the next run writes the value whatever the mirrors have.
func (c *Change) isRepeated() bool {
	d := &c.Desired
	byDate := d.Values.MayLack() || d.Values == ValuesByDate && d.Rotated != nil
	return !byDate || c.Action != Update
}

// Lags reports whether a mirror of the change lacks the secret, or has a value that is too
// old.
func (c *Change) Lags(m *mirror.Mirror) bool { return m.Lags(c.Desired.newest(c.Current)) }

// Generates reports whether carrying the change out needs a value that is yet to be made.
func (c *Change) Generates() bool {
	return c.Desired.Generate != nil && c.Desired.Value.IsZero() && c.SendsValue()
}

// Supply gives the change the value that was made for it.
func (c *Change) Supply(value secret.Value) {
	c.Desired.Value = value
	if c.Action == Update {
		c.Patch.Value = value
	}
}

// Mirrors are where the value goes too, if the change sends one.
func (c *Change) Mirrors() []mirror.Mirror {
	if !c.SendsValue() {
		return nil
	}
	return c.Desired.Mirrors
}
