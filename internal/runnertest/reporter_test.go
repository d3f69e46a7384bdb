package runnertest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// actions/runner JobExtension.cs, and the runner of 2026.
func TestOutputsWithASecretAreDroppedByThose(t *testing.T) {
	t.Parallel()
	outputs := map[string]string{"a": "1", "c": "{z}", "b": "x{z"}
	for _, o := range Oracles() {
		kept, dropped := run(o, "::add-mask::{z\n").JobOutputs(outputs)
		wantKept, wantDropped := outputs, []string(nil)
		if o.Name() == "github" || o.Name() == "gitea runner 2026" {
			wantKept, wantDropped = map[string]string{"a": "1"}, []string{"b", "c"}
		}
		if diff := cmp.Diff(wantKept, kept) + cmp.Diff(wantDropped, dropped); diff != "" {
			t.Errorf("%s: %s", o.Name(), diff)
		}
	}
}

// reporter.go, duringSteps: in the first step, and only there, outputs are logged.
func TestReportersOutputs(t *testing.T) {
	t.Parallel()
	silent := Job{Steps: []Step{{Outputs: []byte("a=1\n")}, {Outputs: []byte("b=1\n")}}}
	if got := Forgejo().Run(silent).Log; got != "  ⚙  ::set-output:: a=1\n" {
		t.Errorf("forgejo: %q", got)
	}
	long := Step{Outputs: []byte("a=1\nb=" + strings.Repeat("x", 1<<16) + "\n")}
	for _, o := range []Oracle{Gitea(), GiteaRunner(), Forgejo()} {
		if got := o.Run(Job{Steps: []Step{long}}); len(got.Outputs[0]) != 1 || got.Failed {
			t.Errorf("%s: %d outputs", o.Name(), len(got.Outputs[0]))
		}
	}
}

// rankedMasks against strings.Replacer itself.
func FuzzRankedMasks(f *testing.F) {
	f.Add("ab abcd cd", "xabcdabcdc")
	f.Fuzz(func(t *testing.T, masks, text string) {
		m := &rankedMasks{}
		var pairs []string
		for mask := range strings.SplitSeq(masks, " ") {
			m.add(mask)
			pairs = append(pairs, mask, "***")
		}
		if got, want := m.replace(text), strings.NewReplacer(pairs...).Replace(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func FuzzOracles(f *testing.F) {
	f.Add("::add-mask::abc\nabc\n", "##[stop-commands]x\n", "one\ntwo")
	f.Fuzz(func(t *testing.T, out, errs, secret string) {
		job := Job{
			Secrets: []string{secret},
			Steps: []Step{
				{Stdout: []byte(out), Stderr: []byte(errs), Outputs: []byte(errs), Summary: []byte(out)},
				{Stdout: []byte(errs)},
			},
		}
		for _, o := range Oracles() {
			got, again := o.Run(job), o.Run(job)
			if len(got.Outputs) != 2 || got.Visible() != again.Visible() {
				t.Errorf("%s does not give the same twice", o.Name())
			}
			got.Masked(out)
		}
	})
}
