package cli

import (
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
)

// overview explains the program.
func overview() *Reply {
	p := new(page)
	p.text(About)
	p.text("Usage: vault-secret VERB [flags]")
	p.text("Run vault-secret help VERB for the flags and for examples.")
	group := ""
	for _, v := range Verbs() {
		if v.Group != group {
			group = v.Group
			p.heading(group)
		}
		p.entry(v.Name, v.Help, verbColumn)
	}
	p.examples(Examples[:])
	p.environment(Environment(Verbs()...))
	p.exitCodes()
	p.notes()
	p.manual()
	return &Reply{Text: p.written.String()}
}

// explain explains a verb.
func explain(v *Verb) *Reply {
	p := new(page)
	p.text(sentence(v.Help) + ".")
	p.text("Usage: " + v.Usage())
	p.text(v.More)
	p.text(v.OperandIs())
	if v.runs() {
		p.flags(v.Flags())
	}
	p.examples(v.Examples)
	if v.runs() {
		p.environment(Environment(v))
		p.exitCodes()
	}
	p.manual()
	return &Reply{Text: p.written.String()}
}

// flags lists flags in their groups.
func (p *page) flags(flags []*Flag) {
	group, on := "", ""
	for _, f := range flags {
		if f.Group != group {
			group = f.Group
			p.heading(group)
		}
		p.entry(f.written(), f.explained(), flagColumn)
		if f.Default == "true" {
			on = f.String()
		}
	}
	if on != "" {
		p.text("Turn off what is true by default with =false, as in " + on + "=false.")
	}
}

// OperandIs says what an operand is.
func (v *Verb) OperandIs() string {
	switch v.Operand {
	case aName:
		if spec, _ := input.Named(input.SecretID); v.serves(spec) {
			return "NAME is the secret's name or ID: the same as --env-key or --secret-id."
		}
		return "NAME is the secret's name: the same as --env-key."
	case aVault:
		return "VAULT is the ID of a vault: the same as --vault-id."
	case aFile:
		return "FILE is the name of a manifest: the same as --manifest."
	}
	return ""
}

// written is how a flag is written.
func (f *Flag) written() string { return strings.TrimSpace(f.String() + " " + f.Takes) }

// explained is what a flag is, and its default if it is not that of all flags.
func (f *Flag) explained() string {
	if f.Default == "" || f.Default == "false" {
		return f.Help
	}
	return f.Help + " (default:" + unbroken + f.Default + ")"
}

func (p *page) environment(specs []input.Spec) {
	if len(specs) == 0 {
		return
	}
	p.heading("Environment")
	for _, spec := range specs {
		p.entry(spec.Variable(), spec.Help(), nameColumn)
	}
}

func (p *page) exitCodes() {
	p.heading("Exit codes")
	for _, c := range ExitCodes() {
		p.entry(fmt.Sprint(c.Code), c.Meaning, len("  130  "))
	}
}

func (p *page) examples(examples []Example) {
	if len(examples) == 0 {
		return
	}
	p.heading("Examples")
	for i, e := range examples {
		if i > 0 {
			p.write("\n")
		}
		p.write("  # " + e.For + ".\n  " + e.Line + "\n")
	}
}

func (p *page) notes() {
	p.heading("Notes")
	for _, note := range Notes {
		p.write("  " + note + "\n")
	}
}

func (p *page) manual() { p.write("\nManual\n  " + Manual + "\n") }
