package markdowntest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/markdowntest"
)

func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got): %s", what, d)
	}
}

const sample = `### Plan for <code>a&#96;b</code>

> [!CAUTION]
> **Two** hosts.
>
> - one

| A | B |
| --- | ---: |
| x<br>y | @octocat |

<details><summary>3 unchanged</summary>

- ` + "`KEPT`" + `

</details>

` + "```diff" + `
+ NEW
- OLD
! CHANGED
  same
` + "```" + `

<sub>[run](https://github.com/octo/cats/actions/runs/1) · www.example.com · #1</sub>
`

// All that a test can ask, of one page.
func TestAPageShowsItsParts(t *testing.T) {
	t.Parallel()
	p := markdowntest.Comment(sample)
	same(t, "flaws", nil, p.Flaws())
	same(t, "headings", []string{"Plan for a`b"}, p.Headings())
	same(t, "alerts", []markdowntest.Part{{Title: "Caution", Text: "Two hosts.\n\none"}}, p.Alerts())
	same(t, "tables", []markdowntest.Table{{Columns: 2, Rows: [][]string{{"A", "B"}, {"x\ny", "@octocat"}}}}, p.Tables())
	same(t, "folds", []markdowntest.Part{{Title: "3 unchanged", Text: "KEPT"}}, p.Folds())
	same(t, "fences", []markdowntest.Fence{{Language: "diff", Lines: []string{"+ NEW", "- OLD", "! CHANGED", "  same"}}}, p.Fences())
	same(t, "links", []string{"https://github.com/octo/cats/actions/runs/1", "http://www.example.com"}, p.Links())
	same(t, "mentions", []string{"@octocat"}, p.Mentions())
	same(t, "references", []string{"#1"}, p.References())
	same(t, "outline", "h3\ndiv\n  p\n  p\n  ul\n    li\ntable\n  thead\n    tr\n      th\n      th\n  tbody\n    tr\n      td\n      td\n"+
		"details\n  summary\n  ul\n    li\npre\np\n", p.Outline())
	for _, line := range []string{
		`<div class="markdown-alert markdown-alert-caution"><p class="markdown-alert-title">Caution</p>`,
		"<span class=\"pl-mi1\">+ NEW\n</span><span class=\"pl-md\">- OLD\n</span><span class=\"pl-mc\">! CHANGED\n</span>  same\n",
	} {
		if !strings.Contains(p.HTML(), line) {
			t.Errorf("%s is not in %s", line, p.HTML())
		}
	}
}

// In a comment each line is one, and in a summary a paragraph is.
func TestNewLinesOfComments(t *testing.T) {
	t.Parallel()
	same(t, "a comment", "<p>a<br/>\nb</p>\n", markdowntest.Comment("a\nb").HTML())
	same(t, "a summary", "<p>a\nb</p>\n", markdowntest.Summary("a\nb").HTML())
}

// What would hide, move or run something is noted.
func TestFlawsOfAPage(t *testing.T) {
	t.Parallel()
	for markdown, want := range map[string][]string{
		"<details>\n<summary>a</summary>\n\nb":        {"<details> does not end"},
		"a </details> b":                              {"</details> does not end what is open: [p]"},
		"a <!-- b":                                    nil, // it shows as it is
		"<!-- a\n\nb":                                 {"a comment does not end"},
		"<!-- a -->\nb":                               nil,
		"<b onclick=\"x()\">a</b>":                    {`onclick="x()" of <b> is not allowed`},
		"a <form>b</form>":                            {"<form> is not allowed"},
		"[a](vbscript:b)":                             {`href="vbscript:b" of <a> is not allowed`},
		"<div>\n\n```\n</div>\n```\n\n</div>":         nil,
		"- [ ] a\n- [x] b":                            nil,
		"| a | b |\n| :-: | ---: |\n| c | d |":        nil,
		"`</details>` <code>&lt;/details&gt;</code>":  nil,
		"<details><summary>a</summary>\n\n<b>\n\nc\n": {"<details> does not end", "<b> does not end"},
	} {
		same(t, markdown, want, markdowntest.Comment(markdown).Flaws())
	}
}

// An entity is the character that it stands for, once GitHub looks for whom to notify.
func TestWhoIsMentioned(t *testing.T) {
	t.Parallel()
	for markdown, want := range map[string][]string{
		"@octocat, &#64;octo/team-1.":            {"@octocat", "@octo/team-1"},
		"`@a` <code>@b</code>\n\n    @c":         nil,
		"```\n@a\n```":                           nil,
		"[@a](https://example.com) @ b @\u200bc": nil,
	} {
		same(t, markdown, want, markdowntest.Comment(markdown).Mentions())
	}
}

func TestWhatIsAnAlert(t *testing.T) {
	t.Parallel()
	for markdown, want := range map[string][]markdowntest.Part{
		"> [!note]\n> a\n> b": {{Title: "Note", Text: "a\nb"}},
		"> [!TIP]\n>\n> a":    {{Title: "Tip", Text: "a"}},
		"> [!TIP] a":          nil,
		"> [!TIP]":            nil,
		"> [!OTHER]\n> a":     nil,
		"> a\n> [!TIP]":       nil,
		"- > [!TIP]\n  > a":   nil,
		"<details>\n\n> [!TIP]\n> a\n\n</details>": {{Title: "Tip", Text: "a"}},
	} {
		same(t, markdown, want, markdowntest.Comment(markdown).Alerts())
		if strings.Count(markdown, "\n") < 2 {
			same(t, markdown, want, markdowntest.Summary(markdown).Alerts())
		}
	}
}
