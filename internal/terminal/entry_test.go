package terminal

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestAnEntryIsWhatItsKeysSay(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]struct {
		text, echo            string
		over, left, more, odd bool
	}{
		"":             {},
		"ab":           {text: "ab", echo: "ab"},
		"ab\n":         {text: "ab", echo: "ab", over: true},
		"ab\r":         {text: "ab", echo: "ab", over: true},
		"\n":           {over: true},
		"\x04":         {over: true, left: true},
		"ab\x04c\n":    {text: "abc", echo: "abc", over: true, odd: true},
		"a\tb\n":       {text: "a\tb", echo: "a\tb", over: true},
		"ab\x7fc\n":    {text: "ac", echo: "ab\b \bc", over: true},
		"aü\bc\n":      {text: "ac", echo: "aü\b \bc", over: true},
		"\x7f\x7fa\n":  {text: "a", echo: "a", over: true},
		"ab\x15c\n":    {text: "c", echo: "ab\b \b\b \bc", over: true},
		"a\x1b[Db\n":   {text: "a[Db", echo: "a[Db", over: true, odd: true},
		"a\nb":         {text: "a", echo: "a", over: true, more: true},
		"a\n\n":        {text: "a", echo: "a", over: true, more: true},
		"\xff\n":       {text: "\xff", echo: "\xff", over: true},
		"\xff\x7fok\n": {text: "ok", echo: "\xff\b \bok", over: true},
	} {
		var e entry
		var echo string
		for i := range len(keys) {
			echo += e.press(keys[i])
		}
		if string(e.text) != want.text || echo != want.echo {
			t.Errorf("%q: got %q, shown as %q; want %q, %q", keys, e.text, echo, want.text, want.echo)
		}
		if e.over != want.over || e.left != want.left || e.more != want.more || e.odd != want.odd {
			t.Errorf("%q: got %+v, want %+v", keys, e, want)
		}
	}
}

// However much somebody pastes, no more is kept than it takes to see that it is too long.
func TestAnEntryIsBounded(t *testing.T) {
	t.Parallel()
	var e entry
	for range secret.MaxSize + 100 {
		e.press('x')
	}
	if err := secret.New(string(e.text)).Check(); err == nil || !strings.Contains(err.Error(), "longer") || len(e.text) > secret.MaxSize+1 {
		t.Errorf("%d bytes: %v", len(e.text), err)
	}
}
