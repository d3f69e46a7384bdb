package input

import (
	"net/url"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Config is what the step was asked to do. What could not be used of it is left
// empty, so that text put in the wrong input goes no further.
type Config struct {
	APIKey  secret.Value
	BaseURL *url.URL
	// Manifest is the name of the manifest that says what vaults should hold, as
	// the user spelled it; empty for a single secret.
	Manifest string
	Vaults   []plan.Vault // what they should hold
	Rules    plan.Rules
	// VerifyCreate says that a vault is listed once more after something was
	// created in it.
	VerifyCreate bool
	// Concurrency is how many requests there may be at a time.
	Concurrency int
	Shards      int // into how many the plan may be cut; 0 for not at all
	CommentPR   bool
	GitHubToken secret.Value
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
func (i *Inputs) Check(e env.Env, ev event.Event) (Config, []secret.Value, problem.List) {
	c := &checker{Inputs: i, env: e, event: ev}
	c.maskInputs("api_key", "github_token")
	c.secrets = append(c.secrets, network.ProxyPasswords(e.Lookup)...)
	values := c.givenValues()
	if i.err != nil {
		c.add("environment", "the inputs cannot be read")
	}
	if err := ev.Err(); err != nil {
		c.warn(problem.Problem{Text: err.Error() + ", so it was not fully searched for the values"})
	}
	c.allowSuspicious = c.boolean("allow_suspicious_value", i.AllowSuspicious)
	value := c.value()
	config := c.common()
	c.comment(&config)
	if operation := c.operation(); operation == OperationSync {
		c.many(&config, values)
	} else {
		c.single(&config, plan.Operation(operation), value)
	}
	c.emptyGuards()
	c.noExpressions()
	c.misspelt(e.Names)
	config.Notes, config.Warnings, config.Files = c.notes, c.warnings, c.files
	return config, c.secrets, c.problems.InOrder(i.Names())
}

// common are the inputs that every operation takes.
func (c *checker) common() Config {
	for _, bad := range network.CheckProxies(c.lookup) {
		c.add(bad.Variable, bad.Wrong)
	}
	c.oneOf("trim", c.Trim, trimNewline, trimNone)
	c.oneOf("value_encoding", c.ValueEncoding, encodingText, encodingBase64)
	return Config{
		APIKey:         c.apiKey(),
		BaseURL:        c.baseURL(),
		Concurrency:    1,
		Timeout:        c.duration("timeout", c.fields.Timeout, maxTimeout),
		RequestTimeout: c.duration("request_timeout", c.RequestTimeout, maxRequestTimeout),
		CACert:         c.caCert(),
		ExtraCACert:    c.extraCertificates(),
		OutputFile:     c.outputFile(),
		Rules:          plan.Rules{DryRun: c.boolean("dry_run", c.DryRun)},
		VerifyCreate:   c.boolean("verify_create", c.VerifyCreate),
		MaskParts:      c.maskParts(),
		UnmaskedParts:  c.unmaskedParts(),
	}
}

// maskParts is false only for a clear word: in doubt, more is masked.
func (c *checker) maskParts() bool {
	parts := c.boolean("mask_parts", c.MaskParts)
	_, known := parseBoolean(c.MaskParts)
	return parts || !known
}

// operation is the operation, or "" if it is none.
func (c *checker) operation() string {
	names := make([]string, 0, len(plan.Operations)+1)
	for _, known := range plan.Operations {
		names = append(names, string(known))
	}
	return c.oneOf("operation", c.Operation, append(names, OperationSync)...)
}

// notAbout names the inputs that mean nothing here: those that are about one
// secret, or about many.
func (c *checker) notAbout(of, why string) {
	for _, spec := range Specs() {
		if spec.of == of && c.given(spec) {
			c.add(spec.Name, why)
		}
	}
}
