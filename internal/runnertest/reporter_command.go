package runnertest

import "strings"

// parseReported is the reporters' pattern ^::([^ :]+)( .*)?::(.*)$, for a
// line without its newline. Data stays escaped.
func parseReported(line string) (Command, bool) {
	name, properties, ok := reportedName(line)
	if !ok {
		return Command{}, false
	}
	// The properties are greedy: they end at the last mark.
	at := strings.LastIndex(properties, "::")
	if !strings.HasPrefix(properties, " ") {
		at = 0
	}
	if at < 0 || !strings.HasPrefix(properties[at:], "::") || strings.Contains(properties, "\n") {
		return Command{}, false
	}
	return Command{Name: name, Data: properties[at+2:], Properties: actProperties(strings.TrimSpace(properties[:at]), ",")}, true
}

// parseReported2026 is ^::([^ :]+)( [^:]*)?::(.*)$.
func parseReported2026(line string) (Command, bool) {
	name, properties, ok := reportedName(line)
	if !ok {
		return Command{}, false
	}
	at := strings.IndexByte(properties, ':')
	if at < 0 || !strings.HasPrefix(properties[at:], "::") || strings.Contains(properties[at:], "\n") {
		return Command{}, false
	}
	return Command{Name: name, Data: properties[at+2:], Properties: actProperties(strings.TrimSpace(properties[:at]), ",")}, true
}

func reportedName(line string) (name, rest string, ok bool) {
	line, ok = strings.CutPrefix(line, "::")
	end := strings.IndexAny(line, " :")
	if !ok || end < 1 {
		return "", "", false
	}
	return line[:end], line[end:], true
}
