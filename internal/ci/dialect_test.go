package ci

import "testing"

func TestEachPlatformHasItsDialect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		vars []string
		want Dialect
	}{
		{[]string{"GITHUB_ACTIONS=true", "CI=true"}, Expressions},
		{[]string{"GITEA_ACTIONS=true"}, Expressions},
		{[]string{"FORGEJO_ACTIONS=true"}, Expressions},
		{[]string{"ACT=true"}, Expressions},
		{[]string{"CI=woodpecker"}, Settings},
		{[]string{"CI=true", "CI_SYSTEM_NAME=woodpecker"}, Settings},
		{[]string{"CI=drone"}, DroneSettings},
		{[]string{"CI=true", "DRONE=true"}, DroneSettings},
		{[]string{"CI=woodpecker", "DRONE=true"}, Settings},
		{[]string{"CI=true", "GITLAB_CI=true"}, Variables},
		{[]string{"CI=true"}, Variables},
		{nil, Variables},
	} {
		if got := DialectOf(vars(test.vars...)); got != test.want {
			t.Errorf("%q: %d, want %d", test.vars, got, test.want)
		}
	}
}

// An expression for a number goes by its text: 0 is as false as an empty one.
func TestWhyEmptySaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		dialect    Dialect
		word, want string
	}{
		{Expressions, "false", "An expression such as ${{ inputs.x_y }} is empty in a run that has no such input, as on a push or a schedule. Write ${{ inputs.x_y || false }}, or leave x_y out"},
		{Expressions, "5", "An expression such as ${{ inputs.x_y }} is empty in a run that has no such input, as on a push or a schedule. Write ${{ format('{0}', inputs.x_y) || '5' }}, or leave x_y out"},
		{Expressions, "", "An expression such as ${{ inputs.x_y }} is empty in a run that has no such input, as on a push or a schedule. Write ${{ format('{0}', inputs.x_y) || 'none' }}, or leave x_y out"},
		{Settings, "false", "A setting that takes its value from a variable is empty if that variable is not set. Write x_y: false, or leave it out"},
		{Settings, "", "A setting that takes its value from a variable is empty if that variable is not set. Write x_y: …, or leave it out"},
		{DroneSettings, "false", "Drone passes an empty setting only if the secret that from_secret names does not exist. Write x_y: false, or leave it out"},
		{Variables, "false", "A variable that takes its value from another one is empty if that one is not set. Write INPUT_X_Y=false, or leave it out"},
		{Variables, "", "A variable that takes its value from another one is empty if that one is not set. Write INPUT_X_Y=…, or leave it out"},
	} {
		if got := test.dialect.WhyEmpty("x_y", test.word, "none"); got != test.want {
			t.Errorf("%d, %q: %s", test.dialect, test.word, got)
		}
	}
}
