package input_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
)

// guards are the inputs that limit what a run writes, and one that is safe for
// each.
var guards = map[string]string{
	"dry_run": "true", "deny_widening": "true", "if_updated_at": "2026-04-25T11:45:19.000Z",
	"prune": "false", "max_deletes": "0", "values": "when_created",
	"shard": "1/2", "unmanaged": "error", "expect_plan": strings.Repeat("0", 64), "fail_on_drift": "true",
	"generate": "hex", "generate_bytes": "32", "generate_length": "32", "generated_file": "made", "generated_env": "MADE",
	"mirror": "repo:octo/cats",
}

// making is an environment without problems in which a value is made.
func making(changes env) env {
	return good(env{
		"GITHUB_ACTIONS": "true", "INPUT_VALUE": unset, "INPUT_ALLOW_ANY_DOMAIN": "true", "INPUT_GENERATE": "base64url",
	}).with(changes)
}

// mirroring is one in which a value is mirrored.
func mirroring() env {
	return good(env{"GITHUB_ACTIONS": "true", "INPUT_ENV_KEY": envKey, "INPUT_GITHUB_TOKEN": "ghp_synthetic"})
}

// taking is an environment without problems of an operation that takes an input.
func taking(name string) env {
	switch {
	case name == "mirror":
		return mirroring()
	case name == "generate":
		return making(env{"INPUT_GENERATE": unset})
	case name == "generate_length":
		return making(env{"INPUT_GENERATE": "password"})
	case strings.HasPrefix(name, "generate"):
		return making(nil)
	}
	for _, spec := range input.Specs() {
		switch of := spec.Of(); {
		case spec.Name != name:
		case len(of) > 0 && !slices.Contains(of, "one"):
			return syncing(env{"INPUT_OPERATION": of[0], "INPUT_ENV_JSON": unset, "OTHER": "value-of-other"})
		}
	}
	return good(nil)
}

func TestEveryGuardIsListed(t *testing.T) {
	t.Parallel()
	for _, spec := range input.Specs() {
		if _, listed := guards[spec.Name]; listed != spec.Guards() {
			t.Errorf("%s guards: %t", spec.Name, spec.Guards())
		}
	}
}

// Left out, empty and given are three things: what was to fill an empty guard did
// not, and without the guard the run would write.
func TestAGuardThatIsGivenButEmptyFails(t *testing.T) {
	t.Parallel()
	for name, safe := range guards {
		for _, prefix := range prefixes {
			for _, content := range []string{unset, input.NotGiven, " " + input.NotGiven + "\n", safe, "", " \t\r\n"} {
				got := load(taking(name).with(env{prefix + strings.ToUpper(name): content}), heldFiles)
				if strings.TrimSpace(content) == "" {
					got.wantProblems(t, name+": is empty, so it is unclear what was meant")
				} else {
					got.wantProblems(t)
				}
			}
		}
	}
}

// An empty variable of one platform does not let that of another speak for it.
func TestAnEmptyGuardIsNotMadeUpForByAnotherVariable(t *testing.T) {
	t.Parallel()
	load(good(env{"INPUT_DRY_RUN": "", "PLUGIN_DRY_RUN": "true"}), nil).wantProblems(t, "dry_run is empty")
	load(good(env{"INPUT_DRY_RUN": input.NotGiven, "PLUGIN_DRY_RUN": ""}), nil).wantProblems(t, "dry_run is empty")
}

// platforms are what they set, what their users write, and what they do not.
var platforms = map[string]struct {
	env         env
	says, never []string
}{
	"GitHub":     {env{"GITHUB_ACTIONS": "true"}, []string{"${{ inputs.dry_run || false }}"}, nil},
	"Gitea":      {env{"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true"}, []string{"${{ inputs.dry_run || false }}"}, nil},
	"Forgejo":    {env{"FORGEJO_ACTIONS": "true"}, []string{"${{ inputs.dry_run || false }}"}, nil},
	"act":        {env{"ACT": "true"}, []string{"${{ inputs.dry_run || false }}"}, nil},
	"Woodpecker": {env{"CI": "woodpecker"}, []string{"Write dry_run: false"}, []string{"${{", "toJSON", "INPUT_"}},
	"Drone":      {env{"DRONE": "true"}, []string{"Write dry_run: false"}, []string{"${{", "toJSON", "INPUT_"}},
	"GitLab":     {env{"GITLAB_CI": "true"}, []string{"Write INPUT_DRY_RUN=false"}, []string{"${{", "toJSON", "PLUGIN_"}},
	"a shell":    {env{}, []string{"Write INPUT_DRY_RUN=false"}, []string{"${{", "toJSON", "PLUGIN_"}},
}

