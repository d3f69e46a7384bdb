package input_test

import (
	stdcmp "cmp"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// prefixes are the two ways in which a platform hands over its inputs.
var prefixes = []string{"INPUT_", "PLUGIN_"}

// asked are environments, and what is asked for with them. An inputs' name is
// without a prefix.
var asked = map[string]struct {
	inputs, vars, files env
	config              input.Config
}{
	"every input of one secret": {
		inputs: env{
			"OPERATION": "update", "API_KEY": key, "BASE_URL": "https://nairi.example.com/sub", "VAULT_ID": vaultID, "SECRET_ID": secretID,
			"ENV_KEY": envKey, "VALUE_ENV": "HOLDER", "VALUE_ENCODING": "base64", "TRIM": "none", "ALLOW_SUSPICIOUS_VALUE": "true",
			"ALLOWED_DOMAINS": "B.Example.COM.\na.example.com", "IF_UPDATED_AT": "2026-04-25T11:45:19.000Z", "MASK_PARTS": "false", "UNMASKED_PARTS": "host, db.username",
			"TIMEOUT": "5m", "REQUEST_TIMEOUT": "10s", "DRY_RUN": "true", "OUTPUT_FILE": "my outputs/nairi.env", "DENY_WIDENING": "true", "VERIFY_CREATE": "false",
		},
		vars: env{"HOLDER": "c3ludGhldGljCg=="},
		config: input.Config{
			APIKey: secret.New(key), BaseURL: &url.URL{Scheme: "https", Host: "nairi.example.com", Path: "/sub/api/public/v1"},
			Vaults: []plan.Vault{{ID: vaultID, Secrets: []plan.Desired{{
				Operation: plan.OpUpdate, SecretID: secretID, EnvKey: envKey, Value: secret.New("synthetic\n"), DenyWidening: true,
				Domains: &domains.List{"b.example.com", "a.example.com"}, IfUpdatedAt: new(time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)),
			}}}},
			Rules: plan.Rules{DryRun: true}, Concurrency: 1, Timeout: 5 * time.Minute, RequestTimeout: 10 * time.Second, OutputFile: "my outputs/nairi.env", UnmaskedParts: []string{"host", "db.username"},
			Warnings: problem.List{{Input: "value_env", Text: "The value begins or ends with white space, which is stored too"}},
		},
	},
	"no more of one secret than there must be": {
		inputs: env{"API_KEY": key, "VAULT_ID": vaultID, "ENV_KEY": envKey, "VALUE_FILE": "a file"},
		files:  env{"a file": value + "\r\n"},
		config: usual(input.Config{
			Vaults:      []plan.Vault{{ID: vaultID, Secrets: []plan.Desired{{Operation: plan.OpSet, EnvKey: envKey, Value: secret.New(value)}}}},
			Concurrency: 1,
		}),
	},
	"every input of many secrets": {
		inputs: env{
			"OPERATION": "sync", "API_KEY": key, "SECRETS": strings.Replace(held, "env: A_VALUE", "value: '${A_VALUE}'", 1),
			"ENV_JSON": `{"OTHER": "value-of-other"}`, "VALUES_FILE": "values.env", "VALUES": "when_created", "PRUNE": "true", "MAX_DELETES": "7", "DENY_WIDENING": "true",
			"CONCURRENCY": "3", "SHARDS": "5", "COMMENT_PR": "true", "GITHUB_TOKEN": "ghs_synthetic",
			"PULL_REQUEST": "7",
		},
		vars: env{"A_VALUE": "another"}, files: heldFiles.with(env{"values.env": "A_VALUE=value-of-a"}),
		config: usual(input.Config{
			Manifest: "secrets", Vaults: heldVaults("", plan.Desired{Operation: plan.OpSet, Values: plan.ValuesWhenCreated, DenyWidening: true}),
			Rules:       plan.Rules{Prune: true, Guard: &plan.DeleteGuard{Most: 7}},
			Concurrency: 3, Shards: 5, CommentPR: true, GitHubToken: secret.New("ghs_synthetic"), PullRequest: 7,
		}),
	},
	"no more of many secrets than there must be": {
		inputs: env{"OPERATION": "sync", "API_KEY": key}, files: heldFiles,
		vars: env{"A_VALUE": "value-of-a", "OTHER": "value-of-other"},
		config: usual(input.Config{
			Manifest: manifest.Default, Vaults: heldVaults(manifest.Default, plan.Desired{Operation: plan.OpSet}),
			Rules: plan.Rules{Guard: &plan.DeleteGuard{Most: 5}}, Concurrency: 8, Shards: 1,
		}),
	},
}

// usual is a configuration with the defaults that all have.
func usual(c input.Config) input.Config {
	c.APIKey, c.BaseURL = secret.New(key), &url.URL{Scheme: "https", Host: "api.nairi.ai", Path: "/api/public/v1"}
	c.MaskParts, c.VerifyCreate, c.Timeout, c.RequestTimeout = true, true, 2*time.Minute, 30*time.Second
	return c
}

