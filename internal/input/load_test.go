package input_test

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestSpecs(t *testing.T) {
	t.Parallel()
	want := []input.Spec{
		{Name: "operation", Default: "set"},
		{Name: "api_key"},
		{Name: "base_url", Default: nairi.DefaultBaseURL},
		{Name: "vault_id"},
		{Name: "secret_id"},
		{Name: "env_key"},
		{Name: "value", Default: input.NotGiven},
		{Name: "value_env", Default: input.NotGiven},
		{Name: "value_file", Default: input.NotGiven},
		{Name: "trim", Default: "newline"},
		{Name: "allow_suspicious_value", Default: "false"},
		{Name: "allowed_domains", Default: input.NotGiven},
		{Name: "allow_any_domain", Default: "false"},
		{Name: "if_updated_at"},
		{Name: "mask_parts", Default: "true"},
		{Name: "timeout", Default: "120s"},
		{Name: "request_timeout", Default: "30s"},
		{Name: "ca_cert"},
		{Name: "output_file"},
		{Name: "dry_run", Default: "false"},
		{Name: "deny_widening", Default: "false"},
		{Name: "manifest", Default: ".github/nairi-vault.yml"},
		{Name: "secrets", Default: input.NotGiven},
		{Name: "env_json"},
		{Name: "values", Default: "always"},
		{Name: "prune", Default: "false"},
		{Name: "max_deletes"},
		{Name: "concurrency", Default: "8"},
		{Name: "shard"},
		{Name: "shards", Default: "1"},
		{Name: "comment_pr", Default: "false"},
		{Name: "github_token"},
	}
	if diff := cmp.Diff(want, input.Specs()); diff != "" {
		t.Errorf("(-documented +read)\n%s", diff)
	}
}

// prefixes are the two ways in which a platform hands over its inputs.
var prefixes = []string{"INPUT_", "PLUGIN_"}

func TestEveryInputOnEveryPlatform(t *testing.T) {
	t.Parallel()
	for _, prefix := range prefixes {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			got := load(env{
				prefix + "OPERATION": "update", prefix + "API_KEY": key, prefix + "BASE_URL": "https://nairi.example.com/sub",
				prefix + "VAULT_ID": vaultID, prefix + "SECRET_ID": secretID, prefix + "ENV_KEY": envKey,
				prefix + "VALUE": "  " + value + "\n", prefix + "TRIM": "none", prefix + "ALLOW_SUSPICIOUS_VALUE": "true",
				prefix + "ALLOWED_DOMAINS": "b.example.com,a.example.com", prefix + "ALLOW_ANY_DOMAIN": "false",
				prefix + "IF_UPDATED_AT": "2026-04-25T11:45:19.000Z", prefix + "MASK_PARTS": "false",
				prefix + "TIMEOUT": "5m", prefix + "REQUEST_TIMEOUT": "10s", prefix + "DRY_RUN": "true",
				prefix + "OUTPUT_FILE": "out/nairi.env",
			}, nil)
			got.wantProblems(t)
			c, at := got.config, time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
			wanted := plan.Want{
				Operation: plan.Update, SecretID: secretID, EnvKey: envKey, Value: c.Want.Value,
				Domains: &nairi.Domains{"b.example.com", "a.example.com"}, IfUpdatedAt: &at,
			}
			if diff := cmp.Diff(wanted, c.Want, cmp.Comparer(sameValue)); diff != "" {
				t.Errorf("(-given +read)\n%s", diff)
			}
			texts := []string{c.APIKey.Reveal(), c.BaseURL.String(), string(c.VaultID), c.Want.Value.Reveal(), c.Timeout.String(), c.RequestTimeout.String(), c.OutputFile}
			if diff := cmp.Diff([]string{key, "https://nairi.example.com/sub/api/public/v1", vaultID, "  " + value + "\n", "5m0s", "10s", "out/nairi.env"}, texts); diff != "" {
				t.Errorf("(-given +read)\n%s", diff)
			}
			if !c.DryRun || !c.WholeOnly {
				t.Errorf("dry_run %v, mask_parts %v; want true, false", c.DryRun, !c.WholeOnly)
			}
		})
	}
}

