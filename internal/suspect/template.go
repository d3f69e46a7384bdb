package suspect

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// expression is one of GitHub's. In a text of several lines, such as a workflow,
// it may belong there.
func expression(s *sample) bool { return !s.lines && hasExpression(s.core) }

func expressionInside(s *sample) bool { return s.lines && hasExpression(s.core) }

func hasExpression(text string) bool {
	return strings.HasPrefix(text, "${{") || slices.ContainsFunc(insides(text, [2]string{"${{", "}}"}), tagged)
}

// delimiters are those of template engines: Jinja, Go, Mustache, Liquid, Helm and
// their like, then ERB, EJS and ASP, T4, and PHP.
var delimiters = [][2]string{{"{{", "}}"}, {"{%", "%}"}, {"{#", "#}"}, {"<%", "%>"}, {"<#=", "#>"}, {"<?php", "?>"}, {"<?=", "?>"}}

// template is a tag in a single line, or a text of nothing but tags. A tag in a
// longer text or in a leaf of JSON may be what the secret is for.
func template(s *sample) bool {
	if !s.inLine() {
		return s.document == nil && onlyTags(s.core)
	}
	for _, pair := range delimiters {
		if slices.ContainsFunc(insides(s.core, pair), tagged) || around(s.core, pair) {
			return true
		}
	}
	return strings.Contains(s.core, "<no value>") || s.anyPart(marked) || slices.ContainsFunc(insides(s.core, [2]string{"[[", "]]"}), plainTag)
}

// around reports whether a text is one tag, whatever stands in it.
func around(text string, pair [2]string) bool {
	inner, ok := between(text, pair[0], pair[1])
	return ok && strings.TrimSpace(inner) != ""
}

// insides are what stands between each pair of delimiters in a text.
func insides(text string, pair [2]string) (found []string) {
	for {
		_, rest, begins := strings.Cut(text, pair[0])
		inner, after, ends := strings.Cut(rest, pair[1])
		if !begins || !ends {
			return found
		}
		found, text = append(found, inner), after
	}
}

// tagged reports whether what stands between delimiters begins as an expression
// does. A password with {{ in it hardly goes on like one, and then has }}.
func tagged(inner string) bool {
	inner = strings.TrimLeft(inner, "-+~&#^>/=!{ \t")
	return inner != "" && ascii.Only(inner[:1], ascii.Letters+`_.$@"'(`)
}

// plainTag is a name, as in [[ name ]]: other things in brackets are a test of a
// shell or a table of TOML.
func plainTag(inner string) bool {
	inner = strings.Trim(inner, " $.")
	return inner != "" && ascii.Only(inner, ascii.Word+".-") && strings.Trim(inner, ascii.Digits) != ""
}

// onlyTags reports whether nothing is left of a text without its tags.
func onlyTags(text string) bool {
	rest := text
	for _, pair := range delimiters[:4] {
		rest = outside(rest, pair)
	}
	return rest != text && strings.TrimSpace(rest) == ""
}

// outside is what a text has between its tags.
func outside(text string, pair [2]string) string {
	var rest strings.Builder
	for {
		before, tag, begins := strings.Cut(text, pair[0])
		_, after, ends := strings.Cut(tag, pair[1])
		if !begins || !ends {
			return rest.String() + text
		}
		rest.WriteString(before)
		text = after
	}
}

// markers enclose a name that a replacing tool was to find: those of replacetokens
// and Octopus, of Maven and autoconf, of sed scripts, of Concourse, of Puppet and
// Python, and of str.format.
var markers = [][2]string{
	{"#{", "}#"}, {"#{", "}"}, {"@@", "@@"}, {"@", "@"}, {"__", "__"}, {"((", "))"},
	{"%{", "}"}, {"%(", ")s"}, {"{", "}"}, {"~~", "~~"}, {"[%", "%]"}, {"$[", "]"},
}

// meantSo are users that services name like that: the index of Python packages
// (https://pypi.org/help/#apitoken) has its tokens under this one.
var meantSo = []string{"__token__"}

// marked reports whether a part is nothing but a name between markers.
func marked(part string) bool {
	if slices.Contains(meantSo, part) {
		return false
	}
	for _, pair := range markers {
		inner, ok := between(part, pair[0], pair[1])
		if ok && name(strings.TrimSpace(inner)) {
			return true
		}
	}
	return slices.ContainsFunc(insides(part, [2]string{"#{", "}"}), func(inner string) bool { return len(inner) > 3 && name(strings.TrimSpace(inner)) })
}

// name is that of a variable or a path of such names, and no UUID.
func name(text string) bool {
	uuid := len(text) >= 32 && ascii.Only(text, ascii.Digits+"ABCDEFabcdef-")
	return strings.Trim(text, "_") != "" && ascii.Only(text[:1], ascii.Letters+"_") && ascii.Only(text, ascii.Word+".-:/") && !uuid
}
