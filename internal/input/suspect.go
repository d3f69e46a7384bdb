package input

import (
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/secret"
	"github.com/nairi-community/vault-secret/internal/suspect"
)

// about is what is known of a value beside its text.
type about struct {
	envKey  string
	allowed bool   // even if it is suspicious
	allow   string // how that is said
}

// suspect notes what is suspicious about a value, as a problem or a warning.
func (c *checker) suspect(s source, value secret.Value) {
	for _, finding := range suspect.Check(value, suspect.About{EnvKey: s.about.envKey, IsFile: c.env.IsFile}) {
		c.tell(s, finding)
	}
}

// suspectPublic notes that a value stands in the event, as it is stored or as it
// was read.
func (c *checker) suspectPublic(s source, values ...secret.Value) {
	for _, value := range values {
		if seen, ok := c.event.Find(value); ok {
			c.tell(s, public(seen))
			return
		}
	}
}

func (c *checker) tell(s source, finding suspect.Finding) {
	s.at.Text = c.ownAt(s.at, finding.Text)
	if !finding.Refuse || s.about.allowed || c.allowSuspicious {
		c.warn(s.at)
		return
	}
	s.at.Text += "; to store it anyway, set " + s.about.allow
	c.note(s.at)
}

// public is a value that stands in the event of the run.
func public(seen event.Seen) suspect.Finding {
	if seen.Chance {
		return suspect.Finding{Text: "is in the event of this run, in " + seen.Path + ", where everyone who can see the run can read it; " +
			"it is short or ordinary, so this may be a coincidence; if somebody typed it there as the secret, make a new one"}
	}
	return suspect.Finding{Refuse: true, Text: "is in the event of this run, in " + seen.Path +
		", where everyone who can see the run can read it; make a new one, and pass that as a secret"}
}
