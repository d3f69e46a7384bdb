package ci

import (
	"bufio"
	"cmp"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Console is the log of a step, and the only way to standard output and standard error.
// Once Mask has been called for the first time, any number of goroutines may print.
type Console struct {
	to       writers
	command  bool       // whether it is a command line
	mu       sync.Mutex // of the streams, and of all below
	live     Live       // nil for none
	lost     error      // the first of writing results
	platform platform
	masked   []mask.Forms // all that there is to hide
	warned   []string
	words    bool // whether the platform was told to hide plain words
	redact   atomic.Pointer[redactors]
}

// redactors take out what is masked by now.
type redactors struct {
	outside *mask.Redactor // of texts that came from outside
	own     *mask.Redactor // of lines that have our own words
}

// NewConsole returns the Console of the platform that lookup tells, printing to
// out. Masks come first: call Mask before anything is printed.
func NewConsole(out io.Writer, lookup env.Lookup) *Console {
	return newConsole(toAll(out), detect(lookup))
}

func newConsole(to writers, platform platform) *Console {
	c := &Console{to: to, platform: platform}
	c.redact.Store(&redactors{mask.NewRedactor(), mask.NewRedactor()})
	return c
}

// Mask tells the platform every form of the secrets, and from then on keeps
// them out of all that is printed, beside those that it was given before: those are not
// told again. One call at a time; others may print meanwhile.
func (c *Console) Mask(forms mask.Forms) {
	var lines, pieces []string
	for _, form := range forms.AnnounceBut(c.platform.derives) {
		told := longest(c.platform.mask(form))
		lines = append(lines, told...)
		if !isWhole(told, form) {
			pieces = append(pieces, asRunnersSeeThem(told)...)
		}
	}
	c.masked = append(c.masked, forms, mask.Literal(pieces...))
	outside, own := mask.Redactors(c.masked...)
	c.redact.Store(&redactors{outside, own})
	c.words = c.words || len(lines) > 0 && forms.Words()
	// Where the older mask wins, a piece of one form must not come before a
	// longer form that holds it.
	slices.SortFunc(lines, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	_ = c.write(c.to.log, slices.Compact(lines))
}

// longest are the mask commands for the longest pieces of a form that must be cut into many:
// an encoding of 64 KiB can have thousands, and each makes a job slower.
func longest(lines []string) []string {
	const most = 32
	if len(lines) <= most {
		return lines
	}
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return lines[:most]
}

// Redact takes the masked secrets out of a text that came from outside, such as a
// server's message or the name of a host. No word of ours may be in it: where a secret
// is a word, that would be cut out too.
func (c *Console) Redact(text string) string { return c.redact.Load().outside.Redact(text) }

// redactOwn does the same for a text with our own words.
func (c *Console) redactOwn(text string) string { return c.redact.Load().own.Redact(text) }

// Clean makes one harmless line of a text that came from outside. A form may be what
// the sanitizer makes of a text.
func (c *Console) Clean(text string) string { return c.Redact(sanitize(c.Redact(text))) }

// Foreign is a text that came from outside without secrets, and else as it came: what
// a later step reads, or what is shown in quotes, must not be changed before. Only
// where the sanitizer would make a form of it, it is cleaned at once.
func (c *Console) Foreign(text string) string {
	redacted := c.Redact(text)
	line := sanitize(redacted)
	if line == text { // which was redacted just now
		return text
	}
	if cleaned := c.Redact(line); cleaned != line {
		return cleaned
	}
	return redacted
}

// WarnOfWords says what it does to the job's log that a secret is a plain word.
func (c *Console) WarnOfWords() {
	if !c.words {
		return
	}
	text := "A value, or a part of one, is a plain word or a number of four digits. From now on the runner shows *** for it in every " +
		"line of this job, even where it is not secret"
	if _, drops := c.platform.(*github); drops {
		text += ", and drops outputs of the job that contain it"
	}
	c.Warn(text + ". Use a long, random value, or name a part that is not secret in unmasked_parts.")
}

// Print writes lines to the log.
func (c *Console) Print(lines ...string) { _ = c.write(c.to.log, c.cleanLines(lines)) }

// Fold writes lines to the log that show once a reader asks for them. Where a log folds
// nothing, the short one stands for them.
func (c *Console) Fold(title string, lines []string, short string) {
	if !c.platform.folds() {
		if short != "" {
			c.Print(short)
		}
		return
	}
	folded := append([]string{"::group::" + c.CleanLine(title)}, c.cleanLines(lines)...)
	_ = c.write(c.to.log, append(folded, "::endgroup::"))
}

// Error writes lines to the log that say what went wrong.
func (c *Console) Error(lines ...string) { _ = c.write(c.to.errors, c.cleanLines(lines)) }

// cleanLines does what CleanLine does for each of several lines.
func (c *Console) cleanLines(lines []string) []string {
	cleaned := make([]string, len(lines))
	for i, line := range lines {
		cleaned[i] = c.CleanLine(line)
	}
	return cleaned
}

// Warn writes a warning that the platform shows beside the run.
func (c *Console) Warn(text string) { c.WarnOf("", text) }

// WarnOf does so under a title of a fixed list. What has one has a place of its own in a
// summary, too.
func (c *Console) WarnOf(title, text string) {
	text = c.CleanLine(text)
	m := c.platform.warning(text)
	m.title = titled(title)
	c.say(c.to.log, m)
	if title == "" {
		c.Alone(func() { c.warned = append(c.warned, text) })
	}
}

// Warned are the warnings without a title so far, in clean words.
func (c *Console) Warned() (texts []string) {
	c.Alone(func() { texts = slices.Clone(c.warned) })
	return texts
}

// Fail writes what went wrong with the run as a whole, and what to do, so that the
// platform shows it beside the run.
func (c *Console) Fail(f problem.Failure) {
	f.What, f.Hint, f.Request = c.CleanLine(f.What), c.CleanLine(f.Hint), c.CleanLine(f.Request)
	c.say(c.to.errors, append(c.platform.failure(f), behind(f)...)...)
}

// Close writes the last lines about what went wrong, of which the parts have been shown one
// by one.
func (c *Console) Close(f problem.Failure) {
	f.What, f.Hint, f.Request = c.CleanLine(f.What), c.CleanLine(f.Hint), ""
	var lines []message
	if f.What != "" {
		lines = append(lines, message{text: f.Sentences()})
	}
	c.say(c.to.errors, append(lines, behind(f)...)...)
}

// behind are the lines of a log behind an error: what was sent, and where to read more.
func behind(f problem.Failure) []message {
	var lines []message
	if f.Request != "" {
		lines = append(lines, message{text: "Request: " + f.Request})
	}
	if f.Code != "" {
		lines = append(lines, message{text: "Help: " + f.Code.Help()})
	}
	return lines
}

// say writes messages of clean texts.
func (c *Console) say(to io.Writer, messages ...message) { _ = c.write(to, c.spelled(messages)) }

// spelled are messages of clean texts as lines. The words that the platform added to
// them can make a form.
func (c *Console) spelled(messages []message) []string {
	lines := make([]string, len(messages))
	for i, m := range messages {
		lines[i] = m.spelled(c.redactOwn)
	}
	return lines
}

// CleanText is a text of several lines for another place than the log, such as a
// summary: without secrets, and without what a runner or a terminal would take
// for more than text.
func (c *Console) CleanText(text string) string {
	lines := strings.Split(c.redactOwn(text), "\n")
	for i, line := range lines {
		lines[i] = c.harmless(line)
	}
	return strings.Join(lines, "\n")
}

// CleanLine is the way of every line that has our own words. What of it came from
// outside was redacted before; this is the last look, for all but plain words.
func (c *Console) CleanLine(text string) string { return c.harmless(c.redactOwn(text)) }

// harmless is a redacted line after the sanitizer, redacted once more: a form may
// be what the sanitizer makes of a text. A mark starts no command, so that nothing
// is left to do then.
func (c *Console) harmless(redacted string) string { return c.redactOwn(sanitize(redacted)) }

// write writes lines to a stream. It returns an error for results and outputs alone: when
// nobody reads the log any more, there is still the rest of the run to do. The masks of a big
// sync have 20 MB, so that lines are not joined before they are written: a few at a time go
// out in one piece, as many as a pipe takes.
func (c *Console) write(out io.Writer, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	size := 0
	for _, line := range lines {
		size += len(line) + len("\n")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	w := bufio.NewWriterSize(out, min(size, maxPiece))
	for _, line := range lines {
		_, _ = w.WriteString(line)
		_ = w.WriteByte('\n')
	}
	return w.Flush() // the first error of all
}

// maxPiece is how much a pipe holds on Linux (pipe(7)).
const maxPiece = 64 << 10

// Write implements io.Writer for text that is clean, on standard output.
func (c *Console) Write(text []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	return c.to.out.Write(text)
}

// printsTo reports whether a file is standard output, by whatever name it was
// opened: /dev/stdout, or the file that a shell sent it to.
func (c *Console) printsTo(file fs.FileInfo) bool {
	out, ok := c.to.out.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := out.Stat()
	return err == nil && os.SameFile(info, file)
}
