package plan

import (
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// isDue reports whether the value of a secret that is there must be written. The value
// itself tells nothing: the one that is there cannot be read. A date in the manifest
// does, as long as whatever moves updated_at past it takes the value with it: so hosts
// that change do. Sent alone, they would hide each rotation that was made before them
// and is dated after them.
func (d *Desired) isDue(there *nairi.Secret, hostsChange bool) bool {
	switch {
	case d.Values == ValuesAlways, d.Values == ValuesWhenCreated:
		return d.Values == ValuesAlways
	case d.Rotated == nil:
		return d.Values == ValuesByDate
	}
	return hostsChange || d.isRotated(there)
}

// isRotated reports whether the manifest dates the value later than the last change of
// the secret. That is known in whole seconds, cut off: in the second of the date it may
// have been before or after, and the value is written once more rather than not at all.
func (d *Desired) isRotated(there *nairi.Secret) bool {
	return d.Rotated != nil && (there == nil || there.UpdatedAt.Before(*d.Rotated))
}

// isDue reports whether the value of the secret must be written.
func (c *Change) isDue() bool { return c.Desired.isDue(c.Current, c.Patch.AllowedDomains != nil) }

// whyDue is why the value must be written, of a change that a date decides.
func (c *Change) whyDue() string {
	if c.Desired.isRotated(c.Current) {
		return "rotated is " + c.Desired.Rotated.UTC().Format(time.RFC3339) + ", after the last change of the secret"
	}
	return "its hosts change, and with rotated the value goes with them"
}

// Rewrites reports whether the change writes a value that is there already, as far as
// anybody can tell, and nothing else.
func (c *Change) Rewrites() bool {
	return c.Action == Update && c.SendsValue() && c.Patch.AllowedDomains == nil && !c.Desired.isRotated(c.Current)
}

// Rotates reports whether the change writes a value because the manifest says that it
// was rotated since the secret was last changed.
func (c *Change) Rotates() bool {
	return c.Action == Update && c.SendsValue() && c.Desired.isRotated(c.Current)
}
