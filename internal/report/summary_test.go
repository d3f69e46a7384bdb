package report_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// hostile makes text that would like to be more than text. Every test has its
// own: generators are not safe for concurrent use.
func hostile() *rapid.Generator[string] { return rapid.Custom(drawHostile) }

func drawHostile(t *rapid.T) string {
	pieces := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"|", `\|`, "``", "`", "<img src=x onerror=alert(1)>", "</code>", "<!--", "@octocat", "#1", "\n", "\r\n",
			"| --- |", "[a](https://evil.example)", "![a](//evil.example/b.png)", "https://evil.example", "**", "__", "~~",
			"&#124;", "&lt;", "&amp;", `\`, "<https://evil.example>", "$x$", "- ", "# ", "owner/repo#2", "www.evil.example",
		}),
		rapid.String(),
	), 0, 8).Draw(t, "pieces")
	return strings.Join(pieces, "")
}

// ours are the only tags of a summary.
var ours = regexp.MustCompile(`</?code>|<br>`)

// inert fails unless line, without our own tags, is free of every character
// that Markdown, HTML or GitHub give a meaning to.
func inert(t *rapid.T, line string) {
	rest := ours.ReplaceAllString(line, "")
	if i := strings.IndexAny(rest, "<>`@[]*_~!\\\r\n"); i >= 0 {
		t.Fatalf("%q is raw in %q", rest[i], line)
	}
	if strings.Contains(rest, "://") || strings.Contains(rest, "www.") {
		t.Fatalf("an address is raw in %q", line)
	}
}

// Whatever a server calls things, the summary of a secret is one table of one
// row, in which they show as they are.
func TestSummaryKeepsItsColumnsAndShowsTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		after := stored(rapid.SliceOfN(hostile(), 0, 3).Draw(t, "domains")...)
		after.EnvKey = hostile().Draw(t, "name")
		r := of(done(rotation, apply.Updated, after))
		r.Desired[0].ID = nairi.VaultID(hostile().Draw(t, "vault"))
		lines := strings.Split(r.Summary(), "\n")
		if len(lines) != 6 || lines[5] != "" {
			t.Fatalf("want a heading, a blank line and a table of one row, got %q", lines)
		}
		inert(t, strings.TrimPrefix(lines[0], "###"))
		inert(t, lines[4])
		for _, line := range lines[2:5] {
			if got := strings.Count(line, "|"); got != 7 {
				t.Fatalf("six columns have 7 borders, got %d in %q", got, line)
			}
		}
		name := strings.NewReplacer("\r", " ", "\n", " ").Replace(after.EnvKey)
		if shown := html.UnescapeString(lines[4]); !strings.Contains(shown, name) {
			t.Fatalf("%q does not show in %q", name, shown)
		}
	})
}

// The rows of many secrets are rows, and what widens one is a line of its own.
func TestSummaryOfManyKeepsItsColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		change := fencing
		current := stored(rapid.SliceOfN(hostile(), 1, 3).Draw(t, "domains before")...)
		current.EnvKey = hostile().Draw(t, "name")
		change.Current, change.Patch.AllowedDomains = current, list(rapid.SliceOfN(hostile(), 1, 3).Draw(t, "domains")...)
		failed := apply.Fail(change, refused(400, hostile().Draw(t, "message")))
		for _, line := range strings.Split(manifest(failed).Summary(), "\n") {
			if strings.HasPrefix(line, "| <code>") && strings.Count(line, "|") != 5 {
				t.Fatalf("four columns have 5 borders, got %q", line)
			}
			inert(t, strings.NewReplacer("**wider**", "", "- **wider than before:**", "").Replace(line))
		}
	})
}

// An error that quotes a server is one paragraph of plain text below the table.
func TestSummaryOfHostileErrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := of(apply.Fail(rotation, refused(400, hostile().Draw(t, "message"))))
		lines := strings.Split(r.Summary(), "\n")
		if len(lines) != 11 {
			t.Fatalf("the error made more lines than one: %q", lines)
		}
		for _, line := range lines[5:] {
			inert(t, line)
		}
	})
}

// Escaping spells a secret in a way that no redactor knows, so it comes second.
func TestSummaryIsRedactedBeforeItIsEscaped(t *testing.T) {
	t.Parallel()
	const leaked = "p_ss|w*rd<"
	result := named("X"+leaked, done(opening, apply.Unknown, stored(leaked+".example.com")))
	result.After.EnvKey = "X" + leaked
	result.Err = refused(400, "you sent "+leaked)
	single, many := of(result), manifest(result)
	redact := func(text string) string { return strings.ReplaceAll(text, leaked, "***") }
	single.Redact, many.Redact = redact, redact
	for text, wants := range map[string][]string{
		single.Summary(): {"X***", "***.example.com", "you sent ***"},
		many.Summary():   {"X***"},
	} {
		summary := html.UnescapeString(text)
		if strings.Contains(summary, leaked) {
			t.Errorf("the secret shows in %s", summary)
		}
		for _, want := range wants {
			if !strings.Contains(summary, want) {
				t.Errorf("%q is not in %s", want, summary)
			}
		}
	}
}

func TestSummaryOfManySecretsIsRolledUp(t *testing.T) {
	t.Parallel()
	for long, least := range map[int]int{-1: 100, 100: 50} {
		summary := manySecrets(long).Summary()
		rows := strings.Count(summary, "| updated |")
		for _, want := range []string{
			fmt.Sprintf("| <code>SECRET&#95;NUMBER&#95;%05d", 2*(rows-1)), // the first, and no others
			fmt.Sprintf("\n%d more are left out here; the log has them all.\n", 5000-rows),
			fmt.Sprintf("- **wider than before:** %d more; the log names them\n", 5000-strings.Count(summary, "may now go to")),
		} {
			if !strings.Contains(summary, want) {
				t.Errorf("%q is not in it", want)
			}
		}
		if len(summary) > 50<<10 || rows < least || long > 0 && rows > least {
			t.Errorf("a summary of %d bytes and %d rows", len(summary), rows)
		}
	}
}

// A list of a thousand hosts leaves room for the other secrets.
func TestSummaryNamesTheFirstHosts(t *testing.T) {
	t.Parallel()
	var hosts []string
	for i := range 1000 {
		hosts = append(hosts, fmt.Sprintf("h%d.example.com", i))
	}
	change := rotation
	change.Patch.AllowedDomains = list(hosts...)
	summary := manifest(preview(change)).Summary()
	for _, want := range []string{"+ <code>h19.example.com</code><br>+ 980 more<br>− <code>db.example.com</code>", "<code>h19.example.com</code> and 980 more\n"} {
		if !strings.Contains(summary, want) {
			t.Errorf("%q is not in %s", want, summary)
		}
	}
}