func sameValue(a, b secret.Value) bool {
	return a.IsZero() == b.IsZero() && a.Reveal() == b.Reveal()
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	got := load(good(nil), nil)
	got.wantProblems(t)
	c := got.config
	if c.Want.Operation != plan.Set || c.BaseURL.String() != nairi.DefaultBaseURL+"/api/public/v1" {
		t.Errorf("operation %q at %s", c.Want.Operation, c.BaseURL)
	}
	if c.DryRun || c.WholeOnly || c.Want.Domains != nil || c.Want.IfUpdatedAt != nil || c.CACert != nil || c.OutputFile != "" || c.Warnings != nil {
		t.Errorf("not the defaults: %+v", c)
	}
	if c.Timeout != 2*time.Minute || c.RequestTimeout != 30*time.Second {
		t.Errorf("timeouts %s, %s", c.Timeout, c.RequestTimeout)
	}
	if got := c.Want.Value.Reveal(); got != value {
		t.Errorf("value %q, want %q", got, value)
	}
}

// What a composite action hands on when a workflow gives it nothing more.
func TestDefaultsAsTheActionHandsThemOn(t *testing.T) {
	t.Parallel()
	e := env{}
	for _, spec := range input.Specs() {
		e["INPUT_"+strings.ToUpper(spec.Name)] = spec.Default
	}
	withDefaults := load(good(nil), nil).config
	handedOn := load(e.with(good(nil)), nil)
	handedOn.wantProblems(t)
	if diff := cmp.Diff(withDefaults, handedOn.config, cmp.Comparer(sameValue)); diff != "" {
		t.Errorf("(-left out +default)\n%s", diff)
	}
}

func TestThreeStates(t *testing.T) {
	t.Parallel()
	// Without the input under test, each of these environments is complete.
	domainsOnly := env{"INPUT_VALUE": unset, "INPUT_ALLOW_ANY_DOMAIN": "true"}
	files := env{"file": "from-file"}
	for _, test := range []struct {
		input  string
		rest   env
		text   string // a good content
		want   string // the value or the domains it gives
		absent string // and those without it
		empty  string // the problem of an empty content
	}{
		{"value", domainsOnly, "direct", `"direct"`, "-", why},
		{"value_env", env{"INPUT_VALUE": unset, "INPUT_ALLOW_ANY_DOMAIN": "true", "HOLDER": "from-env"}, "HOLDER", `"from-env"`, "-", "give the name of the variable"},
		{"value_file", domainsOnly, "file", `"from-file"`, "-", "give the name of the file"},
		{"allowed_domains", nil, "a.example.com", "[a.example.com]", "-", "an empty list would let the secret go to any host"},
	} {
		for _, prefix := range prefixes {
			for state, content := range map[string]string{"unset": unset, "not given": input.NotGiven, "empty": "", "given": test.text} {
				t.Run(test.input+" "+prefix+" "+state, func(t *testing.T) {
					t.Parallel()
					got := load(good(test.rest).with(env{prefix + strings.ToUpper(test.input): content}), files)
					result := given(got.config.Want.Value)
					if test.input == "allowed_domains" {
						result = domains(got.config.Want.Domains)
					}
					want := test.absent
					switch state {
					case "empty":
						got.wantProblems(t, test.input+": "+test.empty)
						return
					case "given":
						want = test.want
					}
					got.wantProblems(t)
					if result != want {
						t.Errorf("gives %s, want %s", result, want)
					}
				})
			}
		}
	}
}

