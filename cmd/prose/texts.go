package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// file is a text file.
type file struct{ path, text string }

// lines are those with something in them that is no comment.
func (f file) lines() []finding {
	var found []finding
	for i, line := range strings.Split(f.text, "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			found = append(found, finding{f.path, i + 1, line})
		}
	}
	return found
}

// rewrite drops lines from a list.
func rewrite(list file, drop []finding) error {
	lines := strings.SplitAfter(list.text, "\n")
	for _, f := range drop {
		lines[f.line-1] = ""
	}
	return os.WriteFile(list.path, []byte(strings.Join(lines, "")), 0o644) //nolint:gosec // read by everybody
}

// texts are what people read in the repository.
type texts struct {
	files                     []file
	pages                     []*page // Markdown, also in the descriptions of actions and issue forms
	spelled                   []prose // these, and what is not Markdown
	banned, words, unfinished file
}

// prose are passages of a file.
type prose struct {
	path  string
	prose []passage
}

func (t *texts) page(path string) *page {
	for _, p := range t.pages {
		if p.path == path {
			return p
		}
	}
	return nil
}

// skipped are folders of what is built, and of other programs.
var skipped = regexp.MustCompile(`^(\.[^/]+|dist|release)$`)

// read reads all files below root.
func read(root fs.FS) (*texts, error) {
	t := &texts{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != ".github" && skipped.MatchString(name):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		data, err := fs.ReadFile(root, name)
		if err == nil && (utf8.Valid(data) || strings.HasPrefix(name, "docs/")) {
			t.files = append(t.files, file{name, string(data)})
			err = t.take(name, data)
		}
		return err
	})
	return t, err
}

// Whose texts people read: goldens, comments of workflows, forms and actions.
var (
	golden  = regexp.MustCompile(`^internal/(report|cli)/testdata/.*\.golden$`)
	printed = regexp.MustCompile(`^internal/(report|cli)/testdata/.*\.txt$`)
	// The script that starts the program ends with what went wrong.
	launch  = regexp.MustCompile(`^scripts/(launch|provide)\.sh$`)
	refusal = regexp.MustCompile(`refuse "([^"]*)"`)
	hostile = regexp.MustCompile(`-(odd|hostile)\.`)
	comment = regexp.MustCompile(`(?:^|\s)#\s(.*)$`)
	ofForms = regexp.MustCompile(`(^|/)action\.yml$|^\.github/ISSUE_TEMPLATE/`)
	product = regexp.MustCompile(`^(main|cmd/manual/.*|internal/.*)\.go$`)
	// Tests, models, scripts for shells, and lists of what others write.
	models = regexp.MustCompile(`_test\.go$|^internal/(nairitest|githubtest|markdowntest|runnertest|mask)/|/completion_[a-z]+\.go$|^internal/suspect/(output|placeholder|reference|sample)\.go$`)
	shown  = []string{"about", "description", "label", "name", "placeholder", "title", "value"}
)

func (t *texts) take(name string, data []byte) error {
	switch {
	case name == "internal/problem/testdata/banned.txt":
		t.banned = file{name, string(data)}
	case name == "cmd/prose/words.txt":
		t.words = file{name, string(data)}
	case name == "cmd/prose/unfinished.txt":
		t.unfinished = file{name, string(data)}
	case hostile.MatchString(name):
	case golden.MatchString(name):
		t.spelled = append(t.spelled, prose{name, parse(name, data).prose})
	case printed.MatchString(name):
		t.spelled = append(t.spelled, prose{name, []passage{plain(1, string(data), true)}})
	case strings.Contains(name, "testdata/"):
	case launch.MatchString(name):
		t.spelled = append(t.spelled, prose{name, refusals(string(data))})
	case path.Ext(name) == ".md":
		t.addPage(parse(name, data))
	case path.Ext(name) == ".yml":
		t.spelled = append(t.spelled, prose{name, comments(string(data))})
		if ofForms.MatchString(name) {
			return t.addForm(name, data)
		}
	case product.MatchString(name) && !models.MatchString(name):
		passages, err := literals(name, data)
		t.spelled = append(t.spelled, prose{name, passages})
		return err
	}
	return nil
}

func (t *texts) addPage(p *page) {
	t.pages = append(t.pages, p)
	t.spelled = append(t.spelled, prose{p.path, p.prose})
}

// comments are those of YAML, as one passage each line.
func comments(text string) []passage {
	var found []passage
	for i, line := range strings.Split(text, "\n") {
		if match := comment.FindStringSubmatch(line); match != nil {
			var p passage
			p.add(i+1, match[1])
			found = append(found, p)
		}
	}
	return found
}

// refusals are the errors that a script ends with.
func refusals(text string) []passage {
	var found []passage
	for _, at := range refusal.FindAllStringSubmatchIndex(text, -1) {
		found = append(found, plain(1+strings.Count(text[:at[2]], "\n"), text[at[2]:at[3]], true))
	}
	return found
}

// addForm takes the texts of an action or of an issue form.
func (t *texts) addForm(name string, data []byte) error {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return errors.Join(errors.New(name), err)
	}
	whole := &page{path: name}
	var nodes []*yaml.Node
	flatten(&document, &nodes)
	lines := strings.Split(string(data), "\n")
	for i, n := range nodes {
		if i == 0 || n.Kind != yaml.ScalarNode || !slices.Contains(shown, nodes[i-1].Value) {
			continue
		}
		end := len(lines)
		if i+1 < len(nodes) {
			end = max(n.Line, nodes[i+1].Line-1)
		}
		p := parse(name, []byte(scalar(n, lines[:end])))
		whole.links, whole.prose = append(whole.links, p.links...), append(whole.prose, p.prose...)
	}
	t.addPage(whole)
	return nil
}

// flatten lists the nodes of YAML as they stand in it.
func flatten(n *yaml.Node, nodes *[]*yaml.Node) {
	*nodes = append(*nodes, n)
	for _, child := range n.Content {
		flatten(child, nodes)
	}
}

// scalar is the text of a node that ends with the last of the lines, in its own lines
// and without its indentation.
func scalar(n *yaml.Node, lines []string) string {
	text := slices.Repeat([]string{""}, len(lines))
	for i := n.Line - 1; i < len(lines); i++ {
		text[i] = strings.TrimSpace(lines[i])
		if strings.HasPrefix(text[i], "# ") {
			text[i] = ""
		}
	}
	text[n.Line-1] = strings.Trim(lines[n.Line-1][n.Column-1:], `"'`)
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		text[n.Line-1] = ""
	}
	return strings.Join(text, "\n")
}

// literals are the strings of Go that have more than one word.
func literals(name string, data []byte) ([]passage, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, name, data, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []passage
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr: // strings.Fields has names of keys
			called, is := n.Fun.(*ast.SelectorExpr)
			return !is || called.Sel.Name != "Fields"
		case *ast.Field:
			return n.Tag == nil
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && strings.Contains(text, " ") {
				found = append(found, plain(files.Position(n.Pos()).Line, text, n.Value[0] == '`'))
			}
		}
		return true
	})
	return found, nil
}

// plain is a text without markup that begins at a line, and ends there unless it is raw.
func plain(line int, text string, raw bool) passage {
	var p passage
	for part := range strings.SplitAfterSeq(text, "\n") {
		p.add(line, part)
		if raw {
			line++
		}
	}
	return p
}
