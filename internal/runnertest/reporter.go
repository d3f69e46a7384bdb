package runnertest

import (
	"maps"
	"slices"
	"strings"
)

// Gitea is the model of Gitea's act_runner until the middle of 2026: its
// reporter.go in front of which gitea.com/gitea/act v0.261.10 runs. Data of
// add-mask is registered still escaped, each value whole, and of two masks
// that match at one place the older one wins.
func Gitea() Oracle {
	asItCame := func(_ Command, line string) string { return line }
	return &dialect{name: "gitea", report: reportOld(asItCame)}
}

// GiteaRunner1 is the model of act_runner's successor, gitea.com/gitea/runner v1.0.8
// (internal/pkg/report/reporter.go), once for each order in which it may decode the
// data of add-mask, of which it masks each line.
func GiteaRunner1() []Oracle {
	asItCame := func(_ Command, line string) string { return line }
	var oracles []Oracle
	for _, order := range actOrders {
		name := decoding("gitea runner 1.0.8", order)
		oracles = append(oracles, &dialect{name: name, lines: true, order: order, report: reportOld(asItCame)})
	}
	return oracles
}

// GiteaRunner is the model of the same runner as of the second half of 2026, which
// decodes the data of add-mask in one pass and knows "##[add-mask]". The derived
// forms that it masks as well are left out: it masks more than the model does.
func GiteaRunner() Oracle {
	return &dialect{name: "gitea runner 2026", alone: true, longestFirst: true, dropsOutputs: true, report: report2026}
}

// Forgejo is the model of Forgejo runner v12 (internal/pkg/report, act/runner).
// Its multi-line masks can come from the workflow's secrets only.
func Forgejo() Oracle {
	return &dialect{name: "forgejo", sign: "  ⚙  ", longestFirst: true, report: reportOld(forgejoGroup)}
}

// dialect is the model of a runner that reports to a forge: what differs between
// them. It runs every line past two parsers: that of an act inside the runner,
// then that of the reporter that sends the log.
//
// The first parser logs lines of its own, which the reporter keeps out of a step's
// log, except before the first line of the job's first step
// (reporter.go, duringSteps); the model takes the first step of the [Job] to
// be the job's first. Rows reach the server in batches, with masks applied to
// a batch as a whole in Forgejo; the model sends every line at once.
type dialect struct {
	name         string
	sign         string // what the act inside the runner puts before a command it logs
	alone        bool   // no act inside reads lines before the reporter
	longestFirst bool
	dropsOutputs bool
	lines        bool        // masks the lines of a value one by one
	order        [][2]string // in which the reporter decodes the data of commands, if it does
	// report is the reporter: what row a line makes, if any.
	report func(r *reporterJob, line string) (row string, ok bool)
}

// Name implements [Oracle].
func (d *dialect) Name() string { return d.name }

// Run implements [Oracle].
func (d *dialect) Run(job Job) Transcript {
	r := &reporterJob{dialect: d, debugging: job.Debug}
	for _, secret := range job.Secrets {
		r.addSecret(secret)
	}
	for i, step := range job.Steps {
		r.runStep(i, step)
	}
	r.finish()
	return r.Transcript
}

type reporterJob struct {
	Transcript
	*dialect
	debugging  bool
	stop       string // while not empty, commands are stopped; outlives a step
	multiLines [][]string
	rows       []row
	quiet      bool // nothing of the job's first step has shown yet
}

// row is a line of the log before masking, and how many masks there were
// when it was sent.
type row struct {
	text  string
	masks int
}

func (r *reporterJob) addSecret(value string) {
	lines := strings.Split(strings.ReplaceAll(value, "\r\n", "\n"), "\n")
	if len(lines) > 1 && r.longestFirst {
		r.multiLines = append(r.multiLines, lines)
		return
	}
	r.addMask(value)
}

// addMask masks a value, or its lines as AppendSecretMasker of act/runner/logger.go does.
func (r *reporterJob) addMask(value string) {
	if !r.lines {
		r.Masks = append(r.Masks, value)
		return
	}
	r.Masks = slices.AppendSeq(r.Masks, maskedLines(value))
}

func (r *reporterJob) runStep(number int, step Step) {
	r.quiet = number == 0
	front := &actFront{}
	for line := range strings.Lines(string(step.Stderr) + string(step.Stdout)) {
		if strings.HasSuffix(line, "\n") {
			r.line(front, line)
		}
	}
	outputs, err := ParseOutputsForgejo(step.Outputs)
	r.Failed = r.Failed || err != nil
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		r.aside(r.sign + "::set-output:: " + name + "=" + outputs[name])
	}
	if outputs == nil {
		outputs = map[string]string{}
	}
	r.Outputs = append(r.Outputs, outputs)
}

// line counts masks for all rows it makes after they are made: the two
// parsers run within one write, and no batch is sent between them.
func (r *reporterJob) line(front *actFront, line string) {
	before := len(r.rows)
	logged, pass := r.front(front, line)
	if logged != "" {
		r.aside(logged)
	}
	if pass {
		if text, ok := r.report(r, strings.TrimRight(line, "\r\n")); ok {
			r.rows = append(r.rows, row{text: text})
			r.quiet = false
		}
	}
	for i := before; i < len(r.rows); i++ {
		r.rows[i].masks = len(r.Masks)
	}
}

// aside is a line that the act inside logs about the step.
func (r *reporterJob) aside(logged string) {
	if !r.quiet {
		return
	}
	if text, ok := r.report(r, strings.TrimRight(logged, "\r\n")); ok {
		r.rows = append(r.rows, row{text: text, masks: len(r.Masks)})
	}
}

func (r *reporterJob) finish() {
	maskMultiLines(r.multiLines, r.rows)
	masks := &rankedMasks{longestFirst: r.longestFirst}
	var log strings.Builder
	added := 0
	for _, row := range r.rows {
		for ; added < row.masks; added++ {
			masks.add(r.Masks[added])
		}
		log.WriteString(strings.ToValidUTF8(masks.replace(row.text), "?"))
		log.WriteByte('\n')
	}
	for _, m := range r.Masks[added:] {
		masks.add(m)
	}
	r.Log = log.String()
	r.mask, r.Transcript.dropsOutputs = masks.replace, r.dialect.dropsOutputs
}

func (r *reporterJob) record(c Command) { r.Commands = append(r.Commands, c) }
