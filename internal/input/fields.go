package input

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// NotGiven is the default that action.yml gives the inputs without another one for
// which "given but empty" must not look like "left out": a composite action hands
// an input that was left out on as its default, and as "" if it has none. Every
// input takes it for "left out", so that a workflow that wraps this action can use
// it as the default of all of its own inputs, to pass them through.
const NotGiven = "__not_given__"

// fields are the inputs as text. The tags are the one list of names, of defaults and of
// all else that is known of an input:
//
//	of      the operations that take it, with one for all those of a single secret;
//	        without an of all take it
//	not     those of them that do nothing with it, or refuse it: a command line offers it
//	        only to the others
//	guards  it limits what a run writes, so that an empty one, or one that is misspelt,
//	        must not look like "left out"
//	group   where a help lists it, and all up to the next group
//	help    what it is, in a few words, for a help and for completions
//	takes   what it takes: file for the name of one, secret beside it if such a file holds
//	        secrets, list for several texts, or the words that are all there are
//	text    what stands for it in a help, if not the last word of its name
//	shell   the variable in which a shell has it, for all of its commands
//	also    what other programs call its flag
//	never   it is a secret, which no command line may have; what to do instead
//
// Everything is text to envconfig, whose conversion errors repeat what they could not
// convert.
type fields struct {
	Operation  string `env:"OPERATION, default=set" group:"Access and target" help:"what to do"`
	APIKey     string `env:"API_KEY" shell:"NAIRI_API_KEY" not:"lint generate" also:"token" help:"a public API key (nr_…)" never:"set the variable NAIRI_API_KEY, or name a file with --api-key-file"`
	APIKeyFile string `env:"API_KEY_FILE" not:"lint generate" takes:"file secret" help:"a file that holds the API key, or - for stdin"`
	VaultID    string `env:"VAULT_ID" shell:"NAIRI_VAULT_ID" of:"one export list" takes:"list" help:"the vault, by its ID (vlt_…)"`
	SecretID   string `env:"SECRET_ID" of:"one" not:"create" help:"the secret, by its ID (sec_…)"`
	EnvKey     string `env:"ENV_KEY" of:"one" text:"NAME" also:"name" help:"the secret, by its name"`

	Value           optional `env:"VALUE" of:"one" not:"delete" group:"The value" also:"b body data secret password" help:"the value" never:"pipe it in with --value-file -, name a file with --value-file, or name a variable that holds it with --value-env"`
	ValueEnv        optional `env:"VALUE_ENV" of:"one" not:"delete" text:"NAME" help:"the name of a variable that holds the value"`
	ValueFile       optional `env:"VALUE_FILE" of:"one" not:"delete" takes:"file secret" also:"from-file" help:"a file that holds the value, or - for stdin"`
	Generate        string   `env:"GENERATE" of:"one generate" not:"delete" guards:"yes" takes:"base64url hex alphanumeric uuid password" help:"make a new random value of this kind"`
	GenerateBytes   string   `env:"GENERATE_BYTES" of:"one generate" not:"delete" guards:"yes" text:"NUMBER" help:"random bytes of base64url and hex, 32 if left out"`
	GenerateLength  string   `env:"GENERATE_LENGTH" of:"one generate" not:"delete" guards:"yes" text:"NUMBER" help:"characters of alphanumeric and password, 32 if left out"`
	GenerateSymbols string   `env:"GENERATE_SYMBOLS, default=safe" of:"one generate" not:"delete" takes:"safe all none" help:"symbols of a password"`
	GeneratedFile   string   `env:"GENERATED_FILE" of:"one generate" not:"delete" guards:"yes" takes:"file" help:"a new file for the generated value"`
	GeneratedEnv    string   `env:"GENERATED_ENV" of:"one generate" not:"delete" guards:"yes" text:"NAME" help:"a variable of later steps for the generated value"`
	ValueEncoding   string   `env:"VALUE_ENCODING, default=text" of:"one" not:"delete" takes:"text base64" help:"text, or base64, which is decoded first"`
	Trim            string   `env:"TRIM, default=newline" not:"delete list export lint check generate" takes:"newline none" help:"whether one final line break is dropped"`
	AllowSuspicious string   `env:"ALLOW_SUSPICIOUS_VALUE, default=false" not:"delete list export lint check generate" help:"store a value that looks like a mistake"`
	MaskParts       string   `env:"MASK_PARTS, default=true" not:"delete list export lint check generate" help:"also mask parts of the value"`
	UnmaskedParts   string   `env:"UNMASKED_PARTS" not:"delete list export lint check generate" takes:"list" help:"names of parts that are not secret, such as host"`

	AllowedDomains optional `env:"ALLOWED_DOMAINS" of:"one" not:"delete" group:"Where it may go" takes:"list" also:"host hosts domain domains" help:"the only hosts that the secret can reach"`
	AllowAnyDomain string   `env:"ALLOW_ANY_DOMAIN, default=false" of:"one" not:"delete" help:"allow any host"`
	Mirror         string   `env:"MIRROR" of:"one" not:"delete" guards:"yes" takes:"list" text:"PLACE" help:"secrets of GitHub that get the same value, as in repo:octo/cats"`
	DenyWidening   string   `env:"DENY_WIDENING, default=false" of:"one sync" not:"delete" guards:"yes" help:"fail if a secret could reach more hosts"`

	DryRun       string `env:"DRY_RUN, default=false" of:"one sync generate" guards:"yes" group:"Safety" also:"n" help:"show the plan and change nothing"`
	IfUpdatedAt  string `env:"IF_UPDATED_AT" of:"one" not:"create" guards:"yes" text:"TIME" help:"write only if the secret still has this updated_at"`
	VerifyCreate string `env:"VERIFY_CREATE, default=true" of:"one sync" not:"update delete" help:"check that a created name is there once"`

	Manifest    string   `env:"MANIFEST, default=.github/nairi-vault.yml" of:"sync export lint check" group:"Vault as code" takes:"file list" help:"the manifests: names or patterns"`
	Secrets     optional `env:"SECRETS" of:"sync lint check" help:"the manifest's text"`
	EnvJSON     string   `env:"ENV_JSON" of:"sync lint" help:"names and values as a JSON object" never:"name a file that holds it with --values-file"`
	ValuesFile  string   `env:"VALUES_FILE" of:"sync lint" takes:"file secret" help:"a .json or .env file of names and values, or -"`
	Values      string   `env:"VALUES" of:"sync lint" guards:"yes" takes:"always when_created when_rotated" help:"when a value is written"`
	Prune       string   `env:"PRUNE, default=false" of:"sync lint" guards:"yes" help:"delete the secrets that the manifest does not name"`
	MaxDeletes  string   `env:"MAX_DELETES" of:"sync" guards:"yes" text:"NUMBER" help:"the most secrets to delete, 5 if left out"`
	Unmanaged   string   `env:"UNMANAGED, default=show" of:"sync check" guards:"yes" takes:"show error" help:"whether secrets that the manifest does not name fail the run"`
	ExpectPlan  string   `env:"EXPECT_PLAN" of:"sync" help:"the approved plan or its digest, to write no other"`
	Concurrency string   `env:"CONCURRENCY, default=8" of:"sync export check list" help:"requests at a time"`
	Shard       string   `env:"SHARD" of:"sync" guards:"yes" help:"the part of the work to do, as in 2/8"`
	Shards      string   `env:"SHARDS, default=1" of:"sync" help:"the most parts to split the work into"`
	CommentPR   string   `env:"COMMENT_PR, default=false" of:"sync" help:"keep a comment with the plan on the pull request"`
	GitHubToken string   `env:"GITHUB_TOKEN" shell:"INPUT_GITHUB_TOKEN" of:"one sync check" not:"delete" help:"the token for comments, issues and mirrors" never:"set the variable INPUT_GITHUB_TOKEN"`
	PullRequest string   `env:"PULL_REQUEST" of:"sync" text:"NUMBER" help:"the pull request's number"`
	ExportFile  string   `env:"EXPORT_FILE" of:"export" takes:"file" help:"the manifest to write"`
	Overwrite   string   `env:"OVERWRITE, default=false" of:"export" help:"merge into a manifest that is there"`
	FailOnDrift string   `env:"FAIL_ON_DRIFT, default=true" of:"check" guards:"yes" help:"fail if a vault differs from the manifest"`
	Issue       string   `env:"ISSUE, default=false" of:"check" help:"keep an issue that says how the vaults differ"`

	BaseURL        string `env:"BASE_URL, default=https://api.nairi.ai" shell:"NAIRI_BASE_URL" not:"lint generate" group:"Network" also:"endpoint api-url" help:"the API's address"`
	Timeout        string `env:"TIMEOUT, default=120s" help:"the time for the whole run"`
	RequestTimeout string `env:"REQUEST_TIMEOUT, default=30s" not:"lint generate" help:"the time for one request"`
	CACert         string `env:"CA_CERT" not:"lint generate" takes:"file" help:"extra CA certificates, as PEM"`

	OutputFile  string `env:"OUTPUT_FILE" group:"Output" takes:"file" help:"a file to add the outputs to, as variables"`
	ResultsFile string `env:"RESULTS_FILE" of:"sync check list" takes:"file" help:"a file for the results of all secrets, as JSON"`
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
	Name    string            // as in vault_id
	Default string            // NotGiven for one without that keeps empty and left out apart
	shell   string            // the variable in which a shell has it; "" for none
	of      []string          // the operations that take it, one for those of a single secret; none for all
	guards  bool              // whether it limits what a run writes
	text    bool              // whether an empty text is the user's, and goes on as it is
	tag     reflect.StructTag // for what few runs ask
}

