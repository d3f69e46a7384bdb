package input

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// maxValues is how long all values of a manifest may be together, in bytes: each
// is masked in a hundred spellings. 10,000 passwords are a quarter of it.
const maxValues = 4 << 20

// entryReader reads what is desired from the entries of a manifest.
type entryReader struct {
	checker *checker
	values  map[string]string // of env_json
	shard   plan.Shard
	dryRun  bool
	desired plan.Desired // what all have
	source  manifest.Source
	input   string
	files   map[string]fileValue
	size    int // of all values, in bytes
}

// fileValue is a file that was read for a value, once for all entries.
type fileValue struct {
	value secret.Value
	err   error
}

// readManifest reads the manifest from where it is, and returns its name and what
// vaults should hold.
func (r *entryReader) readManifest() (name string, vaults []plan.Vault) {
	text, err := r.text()
	name = cmp.Or(r.source.Name, "secrets")
	if err != nil {
		r.checker.check(r.input, err)
		return name, nil
	}
	file, problems := manifest.Parse(r.source, text)
	for _, p := range problems {
		p.Input = r.input
		r.checker.note(p)
	}
	for _, vault := range file.Vaults {
		vaults = append(vaults, r.vault(vault))
	}
	if r.size > maxValues {
		r.checker.add(r.input, fmt.Sprintf("the values are longer than %d MiB together; use several manifests", maxValues>>20))
	}
	return name, vaults
}

// text is that of the manifest: inline, or of a file.
func (r *entryReader) text() ([]byte, error) {
	c := r.checker
	if c.Secrets.given() {
		r.source, r.input = manifest.Source{Inline: true}, "secrets"
		if c.Manifest != manifest.Default {
			return nil, errors.New("give only one of manifest and secrets")
		}
		return []byte(*c.Secrets.text), nil
	}
	r.source, r.input = manifest.Source{Name: c.Manifest}, "manifest"
	text, err := c.env.ReadFile(r.source.Name, manifest.MaxBytes+1)
	if err != nil && !errors.Is(err, env.ErrTooLarge) { // which Parse says of the text, too
		return nil, fmt.Errorf("%w; is the repository checked out, and the name one from its root?", err)
	}
	return text, nil
}

func (r *entryReader) vault(v manifest.Vault) plan.Vault {
	vault := plan.Vault{ID: v.ID, Secrets: make([]plan.Desired, 0, len(v.Entries))}
	for _, entry := range v.Entries {
		desired := r.desired
		desired.EnvKey, desired.Domains = entry.EnvKey, entry.Domains
		if entry.Absent {
			desired = plan.Desired{Operation: plan.OpDelete, EnvKey: entry.EnvKey}
		}
		if entry.Env != "" || entry.File != "" {
			desired.Value = r.value(v, entry)
			desired.Promised = desired.Value.IsZero()
		}
		vault.Secrets = append(vault.Secrets, desired)
	}
	return vault
}

// value reads the value of an entry. Those of other shards are not read, and a
// plan reads none: it needs no value, and the manifest of a pull request names
// variables and files that its author chose, whose lines would be masked in the
// very plan that is to be reviewed.
func (r *entryReader) value(v manifest.Vault, entry manifest.Entry) secret.Value {
	if r.dryRun || r.size > maxValues || !r.shard.Has(v.ID, entry.EnvKey) {
		return secret.Value{}
	}
	ifEmpty := "the value is empty; " + r.checker.event.WhyEmpty()
	if entry.File != "" {
		ifEmpty = "the file is empty"
	}
	return r.checker.accept(source{
		at:      problem.Problem{Input: r.input, File: r.source.Name, Line: entry.Line, Key: entry.EnvKey},
		read:    func() (secret.Value, error) { return r.read(entry) },
		ifEmpty: ifEmpty,
	})
}

// read is the value as it is where the entry says.
func (r *entryReader) read(entry manifest.Entry) (secret.Value, error) {
	if entry.File != "" {
		return r.fromFile(entry.File)
	}
	text, found := r.values[entry.Env]
	if !found {
		text, found = r.checker.lookup(entry.Env)
	}
	if !found {
		return secret.Value{}, errors.New("there is no variable of the name in env; set it in the step's env, or give it in env_json")
	}
	r.size += len(text)
	return secret.New(text), nil
}

func (r *entryReader) fromFile(name string) (secret.Value, error) {
	file, known := r.files[name]
	if !known {
		file.value, file.err = r.checker.fromFile(name)
		r.size += len(file.value.Reveal())
		r.files[name] = file
	}
	return file.value, file.err
}
