package action

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// ours knows what the program says of itself in a scene, whatever the value is.
type ours struct {
	scene
	t    rapid.TB
	dir  string
	once [2]sync.Once
	text [2]said
}

// said is what a run left behind for people, and what for machines.
type said struct{ log, outputs string }

// unrelated is a value of which no form is a word of ours.
const unrelated = "qZ7-jK2#vX9-wB4~yH6"

// quiet is what the program says of this value, and of another one, if the server
// repeats nothing of it.
func (o *ours) quiet(ofOther bool) said {
	i := map[bool]int{false: 0, true: 1}[ofOther]
	o.once[i].Do(func() {
		s := o.scene
		s.quiet = true
		if ofOther {
			s.Text = unrelated
		}
		step, _ := s.step(o.t, o.dir)
		o.text[i] = shown(step)
	})
	return o.text[i]
}

func shown(step runnertest.Step) said {
	outputs, _ := runnertest.ParseOutputs(step.Outputs)
	return said{strings.Join(own(step.Stdout), "\n") + "\n" + string(step.Summary), joined(outputs)}
}

func joined(outputs map[string]string) string {
	return "\n" + strings.Join(slices.Sorted(maps.Values(outputs)), "\n")
}

// plain is a word, as the program's last look at a line lets it pass.
var plain = regexp.MustCompile(`^([0-9]{4}|[A-Za-z_]{4,24}|vault-secret)$`)

// says reports whether the program may print a form as often as n times: as a word
// that is in its own texts, or in outputs that are the same for every value; and no
// more often than where the server has not repeated it.
func (o *ours) says(form string, n int) bool {
	of, other := o.quiet(false), o.quiet(true)
	isOurs := strings.Contains(other.outputs, form) ||
		plain.MatchString(form) && (strings.Contains(other.log, form) || strings.Contains(literals(), form))
	return isOurs && n <= strings.Count(of.log+of.outputs, form)
}

// touchedBy reports whether masks hide words of ours too, or cut outputs that are the
// same for every value: nobody can keep a runner from that.
func (o *ours) touchedBy(after runnertest.Transcript, step runnertest.Step) bool {
	text, same := shown(step), o.quiet(true).outputs
	if after.Masked(same) != same {
		return true
	}
	for _, mask := range after.Masks {
		for _, piece := range strings.FieldsFunc(mask, func(r rune) bool { return strings.ContainsRune("\"&+", r) }) {
			if plain.MatchString(piece) && strings.Contains(text.log+text.outputs, piece) {
				return true
			}
		}
	}
	return false
}

// literals are the texts in the program's source.
var literals = sync.OnceValue(func() string {
	var all strings.Builder
	files, _ := filepath.Glob("../*/*.go")
	for _, name := range append(files, "../../main.go") {
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil || strings.HasSuffix(name, "_test.go") {
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == gotoken.STRING {
				text, _ := strconv.Unquote(literal.Value)
				all.WriteString(text + "\n")
			}
			return true
		})
	}
	return all.String()
})