// Group is the heading under which a help lists an input and those after it; "" for one
// that does not begin a group.
func (s Spec) Group() string { return s.tag.Get("group") }

// Help is what an input is, in a few words.
func (s Spec) Help() string { return s.tag.Get("help") }

// Variable is the variable of a shell that an input is read from; "" for none.
func (s Spec) Variable() string { return s.shell }

// IsCalled reports whether other programs have a flag of a name for what an input is.
func (s Spec) IsCalled(name string) bool {
	return slices.Contains(strings.Fields(s.tag.Get("also")), name)
}

// Never is what to do instead of giving a secret on a command line; "" for an input that
// is none.
func (s Spec) Never() string { return s.tag.Get("never") }

// IsBoolean reports whether an input is true or false.
func (s Spec) IsBoolean() bool { return s.Default == "true" || s.Default == "false" }

// IsFile reports whether an input is the name of a file.
func (s Spec) IsFile() bool { return slices.Contains(s.takes(), "file") }

// holdsSecrets reports whether an input is the name of a file that holds secrets.
func (s Spec) holdsSecrets() bool { return slices.Contains(s.takes(), "secret") }

// IsList reports whether an input may be several texts, a line each.
func (s Spec) IsList() bool { return slices.Contains(s.takes(), "list") }

// Words are all that an input takes; none if that is not a choice of words.
func (s Spec) Words() []string {
	takes := s.takes()
	if slices.Contains(takes, "file") || slices.Contains(takes, "list") {
		return nil
	}
	return takes
}

