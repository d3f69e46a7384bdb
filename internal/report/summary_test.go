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

// plainly are lines without the markup of our own: bold words, alerts and the diff.
func plainly(summary string) []string {
	lines := strings.Split(strings.NewReplacer("**", "", "> [!CAUTION]", "", "> [!WARNING]", "", "\n> ", "\n").Replace(summary), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "### ")
	}
	return lines
}

// Whatever a server calls things, the summary of a secret is one table of two columns, in
// which they show as they are.
func TestSummaryKeepsItsColumnsAndShowsTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		after := stored(rapid.SliceOfN(hostile(), 0, 3).Draw(t, "domains")...)
		after.EnvKey = hostile().Draw(t, "name")
		r := of(done(rotation, apply.Updated, after))
		r.Results[0].Change.VaultID = nairi.VaultID("v" + hostile().Draw(t, "vault"))
		lines := plainly(r.Summary())
		for _, line := range lines {
			inert(t, line)
			if n := strings.Count(line, "|"); n != 0 && n != 3 {
				t.Fatalf("two columns have 3 borders, got %q", line)
			}
		}
		if len(lines) != 12 || !strings.HasPrefix(lines[8], "| Vault |") {
			t.Fatalf("not a heading, a table of five rows and a sentence: %q", lines)
		}
		name := strings.NewReplacer("\r", " ", "\n", " ").Replace(after.EnvKey)
		if shown := strings.ReplaceAll(html.UnescapeString(lines[0]), "@\u200b", "@"); !strings.Contains(shown, strings.ReplaceAll(name, "@\u200b", "@")) {
			t.Fatalf("%q does not show in %q", name, shown)
		}
	})
}

// What a server calls hosts ends no block of code.
func TestTheHostsOfADiffAreHosts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		change := fencing
		change.Current = stored(rapid.SliceOfN(hostile(), 1, 5).Draw(t, "domains")...)
		_, diff, found := strings.Cut(of(done(change, apply.Updated, rotated("db.example.com"))).Summary(), "\n```diff\n")
		diff, rest, closed := strings.Cut(diff, "\n```\n")
		if !found || !closed || strings.Contains(rest, "`") {
			t.Fatalf("%q, and then %q", diff, rest)
		}
		for line := range strings.Lines(diff) {
			if !regexp.MustCompile(`^[-+ ] ([*.a-zA-Z0-9:_-]+|\(not a host name\)|any host|… and \d+ more)\n?$`).MatchString(line) {
				t.Fatalf("%q", line)
			}
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
			if strings.HasPrefix(line, "| <code>") && strings.Count(line, "|") != 3 {
				t.Fatalf("two columns have 3 borders, got %q", line)
			}
		}
		for _, r := range []*report.Report{manifest(failed), manifest(preview(change)), manifest(done(change, apply.Updated, current))} {
			wellFormed(t, r.Summary())
		}
	})
}

// An error that quotes a server is one paragraph of plain text.
func TestSummaryOfHostileErrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := of(apply.Fail(rotation, refused(400, hostile().Draw(t, "message"))))
		summary, _, _ := strings.Cut(r.Summary(), "\n<details>")
		lines := plainly(summary)
		if len(lines) != 6 {
			t.Fatalf("the error made more lines than one: %q", lines)
		}
		for _, line := range lines {
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
		single.Summary(): {"X***", "you sent ***"},
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
	for long, least := range map[int]int{-1: 500, 100: 50} {
		summary := manySecrets(long).Summary()
		shown := strings.Count(summary, "\n! SECRET_NUMBER_")
		for _, want := range []string{
			"> **5000 secrets can reach more hosts than before.**", "\n! SECRET_NUMBER_", "\n> - … and ",
			fmt.Sprintf("\n# … and %d more changes, see the run\n", 5000-shown),
		} {
			if !strings.Contains(summary, want) {
				t.Errorf("%q is not in it", want)
			}
		}
		if named := strings.Count(summary, "> - <code>"); len(summary) > 60_000 || shown < least || long < 0 && named != 100 || named > 100 {
			t.Errorf("a summary of %d bytes, with %d changes, and %d that reach more hosts", len(summary), shown, named)
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
	for _, want := range []string{"+   h99.example.com\n+   … and 900 more\n-   db.example.com\n", "<code>h19.example.com</code> and 980 more\n"} {
		if !strings.Contains(summary, want) {
			t.Errorf("%q is not in %s", want, summary)
		}
	}
}
