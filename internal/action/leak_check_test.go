package action

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// check runs a job of which the program is a step, and then the rest of it.
func (s scene) check(t rapid.TB, dir string) {
	t.Helper()
	step, code := s.step(t, dir)
	key := samples.Sample{Text: samples.Key}
	forms := append(s.Forms(s.parts, s.head, s.tail), key.Forms(s.parts, s.head, s.tail)...)
	log := own(step.Stdout)
	forms = slices.DeleteFunc(forms, s.open)
	o := &ours{scene: s, t: t, dir: dir}
	s.checkOwn(t, forms, step, log, o)
	for _, runner := range s.runners {
		after := runner.Run(runnertest.Job{Steps: s.steps(step, "")})
		s.checkCommands(t, runner.Name(), after, step, code)
		if !slices.ContainsFunc(samples.OwnLines(s.Text), s.overmasked) {
			if !o.touchedBy(after, step) {
				s.checkUntouched(t, runner.Name(), after, step, log)
			}
			s.checkReadable(t, runner.Name(), after)
		}
		after = runner.Run(runnertest.Job{Steps: s.steps(step, s.Printed(forms, s.head, s.tail))})
		shown := withoutFrames(withoutProperties(after).Visible())
		for _, form := range forms {
			if strings.Contains(shown, form) && (!s.onAct() || !beyondAct(form, forms)) {
				t.Errorf("%s: of %q, form %q survives in %q", runner.Name(), s.Text, form, around(shown, form))
			}
		}
	}
}

// open reports whether a form is a text that the inputs of a scene say in the open, and
// only a part of the value.
func (s scene) open(form string) bool {
	said := []string{"DATABASE_URL", "NEW", "wider.example.com", leakVault}
	if !s.many {
		said = []string{"wider.example.com", leakVault, leakSecret}
	}
	return slices.Contains(said, form) && !slices.Contains(samples.OwnLines(strings.TrimSpace(s.Text)), form)
}

func (s scene) onForge() bool { return s.env["GITEA_ACTIONS"] != "" }

// hasTextAlone reports whether errors and warnings are lines of text there.
func (s scene) hasTextAlone() bool { return s.onForge() || s.env["ACT_EXEC"] != "" }

func (s scene) onAct() bool { return s.env["ACT"] != "" && !s.onForge() }

// beyondAct reports whether act cannot be told of a form: it would decode what
// stands in it in an order that it leaves to chance, or take a part of it for the
// command's name, and between those signs there is no piece of four characters,
// the least that may be masked; or whether it is such a form and white space. See
// the comment on the platform act.
func beyondAct(form string, all []string) bool {
	return slices.ContainsFunc(all, func(other string) bool {
		pieces := strings.FieldsFunc(strings.ReplaceAll(other, "::", "%"), func(r rune) bool { return r == '%' || r == ']' })
		return strings.Contains(form, other) && len(samples.AtLeast(4, pieces...)) == 0
	})
}

// around is what of a text stands beside its first occurrence of a form.
func around(text, form string) string {
	at := strings.Index(text, form)
	return text[max(0, at-60):min(len(text), at+len(form)+60)]
}

// steps are those of the job: perhaps one before ours, ours, and two later ones,
// one of which prints to standard error.
func (s scene) steps(step runnertest.Step, later string) []runnertest.Step {
	var steps []runnertest.Step
	if !s.first {
		steps = append(steps, runnertest.Step{Stdout: []byte("before\n")})
	}
	half := len(later) / 2
	half += strings.IndexByte(later[half:], '\n') + 1
	return append(steps, step, runnertest.Step{Stdout: []byte(later[half:]), Stderr: []byte(later[:half])})
}

// frames stand before our text in a command. A runner that prints them does so
// whatever the secret is.
var frames = []string{"::error title=vault-secret::", "::warning title=vault-secret::"}