// blank are the ways in which an input that was left out may look: not there, as
// action.yml hands its default on, as a wrapper hands it on, and empty where that
// is no content.
var blank = map[string]func(input.Spec) string{
	"not there":   func(input.Spec) string { return unset },
	"default":     func(spec input.Spec) string { return spec.Default },
	"not given":   func(input.Spec) string { return " " + input.NotGiven + "\n" },
	"empty":       func(spec input.Spec) string { return emptyOr(spec, "") },
	"white space": func(spec input.Spec) string { return emptyOr(spec, " \t\r\n") },
}

// emptyOr is an empty text, where that is no content.
func emptyOr(spec input.Spec, text string) string {
	if spec.Guards() || spec.Default == input.NotGiven {
		return input.NotGiven
	}
	return text
}

// The same is asked for on every platform, whatever what was left out looks like
// there, and with the new line in which a variable pasted into a page easily ends.
func TestInputsAreReadAlikeOnEveryPlatform(t *testing.T) {
	t.Parallel()
	for name, test := range asked {
		for _, prefix := range prefixes {
			for look, leftOut := range blank {
				for _, around := range []string{"", " \t\r\n"} {
					e := env{}
					for _, spec := range input.Specs() {
						e[prefix+strings.ToUpper(spec.Name)] = leftOut(spec)
					}
					for name, text := range test.inputs {
						if e[prefix+name] = text; name != "SECRETS" && name != "VALUE_FILE" {
							e[prefix+name] = around + text + around
						}
					}
					got := load(e.with(test.vars), test.files)
					got.wantProblems(t)
					test.config.Operation = plan.Operation(stdcmp.Or(test.inputs["OPERATION"], "set"))
					if diff := cmp.Diff(test.config, got.config, cmp.Comparer(sameValue)); diff != "" {
						t.Errorf("%s, by %s, others %s (-given +read)\n%s", name, prefix, look, diff)
					}
				}
			}
		}
	}
}

func sameValue(a, b secret.Value) bool {
	return a.IsZero() == b.IsZero() && a.Reveal() == b.Reveal()
}

// Unset, empty and given are three things: a secret that is empty by mistake must
// not look as if there had been none to write.
func TestThreeStates(t *testing.T) {
	t.Parallel()
	// Without the input under test, each of these environments is complete.
	domainsOnly := env{"INPUT_VALUE": unset, "INPUT_ALLOW_ANY_DOMAIN": "true", "HOLDER": "from-env"}
	for _, test := range []struct {
		input string
		rest  env
		text  string // a good content
		want  string // the value or the domains it gives
		empty string // the problem of an empty content
	}{
		{"value", domainsOnly, "direct", `"direct"`, why},
		{"value_env", domainsOnly, "HOLDER", `"from-env"`, "is empty. Give the name of the variable"},
		{"value_file", domainsOnly, "file", `"from-file"`, "is empty. Give the name of the file"},
		{"allowed_domains", nil, "a.example.com", "[a.example.com]", "is empty, which would allow any host"},
	} {
		for _, prefix := range prefixes {
			for _, content := range []string{unset, input.NotGiven, "", test.text} {
				got := load(good(test.rest).with(env{prefix + strings.ToUpper(test.input): content}), env{"file": "from-file"})
				if content == "" {
					got.wantProblems(t, test.input+": "+test.empty)
					continue
				}
				got.wantProblems(t)
				result, want := given(got.one().Value), "-"
				if test.input == "allowed_domains" {
					result = listed(got.one().Domains)
				}
				if content == test.text {
					want = test.want
				}
				if result != want {
					t.Errorf("%s by %s as %q gives %s, want %s", test.input, prefix, content, result, want)
				}
			}
		}
	}
}

