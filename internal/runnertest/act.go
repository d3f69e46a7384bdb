package runnertest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Act is the model of nektos/act v0.2.87 (pkg/runner/command.go, logger.go),
// once for each order in which it may decode escapes. A value is safe only if
// it is under all of them.
//
// Left out: the --json log, whose fields hold unmasked text, and -v, which
// prints the environment. A line in standard error without a newline at its
// end runs into standard output, as both share one pipe.
func Act() []Oracle {
	var oracles []Oracle
	for _, order := range actOrders {
		oracles = append(oracles, act{name: decoding("act", order), order: order})
	}
	return oracles
}

// decoding is the name of a runner that undoes escapes in this order.
func decoding(name string, order [][2]string) string {
	name += " decoding"
	for _, pair := range order {
		name += " " + pair[0]
	}
	return name
}

type act struct {
	name  string
	order [][2]string
	exec  bool // of a forge's runner: see Exec
	lines bool // masks lines one by one, and puts no signs before what it says
}

func (a act) Name() string { return a.name }

func (a act) Run(job Job) Transcript {
	j := &actJob{act: a, debugging: job.Debug}
	for _, secret := range job.Secrets {
		j.addMask(secret)
	}
	for _, step := range job.Steps {
		j.runStep(step)
	}
	j.Log = j.log.String()
	j.Transcript.mask = j.mask
	return j.Transcript
}

type actJob struct {
	Transcript
	act
	ranked    rankedMasks // of one that masks lines
	debugging bool
	log       strings.Builder
	outputs   map[string]string // of the present step
	resume    string            // while not empty, commands are stopped
}

func (j *actJob) addMask(value string) {
	j.Masks = append(j.Masks, value)
	if j.lines {
		j.addLines(value)
	}
}

// mask replaces each mask in the order of registration. There are no derived
// forms, no lines, no shortest length.
func (j *actJob) mask(text string) string {
	if j.lines {
		return j.ranked.replace(text)
	}
	for _, m := range j.Masks {
		if m != "" && len(m) <= len(text) {
			text = strings.ReplaceAll(text, m, "***")
		}
	}
	return text
}

func (j *actJob) write(text string) {
	j.log.WriteString(strings.TrimSuffix(j.mask(text), "\n"))
	j.log.WriteByte('\n')
}

func (j *actJob) runStep(step Step) {
	j.resume, j.outputs = "", map[string]string{}
	for line := range strings.Lines(string(step.Stderr) + string(step.Stdout)) {
		// The last line is handled only if it ends (common/line_writer.go).
		if strings.HasSuffix(line, "\n") {
			j.line(line)
		}
	}
	j.outputFile(step.Outputs)
	if len(step.Summary) > 0 && !j.exec {
		j.write("  ⚙  Summary - " + string(step.Summary))
	}
	j.Outputs = append(j.Outputs, j.outputs)
}

func (j *actJob) line(line string) {
	c, ok := parseAct(line)
	switch {
	case !ok:
		j.write(line)
	case j.resume != "" && c.Name != j.resume:
		j.say("⚙", line)
	default:
		c.Data = unescape(c.Data, j.order)
		j.run(c, line)
		if j.exec {
			j.write(line)
		}
	}
}

// run prints most commands as they came, an unknown one too.
func (j *actJob) run(c Command, line string) {
	if c.Name != "add-mask" {
		j.Commands = append(j.Commands, c)
	}
	switch c.Name {
	case "add-mask":
		j.addMask(c.Data)
		j.say("⚙", "***")
	case "set-env", "add-path":
		j.setEnv(c)
	case "set-output":
		// Of a name, unlike of data, the order of decoding is taken to be fixed.
		j.setOutput(unescape(c.Properties["name"], unescapeProperty), c.Data)
	case "debug":
		if j.debugging || j.lines {
			j.say("💬", line)
		}
	case "warning":
		j.say("🚧", line)
	case "error":
		j.say("❗", line)
	case "stop-commands":
		j.resume = c.Data
		j.say("⚙", line)
	case j.resume:
		j.resume = ""
		j.say("⚙", line)
	case "save-state":
		j.say("💾", line)
	case "add-matcher":
		j.addMatcher(c, line)
	default:
		j.say("❓", line)
	}
}

// say writes what act itself says, after a sign.
func (j *actJob) say(sign, text string) {
	if !j.lines {
		text = "  " + sign + "  " + text
	}
	j.write(text)
}

func (j *actJob) setEnv(c Command) {
	if j.exec {
		j.say("⚙", "::"+c.Name+":: "+c.Properties["name"]+"="+c.Data)
		return
	}
	j.Failed = true
	j.write("The `" + c.Name + "` command is disabled.")
}

func (j *actJob) addMatcher(c Command, line string) {
	if j.lines {
		j.write(line)
	} else {
		j.write("  ❓ add-matcher " + c.Data)
	}
}

func (j *actJob) setOutput(name, value string) {
	j.outputs[name] = value
	j.say("⚙", "::set-output:: "+name+"="+value)
}

func (j *actJob) outputFile(data []byte) {
	outputs, err := ParseOutputsAct(data)
	var quoted *outputError
	if errors.As(err, &quoted) {
		j.Failed = true
		j.write(fmt.Sprintf("invalid format '%s'", quoted.Quoted))
	}
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		j.setOutput(name, outputs[name])
	}
}
