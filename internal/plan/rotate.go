package plan

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// isDue reports whether the value of a secret that is there must be written. The value
// itself tells nothing: the one that is there cannot be read. A date in the manifest
// does, as long as whatever moves updated_at past it takes the value with it: so hosts
// that change do. Sent alone, they would hide each rotation that was made before them
// and is dated after them. Of a value that is made nobody has a newer one than the vault, so
// that hosts go alone.
func (d *Desired) isDue(there *nairi.Secret, hostsChange bool) bool {
	switch {
	case d.lags(there):
		return true
	case d.Generate != nil && d.Values == ValuesWhenRotated:
		return d.isOld(there)
	case d.Values == ValuesAlways, d.Values == ValuesWhenCreated:
		return d.Values == ValuesAlways
	case d.Rotated == nil:
		return d.Values == ValuesByDate
	}
	return hostsChange || d.isRotated(there)
}

// isOld reports whether the secret was last changed before the time that its value, which
// is made, must be newer than.
func (d *Desired) isOld(there *nairi.Secret) bool {
	return d.NewerThan != nil && there != nil && there.UpdatedAt.Before(*d.NewerThan)
}

// isRotated reports whether the manifest dates the value later than the last change of
// the secret. That is known in whole seconds, cut off: in the second of the date it may
// have been before or after, and the value is written once more rather than not at all.
func (d *Desired) isRotated(there *nairi.Secret) bool {
	rotated := d.date()
	return rotated != nil && (there == nil || there.UpdatedAt.Before(*rotated))
}

// date is when the value was last rotated; nil if that is not said, or does not matter since
// only a new secret gets its value.
func (d *Desired) date() *time.Time {
	if d.Values == ValuesWhenCreated {
		return nil
	}
	return d.Rotated
}

// isDue reports whether the value of the secret must be written.
func (c *Change) isDue() bool { return c.Desired.isDue(c.Current, c.Patch.AllowedDomains != nil) }

// whyDue is why the value must be written, of a change that a date decides.
func (c *Change) whyDue() string {
	if c.Desired.isRotated(c.Current) {
		return "rotated is " + c.Desired.Rotated.UTC().Format(time.RFC3339) + ", after the last change of the secret"
	}
	if c.Desired.lags(c.Current) {
		return "a mirror lacks the value, or has an older one"
	}
	return "its hosts change, and with rotated the value goes with them"
}

// Rewrites reports whether the change writes a value that is there already, as far as
// anybody can tell, and nothing else. One that is made never is, nor is one that is written
// because a mirror lacks it.
func (c *Change) Rewrites() bool {
	isNew := c.Desired.Generate != nil || c.Desired.isRotated(c.Current) || c.Desired.lags(c.Current)
	return c.Action == Update && c.SendsValue() && c.Patch.AllowedDomains == nil && !isNew
}

// Rotates reports whether the change writes a value because the manifest says that it
// was rotated since the secret was last changed.
func (c *Change) Rotates() bool {
	return c.Action == Update && c.SendsValue() && c.Desired.isRotated(c.Current)
}
