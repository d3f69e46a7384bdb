package scripts

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	uses   = regexp.MustCompile(`(?m)^ *(?:- )?uses: *(.*)$`)
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	// ours becomes the release's own version in its commit (release-tree.sh).
	ours = "nairi-community/vault-secret@v1"
)

// problems are the rules that a workflow or an action breaks. Who can change a
// tag of another repository, a cache, a title of a pull request or a file of a
// fork must not come by a token of ours through them.
func problems(text string, w workflow) []string {
	var found []string
	for _, match := range uses.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(match[1], "./") && match[1] != ours && !pinned.MatchString(match[1]) {
			found = append(found, "not pinned: "+match[1])
		}
	}
	for _, trigger := range []string{"pull_request_target", "workflow_run"} {
		if _, on := w.On[trigger]; on {
			found = append(found, "runs on "+trigger)
		}
	}
	if w.Jobs != nil {
		found = append(found, jobProblems(w)...)
	}
	for _, s := range w.steps() {
		found = append(found, stepProblems(s)...)
	}
	return found
}

func jobProblems(w workflow) []string {
	var found []string
	if w.Permissions == nil || len(*w.Permissions) > 0 {
		found = append(found, "permissions are not {} at the top")
	}
	if !w.inTurn() {
		found = append(found, "no concurrency")
	}
	for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
		j := w.Jobs[name]
		if j.Timeout == 0 && j.Uses == "" {
			found = append(found, name+": no timeout")
		}
		if j.Permissions == nil {
			found = append(found, name+": no permissions of its own")
		}
		if j.writes() && slices.ContainsFunc(j.Steps, step.builds) {
			found = append(found, name+": builds with a token or key that writes to the repository")
		}
	}
	return found
}

// writes reports whether a job has a token that writes to the repository, or the
// deploy key, which is in the environment for releases.
func (j job) writes() bool { return j.Permissions["contents"] == "write" || j.Environment == "release" }

func (s step) builds() bool {
	return strings.HasPrefix(s.Uses, "actions/setup-go@") || strings.Contains(s.Run, "make ") || strings.Contains(s.Run, "go ")
}

func stepProblems(s step) []string {
	var found []string
	action, _, _ := strings.Cut(s.Uses, "@")
	switch {
	case action == "actions/checkout" && s.With["persist-credentials"] != false:
		found = append(found, "checkout keeps its token")
	case action == "actions/setup-go" && s.With["cache"] != false, action == "actions/cache":
		found = append(found, "uses a cache")
	case action == "actions/download-artifact" && s.With["artifact-ids"] == nil:
		found = append(found, "takes an artifact that any job can replace")
	}
	if strings.Contains(s.Run, "${{") {
		found = append(found, "an expression in a script: "+s.Run)
	}
	if strings.Count(strings.TrimSpace(s.Run), "\n") > 1 {
		found = append(found, "a script that no test runs: "+s.Run)
	}
	return found
}

func TestWorkflowsKeepTheRules(t *testing.T) {
	t.Parallel()
	all := workflows(t)
	for name, text := range all {
		if found := problems(text, parse(t, text)); found != nil {
			t.Errorf("%s:\n%s", name, strings.Join(found, "\n"))
		}
	}
	for _, name := range []string{"ci", "codeql", "dependency-review", "govulncheck", "release", "scorecard", "try"} {
		if all[".github/workflows/"+name+".yml"] == "" {
			t.Errorf("no workflow %s", name)
		}
	}
}

func TestRulesFindWhatIsBad(t *testing.T) {
	t.Parallel()
	bad := here.read(t, "scripts/testdata/bad.yml")
	want := []string{
		"not pinned: actions/checkout@v5",
		"not pinned: actions/setup-go@44694675825211faa026b3c33043df3e48a5fa00",
		"runs on pull_request_target",
		"permissions are not {} at the top",
		"no concurrency",
		"one: no timeout",
		"one: no permissions of its own",
		"three: builds with a token or key that writes to the repository",
		"two: builds with a token or key that writes to the repository",
		"checkout keeps its token",
		"uses a cache",
		"takes an artifact that any job can replace",
		"an expression in a script: echo ${{ github.head_ref }}",
		"a script that no test runs: one\ntwo\nmake three\n",
	}
	if diff := cmp.Diff(want, problems(bad, parse(t, bad))); diff != "" {
		t.Errorf("- wanted, + found:\n%s", diff)
	}
}
