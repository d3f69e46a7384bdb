package problem_test

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/problem"
)

func TestAProblemNamesItsPlace(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]problem.Problem{
		"The inputs cannot be read.":      {Text: "The inputs cannot be read"},
		"vault_id is not set.":            {Input: "vault_id", Text: "is not set"},
		"Set one of them.":                {Input: "vault_id", Text: "Set one of them."},
		"Is it there?":                    {Text: "Is it there?"},
		"a.yaml: manifest is empty.":      {Input: "manifest", File: "a.yaml", Text: "is empty"},
		"a.yaml:3: manifest is not YAML.": {Input: "manifest", File: "a.yaml", Line: 3, Text: "is not YAML"},
		"a.yaml:3: A.env is set twice.":   {Input: "manifest", File: "a.yaml", Line: 3, Key: "A.env", Text: "is set twice"},
		"a.yaml:3: Keep one of them.":     {Input: "manifest", File: "a.yaml", Line: 3, Key: "A.env", Text: "Keep one of them"},
		"env_json:2: A is not a string.":  {Input: "env_json", Line: 2, Key: "A", Text: "is not a string"},
	} {
		if got := p.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func list(inputs ...string) problem.List {
	var l problem.List
	for i, input := range inputs {
		l = append(l, problem.Problem{Input: input, Text: fmt.Sprint(i)})
	}
	return l
}

// The problems of one input stay as they were found, and what no input is named
// like comes last.
func TestProblemsAreInTheOrderOfInputs(t *testing.T) {
	t.Parallel()
	l := list("", "value", "GITHUB_OUTPUT", "vault_id", "value", "other").InOrder(func() []string { return []string{"vault_id", "value"} })
	if got := l.Error(); got != "vault_id 3. value 1. value 4. 0. GITHUB_OUTPUT 2. other 5." {
		t.Error(got)
	}
	many := list(strings.Fields(strings.Repeat("value other ", 100))...).InOrder(func() []string { return []string{"value"} })
	for i, p := range many { // few enough would stay in order by any way of sorting
		if want := fmt.Sprint(2*i%200 + i/100); p.Text != want {
			t.Fatalf("%d: problem %s, want %s", i, p.Text, want)
		}
	}
	if d := cmp.Diff([]string{"vault_id", "value", "", "GITHUB_OUTPUT", "other"}, l.Inputs()); d != "" {
		t.Error(d)
	}
}

// What is right for one of several problems may be wrong for another.
func TestOnlyOneProblemHasACodeAndAHintOfItsOwn(t *testing.T) {
	t.Parallel()
	bare := problem.Problem{Text: "is missing"}
	coded := problem.Problem{Code: problem.WrongKeyKind}
	hinted := problem.Problem{Code: problem.WrongKeyKind, Hint: "make another key"}
	for _, tt := range []struct {
		list problem.List
		code problem.Code
		hint string
	}{
		{problem.List{bare}, problem.BadInput, problem.BadInput.Hint()},
		{problem.List{coded}, problem.WrongKeyKind, problem.WrongKeyKind.Hint()},
		{problem.List{hinted}, problem.WrongKeyKind, "make another key"},
		{problem.List{hinted, hinted}, problem.BadInput, problem.BadInput.Hint()},
	} {
		if code, hint := tt.list.Code(), tt.list.Hint(); code != tt.code || hint != tt.hint {
			t.Errorf("%+v: %s, %q", tt.list, code, hint)
		}
	}
}

func TestErrorsIsKnowsTheCauses(t *testing.T) {
	t.Parallel()
	l := problem.List{{Text: "is missing"}, {Text: "cannot be read", Cause: fs.ErrNotExist}}
	if !errors.Is(fmt.Errorf("inputs: %w", l), fs.ErrNotExist) || errors.Is(l[:1], fs.ErrNotExist) {
		t.Error("errors.Is does not know the cause, or knows it of another problem")
	}
}

func TestEveryCodeIsUniqueAndHasAHint(t *testing.T) {
	t.Parallel()
	spelling := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[problem.Code]bool{}
	for _, code := range problem.Codes() {
		if !spelling.MatchString(string(code)) || seen[code] {
			t.Errorf("%q is not in snake case, or there twice", code)
		}
		seen[code] = true
		if hint := code.Hint(); strings.ContainsAny(hint, "\r\n") || strings.HasSuffix(hint, ".") != (code != problem.BadInput) {
			t.Errorf("%s: the hint is not one line of whole sentences: %q", code, hint)
		}
	}
	for _, code := range []problem.Code{"", "no_such_code"} {
		if hint := code.Hint(); hint != "" {
			t.Errorf("%q has the hint %q", code, hint)
		}
	}
}

func slip() { panic("the key is " + "nr_hunter2") }

// A panic may quote a secret: where nothing is masked yet, nothing of it is said.
func TestAPanicKeepsItsStackAndCanBeSilent(t *testing.T) {
	t.Parallel()
	if p := problem.Recovered(func() {}); p != nil {
		t.Errorf("a panic out of nothing: %v", p)
	}
	p := problem.Recovered(slip)
	if got := p.Error(); got != "a bug in vault-secret: the key is nr_hunter2" {
		t.Error(got)
	}
	if stack := strings.Join(p.Stack(), "\n"); !strings.Contains(stack, "problem_test.slip") || strings.TrimSpace(stack) != stack {
		t.Errorf("the stack does not lead to the panic: %q", stack)
	}
	silent := p.Silent()
	for _, said := range []string{silent.Error(), fmt.Sprintf("%v %+v %#v", silent, silent, silent)} {
		if strings.Contains(said, "hunter2") {
			t.Errorf("the panic is told: %s", said)
		}
	}
	var mistake *problem.Panic
	if silent.Error() != "a bug in vault-secret" || errors.As(silent, &mistake) {
		t.Errorf("silent as %q, and the panic in it: %v", silent, mistake)
	}
}
