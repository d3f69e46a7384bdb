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

// front is what the act inside the runner logs of a line, and whether it passes
// the line on to the reporter. What the runner of 2026 logs besides is left out:
// it repeats the line, under the same masks. Forgejo's has one sign for each
// command; the model has one for all.
func (d *dialect) front(f *actFront, line string) (logged string, pass bool) {
	if d.alone {
		return "", true
	}
	c, isCommand, held := f.parse(line)
	switch {
	case !isCommand:
		return "", true
	case !held && c.Name == "add-mask":
		return d.sign + "***", true
	}
	return d.sign + line, !held
}

// reportOld is handleCommand of the reporters of Gitea until the middle of 2026 and
// of Forgejo. rewrite makes the row of a command that is shown.
func reportOld(rewrite func(c Command, line string) string) func(*reporterJob, string) (string, bool) {
	return func(r *reporterJob, line string) (string, bool) {
		c, ok := parseReported(line)
		if !ok || r.stop != "" && c.Name != r.stop {
			return line, true
		}
		c.Data = unescape(c.Data, r.order)
		switch c.Name {
		case "add-mask":
			r.addMask(c.Data)
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
		return rewrite(c, line), true
	}
}

// forgejoGroup rewrites the two commands that fold a log.
func forgejoGroup(c Command, line string) string {
	switch c.Name {
	case "group":
		return "##[group]" + c.Data
	case "endgroup":
		return "##[endgroup]"
	}
	return line
}
