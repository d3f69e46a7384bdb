package input

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/nairi-community/vault-secret/internal/env"
)

// NotGiven is the default that action.yml gives the inputs without another one for
// which "given but empty" must not look like "left out": a composite action hands
// an input that was left out on as its default, and as "" if it has none. Every
// input takes it for "left out", so that a workflow that wraps this action can use
// it as the default of all of its own inputs, to pass them through.
const NotGiven = "__not_given__"

// fields are the inputs as text. The tags are the one list of names, of defaults,
// of the operations that take an input, with one for all those of a single secret
// (without an of all take it), and of what guards: an input that limits what a run
// writes, so that an empty one, or one that is misspelt, must not look like "left
// out". Everything is text to envconfig, whose conversion errors repeat what they
// could not convert.
type fields struct {
	Operation       string   `env:"OPERATION, default=set"`
	APIKey          string   `env:"API_KEY"`
	BaseURL         string   `env:"BASE_URL, default=https://api.nairi.ai"`
	VaultID         string   `env:"VAULT_ID" of:"one export"`
	SecretID        string   `env:"SECRET_ID" of:"one"`
	EnvKey          string   `env:"ENV_KEY" of:"one"`
	Value           optional `env:"VALUE" of:"one"`
	ValueEnv        optional `env:"VALUE_ENV" of:"one"`
	ValueFile       optional `env:"VALUE_FILE" of:"one"`
	ValueEncoding   string   `env:"VALUE_ENCODING, default=text" of:"one"`
	Trim            string   `env:"TRIM, default=newline"`
	AllowSuspicious string   `env:"ALLOW_SUSPICIOUS_VALUE, default=false"`
	AllowedDomains  optional `env:"ALLOWED_DOMAINS" of:"one"`
	AllowAnyDomain  string   `env:"ALLOW_ANY_DOMAIN, default=false" of:"one"`
	IfUpdatedAt     string   `env:"IF_UPDATED_AT" of:"one" guards:"yes"`
	MaskParts       string   `env:"MASK_PARTS, default=true"`
	UnmaskedParts   string   `env:"UNMASKED_PARTS"`
	Timeout         string   `env:"TIMEOUT, default=120s"`
	RequestTimeout  string   `env:"REQUEST_TIMEOUT, default=30s"`
	CACert          string   `env:"CA_CERT"`
	OutputFile      string   `env:"OUTPUT_FILE"`
	ResultsFile     string   `env:"RESULTS_FILE" of:"sync check"`
	DryRun          string   `env:"DRY_RUN, default=false" of:"one sync" guards:"yes"`
	DenyWidening    string   `env:"DENY_WIDENING, default=false" of:"one sync" guards:"yes"`
	VerifyCreate    string   `env:"VERIFY_CREATE, default=true" of:"one sync"`
	Manifest        string   `env:"MANIFEST, default=.github/nairi-vault.yml" of:"sync export lint check"`
	Secrets         optional `env:"SECRETS" of:"sync lint check"`
	EnvJSON         string   `env:"ENV_JSON" of:"sync lint"`
	ValuesFile      string   `env:"VALUES_FILE" of:"sync lint"`
	Values          string   `env:"VALUES" of:"sync lint" guards:"yes"`
	Prune           string   `env:"PRUNE, default=false" of:"sync lint" guards:"yes"`
	MaxDeletes      string   `env:"MAX_DELETES" of:"sync" guards:"yes"`
	Unmanaged       string   `env:"UNMANAGED, default=show" of:"sync check" guards:"yes"`
	ExpectPlan      string   `env:"EXPECT_PLAN" of:"sync"`
	Concurrency     string   `env:"CONCURRENCY, default=8" of:"sync export check"`
	Shard           string   `env:"SHARD" of:"sync" guards:"yes"`
	Shards          string   `env:"SHARDS, default=1" of:"sync"`
	CommentPR       string   `env:"COMMENT_PR, default=false" of:"sync"`
	GitHubToken     string   `env:"GITHUB_TOKEN" of:"sync check"`
	PullRequest     string   `env:"PULL_REQUEST" of:"sync"`
	ExportFile      string   `env:"EXPORT_FILE" of:"export"`
	Overwrite       string   `env:"OVERWRITE, default=false" of:"export"`
	FailOnDrift     string   `env:"FAIL_ON_DRIFT, default=true" of:"check" guards:"yes"`
	Issue           string   `env:"ISSUE, default=false" of:"check"`
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
	Name    string   // as in vault_id
	Default string   // NotGiven for one without that keeps empty and left out apart
	of      []string // the operations that take it, one for those of a single secret; none for all
	guards  bool     // whether it limits what a run writes
	text    bool     // whether an empty text is the user's, and goes on as it is
}

