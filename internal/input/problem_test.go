package input_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Every refusal says what is wrong and what would be right.
func TestRefusals(t *testing.T) {
	t.Parallel()
	files := env{"empty.txt": "", "newline.txt": "\n", "latin1.txt": "caf\xe9", "utf16.txt": "\xff\xfea\x00"}
	for _, test := range []struct {
		name   string
		change env
		want   []string
	}{
		{"operation, unknown", env{"INPUT_OPERATION": "upsert"}, []string{"operation: must be one of set, create, update, delete"}},
		{"operation, other case", env{"INPUT_OPERATION": "Set"}, []string{"operation: must be one of set, create, update, delete"}},

		{"api_key, missing", env{"INPUT_API_KEY": unset}, []string{"api_key: is missing; " + why}},
		{"api_key, empty", env{"INPUT_API_KEY": ""}, []string{"api_key: is missing; " + why}},
		{"api_key, of an agent", env{"INPUT_API_KEY": "ccagent_synthetic"}, []string{"api_key: this is an agent key, which the public API refuses; create a public key (nr_…)"}},
		{"api_key, of a daemon", env{"INPUT_API_KEY": "nairid_synthetic"}, []string{"api_key: this is an agent key"}},
		{"api_key, of an old daemon", env{"INPUT_API_KEY": "eksecd_synthetic"}, []string{"api_key: this is an agent key"}},
		{"api_key, of a container", env{"INPUT_API_KEY": "sys_synthetic"}, []string{"api_key: this is an agent key"}},
		{"api_key, two lines", env{"INPUT_API_KEY": "nr_syn\nthetic"}, []string{"api_key: holds a character that no key has (white space"}},
		{"api_key, not ASCII", env{"INPUT_API_KEY": "nr_synthetic…"}, []string{"api_key: holds a character that no key has"}},

		{"base_url, no URL", env{"INPUT_BASE_URL": "api.nairi.ai"}, []string{"base_url: must be a URL such as https://api.nairi.ai"}},
		{"base_url, http", env{"INPUT_BASE_URL": "http://api.nairi.ai"}, []string{"base_url: must begin with https:// (plain http:// is for a server on this machine only)"}},
		{"base_url, user", env{"INPUT_BASE_URL": "https://user:synthetic@api.nairi.ai"}, []string{"base_url: must have no user name, query or fragment"}},

		{"vault_id, missing", env{"INPUT_VAULT_ID": unset}, []string{"vault_id: is missing; the dashboard shows it, as in vlt_"}},
		{"vault_id, empty", env{"INPUT_VAULT_ID": ""}, []string{"vault_id: is missing"}},
		{"vault_id, of a secret", env{"INPUT_VAULT_ID": secretID}, []string{"vault_id: this looks like a secret ID; a vault ID is vlt_ and 26 characters, as in vlt_"}},
		{"vault_id, a name", env{"INPUT_VAULT_ID": "production"}, []string{"vault_id: this looks like a name"}},
		{"vault_id, cut", env{"INPUT_VAULT_ID": vaultID[:20]}, []string{"vault_id: is not a whole ID; a vault ID is vlt_"}},
		{"vault_id, lower case", env{"INPUT_VAULT_ID": strings.ToLower(vaultID)}, []string{"vault_id: has lower-case letters after vlt_"}},
		{"secret_id, of a vault", env{"INPUT_SECRET_ID": vaultID}, []string{"secret_id: this looks like a vault ID; a secret ID is sec_ and 26 characters, as in sec_"}},
		{"secret_id, a name", env{"INPUT_SECRET_ID": envKey}, []string{"secret_id: this looks like a name"}},

		{"env_key, hyphen", env{"INPUT_ENV_KEY": "DATABASE-URL"}, []string{"env_key: must be a variable name: letters, digits and _, and no digit first, as in DATABASE_URL"}},
		{"env_key, digit first", env{"INPUT_ENV_KEY": "1PASSWORD"}, []string{"env_key: must be a variable name"}},
		{"env_key, of Nairi", env{"INPUT_ENV_KEY": "NAIRI_TOKEN"}, []string{"env_key: must not begin with NAIRI_, which Nairi keeps for itself"}},
		{"env_key, of an agent", env{"INPUT_ENV_KEY": "CCAGENT_TOKEN"}, []string{"env_key: must not begin with CCAGENT_"}},
		{"env_key, a placeholder", env{"INPUT_ENV_KEY": "CCASECRET_TOKEN"}, []string{"env_key: must not begin with CCASECRET_: that is the placeholder an agent sees; give the name without it"}},

		{"value, empty", env{"INPUT_VALUE": ""}, []string{"value: is empty; " + why}},
		{"value, only a new line", env{"INPUT_VALUE": "\n"}, []string{"value: is empty; " + why}},
		{"value, not UTF-8", env{"INPUT_VALUE": "caf\xe9"}, []string{"value: is not UTF-8 text; encode binary data first, as in base64"}},
		{"value, NUL", env{"INPUT_VALUE": "a\x00b"}, []string{"value: holds a NUL byte"}},
		{"value, too long", env{"INPUT_VALUE": strings.Repeat("x", secret.MaxSize+1)}, []string{"value: is longer than 1024 KiB"}},
		{"value, an expression", env{"INPUT_VALUE": "${{ secrets.TOKEN }}"}, []string{"value: holds ${{, an expression that nothing has evaluated; to store it all the same, say allow_suspicious_value: true"}},
		{"value_env, no name", env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": " "}, []string{"value_env: is empty; give the name of the variable that holds the value"}},
		{"value_env, no variable", env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER"}, []string{"value_env: names no variable of this step; give the variable's name, not the value, and set the variable in the step's env"}},
		{"value_env, not a name", env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "$HOLDER", "$HOLDER": value}, []string{"value_env: names no variable of this step"}},
		{"value_env, empty", env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER", "HOLDER": ""}, []string{"value_env: is empty; " + why}},
		{"value_env, not UTF-8", env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER", "HOLDER": "\xff"}, []string{"value_env: is not UTF-8 text"}},
		{"value_file, no name", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": " "}, []string{"value_file: is empty; give the name of the file that holds the value"}},
		{"value_file, no file", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "gone.txt"}, []string{"value_file: there is no such file"}},
		{"value_file, empty", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "empty.txt"}, []string{"value_file: names a file that is empty"}},
		{"value_file, only a new line", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "newline.txt"}, []string{"value_file: is empty"}},
		{"value_file, not UTF-8", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "latin1.txt"}, []string{"value_file: is not UTF-8 text"}},
		{"value_file, UTF-16", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "utf16.txt"}, []string{"value_file: is UTF-16 text; save it as UTF-8"}},
		{"value and value_env", env{"INPUT_VALUE_ENV": "HOLDER", "HOLDER": value}, []string{"value: give only one of value, value_env and value_file"}},
		{"value and value_file, both bad", env{"INPUT_VALUE": "", "INPUT_VALUE_FILE": "gone.txt"}, []string{
			"value: is empty", "value: give only one of", "value_file: there is no such file",
		}},
		{"trim", env{"INPUT_TRIM": "spaces"}, []string{"trim: must be one of newline, none"}},

		{"domains, empty", env{"INPUT_ALLOWED_DOMAINS": ""}, []string{"allowed_domains: is empty; an empty list would let the secret go to any host; name the hosts, leave the input out to keep them as they are, or say allow_any_domain: true"}},
		{"domains, white space", env{"INPUT_ALLOWED_DOMAINS": " \n "}, []string{"allowed_domains: is empty"}},
		{"domains, only commas", env{"INPUT_ALLOWED_DOMAINS": ",,\n,"}, []string{"allowed_domains: is empty"}},
		{"domains, empty JSON", env{"INPUT_ALLOWED_DOMAINS": "[]"}, []string{"allowed_domains: is empty"}},
		{"domains, bad JSON", env{"INPUT_ALLOWED_DOMAINS": `["a.example.com"`}, []string{`allowed_domains: begins like a JSON array but is none of strings, as in ["api.example.com"]`}},
		{"domains, JSON of numbers", env{"INPUT_ALLOWED_DOMAINS": `[1]`}, []string{"allowed_domains: begins like a JSON array but is none of strings"}},
		{"domains, JSON null", env{"INPUT_ALLOWED_DOMAINS": `[null]`}, []string{"allowed_domains: entry 1 is empty"}},
		{"domains, JSON of more", env{"INPUT_ALLOWED_DOMAINS": `["a.example.com"] ["b.example.com"]`}, []string{"allowed_domains: begins like a JSON array"}},
		{"domains, scheme", env{"INPUT_ALLOWED_DOMAINS": "https://api.example.com"}, []string{"allowed_domains: entry 1 has a scheme; write the host name alone, such as api.example.com"}},
		{"domains, path", env{"INPUT_ALLOWED_DOMAINS": "api.example.com/v1"}, []string{"allowed_domains: entry 1 has a path; write the host name alone"}},
		{"domains, port", env{"INPUT_ALLOWED_DOMAINS": "api.example.com:443"}, []string{"allowed_domains: entry 1 has a port; write the host name alone"}},
		{"domains, space", env{"INPUT_ALLOWED_DOMAINS": "a.example.com b.example.com"}, []string{"allowed_domains: entry 1 has a space in it; separate entries by commas or new lines"}},
		{"domains, lone star", env{"INPUT_ALLOWED_DOMAINS": "*"}, []string{"allowed_domains: entry 1 is a lone *, which names no host; write hosts such as *.example.com; if any host is meant, leave the list out and say allow_any_domain: true"}},
		{"domains, inner star", env{"INPUT_ALLOWED_DOMAINS": "api.*.example.com"}, []string{"allowed_domains: entry 1 has a * that is not the whole first label; write *.example.com"}},
		{"domains, several bad", env{"INPUT_ALLOWED_DOMAINS": "a.example.com, b:1, c/d"}, []string{"allowed_domains: entry 2 has a port; write the host name alone, such as api.example.com; entry 3 has a path"}},
		{"domains and any", env{"INPUT_ALLOWED_DOMAINS": "a.example.com", "INPUT_ALLOW_ANY_DOMAIN": "true"}, []string{"allow_any_domain: contradicts allowed_domains; give one of them"}},
		{"domains empty, and any", env{"INPUT_ALLOWED_DOMAINS": "", "INPUT_ALLOW_ANY_DOMAIN": "true"}, []string{"allowed_domains: is empty", "allow_any_domain: contradicts"}},

		{"if_updated_at", env{"INPUT_IF_UPDATED_AT": "yesterday"}, []string{"if_updated_at: must be an updated_at as an earlier step got it, as in 2026-04-25T11:45:19.000Z"}},
		{"timeout, no unit", env{"INPUT_TIMEOUT": "30"}, []string{"timeout: must be a time from 1s to 6h, as in 30s or 2m"}},
		{"timeout, too short", env{"INPUT_TIMEOUT": "999ms"}, []string{"timeout: must be a time from 1s to 6h"}},
		{"timeout, too long", env{"INPUT_TIMEOUT": "6h1s"}, []string{"timeout: must be a time from 1s to 6h"}},
		{"timeout, negative", env{"INPUT_TIMEOUT": "-30s"}, []string{"timeout: must be a time from 1s to 6h"}},
		{"request_timeout, too long", env{"INPUT_REQUEST_TIMEOUT": "11m"}, []string{"request_timeout: must be a time from 1s to 10m, as in 30s or 2m"}},
		{"ca_cert, no file", env{"INPUT_CA_CERT": "gone.pem"}, []string{"ca_cert: there is no such file"}},
		{"ca_cert, no certificate", env{"INPUT_CA_CERT": "latin1.txt"}, []string{"ca_cert: holds no certificate; give one or more in PEM (-----BEGIN CERTIFICATE-----), or the name of such a file"}},
		{"ca_cert, a key", env{"INPUT_CA_CERT": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}, []string{"ca_cert: holds no certificate"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			load(good(test.change), files).wantProblems(t, test.want...)
		})
	}
}

