package input

import (
	"context"
	"reflect"
	"strings"

	"github.com/sethvargo/go-envconfig"
)

// NotGiven is the default that action.yml gives the inputs for which "given but
// empty" must not look like "left out": a composite action hands an input that
// was left out on as its default, and as "" if it has none. A workflow that wraps
// this action uses it as the default of its own inputs to pass them through.
const NotGiven = "__not_given__"

// fields are the inputs as text. The tags are the one list of names and
// defaults. Everything is text to envconfig, whose conversion errors repeat what
// they could not convert.
type fields struct {
	Operation       string   `env:"OPERATION, default=set"`
	APIKey          string   `env:"API_KEY"`
	BaseURL         string   `env:"BASE_URL, default=https://api.nairi.ai"`
	VaultID         string   `env:"VAULT_ID"`
	SecretID        string   `env:"SECRET_ID"`
	EnvKey          string   `env:"ENV_KEY"`
	Value           optional `env:"VALUE"`
	ValueEnv        optional `env:"VALUE_ENV"`
	ValueFile       optional `env:"VALUE_FILE"`
	Trim            string   `env:"TRIM, default=newline"`
	AllowSuspicious string   `env:"ALLOW_SUSPICIOUS_VALUE, default=false"`
	AllowedDomains  optional `env:"ALLOWED_DOMAINS"`
	AllowAnyDomain  string   `env:"ALLOW_ANY_DOMAIN, default=false"`
	IfUpdatedAt     string   `env:"IF_UPDATED_AT"`
	MaskParts       string   `env:"MASK_PARTS, default=true"`
	Timeout         string   `env:"TIMEOUT, default=120s"`
	RequestTimeout  string   `env:"REQUEST_TIMEOUT, default=30s"`
	CACert          string   `env:"CA_CERT"`
	OutputFile      string   `env:"OUTPUT_FILE"`
	DryRun          string   `env:"DRY_RUN, default=false"`
	DenyWidening    string   `env:"DENY_WIDENING, default=false"`

	// Of sync alone.
	Manifest    string   `env:"MANIFEST, default=.github/nairi-vault.yml"`
	Secrets     optional `env:"SECRETS"`
	EnvJSON     string   `env:"ENV_JSON"`
	Values      string   `env:"VALUES, default=always"`
	Prune       string   `env:"PRUNE, default=false"`
	MaxDeletes  string   `env:"MAX_DELETES"`
	Concurrency string   `env:"CONCURRENCY, default=8"`
	Shard       string   `env:"SHARD"`
	Shards      string   `env:"SHARDS, default=1"`
	CommentPR   string   `env:"COMMENT_PR, default=false"`
	GitHubToken string   `env:"GITHUB_TOKEN"`
}

// optional is the text of an input that can be given but empty. Envconfig leaves
// a pointer alone for both, but calls a decoder for what was found.
type optional struct{ text *string }

// EnvDecode implements envconfig.Decoder.
func (o *optional) EnvDecode(text string) error {
	o.text = &text
	return nil
}

// Spec is what is known of one input without its content.
type Spec struct {
	Name    string // as in vault_id
	Default string // NotGiven for an input that keeps empty and left out apart
}

// Specs lists the inputs in the order in which they are documented.
func Specs() []Spec {
	var specs []Spec
	for field := range reflect.TypeFor[fields]().Fields() {
		variable, options, _ := strings.Cut(field.Tag.Get("env"), ",")
		spec := Spec{Name: strings.ToLower(variable)}
		_, spec.Default, _ = strings.Cut(options, "default=")
		if field.Type == reflect.TypeFor[optional]() {
			spec.Default = NotGiven
		}
		specs = append(specs, spec)
	}
	return specs
}

// Lookup returns a variable of the environment, as os.LookupEnv does.
type Lookup func(name string) (value string, found bool)

// prefixes of the variables in which a platform hands over its inputs: GitHub,
// Gitea and Forgejo use INPUT_, Woodpecker and Drone PLUGIN_.
var prefixes = []string{"INPUT_", "PLUGIN_"}

// ecosystem are the names under which the vendor's own clients look for the key
// and the address (github.com/nairiai/pi-nairi-provider).
var ecosystem = map[string]string{
	"API_KEY":  "NAIRI_API_KEY",
	"BASE_URL": "NAIRI_BASE_URL",
}

// readFields fills the inputs from the environment, and tells for each input
// that was found the variable that held it.
func readFields(lookup Lookup) (fields, map[string]string, error) {
	var f fields
	sources := map[string]string{}
	err := envconfig.ProcessWith(context.Background(), &envconfig.Config{
		Target:   &f,
		Lookuper: lookuper{lookup: lookup, threeState: threeState(), sources: sources},
	})
	return f, sources, err
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
	lookup     Lookup
	threeState map[string]bool
	sources    map[string]string
}

// Lookup implements envconfig.Lookuper.
func (l lookuper) Lookup(key string) (string, bool) {
	for _, variable := range variables(key) {
		text, found := l.lookup(variable)
		given := trimSpace(text) != ""
		if l.threeState[key] {
			given = text != NotGiven
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
