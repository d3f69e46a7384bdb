package input_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// entryOf is what is desired of the one secret of a manifest, in a run that its inputs change.
func entryOf(t *testing.T, entry string, change env) plan.Desired {
	t.Helper()
	text := "vaults:\n- vault_id: " + vaultID + "\n  secrets:\n    A: " + entry
	got := load(env{"INPUT_OPERATION": "sync", "INPUT_API_KEY": key, "INPUT_SECRETS": text, "A": value}.with(change), nil)
	got.wantProblems(t)
	if len(got.config.Vaults) != 1 {
		t.Fatalf("%s: %d vaults", entry, len(got.config.Vaults))
	}
	return got.config.Vaults[0].Secrets[0]
}

// A value that is made must be newer than the date of its entry, and than the age that it
// may have. now is 2026-11-30T12:00:00Z.
func TestWhatAMadeValueMustBeNewerThan(t *testing.T) {
	t.Parallel()
	const none = "none"
	for _, tt := range []struct{ entry, values, want string }{
		{"{ generate: hex }", "", none},
		{"{ generate: hex, rotated: 2026-11-01 }", "", "2026-11-01T00:00:00Z"},
		{"{ generate: hex, rotated: 2026-11-30T12:00:00Z }", "", "2026-11-30T12:00:00Z"},
		{"{ generate: hex, max_age: 30d }", "", "2026-10-31T12:00:00Z"},
		{"{ generate: hex, max_age: 30d, rotated: 2026-11-01 }", "", "2026-11-01T00:00:00Z"},
		{"{ generate: hex, max_age: 1h, rotated: 2026-11-01 }", "", "2026-11-30T11:00:00Z"},
		// Not yet: a value of now would be older than that.
		{"{ generate: hex, rotated: 2026-11-30T12:03:00Z }", "", none},
		{"{ generate: hex, rotated: 2026-11-30T12:03:00Z, max_age: 1h }", "", "2026-11-30T11:00:00Z"},
		// There is no value to push again.
		{"{ generate: hex }", "always", none},
		{"{ generate: hex, rotated: 2026-11-01 }", "always", "2026-11-01T00:00:00Z"},
		{"{ generate: hex, rotated: 2026-11-01 }", "when_rotated", "2026-11-01T00:00:00Z"},
		// What limits a run limits this too.
		{"{ generate: hex, rotated: 2026-11-01, max_age: 1h }", "when_created", none},
		{"{ generate: hex, rotated: 2026-11-01, max_age: 1h, values: when_created }", "", none},
		{"{ generate: hex, rotated: 2026-11-01, values: when_rotated }", "when_created", "2026-11-01T00:00:00Z"},
	} {
		change := env{"INPUT_VALUES": tt.values}
		if tt.values == "" {
			change = nil
		}
		d := entryOf(t, tt.entry, change)
		got, mode := none, plan.ValuesWhenRotated
		if d.NewerThan != nil {
			got = d.NewerThan.Format(time.RFC3339)
		}
		if strings.Contains(tt.entry+tt.values, "when_created") && tt.want == none {
			mode = plan.ValuesWhenCreated
		}
		if got != tt.want || d.Values != mode || d.Generate == nil || !d.Value.IsZero() || d.Promised {
			t.Errorf("%s, values %q: newer than %s, want %s; mode %q", tt.entry, tt.values, got, tt.want, d.Values)
		}
	}
}

// A date that is still to come makes no value either by way of a mirror, which is older than
// that.
func TestADateToComeMakesNoMirrorLag(t *testing.T) {
	t.Parallel()
	const before, after = "2026-11-30T11:59:59Z", "2026-11-30T12:03:00Z"
	for rotated, want := range map[string]bool{before: true, after: false} {
		d := entryOf(t, "{ generate: hex, rotated: "+rotated+", mirror: repo:octo/cats, any_domain: true }", env{"INPUT_GITHUB_TOKEN": "github_pat_synthetic"})
		created, err := time.Parse(time.RFC3339, "2026-11-01T12:00:00Z")
		if err != nil {
			t.Fatal(err)
		}
		d.Mirrors[0].State = mirror.State{Known: true, There: true, UpdatedAt: created}
		there := nairi.Secret{ID: "sec_1", EnvKey: "A", AllowedDomains: domains.List{}, CreatedAt: created, UpdatedAt: created.AddDate(0, 0, 28)}
		if c := (&plan.Change{Desired: d}).Again([]nairi.Secret{there}); c.Generates() != want || c.Rotates() != want {
			t.Errorf("rotated: %s, at noon: a value is made: %v, and told of as rotated: %v", rotated, c.Generates(), c.Rotates())
		}
	}
}

