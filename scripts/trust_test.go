package scripts

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const securityModel = "docs/security-model.md"

var (
	shownTest = regexp.MustCompile(`\[((?:Test|Fuzz)\w+)\]\(([^)\s]+)\)`)
	// anyTest is a name of a test wherever it stands.
	anyTest = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`)
)

// sections are what stands below each heading of a page, by the heading.
func sections(page string) map[string]string {
	found := map[string]string{}
	for _, part := range strings.Split(page, "\n## ")[1:] {
		heading, text, _ := strings.Cut(part, "\n")
		found[heading] = text
	}
	return found
}

// Each test that the page names is in the file that it links, and each attacker has one,
// with what holds, what does not, and what is left to the user.
func TestSecurityModelNamesItsTests(t *testing.T) {
	t.Parallel()
	page := here.read(t, securityModel)
	for _, match := range shownTest.FindAllStringSubmatch(page, -1) {
		file := path.Join("docs", match[2])
		if !strings.Contains(here.read(t, file), "\nfunc "+match[1]+"(") {
			t.Errorf("%s has no %s", file, match[1])
		}
	}
	if unlinked := anyTest.FindAllString(shownTest.ReplaceAllString(page, ""), -1); unlinked != nil {
		t.Errorf("%q have no link to their file", unlinked)
	}
	attackers := 0
	for heading, text := range sections(page) {
		if !strings.Contains(text, "**What holds**") {
			continue
		}
		attackers++
		for _, part := range []string{"\n**What does not hold**\n", "\n**Your part:** ", "\n**Tests:** ["} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: no %q", heading, part)
			}
		}
	}
	if attackers < 9 {
		t.Errorf("%d attackers", attackers)
	}
}

var endpointRow = regexp.MustCompile("(?m)^\\| `([a-z.]+:\\d+)` \\|")

// The workflow on the page lets a job reach the hosts that the page lists and no other, by
// an action that it pins.
func TestSecurityModelListsItsEndpoints(t *testing.T) {
	t.Parallel()
	page := sections(here.read(t, securityModel))
	var listed []string
	for _, match := range endpointRow.FindAllStringSubmatch(page["The hosts it talks to"], -1) {
		listed = append(listed, match[1])
	}
	_, text, _ := strings.Cut(page["A workflow that reaches these hosts alone"], "\n```yaml\n")
	text, _, _ = strings.Cut(text, "\n```\n")
	for _, s := range parse(t, text).steps() {
		if !strings.HasPrefix(s.Uses, "step-security/harden-runner@") {
			continue
		}
		allowed, _ := s.With["allowed-endpoints"].(string)
		if diff := cmp.Diff(listed, strings.Fields(allowed)); diff != "" || len(listed) < 3 {
			t.Errorf("- listed, + allowed:\n%s", diff)
		}
		if s.With["egress-policy"] != "block" {
			t.Errorf("its policy is %v", s.With["egress-policy"])
		}
		if pin := uses.FindStringSubmatch(text); pin == nil || !pinned.MatchString(pin[1]) {
			t.Errorf("it is not pinned: %q", pin)
		}
		return
	}
	t.Error("no step limits the hosts")
}

// The page of questions stays short, and each heading is a question.
func TestFAQ(t *testing.T) {
	t.Parallel()
	questions := sections(here.read(t, "docs/faq.md"))
	if n := len(questions); n == 0 || n > 12 {
		t.Errorf("%d questions", n)
	}
	for _, heading := range slices.Sorted(maps.Keys(questions)) {
		if !strings.HasSuffix(heading, "?") {
			t.Errorf("%q is no question", heading)
		}
		if words := len(strings.Fields(questions[heading])); words < 15 || words > 120 {
			t.Errorf("%q has %d words", heading, words)
		}
	}
}

var (
	ofVersion  = regexp.MustCompile(`^## (?:Unreleased|\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d)$`)
	kinds      = regexp.MustCompile(`^### (?:Added|Changed|Deprecated|Removed|Fixed|Security)$`)
	entryStart = regexp.MustCompile(`^- (?:[A-Z]|\[[A-Z])`)
)

// The changelog has the form of keepachangelog.com, and each entry is a sentence.
func TestChangelog(t *testing.T) {
	t.Parallel()
	entries := 0
	for _, block := range strings.Split(here.read(t, "CHANGELOG.md"), "\n- ")[1:] {
		entries++
		entry, _, _ := strings.Cut(block, "\n\n")
		if entry = strings.Join(strings.Fields(entry), " "); !entryStart.MatchString("- "+entry) || !strings.HasSuffix(entry, ".") {
			t.Errorf("no sentence: %s", entry)
		}
	}
	if entries == 0 {
		t.Error("no entries")
	}
	for line := range strings.Lines(here.read(t, "CHANGELOG.md")) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "## ") && !ofVersion.MatchString(line) || strings.HasPrefix(line, "### ") && !kinds.MatchString(line) {
			t.Errorf("%q is no heading of a changelog", line)
		}
	}
}
