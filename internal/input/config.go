package input

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Config is what the step was asked to do. What could not be used of it is left
// empty, so that text put in the wrong input goes no further.
type Config struct {
	Operation plan.Operation
	APIKey    secret.Value
	BaseURL   *url.URL
	// Manifest is the name of the manifest that says what vaults should hold, as
	// the user spelled it, or those of several in a row; empty for a single secret.
	Manifest string
	// ManifestFiles is how many files that is; 0 for none.
	ManifestFiles int
	Vaults        []plan.Vault // what they should hold
	Rules         plan.Rules
	// VerifyCreate says that a vault is listed once more after something was
	// created in it.
	VerifyCreate bool
	// Concurrency is how many requests there may be at a time.
	Concurrency int
	// ExpectPlan is the plan that was approved; the zero one for any.
	ExpectPlan plan.Approved
	// ResultsFile is the name of a file for all results; empty for none.
	ResultsFile string
	// ExportFile is the name of the manifest to write; empty for standard output.
	ExportFile string
	Overwrite  bool // whether ExportFile may be there already
	// Present is the text of Manifest, which an export merges into; nil for none.
	Present []byte
	// FailOnDrift says that a vault which differs from its manifest is a failure.
	FailOnDrift bool
	Issue       bool // whether an issue on GitHub says how vaults differ
	Shards      int  // into how many the plan may be cut; 0 for not at all
	// Generate is how a value is made that no vault gets; nil for none.
	Generate *generate.Spec
	// GeneratedFile is the name of a new file for the generated value, and GeneratedEnv that
	// of a variable of later steps; empty for none.
	GeneratedFile, GeneratedEnv string
	CommentPR                   bool
	GitHubToken                 secret.Value
	// PullRequest is the number of the one to comment on; 0 for that of the event.
	PullRequest int
	// MaskParts says that the parts of a value are masked too, such as the
	// password in a URL; the lines and the encodings of the whole always are.
	MaskParts bool
	// UnmaskedParts are the names of parts that are not masked alone, as in host.
	UnmaskedParts  []string
	Timeout        time.Duration // for the whole run
	RequestTimeout time.Duration // for one request
	CACert         []byte        // certificates to trust beside the system's, in PEM
	ExtraCACert    []byte        // and those that the job's other steps trust
	OutputFile     string        // the name of a file to add the outputs to; empty for none
	Files          []env.Named   // that the run reads: nothing may be added to them
	// Notes are lines on what was taken from elsewhere than the inputs.
	Notes []string
	// Warnings are what is odd about the inputs and does not stop the run.
	Warnings problem.List
}

// Check checks every input, and reads the values. It returns every secret that it
// came across, whatever the problems: they must be masked before anything is
// printed, and are gathered before anything is decided.
func (i *Inputs) Check(e env.Env, ev event.Event, now time.Time) (Config, []secret.Value, problem.List) {
	c := &checker{Inputs: i, env: e, event: ev, now: now}
	c.maskInputs("api_key", "github_token")
	c.secrets = append(c.secrets, network.ProxyPasswords(e.Lookup)...)
	values := c.givenValues()
	if i.err != nil {
		c.add("environment", "The inputs cannot be read from the environment")
	}
	config := c.common()
	config.Operation = c.operation()
	if err := ev.Err(); err != nil && config.Operation != plan.OpLint { // which looks for no value
		c.warn(problem.Problem{Text: "The event of this run was not fully searched for the values: " + err.Error()})
	}
	c.allowSuspicious = c.boolean("allow_suspicious_value", i.AllowSuspicious)
	value := c.value()
	if config.Operation != plan.OpLint && config.Operation != plan.OpGenerate { // which send nothing
		c.sending(&config)
		c.comment(&config)
	}
	switch config.Operation {
	case plan.OpSync:
		c.many(&config, values)
	case plan.OpExport:
		c.export(&config)
	case plan.OpList:
		c.list(&config)
	case plan.OpLint:
		c.lint(&config, values)
	case plan.OpGenerate:
		c.makeOnly(&config)
	case plan.OpCheck:
		c.drift(&config)
	default:
		c.single(&config, config.Operation, value)
	}
	c.notOf(config.Operation)
	c.emptyGuards()
	c.noExpressions()
	c.misspelt(e.Names)
	c.tellVariables()
	config.Notes, config.Warnings, config.Files = c.notes, c.warnings, c.files
	return config, c.secrets, c.problems.InOrder(i.Names)
}

