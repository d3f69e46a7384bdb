package runnertest

import (
	"strings"
	"unicode"
)

// githubCommands are the commands that the runner registers, and whether
// "echo" prints their line (actions/runner ActionCommandManager.cs, OmitEcho).
var githubCommands = map[string]bool{
	"add-mask":       false,
	"add-matcher":    true,
	"add-path":       true,
	"debug":          false,
	"echo":           true,
	"endgroup":       true,
	"error":          false,
	"group":          true,
	"notice":         false,
	"remove-matcher": true,
	"save-state":     true,
	"set-env":        true,
	"set-output":     true,
	"stop-commands":  true,
	"warning":        false,
}

// The tables of actions/runner ActionCommand.cs. Order matters: the percent
// sign is decoded last.
var (
	unescapeData     = [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}}
	unescapeProperty = [][2]string{{"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}}
	unescapeV1       = [][2]string{{"%3B", ";"}, {"%0D", "\r"}, {"%0A", "\n"}, {"%5D", "]"}, {"%25", "%"}}
)

func unescape(s string, table [][2]string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	for _, pair := range table {
		s = strings.ReplaceAll(s, pair[0], pair[1])
	}
	return s
}

// parseGitHub finds the command in a line: "::name …::data" at the start
// after blanks, else "##[name …]data" anywhere, of which only the first "##["
// counts. A name that is not known makes the line ordinary text.
//
// The runner compares by culture, which ignores some invisible characters;
// the model compares bytes. The difference can only hide a command.
func parseGitHub(line string, known func(string) bool) (Command, bool) {
	if rest, ok := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::"); ok {
		info, data, ok := strings.Cut(rest, "::")
		name, properties, _ := strings.Cut(info, " ")
		if ok && known(name) {
			properties = strings.TrimSpace(properties)
			return Command{name, unescape(data, unescapeData), parseProperties(properties, ",", unescapeProperty)}, true
		}
	}
	_, rest, _ := strings.Cut(line, "##[")
	info, data, ok := strings.Cut(rest, "]")
	name, properties, _ := strings.Cut(info, " ")
	if !ok || !known(name) {
		return Command{}, false
	}
	return Command{name, unescape(data, unescapeV1), parseProperties(properties, ";", unescapeV1)}, true
}

// parseProperties follows .NET's Split with RemoveEmptyEntries: separators at
// the ends and in a row count for nothing, so "=a==b=" is a with the value "b=".
func parseProperties(s, separator string, table [][2]string) map[string]string {
	var properties map[string]string
	for s != "" {
		var pair string
		pair, s, _ = strings.Cut(s, separator)
		name, value, _ := strings.Cut(strings.TrimLeft(pair, "="), "=")
		value = strings.TrimLeft(value, "=")
		if value == "" {
			continue
		}
		if properties == nil {
			properties = map[string]string{}
		}
		properties[lower(name)] = unescape(value, table)
	}
	return properties
}

// lower folds ASCII only, as .NET's ordinal comparison does for these names.
func lower(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					r += 'a' - 'A'
				}
				return r
			}, s)
		}
	}
	return s
}
