package e2e

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// confined are the options that docs/containers.md shows.
var confined = []string{"--user=65534:65534", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"}

// containerCase is a create of DATABASE_URL. The files for outputs are the
// runner's, for others to read or, on other CIs, to write.
type containerCase struct {
	mode      os.FileMode
	options   []string
	offline   bool
	code      int
	errorCode string
}

var containerCases = map[string]containerCase{
	"as GitHub runs it":         {mode: 0o644},
	"confined":                  {mode: 0o666, options: confined},
	"root without capabilities": {mode: 0o666, options: confined[1:]},
	"without a network":         {mode: 0o644, offline: true, code: 1, errorCode: "network"},
	"confined without a network": {
		mode: 0o666, options: confined, offline: true, code: 1, errorCode: "network",
	},
}

func checkContainerSteps(t *testing.T, s site) {
	for name, tt := range containerCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.check(t, s)
		})
	}
	t.Run("GitHub's files are not for other users", func(t *testing.T) {
		t.Parallel()
		checkOtherUser(t, s)
	})
}

func (tt containerCase) check(t *testing.T, s site) {
	network := s.onNetwork()
	if tt.offline {
		network = []string{"--network=none"}
	}
	c := s.newStep(t, tt.mode, append(network, tt.options...)...)

	log, code := finish(t, c.command(t, creation))

	want := failure(c.vault, "DATABASE_URL", tt.errorCode)
	if tt.code == 0 {
		c.vault.holds(t, rotated)
		want = c.vault.outputs(t, "created", "true")
	} else {
		c.vault.untouched(t)
	}
	if diff := cmp.Diff(want, c.outputs(t)); diff != "" || code != tt.code {
		t.Errorf("exit code %d, want %d; outputs, - wanted, + set:\n%s", code, tt.code, diff)
	}
	c.checkShown(t, log)
}

// creation is the inputs of a step that makes rotated.
var creation = map[string]string{
	"env_key": rotated.EnvKey, "value": rotated.Value, "allowed_domains": rotated.Domains[0],
}

// checkShown checks that the log and the summary are there, and the value in
// neither.
func (c containerStep) checkShown(t *testing.T, log string) {
	t.Helper()
	checkHidden(t, []byte(log), freshValue, c.vault.Key)
	summary := c.summary(t)
	if !strings.Contains(log, "vault-secret "+builtVersion+"\n") || !strings.Contains(summary, "DATABASE&#95;URL") {
		t.Error("the log or the summary does not tell of the step")
	}
	if slices.ContainsFunc([]string{freshValue, c.vault.Key}, func(secret string) bool { return strings.Contains(summary, secret) }) {
		t.Error("the summary shows a secret")
	}
}

// Why the Dockerfile has no USER: a step that cannot tell its outputs does
// nothing.
func checkOtherUser(t *testing.T, s site) {
	c := s.newStep(t, 0o644, append(s.onNetwork(), "--user=65534:65534")...)

	log, code := finish(t, c.command(t, creation))

	c.vault.untouched(t)
	if code != 2 || !strings.Contains(log, "GITHUB_OUTPUT") || len(c.outputs(t)) > 0 {
		t.Errorf("exit code %d, want 2; the log names the file: %t", code, strings.Contains(log, "GITHUB_OUTPUT"))
	}
	checkHidden(t, []byte(log), freshValue, c.vault.Key)
}
