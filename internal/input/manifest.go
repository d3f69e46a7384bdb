package input

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// maxValues is how long all values of a manifest may be together, in bytes: each
// is masked in a hundred spellings. 10,000 passwords are a quarter of it.
const maxValues = 4 << 20

// entryReader makes wants of the entries of a manifest.
type entryReader struct {
	*checker
	fields  fields
	values  map[string]string // of env_json
	shard   plan.Shard
	dryRun  bool
	want    plan.Want // what all wants have
	source  manifest.Source
	input   string
	vaults  []plan.Vault
	files   map[string]fileValue
	size    int // of all values, in bytes
	secrets []secret.Value
}

// fileValue is a file that was read for a value, once for all entries.
type fileValue struct {
	value secret.Value
	err   error
}

// readManifest reads the manifest from where it is, and returns its name.
func (r *entryReader) readManifest() string {
	r.files = map[string]fileValue{}
	source, text, err := r.text()
	r.source, r.input = source, "manifest"
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
	if r.size > maxValues {
		r.add(r.input, fmt.Sprintf("the values are longer than %d MiB together; use several manifests", maxValues>>20))
	}
	return cmp.Or(source.Name, "secrets")
}

// text is that of the manifest: inline, or of a file.
func (r *entryReader) text() (manifest.Source, []byte, error) {
	if inline := r.fields.Secrets.text; inline != nil {
		source := manifest.Source{Inline: true}
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
	vault := plan.Vault{ID: v.ID, Wants: make([]plan.Want, 0, len(v.Entries))}
	for _, entry := range v.Entries {
		want := r.want
		want.EnvKey, want.Domains = entry.EnvKey, entry.Domains
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
// where they are, and a plan reads none: it needs no value, and the manifest of a
// pull request names variables and files that its author chose, whose lines would
// be masked in the very plan that is to be reviewed.
func (r *entryReader) value(want *plan.Want, v manifest.Vault, entry manifest.Entry) {
	want.Promised = true
	if r.dryRun || r.size > maxValues || !r.shard.Has(v.ID, entry.EnvKey) {
		return
	}
	value, err := r.valueOf(entry)
	where := manifest.Problem{Source: r.source.Name, Line: entry.Line, Key: entry.EnvKey}.Place()
	if !value.IsZero() {
		r.secrets = append(r.secrets, value)
		value = r.trimmed(value, r.fields.Trim)
		err = value.Check()
	}
	switch {
	case errors.Is(err, secret.ErrEmpty) && entry.File != "":
		err = errors.New("the file is empty")
	case errors.Is(err, secret.ErrEmpty):
		err = errors.New("the value is empty; " + r.WhyEmpty)
	}
	if err != nil {
		r.add(r.input, where+": "+err.Error())
		return
	}
	want.Value, want.Promised = value, false
	r.suspectAt(r.input, where+": ", value)
}

// valueOf is the value as it is where the entry says.
func (r *entryReader) valueOf(entry manifest.Entry) (secret.Value, error) {
	if entry.File != "" {
		return r.fromFile(entry.File)
	}
	text, found := r.values[entry.Env]
	if !found {
		text, found = r.Lookup(entry.Env)
	}
	if !found {
		return secret.Value{}, errors.New("there is no variable of the name in env; set it in the step's env, or give it in env_json")
	}
	r.size += len(text)
	return secret.New(text), nil
}

func (r *entryReader) fromFile(name string) (secret.Value, error) {
	read, known := r.files[name]
	if !known {
		read.value, read.err = secret.FromFile(r.Open, name)
		r.size += len(read.value.Reveal())
		r.files[name] = read
	}
	return read.value, read.err
}
