package e2e

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// ownTest is a line of testdata/runs/blocks.yml: blocks that have a test of their own, or
// none, and why.
type ownTest struct {
	Page    string
	Under   string    // the heading; any if empty
	Kind    blockKind // any if empty
	Begins  string    // the first line, or the beginning of it
	In      string    // the folder and the name of the test
	Calls   string    // a program that the block needs, which no test can run
	Because string    // why not
}

func (o ownTest) String() string {
	return strings.Join(strings.Fields(fmt.Sprint(o.Page, " ", o.Under, " ", o.Kind, " ", o.Begins)), " ")
}

func (o ownTest) is(b pageBlock) bool {
	return o.Page == b.page && (o.Under == "" || o.Under == b.heading) && (o.Kind == "" || o.Kind == b.kind) && strings.HasPrefix(b.text, o.Begins)
}

func ownTests(t *testing.T) []ownTest {
	t.Helper()
	return readYAML[[]ownTest](t, read(t, "testdata/runs/blocks.yml"))
}

// general are the blocks of a page that have no test of their own, so that the tests of all
// pages run them.
func general(t *testing.T, page string) []pageBlock {
	t.Helper()
	own := ownTests(t)
	var found []pageBlock
blocks:
	for _, b := range blocksOn(t, page) {
		for _, o := range own {
			if o.is(b) {
				continue blocks
			}
		}
		found = append(found, b)
	}
	return found
}

// tested says which test of all pages runs a block of a kind.
var tested = map[blockKind]string{
	workflowBlock: "TestSnippetsRun", stepsBlock: "TestStepsOnPagesRun", manifestBlock: "TestPartsOnPagesAreRight", fragmentBlock: "TestPartsOnPagesAreRight",
	commandsBlock: "TestCommandsOnPagesRun", printedBlock: "TestCommandsOnPagesRun",
}

// Every block of every page has a test, and a line about one that is not there any more is an
// error. What no test can run calls what it is said to call.
func TestEveryBlockOfAPageHasATest(t *testing.T) {
	t.Parallel()
	own := ownTests(t)
	used := make([]bool, len(own))
	for _, page := range pages(t) {
		for _, b := range blocksOn(t, page) {
			covered := tested[b.kind] != ""
			for i, o := range own {
				if !o.is(b) {
					continue
				}
				used[i], covered = true, true
				if o.Calls != "" && !regexp.MustCompile(`(?m)(^|[\s|(])`+regexp.QuoteMeta(o.Calls)+`\s`).MatchString(b.text) {
					t.Errorf("%s:%d: the block does not call %s, so it could be run", b.page, b.line, o.Calls)
				}
				break
			}
			if !covered {
				t.Errorf("%s:%d: this block in %q has no test; name one in testdata/runs/blocks.yml", b.page, b.line, b.language)
			}
		}
	}
	for i, o := range own {
		if !used[i] {
			t.Errorf("testdata/runs/blocks.yml: no page has %s; delete the line", o)
		}
		if (o.In == "") == (o.Calls == "") || (o.Calls == "") != (o.Because == "") {
			t.Errorf("testdata/runs/blocks.yml: %s needs either a test, or what it calls and why no test does", o)
		}
		if o.In != "" {
			checkTestOf(t, o.In, o.Page)
		}
	}
}

// checkTestOf checks that there is a test, as in e2e.TestStories, in a package whose tests
// read a page.
func checkTestOf(t *testing.T, test, page string) {
	t.Helper()
	folder, function, _ := strings.Cut(test, ".")
	there, reads := false, false
	for _, path := range glob(t, "../"+folder+"/*_test.go") {
		text := read(t, path)
		there = there || strings.Contains(text, "\nfunc "+function+"(t *testing.T)")
		reads = reads || strings.Contains(text, filepath.Base(page)) || strings.Contains(text, filepath.Dir(page)+"/*.md")
	}
	if !there || !reads {
		t.Errorf("there is no %s (%t) that reads %s (%t)", test, there, page, reads)
	}
}
