package input

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// entryReader makes wants of the entries of a manifest.
type entryReader struct {
	*checker
	fields  fields
	values  map[string]string // of env_json
	shard   plan.Shard
	dryRun  bool
	keep    bool // values: when_created
	input   string
	vaults  []plan.Vault
	secrets []secret.Value
	missing []string // in a dry run, the entries whose value is not there
}

// readManifest reads the manifest from where it is, and returns its name.
func (r *entryReader) readManifest() string {
	source, text, err := r.source()
	r.input = "manifest"
	if source.Inline {
		r.input = "secrets"
	}
	if err != nil {
		r.add(r.input, err.Error())
		return source.Name
	}
	file, problems := manifest.Parse(source, text)
	for _, problem := range problems {
		r.add(r.input, problem.String())
	}
	for _, vault := range file.Vaults {
		r.vaults = append(r.vaults, r.vault(vault))
	}
	r.tellMissing()
	return source.Name
}

// tellMissing warns of values that are not there, if others are: a plan may well
// be made without any.
func (r *entryReader) tellMissing() {
	if len(r.missing) > 0 && len(r.secrets) > 0 {
		r.warnings = append(r.warnings, Problem{Input: r.input, Text: "the plan does without the values of " + strings.Join(r.missing, ", ")})
	}
}

// source is the text of the manifest: inline, or of a file.
func (r *entryReader) source() (manifest.Source, []byte, error) {
	if inline := r.fields.Secrets.text; inline != nil {
		source := manifest.Source{Name: "secrets", Inline: true}
		if trimSpace(r.fields.Manifest) != manifest.Default {
			return source, nil, errors.New("give only one of manifest and secrets")
		}
		return source, []byte(*inline), nil
	}
	source := manifest.Source{Name: trimSpace(r.fields.Manifest)}
	text, err := secret.ReadFile(r.Open, source.Name, manifest.MaxBytes+1)
	if err != nil {
		err = fmt.Errorf("%w; is the repository checked out, and the name one from its root?", err)
	}
	return source, text, err
}

func (r *entryReader) vault(v manifest.Vault) plan.Vault {
	vault := plan.Vault{ID: v.ID}
	for _, entry := range v.Entries {
		want := plan.Want{Operation: plan.Set, EnvKey: entry.EnvKey, Domains: entry.Domains, KeepValue: r.keep}
		if entry.Absent {
			want = plan.Want{Operation: plan.Delete, EnvKey: entry.EnvKey}
		}
		if entry.Env != "" || entry.File != "" {
			r.value(&want, v, entry)
		}
		vault.Wants = append(vault.Wants, want)
	}
	return vault
}

// value reads the value of an entry into a want. Those of other shards are left
// where they are; and a plan that changes nothing can do without any.
func (r *entryReader) value(want *plan.Want, v manifest.Vault, entry manifest.Entry) {
	want.Promised = true
	if !r.shard.Has(v.ID, entry.EnvKey) {
		return
	}
	value, err := r.valueOf(entry)
	where := fmt.Sprintf("line %d: %s", entry.Line, entry.EnvKey)
	if !value.IsZero() {
		r.secrets = append(r.secrets, value)
		value = r.trimmed(value, r.fields.Trim)
		err = value.Check()
	}
	if errors.Is(err, secret.ErrEmpty) {
		err = errors.New("the value is empty; " + r.WhyEmpty)
	}
	switch {
	case err == nil:
		want.Value, want.Promised = value, false
		r.suspectAt(r.input, where+": ", value)
	case r.dryRun:
		r.missing = append(r.missing, entry.EnvKey)
	default:
		r.add(r.input, where+": "+err.Error())
	}
}

func (r *entryReader) valueOf(entry manifest.Entry) (secret.Value, error) {
	if entry.File != "" {
		return secret.FromFile(r.Open, entry.File)
	}
	if text, found := r.values[entry.Env]; found {
		return secret.New(text), nil
	}
	text, found := r.Lookup(entry.Env)
	if !found {
		return secret.Value{}, errors.New("there is no variable of the name in env; set it in the step's env, or give it in env_json")
	}
	return secret.New(text), nil
}
