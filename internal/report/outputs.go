// Package report turns results into what people and later steps read: log text,
// outputs, a Markdown summary, an error's code and hint. It prints nothing.
package report

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Report is one run of the program: a result and what it was about.
type Report struct {
	VaultID nairi.VaultID
	Result  apply.Result
	// Redact takes secrets out of a text before it is escaped for Markdown:
	// afterwards no redactor would know them. Required.
	Redact func(string) string
}

// Outputs are the outputs of a run, always all of them and in the documented
// order; one that is not known is empty.
func (r Report) Outputs() []ci.Output {
	secret := r.secret()
	return []ci.Output{
		output("secret_id", string(secret.ID)),
		output("env_key", secret.EnvKey),
		output("vault_id", string(r.VaultID)),
		output(domainsOutput, r.domainsJSON(secret.AllowedDomains)),
		output("created_at", timestamp(secret.CreatedAt)),
		output("updated_at", timestamp(secret.UpdatedAt)),
		output("changed", strconv.FormatBool(r.Result.Changed)),
		output("result", string(r.Result.Outcome)),
		output(errorOutput, string(CodeOf(r.Result))),
	}
}

// ExitCode is what the program ends with.
func (r Report) ExitCode() int { return ExitCode(r.Result) }

// Outputs that are not always taken as they are.
const (
	domainsOutput = "allowed_domains"
	errorOutput   = "error_code"
)

// Variables are the outputs for steps that get them as variables of their
// environment, NAIRI_SECRET_ID and so on. A list of domains has commas, as the
// input takes it, for no file of variables can hold JSON; [] still means any host.
func (r Report) Variables() []ci.Output {
	outputs := r.Outputs()
	domains := r.secret().AllowedDomains
	for i, o := range outputs {
		if o.Name == domainsOutput && len(domains) > 0 {
			outputs[i].Value = strings.Join(domains, ",")
		}
	}
	return variables(outputs)
}

// variables are outputs under the names of variables.
func variables(outputs []ci.Output) []ci.Output {
	named := make([]ci.Output, len(outputs))
	for i, o := range outputs {
		named[i] = output("NAIRI_"+strings.ToUpper(o.Name), o.Value)
	}
	return named
}

func output(name, value string) ci.Output { return ci.Output{Name: name, Value: value} }

// secret is the secret as it was last seen, or else as it was asked for.
func (r Report) secret() nairi.Secret {
	want := r.Result.Change.Want
	seen := nairi.Secret{ID: want.SecretID, EnvKey: want.EnvKey}
	if before := r.Result.Change.Before; before != nil {
		seen.ID, seen.EnvKey = before.ID, before.EnvKey
	}
	if after := r.Result.After; after != nil {
		name := seen.EnvKey
		seen = *after
		seen.EnvKey = cmp.Or(after.EnvKey, name)
	}
	return seen
}

// domainsJSON is a JSON array, or nothing for a list that is not known. Secrets
// are taken out before they are spelled as JSON, see Sync.entry.
func (r Report) domainsJSON(domains nairi.Domains) string {
	if domains == nil {
		return ""
	}
	texts := make([]string, len(domains))
	for i, domain := range domains {
		texts[i] = r.Redact(domain)
	}
	text, err := json.Marshal(texts)
	if err != nil {
		return "" // a slice of strings always encodes
	}
	return string(text)
}

// timestamp is a time as the API writes it, in UTC with milliseconds.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
