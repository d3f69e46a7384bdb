package e2e

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// pageBlock is a fenced block of a page.
type pageBlock struct {
	page     string // docs/rotation.md
	line     int    // of its opening fence
	heading  string // the last one before it, without its #
	language string // the first word after the fence
	text     string // without the indentation of the fence
	file     string // what the paragraph before it calls it; empty for a block that is no file
	kind     blockKind
}

// blockKind says how a block is tested.
type blockKind string

const (
	workflowBlock blockKind = "workflow" // has on and jobs
	stepsBlock    blockKind = "steps"    // a list of steps
	manifestBlock blockKind = "manifest" // has vaults
	fragmentBlock blockKind = "fragment" // part of one of those
	commandsBlock blockKind = "commands" // of a shell, in sh or console
	printedBlock  blockKind = "printed"  // what the commands right before it print
	otherBlock    blockKind = "other"
)

// pages are the pages with blocks for users, by their names from the root.
func pages(t *testing.T) []string {
	t.Helper()
	found := []string{"README.md"}
	for _, folder := range []string{"docs", "examples"} {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, _ fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".md" {
				found = append(found, name(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// blocksOn are the blocks of a page, in their order.
func blocksOn(t *testing.T, page string) []pageBlock {
	t.Helper()
	found, open := parseBlocks(read(t, "../"+page))
	if open > 0 {
		t.Errorf("%s:%d: the block has no end", page, open)
	}
	for i := range found {
		found[i].page = page
	}
	return found
}

var (
	fence   = regexp.MustCompile("^( *)(`{3,}|~{3,}) *([^`]*)$")
	heading = regexp.MustCompile(`^#{1,6} +(.*)$`)
)

// parseBlocks finds the blocks of a Markdown text. If the last one has no end, open is its
// line.
func parseBlocks(text string) (found []pageBlock, open int) {
	var b pageBlock
	var closing, indent string
	var paragraph []string
	under, after := "", 0 // the heading, and how many blocks end right before
	for i, line := range strings.Split(text, "\n") {
		match := fence.FindStringSubmatch(line)
		switch {
		case closing != "" && strings.TrimSpace(line) == closing:
			b.kind = kindOf(b, after)
			found, closing, paragraph, after = append(found, b), "", nil, len(found)+1
		case closing != "":
			b.text += strings.TrimPrefix(line, indent) + "\n"
		case match != nil:
			indent, closing = match[1], match[2]
			language, _, _ := strings.Cut(strings.TrimSpace(match[3]), " ")
			b = pageBlock{line: i + 1, heading: under, language: language, file: fileNamed(paragraph)}
			if len(paragraph) > 0 || after == 0 || found[after-1].kind != commandsBlock {
				after = 0
			}
			open = i + 1
		case strings.TrimSpace(line) == "":
			paragraph = append(paragraph, "")
		default:
			if match := heading.FindStringSubmatch(line); match != nil {
				under = match[1]
			}
			if len(paragraph) > 0 && paragraph[len(paragraph)-1] == "" {
				paragraph = nil
			}
			paragraph = append(paragraph, line)
		}
		if strings.TrimSpace(strings.Join(paragraph, "")) == "" {
			paragraph = nil
		}
	}
	if closing == "" {
		open = 0
	}
	return found, open
}

var (
	codeSpan = regexp.MustCompile("`([^`]+)`")
	fileName = regexp.MustCompile(`^\.?[\w-]+([./][\w-]+)*(\.(ya?ml|json|env|txt)|Jenkinsfile|Dockerfile)$|^(Jenkinsfile|Dockerfile)$`)
)

// fileNamed is the file that a paragraph says the block after it is: its last word in
// backticks that is the name of one, if the paragraph ends in a colon.
func fileNamed(paragraph []string) string {
	text := strings.TrimSpace(strings.Join(paragraph, " "))
	if !strings.HasSuffix(text, ":") {
		return ""
	}
	name := ""
	for _, span := range codeSpan.FindAllStringSubmatch(text, -1) {
		if fileName.MatchString(span[1]) {
			name = span[1]
		}
	}
	return name
}

// kindOf is the kind of a block, of which commands may be right before it.
func kindOf(b pageBlock, after int) blockKind {
	switch b.language {
	case "yaml", "yml":
		return kindOfYAML(b.text)
	case "sh", "bash", "shell", "console":
		return commandsBlock
	case "text", "", "json":
		if after > 0 {
			return printedBlock
		}
	}
	return otherBlock
}

func kindOfYAML(text string) blockKind {
	var steps []map[string]any
	if yaml.Unmarshal([]byte(text), &steps) == nil && len(steps) > 0 && (steps[0]["uses"] != nil || steps[0]["run"] != nil) {
		return stepsBlock
	}
	var keys map[string]any
	if yaml.Unmarshal([]byte(text), &keys) != nil {
		return otherBlock
	}
	switch {
	case keys["on"] != nil && keys["jobs"] != nil:
		return workflowBlock
	case keys["vaults"] != nil:
		return manifestBlock
	}
	return fragmentBlock
}

// filesOn are the files that a page prints, by their names.
func filesOn(t *testing.T, page string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, b := range blocksOn(t, page) {
		if b.file == "" || b.kind == commandsBlock || b.kind == printedBlock {
			continue
		}
		if files[b.file] != "" && files[b.file] != b.text {
			t.Errorf("%s:%d: the page prints another %s already", page, b.line, b.file)
		}
		files[b.file] = b.text
	}
	return files
}

// A block is found wherever Markdown has one, with the name that the page gives it.
func TestBlocksOfAPage(t *testing.T) {
	t.Parallel()
	const page = "# Title\n\nThe [manifest](a.md) `.github/nairi-vault.yml` is used by `rotate`, and says:\n\n```yaml\nvaults: []\n```\n\n" +
		"```yaml\non: push\njobs: {}\n```\n\n## Below\n\n1. In a list:\n\n   ````sh\n   echo '```'\n   ````\n\n   ```text\n   ```\n\n" +
		"No colon in `values.json`.\n\n~~~json\n{}\n~~~\nIn `values.env`:\n```dotenv\nA=1\n```\n```yaml\n- run: a\n```\n"
	found, open := parseBlocks(page)
	var got []string
	for _, b := range found {
		got = append(got, strings.Join([]string{string(b.kind), b.language, b.heading, b.file, b.text}, "|"))
	}
	want := []string{
		"manifest|yaml|Title|.github/nairi-vault.yml|vaults: []\n", "workflow|yaml|Title||on: push\njobs: {}\n",
		"commands|sh|Below||echo '```'\n", "printed|text|Below||", "other|json|Below||{}\n",
		"other|dotenv|Below|values.env|A=1\n", "steps|yaml|Below||- run: a\n",
	}
	if diff := cmp.Diff(want, got); diff != "" || open != 0 {
		t.Errorf("open in line %d; - wanted, + found:\n%s", open, diff)
	}
	if _, open := parseBlocks("\n```sh\necho\n"); open != 2 {
		t.Errorf("the block without an end is in line %d", open)
	}
}
