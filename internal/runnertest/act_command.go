package runnertest

import "strings"

// parseAct finds the command in one line, given with its newline, as act and
// its forks do: the two patterns of nektos/act pkg/runner/command.go,
//
//	^::([^ ]+)( (.+))?::([^\r\n]*)[\r\n]+$
//	^##\[([^ ]+)( (.+))?]([^\r\n]*)[\r\n]+$
//
// which are greedy: "::add-mask::a::b" is a command named "add-mask::a".
// Data and properties are still escaped.
func parseAct(line string) (Command, bool) {
	if rest, ok := strings.CutPrefix(line, "::"); ok {
		if c, ok := parseGreedy(rest, "::", ","); ok {
			return c, true
		}
	}
	if rest, ok := strings.CutPrefix(line, "##["); ok {
		return parseGreedy(rest, "]", ";")
	}
	return Command{}, false
}

// parseGreedy matches what follows the prefix in the patterns above; mark
// ends the command's name and properties.
func parseGreedy(rest, mark, separator string) (Command, bool) {
	text := strings.TrimRight(rest, "\r\n")
	if len(text) == len(rest) {
		return Command{}, false
	}
	name := text
	if space := strings.IndexByte(text, ' '); space >= 0 {
		name = text[:space]
		at := strings.LastIndex(text, mark)
		if space > 0 && at >= space+2 && !strings.ContainsAny(text[at:], "\r\n") && !strings.Contains(text[space:at], "\n") {
			return Command{
				Name: name, Data: text[at+len(mark):],
				Properties: actProperties(text[space+1:at], separator),
			}, true
		}
	}
	at := strings.LastIndex(name, mark)
	if at < 1 || strings.ContainsAny(text[at:], "\r\n") {
		return Command{}, false
	}
	return Command{Name: name[:at], Data: text[at+len(mark):]}, true
}

func actProperties(s, separator string) map[string]string {
	properties := map[string]string{}
	for pair := range strings.SplitSeq(s, separator) {
		if name, value, ok := strings.Cut(pair, "="); ok && !strings.Contains(value, "=") {
			properties[name] = value
		}
	}
	return properties
}

// actOrders are the orders in which act may decode %25, %0D and %0A, as far
// as they differ in effect: it ranges over a Go map, so that chance decides
// anew for every command (nektos/act command.go, unescapeCommandData).
var actOrders = [][][2]string{
	{{"%25", "%"}, {"%0D", "\r"}, {"%0A", "\n"}},
	{{"%0D", "\r"}, {"%0A", "\n"}, {"%25", "%"}},
	{{"%0D", "\r"}, {"%25", "%"}, {"%0A", "\n"}},
	{{"%0A", "\n"}, {"%25", "%"}, {"%0D", "\r"}},
}
