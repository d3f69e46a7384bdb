package runnertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// actions/runner ActionCommand.cs: Split with RemoveEmptyEntries.
func TestGitHubProperties(t *testing.T) {
	t.Parallel()
	got := run(GitHub(), "::error  title=a=b,,File==c,=d=e,f=,g,h=%2C%3A%250A ::x\n##[error title=a,b;file=c]y\n").Annotations
	want := []Annotation{
		{"error", "x", map[string]string{"title": "a=b", "file": "c", "d": "e", "h": ",:%0A"}},
		{"error", "y", map[string]string{"title": "a,b", "file": "c"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// actions/runner ActionCommandManager.cs, ValidateStopToken.
func TestGitHubRefusesStopTokens(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "pause-logging", "Pause-Logging", "error", "ADD-MASK"} {
		got := run(GitHub(), "::stop-commands::"+token+"\n::add-mask::hidden\nhidden\n")
		if !got.Failed || !strings.HasSuffix(got.Log, "\n***\n") {
			t.Errorf("token %q stopped commands: %q", token, got.Log)
		}
	}
}

// actions/runner HostContext.cs and ValueEncoders.cs. A value that an encoder
// cannot take is not masked at all, and fails the step.
func TestGitHubMasksEncodedForms(t *testing.T) {
	t.Parallel()
	type forms map[string]struct{ Value, Form string }
	var groups struct{ Masked, Shown forms }
	load(t, "encoders.yaml", &groups)
	check := func(name, value, form, want string) {
		if got := run(GitHub(), "::add-mask::"+escapeForTest(value)+"\n<"+form+">\n").Log; got != "<"+want+">\n" {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for name, c := range groups.Masked {
		check(name, c.Value, c.Form, "***")
	}
	for name, c := range groups.Shown {
		check(name, c.Value, c.Form, c.Form)
	}
	if got := run(GitHub(), "::add-mask::tail&+\ntail&+\n"); !got.Failed || !strings.Contains(got.Log, "\ntail&+\n") {
		t.Errorf("a value with &+ only at its end is masked: %q", got.Log)
	}
}

func escapeForTest(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// actions/runner ExecutionContext.cs, AddIssue.
func TestGitHubAnnotations(t *testing.T) {
	t.Parallel()
	got := run(GitHub(), "::add-mask::hidden\n::error title=hidden::hidden\n")
	want := []Annotation{{"error", "***", map[string]string{"title": "hidden"}}}
	if diff := cmp.Diff(want, got.Annotations); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(got.Visible(), "title=hidden") {
		t.Error("a title that is not masked does not count as visible")
	}
	long := run(GitHub(), "::add-mask::hidden\n::error::hidden"+strings.Repeat("é", 5000)+"\n").Annotations[0].Message
	if n := len([]rune(long)); n != 4096 || !strings.HasPrefix(long, "***é") {
		t.Errorf("a long message has %d characters", n)
	}
	many := run(GitHub(), strings.Repeat("::error::x\n::notice::y\n", 12), "::error::z\n")
	if len(many.Annotations) != 21 || strings.Count(many.Log, "##[error]") != 13 {
		t.Errorf("%d annotations, log %q", len(many.Annotations), many.Log)
	}
}

// actions/runner FileCommandManager.cs.
func TestGitHubFiles(t *testing.T) {
	t.Parallel()
	mask := []byte("::add-mask::hidden\n")
	job := Job{Steps: []Step{{Stdout: mask, Outputs: []byte("a=hidden\n"), Summary: []byte("# hidden\r\nx")}}}
	got := GitHub().Run(job)
	if got.Summary != "# ***\nx\n" || got.Outputs[0]["a"] != "hidden" || got.Log != "" {
		t.Errorf("got %+v", got)
	}
	job.Debug = true
	if got := GitHub().Run(job).Log; !strings.Contains(got, "##[debug]Set output a = ***\n") {
		t.Errorf("debug log %q", got)
	}
	bad := GitHub().Run(Job{Steps: []Step{{Stdout: mask, Outputs: []byte("a=1\nb hidden\n")}}})
	if !bad.Failed || bad.Outputs[0]["a"] != "1" || !strings.Contains(bad.Log, "'b ***'") {
		t.Errorf("got %+v", bad)
	}
	big := GitHub().Run(Job{Steps: []Step{{Summary: make([]byte, 1024*1024+1)}}})
	if big.Failed || big.Summary != "" || len(big.Annotations) != 1 {
		t.Errorf("a summary that is too large: %d annotations", len(big.Annotations))
	}
	full := GitHub().Run(Job{Steps: []Step{{Summary: make([]byte, 1024*1024)}}})
	if len(full.Summary) != 1024*1024+1 {
		t.Errorf("a summary of the largest size has %d bytes", len(full.Summary))
	}
}

func TestGitHubDebug(t *testing.T) {
	t.Parallel()
	out := []byte("::add-mask::hidden\n::debug::a%0Ahidden\n::set-output name=o::hidden\n")
	got := GitHub().Run(Job{Debug: true, Steps: []Step{{Stdout: out}}})
	want := "::add-mask::***\n##[debug]a\n##[debug]***\n::set-output name=o::***\n##[debug]o='***'\n"
	if diff := cmp.Diff(want, got.Log); diff != "" {
		t.Error(diff)
	}
	if got.Outputs[0]["o"] != "hidden" || len(got.Commands) != 2 {
		t.Errorf("got %+v", got)
	}
}

// The masker against the plain reading of SecretMasker.cs: mark every byte
// that some mask covers, and replace each run of hits that touch.
func FuzzMasker(f *testing.F) {
	f.Add("abc bcd", "xabcdyabcbcd")
	f.Fuzz(func(t *testing.T, masks, text string) {
		m := newMasker()
		var forms []string
		for _, form := range strings.Split(masks, " ") {
			m.file(form)
			forms = append(forms, form)
		}
		if got, want := m.mask(text), plainMask(forms, text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func plainMask(forms []string, text string) string {
	joined := make([]bool, len(text)+1) // no run ends between i-1 and i
	hit := make([]bool, len(text))
	for _, form := range forms {
		for i := 0; form != "" && i+len(form) <= len(text); i++ {
			if text[i:i+len(form)] != form {
				continue
			}
			for k := i; k < i+len(form); k++ {
				hit[k] = true
				joined[k+1] = true
			}
		}
	}
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !hit[i]:
			b.WriteByte(text[i])
		case i == 0 || !hit[i-1] || !joined[i]:
			b.WriteString("***")
		}
	}
	return b.String()
}

func FuzzGitHub(f *testing.F) {
	f.Add("::add-mask::abc\nabc\n", "::stop-commands::x\n")
	f.Fuzz(func(t *testing.T, first, second string) {
		got := GitHub().Run(Job{Steps: []Step{
			{Stdout: []byte(first), Stderr: []byte(second), Outputs: []byte(second), Summary: []byte(first)},
			{Stdout: []byte("::add-mask::0123456789\n::error::0123456789\n0123456789\n")},
		}})
		if strings.HasSuffix(got.Log, "0123456789\n") {
			t.Error("a mask does not hold")
		}
		if len(got.Outputs) != 2 {
			t.Error(fmt.Sprint(len(got.Outputs), " steps"))
		}
	})
}