// Advice can be pasted where it is read: no expression on a platform without them.
func TestAdviceIsInTheLanguageOfThePlatform(t *testing.T) {
	t.Parallel()
	for name, platform := range platforms {
		prefix := "INPUT_"
		if slices.Contains(platform.never, "INPUT_") {
			prefix = "PLUGIN_"
		}
		change := env{}
		for _, input := range []string{"DRY_RUN", "DENY_WIDENING", "PRUNE", "MAX_DELETES", "VALUES"} {
			change[prefix+input] = ""
		}
		change[prefix+"OPERATION"], change[prefix+"API_KEY"] = "sync", key
		change[prefix+"ENV_JSON"], change[prefix+"COMMENT_PR"] = "{", "true"
		got := load(change.with(platform.env), env{".github/nairi-vault.yml": "vaults:\n- vault_id: " + vaultID + "\n  secrets: {A: {env: NOT_SET, any_domain: true}}"})
		told := lines(got.problems)
		for _, says := range platform.says {
			if !strings.Contains(told, says) {
				t.Errorf("%s: %q is not in %s", name, says, told)
			}
		}
		for _, never := range platform.never {
			if strings.Contains(told, never) {
				t.Errorf("%s: %q is in %s", name, never, told)
			}
		}
	}
}

// A plugin's secrets are empty for reasons of their own.
func TestAnEmptySecretOfAPluginIsExplainedInItsWords(t *testing.T) {
	t.Parallel()
	for _, platform := range []env{{"CI": "woodpecker"}, {"DRONE": "true"}} {
		got := load(env{"PLUGIN_API_KEY": "", "PLUGIN_VAULT_ID": vaultID, "PLUGIN_ENV_KEY": envKey, "PLUGIN_VALUE": ""}.with(platform), nil)
		got.wantProblems(t, "api_key is empty. Check that the secret that from_secret names exists", "value is empty. Check that the secret that from_secret names exists")
	}
}

// Woodpecker warns of a step that has both settings and an environment, so that no
// advice there is to set a variable in it. Drone takes both.
func TestAPluginIsToldToSetAVariableWhereItCanHaveOne(t *testing.T) {
	t.Parallel()
	manifest := env{".github/nairi-vault.yml": "vaults:\n- vault_id: " + vaultID + "\n  secrets: {A: {env: NOT_SET, any_domain: true}}"}
	for _, tt := range []struct {
		platform env
		advice   string
	}{
		{env{"CI": "woodpecker"}, "Woodpecker advises against environment: in a plugin. Give the value "},
		{env{"DRONE": "true"}, "Set it in the step's environment, beside its settings, or give the value "},
	} {
		load(env{"PLUGIN_API_KEY": key, "PLUGIN_VAULT_ID": vaultID, "PLUGIN_ENV_KEY": envKey, "PLUGIN_VALUE_ENV": "NOT_SET"}.with(tt.platform), nil).
			wantProblems(t, "value_env names a variable that is not set. "+tt.advice+"by value and from_secret")
		load(env{"PLUGIN_API_KEY": key, "PLUGIN_OPERATION": "sync"}.with(tt.platform), manifest).
			wantProblems(t, ".github/nairi-vault.yml:3: A.env names a variable that is not set. "+tt.advice+"in env_json or values_file")
	}
}

// On Woodpecker and Drone a setting whose variable is not set is a YAML null, of
// which a plugin is told nothing.
func TestARotationThatRotatesNothingIsNotGreenOnWoodpecker(t *testing.T) {
	t.Parallel()
	for _, platform := range []env{{"CI": "woodpecker"}, {"DRONE": "true"}} {
		step := env{"PLUGIN_API_KEY": key, "PLUGIN_VAULT_ID": vaultID, "PLUGIN_ENV_KEY": envKey}.with(platform)
		load(step, nil).wantProblems(t, "There is nothing to write. Set value (or value_env, value_file), allowed_domains, or both. A setting such as value: ${NAME} is left out where NAME is not set")
		got := load(step.with(env{"PLUGIN_ALLOWED_DOMAINS": "a.example.com"}), nil)
		got.wantProblems(t)
		if told := lines(got.config.Warnings); !strings.HasPrefix(told, "value is not given, so only the hosts are compared. A setting such as value: ${NAME} is left out") {
			t.Error(told)
		}
		got = load(step.with(env{"PLUGIN_ALLOWED_DOMAINS": "a.example.com", "PLUGIN_VALUE": input.NotGiven}), nil)
		got.wantProblems(t)
		if len(got.config.Warnings) > 0 {
			t.Error(got.config.Warnings)
		}
	}
}