// A platform that sets INPUT_X for what was left out must not hide another.
func TestTheFirstGivenOfSeveralNamesCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change env
		key    string
		url    string
	}{
		{"INPUT_ before all", env{"INPUT_API_KEY": "nr_a", "PLUGIN_API_KEY": "nr_b", "NAIRI_API_KEY": "nr_c"}, "nr_a", ""},
		{"PLUGIN_ before NAIRI_", env{"INPUT_API_KEY": unset, "PLUGIN_API_KEY": "nr_b", "NAIRI_API_KEY": "nr_c"}, "nr_b", ""},
		{"NAIRI_ last", env{"INPUT_API_KEY": unset, "NAIRI_API_KEY": "nr_c"}, "nr_c", ""},
		{"an empty one is passed over", env{"INPUT_API_KEY": "", "PLUGIN_API_KEY": "", "NAIRI_API_KEY": "nr_c"}, "nr_c", ""},
		{"so is one of white space", env{"INPUT_API_KEY": "\n", "PLUGIN_API_KEY": " ", "NAIRI_API_KEY": "nr_c"}, "nr_c", ""},
		{"the URL by INPUT_", env{"INPUT_BASE_URL": "https://a.example", "NAIRI_BASE_URL": "https://c.example"}, key, "https://a.example"},
		{"the URL by PLUGIN_", env{"INPUT_BASE_URL": "", "PLUGIN_BASE_URL": "https://b.example", "NAIRI_BASE_URL": "https://c.example"}, key, "https://b.example"},
		{"the URL by NAIRI_", env{"INPUT_BASE_URL": "", "NAIRI_BASE_URL": "https://c.example"}, key, "https://c.example"},
		{"no URL", env{"INPUT_BASE_URL": "", "PLUGIN_BASE_URL": "", "NAIRI_BASE_URL": ""}, key, nairi.DefaultBaseURL},
	} {
		got := load(good(test.change), nil)
		got.wantProblems(t)
		if got := got.config.APIKey.Reveal(); got != test.key {
			t.Errorf("%s: key %q, want %q", test.name, got, test.key)
		}
		if want := test.url + "/api/public/v1"; test.url != "" && got.config.BaseURL.String() != want {
			t.Errorf("%s: URL %s, want %s", test.name, got.config.BaseURL, want)
		}
	}
	notGivenFirst := load(good(env{"INPUT_VALUE": input.NotGiven, "PLUGIN_VALUE": "from-plugin"}), nil)
	if got := given(notGivenFirst.config.Want.Value); got != `"from-plugin"` {
		t.Errorf("value %s, want that of PLUGIN_VALUE", got)
	}
}

func TestOnlyKeyAndURLHaveANameOfTheEcosystem(t *testing.T) {
	t.Parallel()
	e := env{"INPUT_API_KEY": key, "INPUT_VALUE": value}
	for _, name := range []string{"VAULT_ID", "SECRET_ID", "ENV_KEY", "VALUE", "OPERATION", "DRY_RUN"} {
		e["NAIRI_"+name], e[name] = "ignored", "ignored"
	}
	load(e, nil).wantProblems(t, "vault_id: is missing", "secret_id: is missing")
}