// own are the lines of a log that are not masks, without frames and as a runner
// decodes them.
func own(log []byte) []string {
	var lines []string
	for line := range strings.Lines(string(log)) {
		if strings.HasPrefix(line, "::add-mask::") || strings.HasPrefix(line, "##[add-mask]") {
			continue
		}
		for _, frame := range frames {
			if data, ok := strings.CutPrefix(line, frame); ok {
				line = strings.ReplaceAll(data, "%25", "%")
			}
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return lines
}

// withoutFrames takes out of a transcript what a runner adds to our commands:
// the sign of an annotation and its title, and act, Forgejo and exec the frames as
// they came.
func withoutFrames(shown string) string {
	return strings.NewReplacer("\n##[error]", "\n", "\n##[warning]", "\n", "\ntitle=vault-secret\n", "\n\n",
		"  ⚙  ::add-mask::", "", "  ❗  ::error title=vault-secret::", "", "  🚧  ::warning title=vault-secret::", "",
		"\n::add-mask::", "\n", "\n##[add-mask]", "\n").Replace("\n" + shown)
}

// withoutProperties takes the properties out of annotations. A later step that
// prints a value as the property of a command is beyond every mask: GitHub's
// runner shows properties as they came (ExecutionContext.cs). Our own have fixed
// ones, which the first check sees.
func withoutProperties(after runnertest.Transcript) runnertest.Transcript {
	after.Annotations = slices.Clone(after.Annotations)
	for i := range after.Annotations {
		after.Annotations[i].Properties = nil
	}
	return after
}

// checkOwn checks that nothing we write needs a runner to hide it, but for words of
// our own: of such a one there is no more than where the server repeats nothing.
func (s scene) checkOwn(t rapid.TB, forms []string, step runnertest.Step, log []string, o *ours) {
	t.Helper()
	outputs, err := runnertest.ParseOutputs(step.Outputs)
	want := map[bool]int{false: 11, true: 23}[s.many]
	if s.command != nil && !s.command.JSON {
		want = 0
	}
	if err != nil || len(outputs) != want {
		t.Errorf("of %q, %d outputs, %v", s.Text, len(outputs), err)
	}
	text := hides.ReplaceAllLiteralString(strings.Join(log, "\n")+"\n"+string(step.Summary), "") + joined(outputs)
	for _, form := range forms {
		if n := strings.Count(text, form); n > 0 && !o.says(form, n) {
			t.Errorf("of %q, we print %q in %q", s.Text, form, around(text, form))
		}
	}
}

// hides is the line that names an output which a secret was taken out of.
var hides = regexp.MustCompile(`(?m)^(warning: |- )?The output [a-z&#95;_]+ contains the value or an encoding of it\. (Later steps see|Whoever reads it sees) ([*]{3}|(&#42;){3})\.$`)

// checkCommands checks that what ran is what we wrote: errors if the step
// failed, and on forges, which print annotations as they are, no command at all.
func (s scene) checkCommands(t rapid.TB, runner string, after runnertest.Transcript, step runnertest.Step, code int) {
	t.Helper()
	outputs, err := runnertest.ParseOutputs(step.Outputs)
	if err != nil {
		t.Errorf("of %q: %v", s.Text, err)
	}
	var ran []string
	for _, command := range after.Commands {
		if command.Name != "warning" || s.hasTextAlone() {
			ran = append(ran, command.Name)
		}
	}
	var want []string
	if code != 0 && !s.hasTextAlone() {
		want = errorsOf(outputs, step.Stdout)
	}
	if after.Failed || !slices.Equal(ran, want) {
		t.Errorf("%s: of %q, failed %t, ran %q", runner, s.Text, after.Failed, ran)
	}
}

// checkUntouched checks that masks alter nothing that we wrote. It leaves out what
// is beyond the bound of internal/mask: of a long text, lines escaped one by one
// are masked by GitHub's runner alone.
func (s scene) checkUntouched(t rapid.TB, runner string, after runnertest.Transcript, step runnertest.Step, log []string) {
	t.Helper()
	if len(s.Text) > 8<<10 && len(samples.OwnLines(s.Text)) > 1 {
		return
	}
	for _, line := range append(log, strings.Split(string(step.Summary), "\n")...) {
		if masked := after.Masked(line); masked != line {
			t.Errorf("%s: of %q, our %q becomes %q", runner, s.Text, line, masked)
		}
	}
	outputs, err := runnertest.ParseOutputs(step.Outputs)
	if _, dropped := after.JobOutputs(outputs); err != nil || len(dropped) > 0 {
		t.Errorf("%s: of %q, %v, drops %q", runner, s.Text, err, dropped)
	}
}

// short are words of a log that stay as they are, whatever the secret is.
var short = []string{"{", "}", "[", "]", "0", "1", "a", "e", "on", "no", "ok", "yes", "id", "%", "%25", "%0A", "::", "##[", ":", "***", "\"", "\\n", "&", "x=1"}

// checkReadable checks that no text under four characters is masked: not one of
// a usual log, and not one of the value.
func (s scene) checkReadable(t rapid.TB, runner string, after runnertest.Transcript) {
	t.Helper()
	for _, text := range append(pieces(s.Text), short...) {
		if masked := after.Masked(text); masked != text {
			t.Errorf("%s: of %q, the short %q becomes %q", runner, s.Text, text, masked)
		}
	}
}

var escape = regexp.MustCompile("%(25|0A|0D)")

// overmasked reports whether a line can only be hidden together with texts under
// four characters: on GitHub if there is nothing before a colour code but two
// characters (see github.mask), on forges if there is hardly anything beside an
// escape (see undecoded).
func (s scene) overmasked(line string) bool {
	if !s.onForge() {
		return utf8.RuneCountInString(line) == 4 && strings.HasSuffix(line, "&+")
	}
	left, right, found := strings.Cut(escape.ReplaceAllLiteralString(line, "\n"), "\n")
	return found && utf8.RuneCountInString(left) < 2 && utf8.RuneCountInString(right) < 2 && right != "\n"
}

// pieces are the texts of three characters and fewer in the first part of text.
func pieces(text string) []string {
	var all []string
	runes := []rune(text)
	for i := range min(len(runes), 80) {
		for n := 1; n <= 3 && i+n <= len(runes); n++ {
			all = append(all, string(runes[i:i+n]))
		}
	}
	return all
}