// A platform that sets INPUT_X for what was left out must not hide another.
func TestTheFirstGivenOfSeveralNamesCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change env
		key    string
		url    string
	}{
		{env{"INPUT_API_KEY": "nr_a", "PLUGIN_API_KEY": "nr_b", "NAIRI_API_KEY": "nr_c"}, "nr_a", nairi.DefaultBaseURL},
		{env{"INPUT_API_KEY": unset, "PLUGIN_API_KEY": "nr_b", "NAIRI_API_KEY": "nr_c"}, "nr_b", nairi.DefaultBaseURL},
		{env{"INPUT_API_KEY": unset, "NAIRI_API_KEY": "nr_c"}, "nr_c", nairi.DefaultBaseURL},
		{env{"INPUT_API_KEY": "\n", "PLUGIN_API_KEY": "", "NAIRI_API_KEY": "nr_c"}, "nr_c", nairi.DefaultBaseURL},
		{env{"INPUT_BASE_URL": "https://a.example", "NAIRI_BASE_URL": "https://c.example"}, key, "https://a.example"},
		{env{"INPUT_BASE_URL": "", "PLUGIN_BASE_URL": "https://b.example", "NAIRI_BASE_URL": "https://c.example"}, key, "https://b.example"},
		{env{"INPUT_BASE_URL": " ", "NAIRI_BASE_URL": "https://c.example"}, key, "https://c.example"},
		{env{"INPUT_BASE_URL": "", "PLUGIN_BASE_URL": "", "NAIRI_BASE_URL": ""}, key, nairi.DefaultBaseURL},
		{env{"INPUT_VALUE": input.NotGiven, "PLUGIN_VALUE": value}, key, nairi.DefaultBaseURL},
	} {
		got := load(good(test.change), nil)
		got.wantProblems(t)
		read := []string{got.config.APIKey.Reveal(), got.config.BaseURL.String(), got.one().Value.Reveal()}
		if diff := cmp.Diff([]string{test.key, test.url + "/api/public/v1", value}, read); diff != "" {
			t.Errorf("%v (-want +read)\n%s", test.change, diff)
		}
	}
}

func TestCheckLooksForNothingElse(t *testing.T) {
	t.Parallel()
	looked := map[string]bool{}
	e := good(env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER", "HOLDER": value})
	o := outside(e, nil)
	o.Lookup = func(name string) (string, bool) { looked[name] = true; text, found := e[name]; return text, found }
	o.Open = func(string) (io.ReadCloser, error) { t.Error("a file was opened"); return nil, io.EOF }
	loadOutside(o).wantProblems(t)
	allowed := []string{"HOLDER", "NAIRI_API_KEY", "NAIRI_BASE_URL", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "GITHUB_EVENT_PATH", "GITHUB_ACTIONS", "NODE_EXTRA_CA_CERTS"}
	allowed = append(allowed, "ACT", "ACT_EXEC", "CI", "CI_SYSTEM_NAME", "DRONE", "FORGEJO_ACTIONS", "GITEA_ACTIONS", "GITLAB_CI") // which tell the platform
	for _, spec := range input.Specs() {
		for _, prefix := range prefixes {
			allowed = append(allowed, prefix+strings.ToUpper(spec.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(looked)) {
		if !slices.Contains(allowed, name) {
			t.Errorf("looked for %s", name)
		}
	}
}

// In doubt more is masked.
func TestBooleansAreThoseOfTheToolkit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		base env
		read func(loaded) bool
	}{
		{"DRY_RUN", good(nil), func(l loaded) bool { return l.config.Rules.DryRun }},
		{"MASK_PARTS", good(nil), func(l loaded) bool { return l.config.MaskParts }},
		{"ALLOW_ANY_DOMAIN", good(nil), func(l loaded) bool { return listed(l.one().Domains) == "[]" }},
		{"DENY_WIDENING", good(nil), func(l loaded) bool { return l.one().DenyWidening }},
		{"ALLOW_SUSPICIOUS_VALUE", good(env{"INPUT_VALUE": "${{ x }}"}), func(l loaded) bool { return len(l.config.Warnings) == 1 }},
		{"PRUNE", syncing(nil), func(l loaded) bool { return l.config.Rules.Prune }},
		{"COMMENT_PR", syncing(env{"INPUT_GITHUB_TOKEN": "ghs_x"}), func(l loaded) bool { return l.config.CommentPR }},
	} {
		says := func(spelling string) loaded {
			return load(test.base.with(env{"INPUT_" + test.name: spelling}), heldFiles)
		}
		for spelling, want := range map[string]bool{"true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false} {
			if test.read(says(spelling)) != want {
				t.Errorf("%s: %q is %v, want %v", test.name, spelling, !want, want)
			}
		}
		for _, spelling := range []string{"1", "0", "yes", "no", "on", "t", "T", "tRuE", "y", "enabled", "true false", "'true'"} {
			got := says(spelling)
			if !slices.Contains(got.problems.Lines(), strings.ToLower(test.name)+" must be true or false.") || !got.config.MaskParts {
				t.Errorf("%s: %q: %v", test.name, spelling, got.problems)
			}
		}
	}
}

// A value of the greatest length is taken with the new line that is dropped, and
// one that is longer is never cut and stored as if it were whole.
func TestAFileIsNeverCutSilently(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("x", secret.MaxSize)
	for text, fits := range map[string]bool{
		full: true, full + "\n": true, full + "\r\n": true,
		full + "x": false, full + "\nx": false, full + "\n\r\n": false, full + "\r\nx": false, full[1:] + "\r\nmore": false, full + full: false,
	} {
		got := load(good(env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "file"}), env{"file": text})
		if taken := len(got.problems) == 0; taken != fits {
			t.Errorf("%d bytes are taken: %v, want %v", len(text), taken, fits)
		}
		if !fits {
			got.wantProblems(t, "value_file is longer than 1024 KiB")
		}
	}
}
