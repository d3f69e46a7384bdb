package runnertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func run(o Oracle, stdout ...string) Transcript {
	var job Job
	for _, text := range stdout {
		job.Steps = append(job.Steps, Step{Stdout: []byte(text)})
	}
	return o.Run(job)
}

type logCase struct{ name, out, want string }

func checkLogs(t *testing.T, o Oracle, cases []logCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, run(o, tt.out).Log); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// actions/runner ActionCommand.cs, ActionCommandManager.cs, OutputManager.cs.
func TestGitHubCommands(t *testing.T) {
	t.Parallel()
	checkLogs(t, GitHub(), []logCase{
		{"text", "a\n\nb", "a\n\nb\n"},
		{"all line ends", "a\rb\r\nc\n", "a\nb\nc\n"},
		{"command after a lone carriage return", "progress\r::error::x\n", "progress\n##[error]x\n"},
		{"error", "::error::x\n", "##[error]x\n"},
		{"leading blanks", " \t::error::x\n", "##[error]x\n"},
		{"not at the start", "a ::error::x\n", "a ::error::x\n"},
		{"case folds", "::ERROR::x\n", "##[error]x\n"},
		{"properties", "::error title=t,file=f::x\n", "##[error]x\n"},
		{"data may hold the mark", "::error::x::y\n", "##[error]x::y\n"},
		{"unknown", "::nothing::x\n", "::nothing::x\n"},
		{"no second mark", "::error:x\n", "::error:x\n"},
		{"v1 anywhere", "a ##[error]x\n", "##[error]x\n"},
		{"v1 after an unknown v2", "::a::##[error]x\n", "##[error]x\n"},
		{"v1 counts the first only", "##[a] ##[error]x\n", "##[a] ##[error]x\n"},
		{"v2 unescapes in order", "::error::%250A%25%0A%3A%0a\n", "##[error]%0A%\n%3A%0a\n"},
		{"v1 unescapes in order", "##[error]%3B%5D%250A%0A%3A\n", "##[error];]%0A\n%3A\n"},
		{"group", "::group::x\ny\n::endgroup::z\n", "##[group]x\ny\n##[endgroup]\n"},
		{"debug is off", "::debug::x\n", ""},
		{"warning and notice", "::warning::x\n::notice::y\n", "##[warning]x\n##[notice]y\n"},
		{"echo", "::echo::on\n::group::x\n::error::y\n::add-mask::zz\n", "::group::x\n##[group]x\n##[error]y\n::add-mask::***\n"},
		{"set-env is off", "::set-env name=a::x\n", "##[error]Unable to process command '::set-env name=a::x' successfully.\n##[error]The `set-env` command is disabled.\n"},
		{"output without a name", "::set-output::x\n", "##[error]Unable to process command '::set-output::x' successfully.\n##[error]Required field 'name' is missing in ##[set-output] command.\n"},
	})
}

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

// actions/runner ActionCommandManager.cs, ValidateStopToken and TryProcessCommand.
func TestGitHubStopCommands(t *testing.T) {
	t.Parallel()
	checkLogs(t, GitHub(), []logCase{
		{"stopped and resumed", "::stop-commands::tok\n::error::x\n::TOK::\n::error::y\n", "::stop-commands::tok\n::error::x\n::TOK::\n##[error]y\n"},
		{"add-mask is printed and ignored", "a ##[stop-commands]tok\n::add-mask::hidden\nhidden\n", "a ##[stop-commands]tok\n::add-mask::hidden\nhidden\n"},
		{"long token is masked", "::stop-commands::longtoken\n::longtoken::\nlongtoken\n", "::stop-commands::***\n::***::\n***\n"},
		{"six characters are not", "::stop-commands::sixsix\nsixsix\n", "::stop-commands::sixsix\nsixsix\n"},
		{"token is data", "::stop-commands::a b\n::a b::\n::error::x\n", "::stop-commands::a b\n::a b::\n::error::x\n"},
		{"v1 resumes", "::stop-commands::tok\n##[tok]\n::error::x\n", "::stop-commands::tok\n##[tok]\n##[error]x\n"},
	})
	for _, token := range []string{"", "pause-logging", "Pause-Logging", "error", "ADD-MASK"} {
		got := run(GitHub(), "::stop-commands::"+token+"\n::add-mask::hidden\nhidden\n")
		if !got.Failed || !strings.HasSuffix(got.Log, "\n***\n") {
			t.Errorf("token %q stopped commands: %q", token, got.Log)
		}
	}
	if got := run(GitHub(), "::stop-commands::tok\n", "::error::x\n").Log; !strings.HasSuffix(got, "##[error]x\n") {
		t.Errorf("commands stay stopped in the next step: %q", got)
	}
}

