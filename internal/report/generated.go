package report

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Generated is a value that was made for later steps alone, without a vault.
type Generated struct {
	Spec     generate.Spec
	File     string // that has it; empty for none
	Variable string // of later steps that has it; empty for none
	Planned  bool   // a dry run: it would be made
}

// generated reports whether a value was made for later steps alone, or would be.
func (r *Report) generated() bool {
	return r.Operation == plan.OpGenerate && r.Generated != nil && r.Err == nil
}

// outcome is what became of the value.
func (g *Generated) outcome() apply.Outcome {
	if g.Planned {
		return apply.Planned
	}
	return apply.Generated
}

// generatedLine says in a line what was made, and who has it.
func (r *Report) generatedLine() string {
	g := r.Generated
	if g.Planned {
		return fmt.Sprintf("Dry run: a new value would be generated: %s. Nothing was made.", made(g.Spec))
	}
	return fmt.Sprintf("Generated a new value: %s. %s", made(g.Spec), g.where(r.clean))
}

// where says who has the value; shown spells what the user named.
func (g *Generated) where(shown func(string) string) string {
	var places []string
	if g.File != "" {
		places = append(places, "in the file "+shown(g.File))
	}
	if g.Variable != "" {
		places = append(places, "in the variable "+shown(g.Variable)+" of later steps")
	}
	return "It is " + strings.Join(places, ", and ") + "."
}

// KeptLine says where a value is that the vault or one of its mirrors may not have. inTemp
// says that the name of the file starts in the folder for temporary files.
func (r *Report) KeptLine(file string, inTemp bool) string {
	text := "The generated value is in the file " + r.clean(file)
	if inTemp {
		text += " in the folder that RUNNER_TEMP names"
	}
	return text + ". " + r.own("To store the same value again, give it as value_file.")
}

// generatedSummary is the same as Markdown, or why nothing was made.
func (r *Report) generatedSummary() string {
	g := r.Generated
	if !r.generated() {
		return "### ❌ Generating a value failed\n" + r.failureMarkdown()
	}
	if g.Planned {
		return fmt.Sprintf("### Plan: generate a new value\n\nIt would be %s. Nothing was made.\n", made(g.Spec))
	}
	named := func(text string) string { return code(r.clean(text)) }
	return fmt.Sprintf("### ✅ Generated a new value\n\nIt is %s. %s\n", made(g.Spec), g.where(named))
}

// made says what a value is like, and how hard it is to guess.
func made(spec generate.Spec) string {
	switch {
	case spec.Kind == generate.UUID:
		return "a UUID"
	case spec.Kind.CountsBytes():
		return fmt.Sprintf("%d random bytes as %s", spec.Size, spec.Kind)
	case spec.Kind == generate.Password:
		return fmt.Sprintf("a password of %d characters, with %d bits of randomness", spec.Size, spec.Bits())
	}
	return fmt.Sprintf("%d letters and digits, with %d bits of randomness", spec.Size, spec.Bits())
}