// Specs lists the inputs in the order in which they are documented. The list is
// everybody's, and not to be changed.
func Specs() []Spec { return specs() }

var specs = sync.OnceValue(func() []Spec {
	var specs []Spec
	for field := range reflect.TypeFor[fields]().Fields() {
		variable, options, _ := strings.Cut(field.Tag.Get("env"), ",")
		spec := Spec{Name: strings.ToLower(variable), of: strings.Fields(field.Tag.Get("of"))}
		_, spec.Default, _ = strings.Cut(options, "default=")
		spec.guards = field.Tag.Get("guards") != "" || isCondition(spec.Name)
		spec.text = field.Type == reflect.TypeFor[optional]()
		if spec.text || spec.guards && spec.Default == "" {
			spec.Default = NotGiven
		}
		specs = append(specs, spec)
	}
	return specs
})

// isCondition reports whether a name is that of a condition under which a run
// writes.
func isCondition(name string) bool {
	return strings.HasPrefix(name, "if_") || strings.HasPrefix(name, "expect_")
}

// Inputs are the inputs as they were given, not checked yet.
type Inputs struct {
	fields
	lookup  env.Lookup
	sources map[string]string // the variable of each input that was found
	empty   map[string]bool   // the guards that were given but empty
	err     error
}

// Read reads the text of every input from the environment. It opens no file.
func Read(lookup env.Lookup) *Inputs {
	i := &Inputs{lookup: lookup, sources: map[string]string{}, empty: map[string]bool{}}
	i.err = envconfig.ProcessWith(context.Background(), &envconfig.Config{
		Target:   &i.fields,
		Lookuper: lookuper{Inputs: i, specs: byVariable()},
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
var prefixes = []string{inputPrefix, settingPrefix}

const (
	inputPrefix   = "INPUT_"
	settingPrefix = "PLUGIN_"
)

// ecosystem is the name under which the vendor's own clients look for the key and
// the address (github.com/nairiai/pi-nairi-provider); "" for any other input.
func ecosystem(key string) string {
	switch key {
	case "API_KEY":
		return "NAIRI_API_KEY"
	case "BASE_URL":
		return "NAIRI_BASE_URL"
	}
	return ""
}

// byVariable are the inputs by the name that envconfig asks for, as in VAULT_ID.
func byVariable() map[string]Spec {
	specs := map[string]Spec{}
	for _, spec := range Specs() {
		specs[strings.ToUpper(spec.Name)] = spec
	}
	return specs
}

// lookuper is where envconfig looks: INPUT_X, then PLUGIN_X, then the
// ecosystem's name. The runner sets INPUT_X="" for an input that was left out
// (actions/runner, ActionManifestManager.cs), which envconfig would count as
// found, so "" is passed over where an input cannot be given but empty, and so is
// white space, as of a variable that holds a new line.
type lookuper struct {
	*Inputs
	specs map[string]Spec
}

// Lookup implements envconfig.Lookuper. An input that cannot be given but empty
// comes without the white space around it: a variable pasted into a settings page
// easily ends in a new line. A guard that is given but empty is remembered, and
// then as if it were left out.
func (l lookuper) Lookup(key string) (string, bool) {
	spec := l.specs[key]
	for _, variable := range variables(key) {
		text, found := l.lookup(variable)
		trimmed := strings.TrimSpace(text)
		switch {
		case !found, trimmed == NotGiven, trimmed == "" && !spec.text && !spec.guards:
			continue
		case !spec.text:
			text = trimmed
		}
		l.sources[spec.Name] = variable
		l.empty[spec.Name] = text == "" && spec.guards
		return text, !l.empty[spec.Name]
	}
	return "", false
}

func variables(key string) []string {
	var names []string
	for _, prefix := range prefixes {
		names = append(names, prefix+key)
	}
	if name := ecosystem(key); name != "" {
		names = append(names, name)
	}
	return names
}

// given reports whether an input says something else than its default.
func (i *Inputs) given(spec Spec) bool {
	variable, found := i.sources[spec.Name]
	if !found || i.empty[spec.Name] {
		return false
	}
	text, _ := i.lookup(variable)
	text = strings.TrimSpace(text)
	said, isBoolean := parseBoolean(text)
	isDefault := text == spec.Default || isBoolean && said == isTrue(spec.Default)
	return spec.Default == NotGiven || !isDefault
}
