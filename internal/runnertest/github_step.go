package runnertest

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// githubStep is what actions/runner keeps for one step: ActionCommandManager
// is made anew for each, so that stopped commands work again in the next.
type githubStep struct {
	*githubJob
	stopped bool
	token   string
	issues  map[string]int // by type
	outputs map[string]string
}

func (s *githubStep) known(name string) bool {
	if _, ok := githubCommands[lower(name)]; ok {
		return true
	}
	return s.stopped && strings.EqualFold(name, s.token)
}

// line is OutputManager.OnDataReceived and TryProcessCommand. While commands
// are stopped each of them, add-mask too, is printed like any other text.
func (s *githubStep) line(line string) {
	c, ok := parseGitHub(line, s.known)
	switch {
	case !ok:
		s.write(line)
	case s.stopped:
		s.stopped = !strings.EqualFold(c.Name, s.token)
		s.write(line)
	case strings.EqualFold(c.Name, "stop-commands"):
		s.stop(c, line)
	default:
		c.Name = lower(c.Name)
		s.run(c, line)
	}
}

// stop follows ValidateStopToken: a token that is empty, a command's name or
// "pause-logging" is an error. What the runner does after that error is not
// settled by its source alone; the model fails the step and reads on.
func (s *githubStep) stop(c Command, line string) {
	if c.Data == "" || strings.EqualFold(c.Data, "pause-logging") || s.known(c.Data) {
		s.Failed = true
		s.issue("error", "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.", nil)
		return
	}
	s.stopped, s.token = true, c.Data
	s.Commands = append(s.Commands, Command{Name: "stop-commands", Data: c.Data, Properties: c.Properties})
	if utf16Len(c.Data) > 6 && s.masker.addValue(c.Data) == nil {
		s.Masks = append(s.Masks, c.Data)
	}
	s.write(line)
}

func (s *githubStep) run(c Command, line string) {
	if s.echo && githubCommands[c.Name] {
		s.write(line)
	}
	err := s.execute(c)
	if err == nil {
		if c.Name != "add-mask" {
			s.Commands = append(s.Commands, c)
		}
		return
	}
	if !githubCommands[c.Name] {
		line = c.Name
	}
	s.Failed = true
	s.issue("error", fmt.Sprintf("Unable to process command '%s' successfully.", line), nil)
	s.issue("error", err.Error(), nil)
}

// runnerWords is an error in the spelling in which the runner logs it.
type runnerWords string

func (w runnerWords) Error() string { return string(w) }

func (s *githubStep) execute(c Command) error {
	switch c.Name {
	case "add-mask":
		return s.maskCommand(c.Data)
	case "set-env", "add-path":
		return runnerWords(fmt.Sprintf("The `%s` command is disabled.", c.Name))
	case "set-output", "save-state":
		return s.setOutput(c)
	case "debug":
		s.debug(c.Data)
	case "notice", "warning", "error":
		s.issue(c.Name, c.Data, c.Properties)
	case "group":
		s.write("##[group]" + c.Data)
	case "endgroup":
		s.write("##[endgroup]")
	case "echo":
		return s.setEcho(c.Data)
	}
	return nil
}

func (s *githubStep) maskCommand(value string) error {
	if strings.TrimSpace(value) == "" {
		s.issue("warning", "Can't add secret mask for empty string in ##[add-mask] command.", nil)
		return nil
	}
	if s.echo {
		s.write("::add-mask::***")
	}
	return s.addMask(value)
}

func (s *githubStep) setOutput(c Command) error {
	name := c.Properties["name"]
	if name == "" {
		return runnerWords(fmt.Sprintf("Required field 'name' is missing in ##[%s] command.", c.Name))
	}
	if c.Name == "set-output" {
		s.outputs[name] = c.Data
	}
	s.debug(name + "='" + c.Data + "'")
	return nil
}

func (s *githubStep) setEcho(value string) error {
	switch lower(strings.TrimSpace(value)) {
	case "on":
		s.echo = true
	case "off":
		s.echo = false
	default:
		return runnerWords(fmt.Sprintf("Invalid echo command value. Current value is: '%s'.", value))
	}
	return nil
}

// Limits of ExecutionContext.cs: _maxIssueMessageLength, in UTF-16 units, and
// _maxCountPerIssueType, per step.
const (
	issueLength = 4096
	issueCount  = 10
)

// issue is ExecutionContext.AddIssue: the message is masked and then cut; the
// properties go out as they came.
func (s *githubStep) issue(kind, message string, properties map[string]string) {
	message = cutUTF16(s.masker.mask(message), issueLength)
	s.write("##[" + kind + "]" + message)
	if s.issues[kind]++; s.issues[kind] > issueCount {
		return
	}
	s.Annotations = append(s.Annotations, Annotation{Type: kind, Message: message, Properties: properties})
}

func cutUTF16(s string, units int) string {
	if len(s) <= units {
		return s
	}
	if u := utf16.Encode([]rune(s)); len(u) > units {
		return string(utf16.Decode(u[:units]))
	}
	return s
}
