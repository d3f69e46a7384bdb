package ci

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

// vars is an environment of NAME=VALUE pairs.
func vars(pairs ...string) env.Lookup {
	return func(name string) (string, bool) {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value, true
			}
		}
		return "", false
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		env  []string
		want platform
	}{
		"a shell":                {nil, &plain{}},
		"GitHub":                 {[]string{"CI=true", "GITHUB_ACTIONS=true"}, &github{}},
		"act":                    {[]string{"GITHUB_ACTIONS=true", "ACT=true"}, &act{}},
		"Gitea":                  {[]string{"GITHUB_ACTIONS=true", "ACT=true", "GITEA_ACTIONS=true"}, &gitea{}},
		"Gitea without act's":    {[]string{"GITHUB_ACTIONS=true", "GITEA_ACTIONS=true"}, &gitea{}},
		"Forgejo":                {[]string{"GITHUB_ACTIONS=true", "ACT=true", "FORGEJO_ACTIONS=true"}, &gitea{}},
		"Forgejo, both names":    {[]string{"FORGEJO_ACTIONS=true", "GITEA_ACTIONS=true", "ACT=true"}, &gitea{}},
		"Woodpecker":             {[]string{"CI=woodpecker", "DRONE=true"}, &woodpecker{}},
		"Woodpecker's system":    {[]string{"CI=true", "CI_SYSTEM_NAME=woodpecker"}, &woodpecker{}},
		"Drone":                  {[]string{"CI=true", "DRONE=true"}, &drone{}},
		"GitLab":                 {[]string{"CI=true", "GITLAB_CI=true"}, &gitlab{}},
		"another spelling":       {[]string{"GITHUB_ACTIONS=True"}, &github{}},
		"exec of Gitea's":        {[]string{"GITHUB_ACTIONS=true", "ACT=true", "ACT_EXEC=true"}, &forgeExec{}},
		"exec of Forgejo's":      {[]string{"ACT=true", "ACT_EXEC=true", "FORGEJO_ACTIONS=true"}, &forgeExec{}},
		"set, but to no":         {[]string{"GITHUB_ACTIONS=false"}, &plain{}},
		"set, but empty":         {[]string{"GITHUB_ACTIONS="}, &plain{}},
		"GitHub, act denied":     {[]string{"GITHUB_ACTIONS=true", "ACT=false"}, &github{}},
		"act without its parent": {[]string{"ACT=true"}, &act{}},
	}
	for name, tt := range tests {
		if got := detect(vars(tt.env...)); reflect.TypeOf(got) != reflect.TypeOf(tt.want) {
			t.Errorf("%s: got %T, want %T", name, got, tt.want)
		}
	}
}

func TestMaskSpelling(t *testing.T) {
	t.Parallel()
	masks := func(forms ...string) []string {
		lines := make([]string, len(forms))
		for i, form := range forms {
			lines[i] = "::add-mask::" + form
		}
		return lines
	}
	tests := []struct {
		form                string
		github, act, forges []string
	}{
		{"plain", masks("plain"), masks("plain"), masks("plain")},
		{"two words", masks("two words"), masks("two words"), masks("two words")},
		{"100%", masks("100%25"), masks("100%"), masks("100%")},
		{"100%2x%3A", masks("100%252x%253A"), masks("100%2x%3A"), masks("100%2x%3A")},
		{"a%0Ab", masks("a%250Ab"), nil, masks("a%0Ab", "a%250Ab")},
		{"up%0Alonger", masks("up%250Alonger"), masks("0Alonger"), masks("0Alonger")},
		{"left%25right", masks("left%2525right"), masks("left", "25right"), masks("left%25right", "left%2525right")},
		{"left::right", masks("left::right"), []string{"##[add-mask]left::right"}, masks("left::right")},
		{"::right", masks("::right"), []string{"##[add-mask]::right"}, masks("::right")},
		{"left:right", masks("left:right"), masks("left:right"), masks("left:right")},
		{":right", masks(":right"), []string{"##[add-mask]:right"}, masks(":right")},
		{"left::ri%5Dght", masks("left::ri%255Dght"), []string{"##[add-mask]left::ri%5Dght"}, masks("left::ri%5Dght")},
		{"left]right", masks("left]right"), masks("left]right"), masks("left]right")},
		{
			"left::mid]right", masks("left::mid]right"),
			append(masks("left", "mid]right"), "##[add-mask]left::mid", "::add-mask::right"),
			masks("left::mid]right"),
		},
		{"left&+right", masks("left&+right"), masks("left&+right"), masks("left&+right")},
		{"left&+", masks("left&"), masks("left&+"), masks("left&+")},
		{"##[error]x", masks("##[error]x"), masks("##[error]x"), masks("##[error]x")},
	}
	for _, tt := range tests {
		for _, p := range []struct {
			platform platform
			want     []string
		}{
			{&github{}, tt.github}, {&act{}, tt.act}, {&gitea{}, tt.forges}, {&plain{}, nil},
		} {
			if d := cmp.Diff(p.want, p.platform.mask(tt.form)); d != "" {
				t.Errorf("%T, %q: %s", p.platform, tt.form, d)
			}
		}
	}
}