// Placeholder is what stands for the text of an input in a help, as in FILE; "" for one
// that is true or false.
func (s Spec) Placeholder() string {
	if text := s.tag.Get("text"); text != "" || s.IsBoolean() {
		return text
	}
	if s.IsFile() {
		return "FILE"
	}
	if words := s.Words(); len(words) > 0 {
		return strings.Join(words, "|")
	}
	if _, err := strconv.Atoi(s.Default); err == nil {
		return "NUMBER"
	}
	if _, err := time.ParseDuration(s.Default); err == nil {
		return "TIME"
	}
	return strings.ToUpper(s.Name[strings.LastIndex(s.Name, "_")+1:])
}

func (s Spec) takes() []string { return strings.Fields(s.tag.Get("takes")) }

// Takes reports whether an operation takes an input.
func (s Spec) Takes(operation plan.Operation) bool {
	return len(s.of) == 0 || slices.Contains(s.of, kindOf(operation))
}

// Serves reports whether an operation takes an input and does something with it.
func (s Spec) Serves(operation plan.Operation) bool {
	return s.Takes(operation) && !slices.Contains(strings.Fields(s.tag.Get("not")), string(operation))
}

// kindOf is how the table spells an operation. One that there is not is taken for the
// usual one, so that no more is said of it than that.
func kindOf(operation plan.Operation) string {
	if operation.IsOfManifest() || slices.Contains(plan.OfNone, operation) {
		return string(operation)
	}
	return ofOne
}

// Specs lists the inputs in the order in which they are documented. The list is
// everybody's, and not to be changed.
func Specs() []Spec { return specs() }

// Named is what is known of an input, and whether there is one of the name.
func Named(name string) (Spec, bool) {
	for _, spec := range Specs() {
		if spec.Name == name {
			return spec, true
		}
	}
	return Spec{}, false
}

var specs = sync.OnceValue(func() []Spec {
	var specs []Spec
	all := reflect.TypeFor[fields]()
	for i := range all.NumField() {
		field := all.Field(i)
		variable, options, _ := strings.Cut(field.Tag.Get("env"), ",")
		spec := Spec{Name: strings.ToLower(variable), shell: field.Tag.Get("shell"), of: strings.Fields(field.Tag.Get("of")), tag: field.Tag}
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