// actions/runner ActionCommandManager.cs, AddMaskCommandExtension.
func TestGitHubAddMask(t *testing.T) {
	t.Parallel()
	const warning = "##[warning]Can't add secret mask for empty string in ##[add-mask] command.\n"
	checkLogs(t, GitHub(), []logCase{
		{"not before", "hidden\n::add-mask::hidden\nhidden\n", "hidden\n***\n"},
		{"escaped", "::add-mask::a%25b\na%b a%25b\n", "*** ***\n"},
		{"no unescape twice", "::add-mask::a%250Ab\na%0Ab\n", "***\n"},
		{"mark in the value", "::add-mask::abc::def\nabc::def abc\n", "*** abc\n"},
		{"blanks are not trimmed", "::add-mask:: ab \nab\n ab \n", "***\n***\n"},
		{"one character", "::add-mask::{\n{a}\n", "***a}\n"},
		{"lines, trimmed", "::add-mask::one%0A  two %0D%0A%0Athree\none two three\n", "*** *** ***\n"},
		{"empty", "::add-mask::\n", warning},
		{"blank", "::add-mask:: %0A\n", warning},
		{"v1", "x ##[add-mask]a%5Db\na]b\n", "***\n"},
		{"adjacent and overlapping become one", "::add-mask::abcd\n::add-mask::cdef\nabcdef abcdabcd xcdefy\n", "*** *** x***y\n"},
		{"a mask overlapping itself", "::add-mask::aba\nababa\n", "***\n"},
		{"the shorter at the same place", "::add-mask::ab\n::add-mask::abcd\nabcd abc\n", "*** ***c\n"},
	})
	if got := run(GitHub(), "::add-mask::hidden\n", "hidden\n").Log; got != "***\n" {
		t.Errorf("masks end with the step: %q", got)
	}
	if got := run(GitHub(), "::add-mask::tail&+\ntail&+\n"); !got.Failed || !strings.Contains(got.Log, "\ntail&+\n") {
		t.Errorf("a value with &+ only at its end is masked: %q", got.Log)
	}
}

// actions/runner HostContext.cs and ValueEncoders.cs. The forms on the right
// were worked out by hand or with other programs.
func TestGitHubEncoders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, form, want string }{
		{"base64", "secret-é", "c2VjcmV0LcOp", "***"},
		{"base64 padded", "secret", "c2VjcmV0", "***"},
		{"base64 from the second byte", "user:pass", "c2VyOnBhc3M=", "***"},
		{"base64 from the third byte", "user:pass", "ZXI6cGFzcw==", "***"},
		{"base64 without padding is not covered", "ab-cd", "YWItY2Q", "YWItY2Q"},
		{"base64url is not covered", "\u07ff\u07ff\u07ff\u07ff", "37_fv9-_", "37_fv9-_"},
		{"hex is not covered", "secret", "736563726574", "736563726574"},
		{"command line", `say "hi"`, `say \"hi\"`, "***"},
		{"expression", "it's", "it''s", "***"},
		{"json", "a\"b\\c\td\x01\u0085\u2028/<&'", `a\"b\\c\td\u0001\u0085\u2028/<&'`, "***"},
		{"go's json is not covered", "key<&>", `key\u003c\u0026\u003e`, `key\u003c\u0026\u003e`},
		{"uri", "a b/é~", "a%20b%2F%C3%A9~", "***"},
		{"form encoding is not covered", "a b/c", "a+b%2Fc", "a+b%2Fc"},
		{"xml", `<a "b" & 'c'>`, "&lt;a &quot;b&quot; &amp; &apos;c&apos;&gt;", "***"},
		{"quotes", `"1234567"`, "1234567", "***"},
		{"quotes, short", `"123456"`, "123456", "123456"},
		{"before the ampersand", "first&second&third!", "first&second&", "***"},
		{"after the ampersand", "first&second&third!", "third!", "***"},
		{"after the ampersand, short", "first&second&third", "third", "third"},
		{"before the colour", "first&+second&third", "first&+", "***"},
		{"after the colour", "first&+second&third", "econd&third", "***"},
	} {
		got := run(GitHub(), "::add-mask::"+escapeForTest(tt.value)+"\n<"+tt.form+">\n").Log
		if got != "<"+tt.want+">\n" {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
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

// actions/runner ProcessInvoker.cs: of one batch, standard error comes first.
func TestGitHubStreams(t *testing.T) {
	t.Parallel()
	got := GitHub().Run(Job{Steps: []Step{{
		Stdout: []byte("::add-mask::hidden\nhidden\n"), Stderr: []byte("hidden"),
	}}}).Log
	if got != "hidden\n***\n" {
		t.Errorf("got %q", got)
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

// actions/runner JobExtension.cs.
func TestGitHubJobOutputs(t *testing.T) {
	t.Parallel()
	kept, dropped := run(GitHub(), "::add-mask::{\n").JobOutputs(map[string]string{"a": "1", "c": "{}", "b": "x{"})
	if diff := cmp.Diff(map[string]string{"a": "1"}, kept); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b", "c"}, dropped); diff != "" {
		t.Error(diff)
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

// actions/runner Worker.cs.
func TestGitHubSecrets(t *testing.T) {
	t.Parallel()
	got := GitHub().Run(Job{Secrets: []string{" one\ntwo \n"}, Steps: []Step{{Stdout: []byte("one two\n")}}})
	if got.Log != "*** ***\n" {
		t.Errorf("got %q", got.Log)
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
