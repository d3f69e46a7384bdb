package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// domainsOutput is the output that is spelled in another way as a variable.
const domainsOutput = "allowed_domains"

// Outputs are the outputs of a run, always all of them and in the documented
// order; one that is not known is empty. Of a manifest there are more, and those
// that only one secret can have are empty.
func (r *Report) Outputs() []ci.Output {
	outputs := append(r.common(r.domainsJSON), output("mirrors", r.mirrors()))
	switch {
	case r.Operation == plan.OpExport:
		return append(outputs, r.exportOutputs()...)
	case r.Operation == plan.OpCheck:
		return append(outputs, r.checkOutputs()...)
	case r.Operation == plan.OpList:
		return append(outputs, r.listOutputs()...)
	case !r.Manifest, r.Operation == plan.OpLint:
		return outputs
	}
	outputs = append(outputs, output("results", r.results()))
	outputs = append(outputs, r.numbers()...)
	return append(outputs, output("shards", r.shards()), output("plan_digest", r.Digest), output("plan", r.planOutput()))
}

// Variables are the outputs for steps that get them as variables of their
// environment, NAIRI_SECRET_ID and so on. No file of variables can hold JSON: a
// list of domains has commas, as the input takes it, and [] still means any host.
func (r *Report) Variables() []ci.Output {
	outputs := r.common(r.domainsCommas)
	switch {
	case r.Operation == plan.OpCheck:
		outputs = append(outputs, r.checkNumbers()...)
	case r.Operation == plan.OpExport:
		outputs = append(outputs, r.exportOutputs()...)
	case r.Operation == plan.OpList:
		outputs = append(outputs, r.listNumbers()...)
	case r.Manifest && r.Operation != plan.OpLint:
		outputs = append(outputs, r.numbers()...)
	}
	if r.Digest != "" {
		outputs = append(outputs, output("plan_digest", r.Digest))
	}
	for i, o := range outputs {
		outputs[i].Name = "NAIRI_" + strings.ToUpper(o.Name)
	}
	return outputs
}

// common are the outputs of every run.
func (r *Report) common(list func(domains.List) string) []ci.Output {
	secret := seen(r.one())
	outcome, changed := r.Outcome()
	return []ci.Output{
		output("secret_id", r.id(secret.ID)),
		output("env_key", r.clean(secret.EnvKey)),
		output("vault_id", string(r.vault())),
		output(domainsOutput, list(secret.AllowedDomains)),
		output("created_at", timestamp(secret.CreatedAt)),
		output("updated_at", timestamp(secret.UpdatedAt)),
		output("previous_updated_at", r.previous()),
		output("changed", strconv.FormatBool(changed)),
		output("result", string(outcome)),
		output("error_code", string(r.Code())),
	}
}

func output(name, value string) ci.Output { return ci.Output{Name: name, Value: value} }

// previous is when the one secret was last changed before the run; "" if it was not there,
// or if nobody looked.
func (r *Report) previous() string {
	if current := r.one().Change.Current; current != nil {
		return timestamp(current.UpdatedAt)
	}
	return ""
}

// Hidden names the outputs that a secret was taken out of: later steps see *** in its
// place.
func (r *Report) Hidden() []string {
	one := r.one()
	secret := seen(one)
	var names []string
	for name, hides := range map[string]bool{
		"secret_id":   r.id(secret.ID) != string(secret.ID),
		"env_key":     r.hides(secret.EnvKey),
		domainsOutput: r.hides(secret.AllowedDomains...),
		"mirrors":     r.hidesMirrors(&one),
		"results":     r.hidesCompared() || r.hidesListed() || r.Manifest && r.hidesChanges(),
	} {
		if hides {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// hidesChanges reports whether there is a secret in the name of a change.
func (r *Report) hidesChanges() bool {
	for i := range r.Changes {
		if r.hides(r.Changes[i].Name()) || i < len(r.Results) && r.hidesMirrors(&r.Results[i]) {
			return true
		}
	}
	return false
}

// hides reports whether there is a secret in one of the texts.
func (r *Report) hides(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return r.clean(text) != text })
}

// numbers are the outputs that say how many secrets have come to what.
func (r *Report) numbers() []ci.Output {
	counts := r.counts()
	number := func(outcomes ...apply.Outcome) string {
		n := 0
		for _, outcome := range outcomes {
			n += counts[outcome]
		}
		return strconv.Itoa(n)
	}
	return []ci.Output{
		output("created_count", number(apply.Created)),
		output("updated_count", number(apply.Updated)),
		output("deleted_count", number(apply.Deleted)),
		output("unchanged_count", number(apply.Unchanged, apply.Absent)),
		output("planned_count", number(apply.Planned)),
		output("failed_count", number(apply.Failed, apply.Partial, apply.Unknown)),
		output("rewritten_count", strconv.Itoa(r.rewritten())),
		output("unmanaged_count", strconv.Itoa(r.unmanaged())),
	}
}

// before is the secret of a change as it is known before that.
func before(change plan.Change) nairi.Secret {
	return nairi.Secret{ID: change.SecretID(), EnvKey: change.Name()}
}

// seen is the secret of a result as it was last seen, or else as it was asked for.
func seen(result apply.Result) nairi.Secret {
	secret := before(result.Change)
	if after := result.After; after != nil {
		name := secret.EnvKey
		secret = *after
		secret.EnvKey = cmp.Or(after.EnvKey, name)
	}
	return secret
}

// domainsJSON is a JSON array, or nothing for a list that is not known.
func (r *Report) domainsJSON(list domains.List) string {
	if !list.Known() {
		return ""
	}
	return string(mustJSON(r.cleanAll(list)))
}

func (r *Report) domainsCommas(list domains.List) string {
	if len(list) == 0 {
		return r.domainsJSON(list)
	}
	return strings.Join(r.cleanAll(list), ",")
}

// mustJSON encodes what always can be: structs and slices of texts.
func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// shards is a JSON array for the matrix of a job, of the shards that have
// something to write.
func (r *Report) shards() string {
	names := make([]string, len(r.Shards))
	for i, shard := range r.Shards {
		names[i] = shard.String()
	}
	return string(mustJSON(names))
}

// timestamp is a time as the API writes it, in UTC with milliseconds.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
