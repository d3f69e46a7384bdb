package runnertest

import "strings"

// report2026 is the reporter of gitea.com/gitea/runner.
func report2026(r *reporterJob, line string) (string, bool) {
	const legacy = "##[add-mask]"
	if len(line) >= len(legacy) && lower(line[:len(legacy)]) == legacy {
		r.addLines(v1InOnePass.Replace(line[len(legacy):]))
		return "", false
	}
	c, ok := parseReported2026(line)
	if !ok {
		return line, true
	}
	if r.stop != "" {
		resumed := strings.EqualFold(c.Name, r.stop)
		if resumed {
			r.stop = ""
		}
		return line, !resumed
	}
	switch c.Name = lower(c.Name); c.Name {
	case "add-mask":
		r.addLines(dataInOnePass.Replace(c.Data))
		return "", false
	case "debug":
		return line, r.debugging
	case "stop-commands":
		r.record(c)
		r.stop = dataInOnePass.Replace(c.Data)
		return "", false
	}
	r.record(c)
	return line, true
}

// addLines masks a value and each of its lines, but nothing of one character.
func (r *reporterJob) addLines(value string) {
	for _, v := range wholeAndLines(value) {
		if len(strings.TrimSpace(v)) > 1 {
			r.Masks = append(r.Masks, v)
		}
	}
}

// The decoders of gitea.com/gitea/runner act/runner/command.go never read
// again what they wrote.
var (
	dataInOnePass = strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n")
	v1InOnePass   = strings.NewReplacer("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]", "%25", "%")
)
