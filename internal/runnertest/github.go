package runnertest

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// GitHub is the model of actions/runner 2.336.0.
//
// Left out: what is printed before a step starts, problem matchers, and the
// environment variables that allow insecure commands again.
func GitHub() Oracle { return github{} }

type github struct{}

func (github) Name() string { return "github" }

func (github) Run(job Job) Transcript {
	g := &githubJob{masker: newMasker(), debugging: job.Debug, echo: job.Debug}
	for _, secret := range job.Secrets {
		// Worker.cs trims secrets first. One that cannot be encoded would
		// end the job; here it stays unmasked.
		_ = g.addMask(strings.TrimSpace(secret))
	}
	for _, step := range job.Steps {
		g.runStep(step)
	}
	g.Log = g.log.String()
	g.mask, g.dropsOutputs = g.masker.mask, true
	return g.Transcript
}

type githubJob struct {
	Transcript
	masker          *masker
	log             strings.Builder
	debugging, echo bool
}

// write is ExecutionContext.Write: everything is masked here.
func (g *githubJob) write(text string) {
	g.log.WriteString(g.masker.mask(text))
	g.log.WriteByte('\n')
}

func (g *githubJob) debug(text string) {
	if !g.debugging {
		return
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		g.write("##[debug]" + line)
	}
}

// addMask masks the whole value, then every line of it, trimmed. There is no
// shortest length (ActionCommandManager.cs, AddMaskCommandExtension).
func (g *githubJob) addMask(value string) error {
	for _, v := range wholeAndLines(value) {
		if err := g.masker.addValue(v); err != nil {
			return err
		}
		g.Masks = append(g.Masks, v)
	}
	return nil
}

// wholeAndLines is value as it is, then each line of it that is not blank,
// trimmed.
func wholeAndLines(value string) []string {
	all := []string{value}
	for _, line := range strings.FieldsFunc(value, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if line = strings.TrimSpace(line); line != "" && line != value {
			all = append(all, line)
		}
	}
	return all
}

func (g *githubJob) runStep(step Step) {
	s := &githubStep{githubJob: g, issues: map[string]int{}, outputs: map[string]string{}}
	for _, stream := range [][]byte{step.Stderr, step.Stdout} {
		for _, line := range netLines(stream) {
			s.line(line)
		}
	}
	s.outputFile(step.Outputs)
	s.summaryFile(step.Summary)
	g.Outputs = append(g.Outputs, s.outputs)
}

func (s *githubStep) outputFile(data []byte) {
	outputs, err := ParseOutputs(data)
	for name, value := range outputs {
		s.debug("Set output " + name + " = " + value)
		s.outputs[name] = value
	}
	if err == nil {
		return
	}
	s.Failed = true
	s.issue("error", "Unable to process file command 'output' successfully.", nil)
	var quoted *outputError
	if errors.As(err, &quoted) {
		s.issue("error", fmt.Sprintf("Invalid format '%s'", quoted.Quoted), nil)
	}
}

// summaryLimit is FileCommandManager.cs's _attachmentSizeLimit, in bytes.
const summaryLimit = 1024 * 1024

func (s *githubStep) summaryFile(data []byte) {
	if len(data) > summaryLimit {
		s.issue("error", "$GITHUB_STEP_SUMMARY upload aborted: too large", nil)
		return
	}
	for _, line := range netLines(data) {
		s.Summary += s.masker.mask(line) + "\n"
	}
}

// netLines is .NET's StreamReader.ReadLine, by which the runner reads both
// streams and the summary: "\n", "\r\n" and a lone "\r" end a line.
func netLines(data []byte) []string {
	text := string(data)
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	var lines []string
	for text != "" {
		i := strings.IndexAny(text, "\r\n")
		if i < 0 {
			return append(lines, text)
		}
		lines = append(lines, text[:i])
		if strings.HasPrefix(text[i:], "\r\n") {
			i++
		}
		text = text[i+1:]
	}
	return lines
}
