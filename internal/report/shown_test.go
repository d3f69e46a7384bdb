package report_test

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/markdowntest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/report"
)

// shown are the pages that golden files have, by their names.
func shown(t *testing.T) map[string]*markdowntest.Page {
	t.Helper()
	pages := map[string]*markdowntest.Page{}
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			switch name := filepath.Base(file); {
			case name == "comments.txtar":
				pages["comment: "+f.Name] = markdowntest.Comment(string(f.Data))
			case f.Name == "summary":
				pages[name] = markdowntest.Summary(string(f.Data))
			}
		}
	}
	return pages
}

// A wider table runs off the screen of a phone.
func TestNoTableHasMoreThanFourColumns(t *testing.T) {
	t.Parallel()
	for name, page := range shown(t) {
		for _, table := range page.Tables() {
			if table.Columns > 4 {
				t.Errorf("%s: a table of %d columns", name, table.Columns)
			}
		}
	}
}

// A line of code does not wrap, and on a phone what is beyond its end is not seen.
func TestNoLineOfAFenceIsLong(t *testing.T) {
	t.Parallel()
	for name, page := range shown(t) {
		for _, fence := range page.Fences() {
			for _, line := range fence.Lines {
				if utf8.RuneCountInString(line) > 60 {
					t.Errorf("%s: %q", name, line)
				}
			}
		}
	}
}

// leadsHome reports whether a link leads to the pages of the repository or of this program.
func leadsHome(link string) bool {
	return strings.HasPrefix(link, about.RepositoryURL+"/") || strings.HasPrefix(link, "https://github.com/nairi-community/vault-secret/")
}

// isHarmless checks that a page is whole, notifies nobody, is a part of no issue, and leads
// nowhere else.
func isHarmless(t rapid.TB, what string, page *markdowntest.Page) {
	t.Helper()
	for _, flaw := range page.Flaws() {
		t.Errorf("%s: %s", what, flaw)
	}
	if whom := append(page.Mentions(), page.References()...); len(whom) > 0 {
		t.Errorf("%s: it mentions %q", what, whom)
	}
	for _, link := range page.Links() {
		if !leadsHome(link) {
			t.Errorf("%s: it leads to %s", what, link)
		}
	}
	if i := strings.IndexFunc(page.Text(), func(c rune) bool { return unicode.Is(unicode.Bidi_Control, c) }); i >= 0 {
		t.Errorf("%s: it turns the text around, at byte %d", what, i)
	}
}

func TestGoldenPagesAreWhole(t *testing.T) {
	t.Parallel()
	pages := shown(t)
	for name, page := range pages {
		isHarmless(t, name, page)
	}
	if len(pages) < len(golden) {
		t.Errorf("%d pages of %d golden files", len(pages), len(golden))
	}
}

// nasty are names that would like to be more than names.
var nasty = map[string]string{
	"backticks":       "a`b``c```\n```d",
	"a fence":         "```\n+ any host\n```diff",
	"the end of all":  "</code></summary></details></sub></td></table>",
	"a fold":          "<details><summary>nothing to see</summary>",
	"a team":          "@octo/team @octocat",
	"issues":          "#1 octo/cats#2 GH-3",
	"lines":           "a\nb\r\nc\rd\u2028e\n\n# f\n---\n- g",
	"turned around":   "a\u202egnidaer\u2066b\u200fc",
	"cells":           "a | b \\| c\n| --- | --- |",
	"a comment":       "<!-- ",
	"the end of one":  "--> <b>",
	"links":           "[a](https://evil.example) ![b](//evil.example/c.png) <https://evil.example> https://evil.example www.evil.example ftp://evil.example",
	"an address":      "octocat@evil.example mailto:octocat@evil.example",
	"tags":            "<img src=x onerror=alert(1)><script>alert(1)</script><style>*{display:none}</style>",
	"entities":        "&lt;b&gt; &#64;octocat &commat;octocat &#x40;octocat",
	"an alert":        "[!CAUTION]\n> [!NOTE]",
	"a quotation":     "> a\n>> b",
	"emphasis":        "**a __b ~~c *d _e",
	"mathematics":     "$a$ $$b$$",
	"10,000 letters":  strings.Repeat("a", 10_000),
	"10,000 of these": strings.Repeat("`@a|<", 2_000),
}