func TestBoundsAreAllowed(t *testing.T) {
	t.Parallel()
	for _, change := range []env{
		{"INPUT_TIMEOUT": "1s", "INPUT_REQUEST_TIMEOUT": "1s"},
		{"INPUT_TIMEOUT": "6h", "INPUT_REQUEST_TIMEOUT": "10m"},
		{"INPUT_VALUE": strings.Repeat("x", secret.MaxSize) + "\r\n"},
	} {
		load(good(change), nil).wantProblems(t)
	}
}

// allBad is everything wrong that can be wrong together.
var allBad = env{
	"OPERATION": "upsert", "API_KEY": "ccagent_synthetic", "BASE_URL": "http://api.example.com", "VAULT_ID": secretID,
	"SECRET_ID": vaultID, "ENV_KEY": "CCASECRET_A", "VALUE": "", "VALUE_ENV": "NOT_SET", "VALUE_FILE": "gone.txt",
	"TRIM": "all", "ALLOW_SUSPICIOUS_VALUE": "1", "ALLOWED_DOMAINS": "*", "ALLOW_ANY_DOMAIN": "yes",
	"IF_UPDATED_AT": "now", "MASK_PARTS": "no", "TIMEOUT": "1", "REQUEST_TIMEOUT": "1", "CA_CERT": "gone.pem", "OUTPUT_FILE": "a\nb",
	"DRY_RUN": "tRuE",
}