// exec of the forges' runners gets masks as act does, except where newer ones differ.
func TestMaskSpellingOfExec(t *testing.T) {
	t.Parallel()
	for form, want := range map[string][]string{
		"100%":            {"::add-mask::100%"},
		"left::right":     {"##[add-mask]left::right"},
		"left::ri%5Dght":  {"::add-mask::left", "::add-mask::ri%5Dght"},
		":ri%3Bght":       {"::add-mask::ri%3Bght"},
		"left:ri%5Dght":   {"::add-mask::left:ri%5Dght"},
		"left%25ri%5Dght": {"::add-mask::left", "::add-mask::25ri%5Dght"},
	} {
		if d := cmp.Diff(want, (&forgeExec{}).mask(form)); d != "" {
			t.Errorf("%q: %s", form, d)
		}
	}
}

// form makes what mask.Forms announces: one line of at least four characters
// without white space around it. It has no * in it: a runner's mark spells such
// a form by itself.
func form() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"::", ":", "%", "%25", "%0A", "%0D", "%3A", "]", "[", "##[", "&+", "&", `"`, "'", " ", "  ", "ab", "é", "0A",
			"::add-mask::", "::stop-commands::", "::error::", "##[error]", "##[add-mask]",
		}),
		rapid.StringMatching(`[!-)+-~]{1,6}`),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pieces"), ""))
	}).Filter(func(form string) bool { return len([]rune(form)) >= 4 })
}

// held are the runners and the platform whose masks each gets.
func held() map[runnertest.Oracle]platform {
	runners := map[runnertest.Oracle]platform{runnertest.GitHub(): &github{}}
	for _, oracle := range []runnertest.Oracle{runnertest.Gitea(), runnertest.GiteaRunner(), runnertest.Forgejo()} {
		runners[oracle] = &gitea{}
	}
	return runners
}

// A form that a platform was told of does not show in the rest of the job, nor
// in the telling.
func TestMasksHold(t *testing.T) {
	t.Parallel()
	for oracle, platform := range held() {
		t.Run(oracle.Name(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				form := form().Draw(t, "form")
				lines := platform.mask(form)
				if shown := tell(oracle, lines, form).Visible(); strings.Contains(shown, form) {
					t.Fatalf("shows in %q", shown)
				}
				told := tell(oracle, lines, "")
				if told.Failed || len(told.Commands) > 0 {
					t.Fatalf("the masks ran %v, failed %t", told.Commands, told.Failed)
				}
			})
		})
	}
}

// act cannot be told of every form; it holds those that one line can say, in
// whatever order it decodes escapes, and prints no other. So does exec of the forges'
// runners, which prints the telling too: it shows no form there either, nor what a
// runner's command would make of it.
func TestMasksHoldOnAct(t *testing.T) {
	t.Parallel()
	execs := runnertest.Exec()
	for i, oracle := range append(execs, runnertest.Act()...) {
		var told platform = &act{}
		if i < len(execs) {
			told = &forgeExec{}
		}
		t.Run(oracle.Name(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				form := form().Draw(t, "form")
				lines := told.mask(form)
				shown := tell(oracle, lines, "").Visible()
				if escaped := strings.TrimPrefix(addMask(form), newerMask); strings.Contains(shown, form) || strings.Contains(shown, escaped) {
					t.Fatalf("the telling shows in %q", shown)
				}
				_, whole := (&act{}).whole(form)
				if shown := tell(oracle, lines, form).Visible(); whole && strings.Contains(shown, form) {
					t.Fatalf("shows in %q", shown)
				}
			})
		})
	}
}

// Gitea's runner 1.0.8 may take an escape in a form for a line end, and masks the lines
// on both sides of it then. Nothing else of a form can show.
func TestMasksHoldOnGiteaRunner1(t *testing.T) {
	t.Parallel()
	for _, oracle := range runnertest.GiteaRunner1() {
		t.Run(oracle.Name(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				form := form().Draw(t, "form")
				lines := (&gitea{}).mask(form)
				short := strings.ContainsAny(escapes.Replace(form), "\r\n") && slices.ContainsFunc(decodedLines(form), tooShort)
				if shown := tell(oracle, lines, form).Visible(); !short && strings.Contains(shown, form) {
					t.Fatalf("shows in %q", shown)
				}
			})
		})
	}
}

// tell runs a job whose first step prints the masks, and a later one the form.
func tell(oracle runnertest.Oracle, masks []string, form string) runnertest.Transcript {
	told := strings.Join(masks, "\n") + "\n"
	return oracle.Run(runnertest.Job{Steps: []runnertest.Step{
		{Stdout: []byte(told)},
		{Stdout: fmt.Appendf(nil, "later <%s>\n", form)},
	}})
}