// places are where a name stands in a report, each with what its comment is made of.
var places = map[string]func(name string) (*report.Report, report.About){
	"a vault": func(name string) (*report.Report, report.About) {
		r := everyKind("NAME", "db.example.com", "no")
		r.VaultNames = map[nairi.VaultID]string{vaultID: name, otherID: "staging"}
		return r, about
	},
	"a secret": func(name string) (*report.Report, report.About) {
		return everyKind(name, "db.example.com", "no"), about
	},
	"a host": func(name string) (*report.Report, report.About) { return everyKind("NAME", name, "no"), about },
	"a message": func(name string) (*report.Report, report.About) {
		return everyKind("NAME", "db.example.com", name), about
	},
	"the manifest": func(name string) (*report.Report, report.About) {
		a := about
		a.Manifest = name
		return everyKind("NAME", "db.example.com", "no"), a
	},
	"no plan": func(name string) (*report.Report, report.About) { return but(refused(400, name), manifest()), about },
	"problems": func(name string) (*report.Report, report.About) {
		problems := slices.Clone(threeProblems)
		problems[1].Key, problems[1].Text, problems[2].File = name, "has "+name, name
		return but(problems, manifest()), about
	},
	"a secret alone": func(name string) (*report.Report, report.About) {
		after := stored(name, "db.example.com")
		after.EnvKey = name
		return of(done(rotation, apply.Updated, after)), about
	},
	"a failure": func(name string) (*report.Report, report.About) {
		return of(apply.Fail(rotation, refused(400, name))), about
	},
}

// everyKind is a plan of two vaults that has a change of each kind about a secret of a name, and
// one that failed.
func everyKind(name, host, message string) *report.Report {
	fence := fencing
	fence.Current, fence.Patch.AllowedDomains = stored(host), list("db.example.com", host, "new.example.com")
	opened := opening
	opened.Current = stored(host)
	return beside(true, inTwoVaults(manifest(
		named(name, preview(creation)), named(name, preview(fence)), named(name, preview(rotation)), named(name, preview(keeping)),
		in(otherID, named(name, preview(opened))), in(otherID, named(name, preview(deletion))),
		in(otherID, named(name, apply.Fail(rotation, refused(400, message)))),
	)), name, "OTHER")
}

// Whatever things are called, a comment and a summary have the tables, fences and folds that
// they have of a plain name, and do nothing to anybody.
func TestNamesAreOnlyNames(t *testing.T) {
	t.Parallel()
	for _, place := range slices.Sorted(maps.Keys(places)) {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			plainComment, plainSummary := shownOf(t, "a plain name", places[place], "plain")
			for kind, name := range nasty {
				comment, summary := shownOf(t, kind, places[place], name)
				if len(name) >= 10_000 {
					continue // there may be no room for all
				}
				hasOutline(t, kind+" in the comment", comment, plainComment)
				hasOutline(t, kind+" in the summary", summary, plainSummary)
			}
		})
	}
}

// The same of names that nobody thought of.
func TestAnyNameIsOnlyAName(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom(slices.Sorted(maps.Keys(places))).Draw(t, "place")
		plainComment, plainSummary := shownOf(t, "a plain name", places[place], "plain")
		comment, summary := shownOf(t, "a name", places[place], "x"+hostile().Draw(t, "name"))
		hasOutline(t, "the comment", comment, plainComment)
		hasOutline(t, "the summary", summary, plainSummary)
	})
}

// hasOutline checks that a page has the outline of another.
func hasOutline(t rapid.TB, what string, page, plain *markdowntest.Page) {
	t.Helper()
	if d := cmp.Diff(plain.Outline(), page.Outline()); d != "" {
		t.Errorf("%s changes the page (-plain +got): %s", what, d)
	}
}

// shownOf are the pages of a report about a name, each of which is harmless.
func shownOf(t rapid.TB, kind string, in func(name string) (*report.Report, report.About), name string) (comment, summary *markdowntest.Page) {
	t.Helper()
	r, a := in(name)
	clean := ci.NewConsole(io.Discard, func(string) (string, bool) { return "", false }).CleanText // as all is before it goes out
	text := clean(commented(r, a))
	if len(text) > 65_536 {
		t.Errorf("%s: a comment of %d bytes", kind, len(text))
	}
	comment, summary = markdowntest.Comment(text), markdowntest.Summary(clean(r.Summary()))
	isHarmless(t, kind+", in the comment", comment)
	isHarmless(t, kind+", in the summary", summary)
	return comment, summary
}
