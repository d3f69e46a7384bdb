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

// suspect notes what is suspicious about a value, as a problem or a warning. Of a value that
// is refused, no warning matters.
func (c *checker) suspect(s source, value secret.Value) {
	for _, finding := range suspect.Check(value, suspect.About{EnvKey: s.about.envKey, IsFile: c.env.IsFile}) {
		c.tell(s, finding)
		if finding.Refuse && !c.allows(s) { // which comes first
			break
		}
	}
}

// allows reports whether a value is stored even if it is suspicious.
func (c *checker) allows(s source) bool { return s.about.allowed || c.allowSuspicious }

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
	if s.at.Key == "" {
		s.at.Text = "The value " + s.at.Text
	}
	if !finding.Refuse || c.allows(s) {
		c.warn(s.at)
		return
	}
	s.at.Text += ". To store it anyway, set " + s.about.allow
	c.note(s.at)
}

const readable = "can be read by everyone who can see this run: it is in the run's event ("

// public is a value that stands in the event of the run.
func public(seen event.Seen) suspect.Finding {
	if seen.Chance {
		return suspect.Finding{Text: readable + seen.Path + "). It is short or ordinary, so this may be a coincidence. " +
			"If somebody typed it there as the secret, create a new value"}
	}
	return suspect.Finding{Refuse: true, Text: readable + seen.Path + "). Create a new value, and store it as a secret"}
}