// common are the inputs that every operation takes.
func (c *checker) common() Config {
	c.oneOf("trim", c.Trim, trimNewline, trimNone)
	c.oneOf("value_encoding", c.ValueEncoding, encodingText, encodingBase64)
	return Config{
		Concurrency:    1,
		Timeout:        c.duration("timeout", c.fields.Timeout, maxTimeout),
		RequestTimeout: c.duration("request_timeout", c.RequestTimeout, maxRequestTimeout),
		OutputFile:     c.fileToWrite("output_file", c.OutputFile),
		Rules:          plan.Rules{DryRun: c.boolean(DryRun, c.DryRun)},
		VerifyCreate:   c.boolean("verify_create", c.VerifyCreate),
		MaskParts:      c.maskParts(),
		UnmaskedParts:  c.unmaskedParts(),
	}
}

// sending are the inputs of all that send something.
func (c *checker) sending(config *Config) {
	for _, bad := range network.CheckProxies(c.lookup) {
		c.add(bad.Variable, bad.Wrong)
	}
	config.APIKey, config.BaseURL = c.apiKey(), c.baseURL()
	config.CACert, config.ExtraCACert = c.caCert(), c.extraCertificates()
}

// maskParts is false only for a clear word: in doubt, more is masked.
func (c *checker) maskParts() bool {
	parts := c.boolean("mask_parts", c.MaskParts)
	_, known := Boolean(c.MaskParts)
	return parts || !known
}

// operation is the operation, or "" if it is none.
func (c *checker) operation() plan.Operation {
	var names []string
	for _, known := range slices.Concat(plan.Operations, plan.OfManifest, plan.OfNone) {
		names = append(names, string(known))
	}
	return plan.Operation(c.oneOf(Operation, c.Operation, names...))
}

// notOf names the inputs that mean nothing to an operation.
func (c *checker) notOf(operation plan.Operation) {
	for _, spec := range Specs() {
		if !spec.Takes(operation) && c.given(spec) {
			c.add(spec.Name, spec.whyNotOf(kindOf(operation)))
		}
	}
}

// ofOne stands for the operations of a single secret.
const ofOne = "one"

// whyNotOf says why an operation does not take an input.
func (s Spec) whyNotOf(operation string) string {
	notUsed := "is not used by operation: " + operation
	isOfOne := slices.Equal(s.of, []string{ofOne})
	switch {
	case isOfOne && operation == string(plan.OpList):
		return notUsed + ", which shows all of a vault. Remove it"
	case isOfOne && operation == string(plan.OpGenerate):
		return notUsed + ", which writes no secret. Remove it"
	case isOfOne, slices.Contains(s.of, ofOne) && slices.Contains(s.of, string(plan.OpExport)) && operation != string(plan.OpGenerate),
		slices.Equal(s.of, []string{ofOne, string(plan.OpGenerate)}) && operation == string(plan.OpSync):
		return notUsed + ". Set it in the manifest, or remove it"
	case len(s.of) == 1:
		return "is only for operation: " + s.of[0] + ". Remove it"
	}
	takers := slices.Clone(s.of)
	if i := slices.Index(takers, ofOne); i >= 0 {
		takers[i] = string(plan.OpSet)
	}
	last := len(takers) - 1
	return "is only for operation: " + strings.Join(takers[:last], ", ") + " or " + takers[last] + ". Remove it"
}