func TestLoadLooksForNothingElse(t *testing.T) {
	t.Parallel()
	looked := map[string]bool{}
	e := good(env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER", "HOLDER": value})
	o := outside(e, nil)
	o.Lookup = func(name string) (string, bool) { looked[name] = true; text, found := e[name]; return text, found }
	o.Open = func(string) (io.ReadCloser, error) { t.Error("a file was opened"); return nil, io.EOF }
	loadOutside(o).wantProblems(t)
	allowed := []string{"HOLDER", "NAIRI_API_KEY", "NAIRI_BASE_URL", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}
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

// Empty, and nothing but white space, is left out for every input that does not
// keep the two apart.
func TestEmptyIsAbsent(t *testing.T) {
	t.Parallel()
	want := load(good(nil), nil).config
	for _, spec := range input.Specs() {
		if spec.Default == input.NotGiven || good(nil)["INPUT_"+strings.ToUpper(spec.Name)] != "" {
			continue
		}
		for _, empty := range []string{"", " ", "\n", " \t\r\n"} {
			got := load(good(env{"INPUT_" + strings.ToUpper(spec.Name): empty}), nil)
			got.wantProblems(t)
			if diff := cmp.Diff(want, got.config, cmp.Comparer(sameValue)); diff != "" {
				t.Errorf("%s as %q (-left out +given)\n%s", spec.Name, empty, diff)
			}
		}
	}
	for _, empty := range []string{"", " ", "\n"} {
		load(good(env{"INPUT_API_KEY": empty}), nil).wantProblems(t, "api_key: is missing; "+why)
		load(good(env{"INPUT_VAULT_ID": empty}), nil).wantProblems(t, "vault_id: is missing")
		load(good(env{"INPUT_SECRET_ID": empty}), nil).wantProblems(t, "secret_id: is missing; give secret_id or env_key")
		load(good(env{"INPUT_SECRET_ID": empty, "INPUT_ENV_KEY": empty}), nil).wantProblems(t, "secret_id: is missing; give secret_id or env_key")
	}
}

// A variable pasted into a settings page easily ends in a new line.
func TestWhiteSpaceAroundOtherInputs(t *testing.T) {
	t.Parallel()
	plain := env{
		"INPUT_API_KEY": key, "INPUT_VAULT_ID": vaultID, "INPUT_SECRET_ID": secretID, "INPUT_ENV_KEY": envKey,
		"INPUT_OPERATION": "update", "INPUT_BASE_URL": "https://nairi.example.com", "INPUT_VALUE_ENV": "HOLDER",
		"INPUT_TRIM": "none", "INPUT_ALLOWED_DOMAINS": "a.example.com", "INPUT_DRY_RUN": "true", "INPUT_MASK_PARTS": "false",
		"INPUT_TIMEOUT": "90s", "INPUT_REQUEST_TIMEOUT": "5s", "INPUT_IF_UPDATED_AT": "2026-04-25T11:45:19.000Z",
		"INPUT_OUTPUT_FILE": "my outputs/nairi.env",
	}
	padded := env{}
	for name, text := range plain {
		padded[name] = " \t" + text + "\r\n"
	}
	holder := env{"HOLDER": value}
	want, got := load(plain.with(holder), nil), load(padded.with(holder), nil)
	want.wantProblems(t)
	got.wantProblems(t)
	if diff := cmp.Diff(want.config, got.config, cmp.Comparer(sameValue)); diff != "" {
		t.Errorf("(-plain +padded)\n%s", diff)
	}
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	read := map[string]func(input.Config) bool{
		"DRY_RUN":                func(c input.Config) bool { return c.DryRun },
		"MASK_PARTS":             func(c input.Config) bool { return !c.WholeOnly },
		"ALLOW_ANY_DOMAIN":       func(c input.Config) bool { return c.Want.Domains != nil },
		"ALLOW_SUSPICIOUS_VALUE": func(c input.Config) bool { return len(c.Warnings) == 1 },
	}
	for name, read := range read {
		change := env{}
		if name == "ALLOW_SUSPICIOUS_VALUE" {
			change["INPUT_VALUE"] = "${{ secrets.TOKEN }}"
		}
		for spelling, want := range map[string]bool{"true": true, "True": true, "TRUE": true, "false": false, "False": false, "FALSE": false} {
			got := load(good(change).with(env{"INPUT_" + name: spelling}), nil)
			if name != "ALLOW_SUSPICIOUS_VALUE" {
				got.wantProblems(t)
			}
			if read(got.config) != want {
				t.Errorf("%s: %q is %v, want %v", name, spelling, !want, want)
			}
		}
		for _, spelling := range []string{"1", "0", "yes", "no", "on", "t", "T", "tRuE", "y", "enabled", "true false", "'true'", "__not_given__"} {
			got := load(good(env{"INPUT_" + name: spelling}), nil)
			got.wantProblems(t, strings.ToLower(name)+": must be true or false")
			if got.config.WholeOnly {
				t.Errorf("%s: %q masks less", name, spelling)
			}
		}
	}
}

func TestDomains(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"one", "a.example.com", "[a.example.com]"},
		{"lines", "a.example.com\nb.example.com\n", "[a.example.com b.example.com]"},
		{"Windows lines", "a.example.com\r\nb.example.com\r\n", "[a.example.com b.example.com]"},
		{"commas", "a.example.com,b.example.com", "[a.example.com b.example.com]"},
		{"commas and white space", " a.example.com ,\n\n b.example.com,, ", "[a.example.com b.example.com]"},
		{"JSON", `["a.example.com", "b.example.com"]`, "[a.example.com b.example.com]"},
		{"JSON over lines", " [\n \"a.example.com\"\n]\n", "[a.example.com]"},
		{"any subdomain", "*.example.com", "[*.example.com]"},
		{"normalised, in order", "B.Example.COM.\na.example.com\nb.example.com", "[b.example.com a.example.com]"},
	} {
		got := load(good(env{"INPUT_ALLOWED_DOMAINS": test.text}), nil)
		got.wantProblems(t)
		if got := domains(got.config.Want.Domains); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestAnyDomain(t *testing.T) {
	t.Parallel()
	got := load(good(env{"INPUT_ALLOW_ANY_DOMAIN": "true"}), nil)
	got.wantProblems(t)
	if got := domains(got.config.Want.Domains); got != "[]" {
		t.Errorf("domains %s, want the empty list", got)
	}
	got = load(good(env{"INPUT_ALLOW_ANY_DOMAIN": "false"}), nil)
	if got := domains(got.config.Want.Domains); got != "-" {
		t.Errorf("domains %s, want them left alone", got)
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	parts := map[string]env{
		"id":      {"INPUT_SECRET_ID": secretID},
		"name":    {"INPUT_ENV_KEY": envKey},
		"value":   {"INPUT_VALUE": value},
		"env":     {"INPUT_VALUE_ENV": "HOLDER", "HOLDER": value},
		"file":    {"INPUT_VALUE_FILE": "file"},
		"domains": {"INPUT_ALLOWED_DOMAINS": "a.example.com"},
		"any":     {"INPUT_ALLOW_ANY_DOMAIN": "true"},
	}
	const (
		noWhich   = "secret_id: is missing; give secret_id or env_key"
		noWrite   = "value: nothing to write; give value, value_env or value_file, or allowed_domains, or both"
		noName    = "env_key: is missing; give the name of the secret to create"
		noValue   = "value: is missing; a secret cannot be created without one"
		noDomains = "allowed_domains: is missing; without a list the secret could be sent to any host"
		noID      = "secret_id: the API chooses the ID of a new secret; leave it out, or use operation: update"
		only      = "operation: delete takes no value and no domains; leave them out"
	)
	for _, test := range []struct {
		operation, given string
		want             []string
	}{
		{"set", "id value", nil},
		{"set", "id domains", nil},
		{"set", "id any", nil},
		{"set", "name value domains", nil},
		{"set", "id name env", nil},
		{"set", "name file", nil},
		{"set", "id", []string{noWrite}},
		{"set", "value", []string{noWhich}},
		{"set", "", []string{noWhich, noWrite}},
		{"update", "name value", nil},
		{"update", "id any", nil},
		{"update", "name", []string{noWrite}},
		{"update", "domains", []string{noWhich}},
		{"update", "", []string{noWhich, noWrite}},
		{"create", "name value domains", nil},
		{"create", "name env any", nil},
		{"create", "name file domains", nil},
		{"create", "name value", []string{noDomains}},
		{"create", "name domains", []string{noValue}},
		{"create", "value domains", []string{noName}},
		{"create", "id name value domains", []string{noID}},
		{"create", "", []string{noName, noValue, noDomains}},
		{"create", "id", []string{noID, noName, noValue, noDomains}},
		{"delete", "id", nil},
		{"delete", "name", nil},
		{"delete", "id name", nil},
		{"delete", "", []string{noWhich}},
		{"delete", "id value", []string{only}},
		{"delete", "id env", []string{only}},
		{"delete", "name file", []string{only}},
		{"delete", "name domains", []string{only}},
		{"delete", "name any", []string{only}},
		{"delete", "value domains", []string{only, noWhich}},
	} {
		t.Run(test.operation+" "+test.given, func(t *testing.T) {
			t.Parallel()
			e := env{"INPUT_API_KEY": key, "INPUT_VAULT_ID": vaultID, "INPUT_OPERATION": test.operation}
			for part := range strings.FieldsSeq(test.given) {
				e = e.with(parts[part])
			}
			load(e, env{"file": value}).wantProblems(t, test.want...)
		})
	}
}

func TestCACert(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	for name, content := range map[string]string{"as text": text, "as text between others": "# ours\n" + text + text, "as a file": " ca.pem\n"} {
		got := load(good(env{"INPUT_CA_CERT": content}), env{"ca.pem": text})
		got.wantProblems(t)
		if !x509.NewCertPool().AppendCertsFromPEM(got.config.CACert) {
			t.Errorf("%s: there is no certificate", name)
		}
	}
}

// A proxy's password is not an input, but net/http repeats one that it cannot
// read, so it is to be masked too.
func TestLoadReturnsProxyPasswords(t *testing.T) {
	t.Parallel()
	e := good(env{"HTTPS_PROXY": "http://user:proxy-password@proxy.example.com:3128", "http_proxy": "http://plain.example.com"})
	_, secrets, _ := input.Load(outside(e, nil))
	var proxies []string
	for _, s := range secrets {
		if strings.Contains(s.Reveal(), "example.com:3128") || strings.Contains(s.Reveal(), "plain") {
			proxies = append(proxies, s.Reveal())
		}
	}
	if len(proxies) != 1 || !strings.Contains(proxies[0], "proxy-password") {
		t.Errorf("%d proxies are to be masked, want the one with a password", len(proxies))
	}
}
