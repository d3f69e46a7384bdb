package input

import (
	"errors"
	"net/url"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Config is what the step was asked to do. What could not be used of it is left
// empty, so that text put in the wrong input goes no further.
type Config struct {
	APIKey  secret.Value
	BaseURL *url.URL
	VaultID nairi.VaultID
	Want    plan.Want
	// Sync is what whole vaults are wanted to hold; nil for a single secret,
	// which is what VaultID and Want are about.
	Sync   *Sync
	DryRun bool
	// WholeOnly leaves the parts of a value unmasked, such as the password in
	// a URL; the lines and the encodings of the whole are always masked.
	WholeOnly bool
	// Timeout is for the whole run, RequestTimeout for one request.
	Timeout        time.Duration
	RequestTimeout time.Duration
	// CACert are certificates, in PEM, to be trusted beside the system's.
	CACert []byte
	// OutputFile is the name of a file to add the outputs to; empty for none.
	OutputFile string
	// Warnings are what is odd about the inputs and does not stop the run.
	Warnings Problems
}

// Outside is what Load reads from.
type Outside struct {
	Lookup Lookup
	Open   secret.Opener
	// Public returns where a value stands for everyone to read who can see this
	// run, or "" if it does not.
	Public func(secret.Value) string
	// WhyEmpty says why a secret may be empty in this run.
	WhyEmpty string
}

// Load reads and checks every input. It returns every secret that it came
// across, whatever the problems: they must be masked before anything is printed.
func Load(o Outside) (Config, []secret.Value, Problems) {
	f, sources, err := readFields(o.Lookup)
	c := &checker{Outside: o, sources: sources}
	c.allowSuspicious = c.boolean("allow_suspicious_value", f.AllowSuspicious)
	value, secrets := c.value(f)
	key := secret.New(trimSpace(f.APIKey))
	if f.APIKey != "" {
		secrets = append(secrets, secret.New(f.APIKey))
	}
	secrets = append(secrets, proxyPasswords(o.Lookup)...)
	if err != nil {
		c.add("environment", "the inputs cannot be read")
	}
	config := Config{
		APIKey:  key,
		BaseURL: c.baseURL(f.BaseURL),
		VaultID: c.vaultID(f),
		Want: plan.Want{
			Operation:    c.operation(f.Operation),
			SecretID:     c.secretID(f.SecretID),
			EnvKey:       c.envKey(f.EnvKey),
			Value:        value,
			Domains:      c.domains(f.AllowedDomains.text, f.AllowAnyDomain),
			IfUpdatedAt:  c.timestamp("if_updated_at", f.IfUpdatedAt),
			DenyWidening: c.boolean("deny_widening", f.DenyWidening),
		},
		Timeout:        c.duration("timeout", f.Timeout, maxTimeout),
		RequestTimeout: c.duration("request_timeout", f.RequestTimeout, maxRequestTimeout),
		CACert:         c.certificates(f.CACert),
		OutputFile:     c.outputFile(f.OutputFile),
		DryRun:         c.boolean("dry_run", f.DryRun),
		WholeOnly:      c.wholeOnly(f.MaskParts),
	}
	c.key(key)
	if trimSpace(f.Operation) == OperationSync {
		sync, more := c.sync(f, config.Want.DenyWidening)
		config.Sync, config.Want = sync, plan.Want{}
		secrets = append(secrets, more...)
	} else {
		c.together(config.Want, f)
		c.onlyForSync(f)
	}
	config.Warnings = c.warnings
	return config, secrets, c.inOrder()
}

// wholeOnly is true only for a clear word: in doubt, more is masked.
func (c *checker) wholeOnly(maskParts string) bool {
	parts := c.boolean("mask_parts", maskParts)
	_, clear := booleans[trimSpace(maskParts)]
	return clear && !parts
}

// together checks what the operation needs of the inputs between them.
func (c *checker) together(want plan.Want, f fields) {
	switch want.Operation {
	case plan.Create:
		c.create(f)
	case plan.Delete:
		c.delete(f)
	case plan.Set, plan.Update:
		c.which(f)
		if !givesValue(f) && !givesDomains(f) {
			c.add("value", "nothing to write; give value, value_env or value_file, or allowed_domains, or both")
		}
	}
}

func (c *checker) create(f fields) {
	if f.SecretID != "" {
		c.add("secret_id", "the API chooses the ID of a new secret; leave it out, or use operation: update")
	}
	if f.EnvKey == "" {
		c.add("env_key", "is missing; give the name of the secret to create")
	}
	if !givesValue(f) {
		c.add("value", "is missing; a secret cannot be created without one")
	}
	if !givesDomains(f) {
		c.add("allowed_domains", "is missing; without a list the secret could be sent to any host; "+
			"name the hosts, or say allow_any_domain: true if that is meant")
	}
}

func (c *checker) delete(f fields) {
	c.which(f)
	if givesValue(f) || givesDomains(f) {
		c.add("operation", "delete takes no value and no domains; leave them out")
	}
}

// which checks that there is an ID or a name.
func (c *checker) which(f fields) {
	if f.SecretID == "" && f.EnvKey == "" {
		c.add("secret_id", "is missing; give secret_id or env_key")
	}
}

func givesValue(f fields) bool {
	return f.Value.text != nil || f.ValueEnv.text != nil || f.ValueFile.text != nil
}

func givesDomains(f fields) bool {
	return f.AllowedDomains.text != nil || booleans[trimSpace(f.AllowAnyDomain)]
}

// value takes the value from the one input that gives it, and returns every
// value that any of them gave.
func (c *checker) value(f fields) (secret.Value, []secret.Value) {
	var chosen secret.Value
	var all []secret.Value
	sources := c.valueSources(f)
	for _, source := range sources {
		value, err := source.read()
		if !value.IsZero() {
			all = append(all, value)
			value = c.trimmed(value, f.Trim)
			err = value.Check()
		}
		switch {
		case errors.Is(err, secret.ErrEmpty) && source.input == "value_file":
			err = errors.New("names a file that is empty")
		case errors.Is(err, secret.ErrEmpty):
			err = errors.New("is empty; " + c.WhyEmpty)
		}
		c.check(source.input, err)
		if err == nil {
			c.suspect(source.input, value)
		}
		chosen = value
	}
	if len(sources) > 1 {
		c.add("value", "give only one of value, value_env and value_file")
	}
	c.oneOf("trim", f.Trim, trimNewline, trimNone)
	return chosen, all
}

// suspect notes what is suspicious about a value, as a problem or a warning.
func (c *checker) suspect(input string, value secret.Value) { c.suspectAt(input, "", value) }

// suspectAt is suspect with the place, within the input, where the value stands.
func (c *checker) suspectAt(input, where string, value secret.Value) {
	suspicions := value.Suspicions()
	if where := c.Public(value); where != "" {
		suspicions = append(suspicions, secret.Suspicion{Refuse: true, Text: "stands in the event of this run, in " + where +
			", where everyone who can see the run can read it; make a new one and hand that over as a secret"})
	}
	for _, suspicion := range suspicions {
		if suspicion.Refuse && !c.allowSuspicious {
			c.add(input, where+suspicion.Text+"; to store it all the same, say allow_suspicious_value: true")
		} else {
			c.warnings = append(c.warnings, Problem{Input: c.spelled(input), Text: where + suspicion.Text})
		}
	}
}

func (c *checker) trimmed(value secret.Value, trim string) secret.Value {
	if trimSpace(trim) == trimNone {
		return value
	}
	return value.TrimNewline()
}
