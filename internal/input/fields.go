package input

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/nairi-community/vault-secret/internal/env"
)

// NotGiven is the default that action.yml gives the inputs for which "given but
// empty" must not look like "left out": a composite action hands an input that
// was left out on as its default, and as "" if it has none. A workflow that wraps
// this action uses it as the default of its own inputs to pass them through.
const NotGiven = "__not_given__"

// fields are the inputs as text. The tags are the one list of names, of defaults,
// and of what an input is about: one secret, or the many of a manifest; without
// an of it is about both. Everything is text to envconfig, whose conversion
// errors repeat what they could not convert.
type fields struct {
	Operation       string   `env:"OPERATION, default=set"`
	APIKey          string   `env:"API_KEY"`
	BaseURL         string   `env:"BASE_URL, default=https://api.nairi.ai"`
	VaultID         string   `env:"VAULT_ID" of:"one"`
	SecretID        string   `env:"SECRET_ID" of:"one"`
	EnvKey          string   `env:"ENV_KEY" of:"one"`
	Value           optional `env:"VALUE" of:"one"`
	ValueEnv        optional `env:"VALUE_ENV" of:"one"`
	ValueFile       optional `env:"VALUE_FILE" of:"one"`
	Trim            string   `env:"TRIM, default=newline"`
	AllowSuspicious string   `env:"ALLOW_SUSPICIOUS_VALUE, default=false"`
	AllowedDomains  optional `env:"ALLOWED_DOMAINS" of:"one"`
	AllowAnyDomain  string   `env:"ALLOW_ANY_DOMAIN, default=false" of:"one"`
	IfUpdatedAt     string   `env:"IF_UPDATED_AT" of:"one"`
	MaskParts       string   `env:"MASK_PARTS, default=true"`
	Timeout         string   `env:"TIMEOUT, default=120s"`
	RequestTimeout  string   `env:"REQUEST_TIMEOUT, default=30s"`
	CACert          string   `env:"CA_CERT"`
	OutputFile      string   `env:"OUTPUT_FILE"`
	DryRun          string   `env:"DRY_RUN, default=false"`
	DenyWidening    string   `env:"DENY_WIDENING, default=false"`
	Manifest        string   `env:"MANIFEST, default=.github/nairi-vault.yml" of:"many"`
	Secrets         optional `env:"SECRETS" of:"many"`
	EnvJSON         string   `env:"ENV_JSON" of:"many"`
	Values          string   `env:"VALUES, default=always" of:"many"`
	Prune           string   `env:"PRUNE, default=false" of:"many"`
	MaxDeletes      string   `env:"MAX_DELETES" of:"many"`
	Concurrency     string   `env:"CONCURRENCY, default=8" of:"many"`
	Shard           string   `env:"SHARD" of:"many"`
	Shards          string   `env:"SHARDS, default=1" of:"many"`
	CommentPR       string   `env:"COMMENT_PR, default=false" of:"many"`
	GitHubToken     string   `env:"GITHUB_TOKEN" of:"many"`
}

// optional is the text of an input that can be given but empty. Envconfig leaves
// a pointer alone for both, but calls a decoder for what was found.
type optional struct{ text *string }

// EnvDecode implements envconfig.Decoder.
func (o *optional) EnvDecode(text string) error {
	o.text = &text
	return nil
}

func (o optional) given() bool { return o.text != nil }

// Spec is what is known of one input without its content.
type Spec struct {
	Name    string // as in vault_id
	Default string // NotGiven for an input that keeps empty and left out apart
	of      string // what it is about: "one", "many", or "" for both
}

// Specs lists the inputs in the order in which they are documented.
func Specs() []Spec {
	var specs []Spec
	for field := range reflect.TypeFor[fields]().Fields() {
		variable, options, _ := strings.Cut(field.Tag.Get("env"), ",")
		spec := Spec{Name: strings.ToLower(variable), of: field.Tag.Get("of")}
		_, spec.Default, _ = strings.Cut(options, "default=")
		if field.Type == reflect.TypeFor[optional]() {
			spec.Default = NotGiven
		}
		specs = append(specs, spec)
	}
	return specs
}

