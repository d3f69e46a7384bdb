package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestEscaped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain text":       "plain text",
		"--dry-run":        `\-\-dry\-run`,
		`a\b`:              `a\eb`,
		`\fBbold\fR`:       `\efBbold\efR`,
		`"it's"`:           `\(dqit\(aqs\(dq`,
		"`a` ^ ~":          `\(gaa\(ga \(ha \(ti`,
		"nr_…":             `nr_\[u2026]`,
		"Zürich 💥":         `Z\[u00FC]rich \[u1F4A5]`,
		"a\nb\tc\x1b\x7fd": "a b c  d",
		"2\u00a0MB":        `2\ MB`,
		"$x #y %z &":       "$x #y %z &",
	} {
		if got := escaped(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Words of a well-known language, comma-separated.":   "Words of a well-known language, comma-separated.\n",
		"It is --dry-run (--yes), or -, or vault-secret.yml": `It is \-\-dry\-run (\-\-yes), or \-, or vault\-secret.yml` + "\n",
		".TH is no request":     `\&.TH is no request` + "\n",
		"'br is none":           `\(aqbr is none` + "\n",
		"https://a.example/b-c": `https:/\:/\:a.example/\:b\-c` + "\n",
		strings.Repeat("word ", 15) + "abcde .gitignore":          strings.Repeat("word ", 15) + "abcde\n" + `\&.gitignore` + "\n",
		strings.Repeat("x", 100) + " " + strings.Repeat("y", 100): strings.Repeat("x", 100) + "\n" + strings.Repeat("y", 100) + "\n",
	} {
		r := new(roff)
		r.text(text)
		if got := r.String(); got != want {
			t.Errorf("%q: got %s", text, got)
		}
	}
}

// nasty has all that a roff could take for its own.
const nasty = `.it's "\fBnot\fR" \n(.x \*[y] \e -- - .sp 'br ` + "`^~` %$#@! a\\"

// nastyPage is a page of it.
func nastyPage() string {
	r := new(roff)
	r.macro("TH", "NASTY", "1")
	r.macro("SH", nasty)
	r.paragraph(nasty)
	r.paragraph(nasty)
	r.entry(bold(nasty)+" "+italic(nasty), nasty, "", nasty)
	r.code(nasty)
	return r.String()
}

func TestNasty(t *testing.T) {
	t.Parallel()
	const name = "testdata/nasty.1"
	if *update {
		if err := os.WriteFile(name, []byte(nastyPage()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), nastyPage()); d != "" {
		t.Errorf("(-want +got): %s", d)
	}
}

// Whoever reads the page sees the same text.
func TestNastyIsShownAsItIs(t *testing.T) {
	t.Parallel()
	shown := render(t, nastyPage(), "groff", "-man", "-Tutf8", "-P-c", "-ww", "-rLL=200n")
	if got := strings.Count(shown, nasty); got != 8 {
		t.Errorf("it is there %d times, not 8: %s", got, shown)
	}
}

// render formats a page with a program, which must not complain. It returns what is shown,
// without fonts and with the hyphens of a keyboard.
func render(t *testing.T, page, program string, arguments ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("there is no %s here: it does not check the page", program)
	}
	name := filepath.Join(t.TempDir(), "page.1")
	if err := os.WriteFile(name, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, append(arguments, name)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80", "MAN_KEEP_FORMATTING=", "GROFF_NO_SGR=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Errorf("%s: %v\n%s%s", program, err, stderr.String(), out)
	}
	return strings.NewReplacer("\u2212", "-", "\u2010", "-").Replace(fonts(string(out)))
}

// fonts takes out a character and the backspace behind it, which is how a typewriter makes
// another one bold or underlined.
func fonts(text string) string {
	var b []rune
	for _, r := range text {
		if r == '\b' && len(b) > 0 {
			b = b[:len(b)-1]
		} else {
			b = append(b, r)
		}
	}
	return string(b)
}