func TestAllProblemsAtOnceInDocumentedOrder(t *testing.T) {
	t.Parallel()
	for _, prefix := range prefixes {
		e := env{}
		for name, text := range allBad {
			e[prefix+name] = text
		}
		load(e, nil).wantProblems(t,
			"operation: must be one of", "api_key: this is an agent key", "base_url: must begin with https", "vault_id: this looks like a secret ID",
			"secret_id: this looks like a vault ID", "env_key: must not begin with CCASECRET_", "value: is empty", "value: give only one of",
			"value_env: names no variable", "value_file: there is no such file", "trim: must be one of", "allow_suspicious_value: must be true or false",
			"allowed_domains: entry 1 is a lone *", "allow_any_domain: must be true or false", "if_updated_at: must be", "mask_parts: must be true or false",
			"timeout: must be a time", "request_timeout: must be a time", "ca_cert: there is no such file", "output_file: must be the name of a file",
			"dry_run: must be true or false",
		)
	}
}

// What an operation needs is told together with what is wrong with the rest.
func TestMissingAndBadInputsTogether(t *testing.T) {
	t.Parallel()
	load(env{"INPUT_OPERATION": "create", "INPUT_DRY_RUN": "yes"}, nil).wantProblems(t,
		"api_key: is missing", "vault_id: is missing", "env_key: is missing", "value: is missing", "allowed_domains: is missing", "dry_run: must be")
	load(env{}, nil).wantProblems(t,
		"api_key: is missing", "vault_id: is missing", "secret_id: is missing", "value: nothing to write")
}

