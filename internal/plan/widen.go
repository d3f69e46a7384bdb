package plan

// AnyHost stands for the list of domains that allows every host.
const AnyHost = "ANY"

// Widening are the entries by which an update lets a secret go to hosts that it
// could not go to before: new names, wildcards in place of names, or AnyHost. A
// secret that is created had no fence to widen, but is to have one.
func (c Change) Widening() []string {
	now := c.Patch.AllowedDomains
	if c.Action == Creates && len(*c.Want.Domains) == 0 {
		return []string{AnyHost}
	}
	if c.Action != Updates || now == nil {
		return nil
	}
	before := c.Before.AllowedDomains
	known := before != nil
	switch {
	case len(*now) == 0 && (len(before) > 0 || !known):
		return []string{AnyHost}
	case !known: // what is not known cannot be said to be as wide
		return *now
	}
	return now.Beyond(before)
}

// allowed is the change, or no change and an error if it widens a fence where that
// is denied.
func (c Change) allowed() (Change, error) {
	if wider := c.Widening(); c.Want.DenyWidening && len(wider) > 0 {
		return Change{Want: c.Want, Before: c.Before}, &Error{ErrWidens, some(wider)}
	}
	return c, nil
}
