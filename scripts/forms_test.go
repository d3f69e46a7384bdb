package scripts

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// form is an issue form, as far as it asks and warns
// (https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms).
type form struct {
	Name, Description string
	Body              []question
}

type question struct {
	Type, ID   string
	Attributes struct {
		Label, Value, Description string
		Options                   []any
	}
	Validations struct{ Required bool }
}

// required are the IDs of what has to be answered, and "checkbox" for one that has to be
// ticked.
func (f form) required() []string {
	var ids []string
	for _, q := range f.Body {
		if q.Validations.Required {
			ids = append(ids, q.ID)
		}
		for _, option := range q.Attributes.Options {
			if box, ok := option.(map[string]any); ok && box["required"] == true && strings.Contains(box["label"].(string), "no value, no key and no token") {
				ids = append(ids, "checkbox")
			}
		}
	}
	return ids
}

var bold = regexp.MustCompile(`(?s)\*\*[^*]+\*\*`)

// warns reports whether the first thing that somebody reads says in bold what not to
// paste, and to rotate what was pasted.
func (f form) warns() bool {
	if len(f.Body) == 0 || f.Body[0].Type != "markdown" {
		return false
	}
	said := strings.Join(bold.FindAllString(f.Body[0].Attributes.Value, -1), " ")
	for _, word := range []string{"Never paste a secret or a key", "rotate it"} {
		if !strings.Contains(said, word) {
			return false
		}
	}
	return true
}

func parseForm(t *testing.T, text string) form {
	t.Helper()
	var f form
	if err := yaml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// Everybody who opens an issue is told not to paste a secret, and has to say that there is
// none. A bug comes with all that is needed to look into it.
func TestIssueForms(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../.github/ISSUE_TEMPLATE/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string][]string{
		"bug.yml": {"what", "version", "platform", "runner", "error_code", "step", "log", "checkbox"}, "feature.yml": {"need", "checkbox"},
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if name == "config.yml" {
			continue
		}
		f := parseForm(t, here.read(t, ".github/ISSUE_TEMPLATE/"+name))
		if !f.warns() {
			t.Errorf("%s does not warn in bold", name)
		}
		if got := f.required(); !slices.Equal(got, asked[name]) || len(got) == 0 {
			t.Errorf("%s: %q are required, and %q have to be", name, got, asked[name])
		}
		if f.Name == "" || f.Description == "" {
			t.Errorf("%s has no name or no description", name)
		}
		delete(asked, name)
	}
	if len(asked) > 0 {
		t.Errorf("no form %v", asked)
	}
}

// A form without its warning or its checkbox is found out.
func TestIssueFormsThatDoNotWarn(t *testing.T) {
	t.Parallel()
	text := here.read(t, ".github/ISSUE_TEMPLATE/bug.yml")
	if f := parseForm(t, strings.ReplaceAll(text, "**", "")); f.warns() {
		t.Error("a warning that is not bold passes")
	}
	if f := parseForm(t, strings.Replace(text, "rotate it now", "edit it", 1)); f.warns() {
		t.Error("a warning without what to do passes")
	}
	before, box, found := strings.Cut(text, "      label: Before you send it")
	if !found {
		t.Fatal("no checkbox")
	}
	if f := parseForm(t, before+"      label: Before you send it"+strings.Replace(box, "required: true", "required: false", 1)); slices.Contains(f.required(), "checkbox") {
		t.Error("a checkbox that nobody has to tick passes")
	}
}

// No issue without a form, and a weakness has a private way.
func TestIssuesHaveAForm(t *testing.T) {
	t.Parallel()
	var config struct {
		Blank bool                   `yaml:"blank_issues_enabled"`
		Links []struct{ URL string } `yaml:"contact_links"`
	}
	config.Blank = true
	if err := yaml.Unmarshal([]byte(here.read(t, ".github/ISSUE_TEMPLATE/config.yml")), &config); err != nil {
		t.Fatal(err)
	}
	const advisories = "https://github.com/nairi-community/vault-secret/security/advisories/new"
	if config.Blank || len(config.Links) == 0 || config.Links[0].URL != advisories {
		t.Errorf("%+v", config)
	}
	if !strings.Contains(here.read(t, "SECURITY.md"), advisories) {
		t.Error("SECURITY.md does not say how to report")
	}
}