func TestProblemsNameTheInputAsItWasSpelled(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change env
		want   []string
	}{
		{"by the ecosystem's names", env{"INPUT_API_KEY": "", "NAIRI_API_KEY": "ccagent_x", "NAIRI_BASE_URL": "http://api.example.com"}, []string{"NAIRI_API_KEY: this is", "NAIRI_BASE_URL: must begin"}},
		{"as inputs, beside those names", env{"INPUT_API_KEY": "ccagent_x", "NAIRI_API_KEY": key}, []string{"api_key: this is"}},
		{"as settings of a plugin", env{"INPUT_VAULT_ID": unset, "PLUGIN_VAULT_ID": "x y"}, []string{"vault_id: this is no ID"}},
		{"missing", env{"INPUT_API_KEY": unset}, []string{"api_key: is missing"}},
		{"in order even so", env{"INPUT_OPERATION": "x", "INPUT_API_KEY": "", "NAIRI_API_KEY": "ccagent_x", "INPUT_DRY_RUN": "x"}, []string{"operation: must", "NAIRI_API_KEY: this", "dry_run: must"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			load(good(test.change), nil).wantProblems(t, test.want...)
		})
	}
}

func TestProblemsAreOneError(t *testing.T) {
	t.Parallel()
	problems := load(good(env{"INPUT_API_KEY": "ccagent_x", "INPUT_ALLOWED_DOMAINS": "a b\n*", "INPUT_DRY_RUN": "x"}), nil).problems
	if text := problems.Error(); strings.ContainsAny(text, "\r\n") || strings.Count(text, "; dry_run: must be true or false") != 1 {
		t.Errorf("not one line of all: %q", text)
	}
	for _, cause := range []error{nairi.ErrAgentKey, nairi.ErrLoneStar} {
		if !errors.Is(problems, cause) {
			t.Errorf("the cause is lost: %v", cause)
		}
	}
	if errors.Is(load(good(env{"INPUT_DRY_RUN": "x"}), nil).problems, nairi.ErrAgentKey) {
		t.Error("a cause that was not there")
	}
}

func TestSuspiciousValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		change   env
		problems []string
		warnings string
	}{
		{"refused", env{"INPUT_VALUE": "***"}, []string{"value: is only asterisks"}, "value: is too short to be masked in logs"},
		{"allowed", env{"INPUT_VALUE": "***", "INPUT_ALLOW_SUSPICIOUS_VALUE": "true"}, nil, "value: is only asterisks, as a log shows a secret instead of its text\nvalue: is too short to be masked in logs"},
		{"odd", env{"INPUT_VALUE": " synthetic"}, nil, "value: begins or ends with white space, which is stored with it"},
		{"trimmed and no longer odd", env{"INPUT_VALUE": "synthetic\n"}, nil, ""},
		{"from a variable", env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER", "HOLDER": "xyz"}, nil, "value_env: is too short to be masked in logs"},
		{"from a file", env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "file"}, []string{"value_file: looks like a variable or a command that nothing has expanded"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := load(good(test.change), env{"file": "$TOKEN\n"})
			got.wantProblems(t, test.problems...)
			if warned := lines(got.config.Warnings); warned != test.warnings {
				t.Errorf("warnings:\n%s\nwant:\n%s", warned, test.warnings)
			}
		})
	}
}

func TestPublicValues(t *testing.T) {
	t.Parallel()
	public := func(e env) input.Outside {
		o := outside(e, nil)
		o.Public = func(v secret.Value) string {
			if v.Reveal() == value {
				return "inputs.password"
			}
			return ""
		}
		return o
	}
	for _, text := range []string{value, value + "\n"} {
		loadOutside(public(good(env{"INPUT_VALUE": text}))).wantProblems(t, "value: stands in the event of this run, in inputs.password")
	}
	loadOutside(public(good(env{"INPUT_VALUE": "another"}))).wantProblems(t)
	allowed := loadOutside(public(good(env{"INPUT_ALLOW_SUSPICIOUS_VALUE": "true"})))
	allowed.wantProblems(t)
	if len(allowed.config.Warnings) != 1 {
		t.Errorf("warnings %v, want one", allowed.config.Warnings)
	}
}
