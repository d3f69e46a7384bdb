package runnertest

// actFront is the state of the act inside a forge's runner, per step.
type actFront struct{ resume string }

// parse reads a line for the act inside. Between stop-commands and its token,
// lines that are commands are lost: held is true for them.
func (f *actFront) parse(line string) (c Command, isCommand, held bool) {
	c, ok := parseAct(line)
	if !ok {
		return c, false, false
	}
	if f.resume != "" && c.Name != f.resume {
		return c, true, true
	}
	c.Data = unescape(c.Data, actOrders[0])
	switch c.Name {
	case "stop-commands":
		f.resume = c.Data
	case f.resume:
		f.resume = ""
	}
	return c, true, false
}

// reportOld is handleCommand of the reporters of Gitea until 2026 and of
// Forgejo. group rewrites the line of a group.
func (r *reporterJob) reportOld(line string, group func(Command, string) string) (string, bool) {
	c, ok := parseReported(line)
	if !ok || r.stop != "" && c.Name != r.stop {
		return line, true
	}
	switch c.Name {
	case "add-mask":
		r.Masks = append(r.Masks, c.Data)
		return "", false
	case "debug":
		return c.Data, r.debugging
	case "stop-commands":
		r.record(c)
		r.stop = c.Data
		return "", false
	case r.stop:
		r.stop = ""
		return "", false
	}
	r.record(c)
	return group(c, line), true
}

type giteaDialect struct{}

func (giteaDialect) name() string                     { return "gitea" }
func (giteaDialect) logged(name, value string) string { return "::set-output:: " + name + "=" + value }
func (giteaDialect) longestFirst() bool               { return false }
func (giteaDialect) dropsOutputs() bool               { return false }

func (giteaDialect) front(f *actFront, line string) (string, bool) {
	c, isCommand, held := f.parse(line)
	switch {
	case !isCommand:
		return "", true
	case !held && c.Name == "add-mask":
		return "***", true
	}
	return line, !held
}

func (giteaDialect) report(r *reporterJob, line string) (string, bool) {
	return r.reportOld(line, func(_ Command, line string) string { return line })
}

type forgejoDialect struct{}

func (forgejoDialect) name() string { return "forgejo" }
func (forgejoDialect) logged(name, value string) string {
	return "  ⚙  ::set-output:: " + name + "=" + value
}
func (forgejoDialect) longestFirst() bool { return true }
func (forgejoDialect) dropsOutputs() bool { return false }

// front stands a gear before every command; the runner has one sign for each.
func (forgejoDialect) front(f *actFront, line string) (string, bool) {
	c, isCommand, held := f.parse(line)
	switch {
	case !isCommand:
		return "", true
	case !held && c.Name == "add-mask":
		return "  ⚙  ***", true
	}
	return "  ⚙  " + line, !held
}

func (forgejoDialect) report(r *reporterJob, line string) (string, bool) {
	return r.reportOld(line, func(c Command, line string) string {
		switch c.Name {
		case "group":
			return "##[group]" + c.Data
		case "endgroup":
			return "##[endgroup]"
		}
		return line
	})
}
