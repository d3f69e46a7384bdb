package report_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/report"
)

// hostile makes text that would like to be more than text. Every test has its
// own: generators are not safe for concurrent use.
func hostile() *rapid.Generator[string] { return rapid.Custom(drawHostile) }

func drawHostile(t *rapid.T) string {
	pieces := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{
			"|", `\|`, "``", "`", "<img src=x onerror=alert(1)>", "</code>", "<!--", "@octocat", "#1", "\n", "\r\n",
			"| --- |", "[a](https://evil.example)", "![a](//evil.example/b.png)", "https://evil.example", "**", "__", "~~",
			"&#124;", "&lt;", "&amp;", `\`, "<https://evil.example>", "$x$", "- ", "# ", "owner/repo#2",
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
	if strings.Contains(rest, "://") {
		t.Fatalf("an address is raw in %q", line)
	}
}

func TestEscapeShowsTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := hostile().Draw(t, "text")
		escaped := report.Escape(text)
		inert(t, escaped)
		if strings.Contains(escaped, "|") {
			t.Fatalf("a column ends in %q", escaped)
		}
		shown := strings.NewReplacer("\r", " ", "\n", " ").Replace(text)
		if got := html.UnescapeString(escaped); got != shown {
			t.Fatalf("shows as %q, want %q", got, shown)
		}
	})
}

// Whatever a server calls things, the summary is one table of one row.
func TestSummaryKeepsItsColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		after := stored(rapid.SliceOfN(hostile(), 0, 3).Draw(t, "domains")...)
		after.EnvKey = hostile().Draw(t, "name")
		r := of(done(rotation, apply.Updated, after))
		r.VaultID = nairi.VaultID(hostile().Draw(t, "vault"))
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
	})
}

// An error that quotes a server is one paragraph of plain text below the table.
func TestSummaryOfHostileErrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := of(failed(refused(400, hostile().Draw(t, "message"))))
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
	after := stored("db.example.com")
	after.EnvKey = "X" + leaked
	r := of(done(rotation, apply.Updated, after))
	r.Result.Err = refused(400, "you sent "+leaked)
	r.Redact = func(text string) string { return strings.ReplaceAll(text, leaked, "***") }
	summary := html.UnescapeString(r.Summary())
	if strings.Contains(summary, leaked) {
		t.Errorf("the secret shows in %s", summary)
	}
	for _, want := range []string{"X***", "you sent ***"} {
		if !strings.Contains(summary, want) {
			t.Errorf("%q is not in %s", want, summary)
		}
	}
}