// Inputs are the inputs as they were given, not checked yet.
type Inputs struct {
	fields
	lookup  env.Lookup
	sources map[string]string // the variable of each input that was found
	err     error
}

// Read reads the text of every input from the environment. It opens no file.
func Read(lookup env.Lookup) *Inputs {
	i := &Inputs{lookup: lookup, sources: map[string]string{}}
	i.err = envconfig.ProcessWith(context.Background(), &envconfig.Config{
		Target:   &i.fields,
		Lookuper: lookuper{lookup: lookup, threeState: threeState(), sources: i.sources},
	})
	return i
}

// spelled is the name of an input as the user wrote it: "vault_id" in a
// workflow or a plugin's settings, and the variable where it came by another.
func (i *Inputs) spelled(input string) string {
	variable := i.sources[input]
	for _, prefix := range prefixes {
		if variable == "" || variable == prefix+strings.ToUpper(input) {
			return input
		}
	}
	return variable
}

// Names are the names of all inputs as the user wrote them, in the order in which
// inputs are documented.
func (i *Inputs) Names() []string {
	var names []string
	for _, spec := range Specs() {
		names = append(names, i.spelled(spec.Name))
	}
	return names
}

// Timeout is the time for the whole run; the longest there may be, where the
// input is none.
func (i *Inputs) Timeout() time.Duration {
	timeout, err := parseDuration(i.fields.Timeout, maxTimeout)
	if err != nil {
		return maxTimeout
	}
	return timeout
}

// prefixes of the variables in which a platform hands over its inputs: GitHub,
// Gitea and Forgejo use INPUT_, Woodpecker and Drone PLUGIN_.
var prefixes = []string{"INPUT_", "PLUGIN_"}

// ecosystem are the names under which the vendor's own clients look for the key
// and the address (github.com/nairiai/pi-nairi-provider).
var ecosystem = map[string]string{
	"API_KEY":  "NAIRI_API_KEY",
	"BASE_URL": "NAIRI_BASE_URL",
}

func threeState() map[string]bool {
	names := map[string]bool{}
	for _, spec := range Specs() {
		names[strings.ToUpper(spec.Name)] = spec.Default == NotGiven
	}
	return names
}

// lookuper is where envconfig looks: INPUT_X, then PLUGIN_X, then the
// ecosystem's name. The runner sets INPUT_X="" for an input that was left out
// (actions/runner, ActionManifestManager.cs), which envconfig would count as
// found, so "" is passed over where an input cannot be given but empty, and so is
// white space, as of a variable that holds a new line.
type lookuper struct {
	lookup     env.Lookup
	threeState map[string]bool
	sources    map[string]string
}

// Lookup implements envconfig.Lookuper. An input that cannot be given but empty
// comes without the white space around it: a variable pasted into a settings page
// easily ends in a new line.
func (l lookuper) Lookup(key string) (string, bool) {
	for _, variable := range variables(key) {
		text, found := l.lookup(variable)
		given := text != NotGiven
		if !l.threeState[key] {
			text = strings.TrimSpace(text)
			given = text != ""
		}
		if found && given {
			l.sources[strings.ToLower(key)] = variable
			return text, true
		}
	}
	return "", false
}

func variables(key string) []string {
	var names []string
	for _, prefix := range prefixes {
		names = append(names, prefix+key)
	}
	if name, ok := ecosystem[key]; ok {
		names = append(names, name)
	}
	return names
}

// given reports whether an input says something else than its default.
func (i *Inputs) given(spec Spec) bool {
	variable, found := i.sources[spec.Name]
	if !found {
		return false
	}
	text, _ := i.lookup(variable)
	text = strings.TrimSpace(text)
	said, isBoolean := booleans[text]
	isDefault := text == spec.Default || isBoolean && said == booleans[spec.Default]
	return spec.Default == NotGiven || !isDefault
}