func TestHowAValueIsMadeIsRead(t *testing.T) {
	t.Parallel()
	password := generate.Spec{Kind: generate.Password, Size: 40, Symbols: generate.AllSymbols}
	if d := entryOf(t, "{ generate: password, generate_length: 40, generate_symbols: all }", nil); cmp.Diff(&password, d.Generate) != "" {
		t.Errorf("%+v", d.Generate)
	}
	made := making(env{"INPUT_GENERATE": "password", "INPUT_GENERATE_LENGTH": "40", "INPUT_GENERATE_SYMBOLS": "all"})
	got := load(made, nil)
	got.wantProblems(t)
	if d := got.one(); cmp.Diff(&password, d.Generate) != "" || d.Values != plan.ValuesByDate || !d.Value.IsZero() || len(got.secrets) != 1 {
		t.Errorf("%+v, %d secrets", d.Generate, len(got.secrets))
	}
}

// The operation without a vault needs neither a key nor anything else of one.
func TestAValueForLaterStepsAlone(t *testing.T) {
	t.Parallel()
	got := load(env{"INPUT_OPERATION": "generate", "INPUT_GENERATE": "hex", "INPUT_GENERATED_FILE": "made", "INPUT_DRY_RUN": "true"}, nil)
	got.wantProblems(t)
	c := got.config
	if c.Operation != plan.OpGenerate || c.Generate == nil || c.GeneratedFile != "made" || len(c.Vaults) > 0 || !c.Rules.DryRun {
		t.Errorf("%+v", c)
	}
}

// One line tells of the kind with fewer bits, however many secrets have it.
func TestThatAUUIDHasFewerBitsIsToldOnce(t *testing.T) {
	t.Parallel()
	text := "vaults:\n- vault_id: " + vaultID + "\n  secrets: { A: { generate: uuid }, B: { generate: uuid }, C: { generate: hex } }"
	for _, tt := range []struct {
		env  env
		want int
	}{
		{making(env{"INPUT_GENERATE": "uuid"}), 1},
		{making(nil), 0},
		{env{"INPUT_OPERATION": "sync", "INPUT_API_KEY": key, "INPUT_SECRETS": text}, 1},
		{env{"INPUT_OPERATION": "lint", "INPUT_SECRETS": text}, 1},
		{env{"INPUT_OPERATION": "check", "INPUT_API_KEY": key, "INPUT_SECRETS": text}, 0}, // which makes none
	} {
		got := load(tt.env, nil)
		got.wantProblems(t)
		if told := strings.Count(strings.Join(got.config.Notes, "\n"), generate.FewerBits); told != tt.want {
			t.Errorf("%s: told %d times, want %d", tt.env["INPUT_OPERATION"], told, tt.want)
		}
	}
}

// Where a step sets variables of later steps, and where it cannot.
func TestAVariableOfLaterStepsNeedsAPlatformThatHasThem(t *testing.T) {
	t.Parallel()
	for name, platform := range platforms {
		set := env{"INPUT_GENERATED_ENV": "DB_PASSWORD"}.with(platform.env)
		if platform.env["GITHUB_ACTIONS"] == "" {
			set["GITHUB_ACTIONS"] = unset
		}
		got := load(making(set), nil)
		switch name {
		case "GitHub", "Gitea", "Forgejo", "act":
			got.wantProblems(t)
			if got.config.GeneratedEnv != "DB_PASSWORD" {
				t.Errorf("%s: the variable is %q", name, got.config.GeneratedEnv)
			}
		default:
			got.wantProblems(t, "generated_env needs GitHub, Gitea, Forgejo or act")
		}
	}
}

// A value that nobody chose must not decide what later steps run.
func TestAVariableThatSteersLaterStepsIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"PATH", "Path", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "BASH_ENV", "ENV", "IFS", "PS4", "HOME", "TMPDIR", "NODE_OPTIONS",
		"PYTHONSTARTUP", "PERL5OPT", "RUBYOPT", "JAVA_TOOL_OPTIONS", "GIT_SSH_COMMAND", "git_ssh_command", "GIT_CONFIG_COUNT", "PROMPT_COMMAND", "PSModulePath",
		"npm_config_registry",
	} {
		load(making(env{"INPUT_GENERATED_ENV": name}), nil).wantProblems(t, "generated_env must not be "+name+", which later steps need as it is. Choose another name")
	}
	for _, name := range []string{"DB_PASSWORD", "LDAP_PASSWORD", "GIT_TOKEN", "NODE_AUTH_TOKEN", "HOME_ASSISTANT_KEY", "PGPASSWORD", "ENVIRONMENT"} {
		load(making(env{"INPUT_GENERATED_ENV": name}), nil).wantProblems(t)
	}
}
