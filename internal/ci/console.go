package ci

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
)

// Console is the log of a step, and the only way to standard output. Once Mask
// has been called, any number of goroutines may print.
type Console struct {
	mu       sync.Mutex // of out
	out      io.Writer
	platform platform
	redactor *mask.Redactor
}

// NewConsole returns the Console of the platform that lookup tells, printing to
// out. Masks come first: call Mask before anything is printed.
func NewConsole(out io.Writer, lookup env.Lookup) *Console {
	return &Console{out: out, platform: detect(lookup), redactor: mask.NewRedactor()}
}

// Mask tells the platform every form of the secrets, and from then on keeps
// them out of all that is printed.
func (c *Console) Mask(forms mask.Forms) {
	var lines, pieces []string
	for _, form := range forms.Announce() {
		told := c.platform.mask(form)
		lines = append(lines, told...)
		if !slices.Equal(told, []string{addMask(form)}) {
			pieces = append(pieces, asRunnersSeeThem(told)...)
		}
	}
	c.redactor = mask.NewRedactor(forms, mask.Literal(pieces...))
	// Where the older mask wins, a piece of one form must not come before a
	// longer form that holds it.
	slices.SortFunc(lines, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	c.writeLines(slices.Compact(lines))
}

// Redact takes the masked secrets out of a text.
func (c *Console) Redact(text string) string { return c.redactor.Redact(text) }

// Print writes lines to the log.
func (c *Console) Print(lines ...string) {
	cleaned := make([]string, len(lines))
	for i, line := range lines {
		cleaned[i] = c.cleanLine(line)
	}
	c.writeLines(cleaned)
}

// Warn writes a warning that the platform shows beside the run.
func (c *Console) Warn(text string) { c.say(c.platform.warning(c.cleanLine(text))) }

// Fail writes an error, and what to do about it, that the platform shows beside
// the run. The runner keeps ten of a step (actions/runner, ExecutionContext.cs);
// one is enough.
func (c *Console) Fail(text, hint string) {
	c.say(c.platform.failure(c.cleanLine(text), c.cleanLine(hint))...)
}

// say writes messages of clean texts. The words that the platform added to them
// can make a form.
func (c *Console) say(messages ...message) {
	lines := make([]string, len(messages))
	for i, m := range messages {
		lines[i] = m.spelled(c.Redact)
	}
	c.writeLines(lines)
}

// CleanText is a text of several lines for another place than the log, such as a
// summary: without secrets, and without what a runner or a terminal would take
// for more than text.
func (c *Console) CleanText(text string) string {
	lines := strings.Split(c.Redact(text), "\n")
	for i, line := range lines {
		lines[i] = c.harmless(line)
	}
	return strings.Join(lines, "\n")
}

// cleanLine is the way of every text: first the redactor, then the sanitizer, and the
// redactor again.
func (c *Console) cleanLine(text string) string { return c.harmless(c.Redact(text)) }

// harmless is a redacted line after the sanitizer, redacted once more: a form may
// be what the sanitizer makes of a text. A mark starts no command, so that nothing
// is left to do then.
func (c *Console) harmless(redacted string) string { return c.Redact(sanitize(redacted)) }

// writeLines ignores errors: when nobody reads the log any more, the outputs are
// still to be written.
func (c *Console) writeLines(lines []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(lines) > 0 {
		_, _ = io.WriteString(c.out, strings.Join(lines, "\n")+"\n")
	}
}
