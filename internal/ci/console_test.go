package ci

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Environments of the platforms.
var (
	onGitHub = vars("GITHUB_ACTIONS=true")
	onGitea  = vars("GITHUB_ACTIONS=true", "GITEA_ACTIONS=true")
	inShell  = vars()
)

const hidden = "correct-horse-battery-staple"

// console is a Console that was told of hidden, and what it prints.
func console(lookup env.Lookup) (*Console, *bytes.Buffer) {
	var out bytes.Buffer
	c := NewConsole(&out, lookup)
	c.Mask(mask.Of(secret.New(hidden), mask.Options{}))
	return c, &out
}

// What a later step reads is as the server has it, also where a runner would take it
// for a command in the log, unless a secret comes to light by that.
func TestATextFromOutsideStaysAsItIsWithoutASecret(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"::1": "::1", "evil\u202emoc.example": "evil\u202emoc.example", "is my\x01hidden word": "is ***", "is my hidden word": "is ***",
	} {
		c, _ := console(onGitHub)
		c.Mask(mask.Of(secret.New("my hidden word"), mask.Options{}))
		if got := c.Foreign(text); got != want {
			t.Errorf("of %q is left %q, want %q", text, got, want)
		}
	}
}

func TestMasksAreTheFirstBytes(t *testing.T) {
	t.Parallel()
	c, out := console(onGitHub)
	if !strings.HasPrefix(out.String(), "::add-mask::") {
		t.Errorf("the first bytes are %.20q", out)
	}
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "::add-mask::") {
			t.Errorf("%q stands among the masks", line)
		}
	}
	if !strings.Contains(out.String(), "::add-mask::"+hidden+"\n") {
		t.Error("the value itself is not masked")
	}
	told := out.Len()
	c.Print("later")
	if got := out.String()[told:]; got != "later\n" {
		t.Errorf("then comes %q", got)
	}
}

// Where nothing can be told, nothing is printed of a secret.
func TestMasksAreNotPrintedInAShell(t *testing.T) {
	t.Parallel()
	if _, out := console(inShell); out.Len() > 0 {
		t.Error("something was printed for a mask")
	}
}

func TestNoSecretsNoMasks(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := NewConsole(&out, onGitHub)
	c.Mask(mask.Join())
	if out.Len() > 0 {
		t.Errorf("printed %q", &out)
	}
}

func TestConsole(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lookup env.Lookup
		print  func(*Console)
		want   string
	}{
		"print": {onGitHub, func(c *Console) { c.Print("one", "two") }, "one\ntwo\n"},
		"print a secret": {
			onGitHub, func(c *Console) { c.Print("it is " + hidden + ".") }, "it is ***.\n",
		},
		"print a secret in a shell": {
			inShell, func(c *Console) { c.Print("it is " + hidden + ".") }, "it is ***.\n",
		},
		"print a command": {onGitHub, func(c *Console) { c.Print("::stop-commands::x") }, ": :stop-commands::x\n"},
		"print two lines in one": {
			onGitHub, func(c *Console) { c.Print("one\n::error::two") }, "one ::error::two\n",
		},
		"fail on GitHub": {
			onGitHub, func(c *Console) { c.Fail(problem.Failure{What: "broke at 100%", Hint: "mend it"}) },
			"::error title=vault-secret::broke at 100%25 mend it\n",
		},
		"fail with a question on GitHub": {
			onGitHub, func(c *Console) { c.Fail(problem.Failure{What: "is it there?", Hint: "look"}) },
			"::error title=vault-secret::is it there? look\n",
		},
		"fail on Gitea": {
			onGitea, func(c *Console) { c.Fail(problem.Failure{What: "broke at 100%", Hint: "mend it"}) },
			"error: broke at 100%\nhint: mend it\n",
		},
		"fail in a shell": {
			inShell, func(c *Console) { c.Fail(problem.Failure{What: "broke", Hint: "mend it"}) },
			"error: broke\nhint: mend it\n",
		},
		"fail over a secret": {
			onGitHub, func(c *Console) { c.Fail(problem.Failure{What: "no " + hidden, Hint: "not " + hidden}) },
			"::error title=vault-secret::no *** not ***\n",
		},
		"fail over a command": {
			onGitHub, func(c *Console) { c.Fail(problem.Failure{What: "said\n::error::x ##[group]y", Hint: "::group::z"}) },
			"::error title=vault-secret::said ::error::x ## [group]y : :group::z\n",
		},
		"warn on GitHub":  {onGitHub, func(c *Console) { c.Warn("look " + hidden) }, "::warning title=vault-secret::look ***\n"},
		"warn in a shell": {inShell, func(c *Console) { c.Warn("look") }, "warning: look\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, out := console(tt.lookup)
			out.Reset()
			tt.print(c)
			if d := cmp.Diff(tt.want, out.String()); d != "" {
				t.Error(d)
			}
		})
	}
}

// closed is a log that nobody reads any more.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAClosedLogIsNotFatal(t *testing.T) {
	t.Parallel()
	c := NewConsole(closed{}, onGitHub)
	c.Mask(mask.Of(secret.New(hidden), mask.Options{}))
	c.Print("line")
	c.Fail(problem.Failure{What: "text", Hint: "hint"})
}
