package main

import (
	"bytes"
	_ "embed" // the formula
	"strings"
	"text/template"
)

//go:embed formula.rb.tmpl
var text string

var (
	blank   = template.Must(template.New("formula").Parse(text))
	systems = []platform{{"macos", "darwin"}, {"linux", "linux"}}
	archs   = []platform{{"arm", "arm64"}, {"intel", "amd64"}}
)

// platform is a system or a processor, as Homebrew calls it and as Go does.
type platform struct{ brew, goName string }

// choice is what Homebrew installs on a processor.
type choice struct{ Arch, Archive, Sum string }

// formula makes the formula of Homebrew from the programs that have an archive.
func (r release) formula(programs []program) ([]byte, error) {
	offers := map[string][]choice{}
	for _, system := range systems {
		for _, arch := range archs {
			for _, p := range programs {
				if p.system == system.goName && p.arch == arch.goName {
					offers[system.brew] = append(offers[system.brew], choice{arch.brew, p.archive, p.sum})
				}
			}
		}
	}
	var b bytes.Buffer
	err := blank.Execute(&b, map[string]any{"Tag": r.version, "Version": strings.TrimPrefix(r.version, "v"), "Systems": offers})
	return b.Bytes(), err
}
