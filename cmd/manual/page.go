package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
)

// manual is the page.
func manual(version, date string) string {
	p := &page{}
	// The date goes as it is, since mandoc reads it.
	p.line(`.TH VAULT\-SECRET 1 ` + date + ` "` + escaped(program+" "+version) + `" "User Commands"`)
	p.macro("nh") // what is copied from a page must have no hyphens that the page added
	p.macro("ad", "l")
	p.beginning()
	p.commands()
	p.options()
	p.environment()
	p.files()
	p.exitStatus()
	p.examples()
	p.security()
	p.seeAlso()
	return p.String()
}

// page is what is said of the program, and how.
type page struct{ roff }

func (p *page) beginning() {
	p.macro("SH", "NAME")
	p.line(escaped(program) + ` \- ` + strings.TrimSuffix(lower(cli.About), "."))
	p.macro("SH", "SYNOPSIS")
	p.line(bold(program) + " " + italic("verb") + " [" + italic("argument") + "...] [" + italic("flag") + "...]")
	p.macro("br")
	p.line(bold(program))
	p.macro("SH", "DESCRIPTION")
	p.text(cli.About + " It is a community project, not affiliated with Nairi.")
	for _, note := range cli.Notes {
		p.paragraph(note)
	}
	p.paragraph("The result is printed to standard output, and everything else to standard error.")
	p.paragraph("Without arguments the program is a step of a CI job: " +
		"it reads each input from the variable INPUT_NAME, and what it prints is made for the CI's log. " +
		"On GitHub, use the action: there, a command line is refused.")
}

const program = "vault-secret"

// commands lists the verbs in their groups.
func (p *page) commands() {
	p.macro("SH", "COMMANDS")
	group := ""
	for _, v := range cli.Verbs() {
		if v.Group != group {
			group = v.Group
			p.macro("SS", group)
		}
		name := program + " " + v.Name
		p.entry(bold(name)+italic(strings.TrimPrefix(v.Usage(), name)), upper(v.Help)+".", v.More, v.OperandIs())
	}
}

// environment lists the variables.
func (p *page) environment() {
	p.macro("SH", "ENVIRONMENT")
	p.text("A flag comes before a variable.")
	for _, spec := range cli.Environment(cli.Verbs()...) {
		p.entry(bold(spec.Variable()), upper(spec.Help())+".")
	}
	p.entry(bold("INPUT_")+italic("NAME"), "Any input, as in INPUT_DRY_RUN for --dry-run.")
	p.entry(bold("HTTPS_PROXY")+", "+bold("HTTP_PROXY")+", "+bold("NO_PROXY"), "The proxy to use, and for which hosts there is none.")
	p.entry(bold("NO_COLOR"), "If it is set, no colors are printed. Colors never say what words do not.")
	p.entry(bold("CLICOLOR_FORCE"), "If it is set, and not 0, colors are printed also where standard output is no terminal.")
}

func (p *page) files() {
	p.macro("SH", "FILES")
	for _, f := range cli.FlagsOf(cli.Verbs()...) {
		if f.IsFile && f.Default != "" {
			p.entry(italic(f.Default), upper(f.Help)+", unless "+f.String()+" or an argument names others.")
		}
	}
}

func (p *page) exitStatus() {
	p.macro("SH", "EXIT STATUS")
	for _, code := range cli.ExitCodes() {
		p.entry(bold(fmt.Sprint(code.Code)), upper(code.Meaning)+".")
	}
}

// examples shows those of the program, and then those of each verb.
func (p *page) examples() {
	p.macro("SH", "EXAMPLES")
	p.shown(cli.Examples[:])
	for _, v := range cli.Verbs() {
		if len(v.Examples) > 0 {
			p.macro("SS", v.Name)
			p.shown(v.Examples)
		}
	}
}

func (p *page) shown(examples []cli.Example) {
	for _, e := range examples {
		p.paragraph(e.For + ":")
		p.code(e.Line)
	}
}

// security says how to give what no flag takes.
func (p *page) security() {
	p.macro("SH", "SECURITY")
	p.text("Everybody on a machine can read the arguments of a program in the list of processes, " +
		"and a shell keeps them in its history. So there is no flag for a secret:")
	for _, spec := range input.Specs() {
		if never := spec.Never(); never != "" {
			p.entry(italic(spec.Name), upper(spec.Help())+": "+never+".")
		}
	}
	p.paragraph("Completions of a shell read no key and send nothing. So they do not know the names of secrets.")
}

func (p *page) seeAlso() {
	p.macro("SH", "SEE ALSO")
	p.text(cli.Manual)
}

// sentence joins words as a sentence does.
func sentence(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// upper is a text with a capital.
func upper(text string) string { return first(text, unicode.ToUpper) }

func lower(text string) string { return first(text, unicode.ToLower) }

func first(text string, to func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(to(r)) + text[size:]
}
