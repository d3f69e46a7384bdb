package main

import (
	"slices"

	"github.com/nairi-community/vault-secret/internal/cli"
)

// options lists the flags in their groups.
func (p *page) options() {
	p.macro("SH", "OPTIONS")
	group := ""
	for _, f := range cli.FlagsOf(cli.Verbs()...) {
		if f.Group != group {
			group = f.Group
			p.macro("SS", group)
		}
		p.entry(term(f), upper(f.Help)+".", standard(f), takers(f))
	}
}

// term is how a flag is written.
func term(f *cli.Flag) string {
	if f.IsBoolean() {
		return bold(f.String())
	}
	return bold(f.String()) + " " + italic(f.Takes)
}

// standard says what holds without a flag.
func standard(f *cli.Flag) string {
	switch f.Default {
	case "", "false":
		return ""
	case "true":
		return "This is the default; " + f.String() + "=false turns it off."
	}
	return "The default is " + f.Default + "."
}

// takers says which verbs take a flag, unless all that run do.
func takers(f *cli.Flag) string {
	var names []string
	rest := 0
	for _, v := range cli.Verbs() {
		switch flags := v.Flags(); {
		case slices.ContainsFunc(flags, func(other *cli.Flag) bool { return other.Name == f.Name }):
			names = append(names, v.Name)
		case len(flags) > 1:
			rest++
		}
	}
	if rest == 0 {
		return ""
	}
	return "For " + sentence(names) + "."
}
