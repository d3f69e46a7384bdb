package input

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// maxValues is how long all values of a manifest may be together, in bytes: each
// is masked in a hundred spellings. 10,000 passwords are a quarter of it.
const maxValues = 4 << 20

// inlineName stands for the name of a manifest that has none.
const inlineName = "secrets"

// entryReader reads what is desired from the entries of a manifest.
type entryReader struct {
	checker *checker
	values  givenValues // beside the step's variables
	shard   plan.Shard
	dryRun  bool
	desired plan.Desired // what all have
	source  manifest.Source
	input   string
	files   map[fileSource]fileValue
	size    int // of all values, in bytes
}

// fileSource is a file that a value is read from, and whether it is base64.
type fileSource struct {
	name    string
	encoded bool
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
	name = cmp.Or(r.source.Name, inlineName)
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
	c.reads("manifest", r.source.Name)
	text, err := c.env.ReadFile(r.source.Name, manifest.MaxBytes+1)
	switch {
	case err == nil || errors.Is(err, env.ErrTooLarge): // which Parse says of the text, too
		return text, nil
	case errors.Is(err, env.NotThere) && misread(r.source.Name) == "":
		return nil, fmt.Errorf("%w; is the repository checked out, and the name one from its root?", err)
	}
	return nil, explain(r.source.Name, err)
}

func (r *entryReader) vault(v manifest.Vault) plan.Vault {
	vault := plan.Vault{ID: v.ID, Secrets: make([]plan.Desired, 0, len(v.Entries))}
	for _, entry := range v.Entries {
		desired := r.desired
		desired.EnvKey, desired.Domains = entry.EnvKey, entry.Domains
		if entry.Domains != nil {
			r.checker.doubt(problem.Problem{Input: r.input, File: r.source.Name, Line: entry.Line, Key: entry.EnvKey}, *entry.Domains)
		}
		if entry.Absent {
			desired = plan.Desired{Operation: plan.OpDelete, EnvKey: entry.EnvKey}
		}
		if entry.File != "" {
			r.checker.reads(r.input, entry.File)
		}
		if entry.Env != "" || entry.File != "" {
			desired.Value, desired.NoValue = r.valueIfNeeded(v, entry)
			desired.Promised = desired.Value.IsZero() && desired.NoValue == ""
		}
		vault.Secrets = append(vault.Secrets, desired)
	}
	r.warnOfTwins(v)
	return vault
}

// value reads the value of an entry. Those of other shards are not read, and a
// plan reads none: it needs no value, and the manifest of a pull request names
// variables and files that its author chose, whose lines would be masked in the
// very plan that is to be reviewed.
func (r *entryReader) value(v manifest.Vault, entry manifest.Entry) secret.Value {
	if r.refusesReserved(entry) {
		return secret.Value{}
	}
	if r.dryRun || r.size > maxValues || !r.shard.Has(v.ID, entry.EnvKey) || r.unknown(entry.Env) {
		return secret.Value{}
	}
	ifEmpty := "the value is empty; " + r.checker.whyEmpty()
	if entry.File != "" {
		ifEmpty = "the file is empty"
	}
	return r.checker.accept(source{
		at:      problem.Problem{Input: r.input, File: r.source.Name, Line: entry.Line, Key: entry.EnvKey},
		read:    func() (secret.Value, error) { return r.read(entry) },
		ifEmpty: ifEmpty,
		isFile:  entry.File != "",
		encoded: entry.Base64,
		about:   about{envKey: entry.EnvKey, allowed: entry.AllowSuspicious, allow: "allow_suspicious: true in its entry"},
	})
}

// unknown reports whether a name may be one of those that could not be read, of
// which it is said already what is wrong.
func (r *entryReader) unknown(name string) bool {
	_, set := r.checker.lookup(name)
	_, given := r.values.texts[name]
	return name != "" && r.values.unread && !set && !given
}

// refusesReserved refuses a variable of the platform's or this program's own. One
// that is handed over by this very name is meant: the variable is not looked at
// then. What a file of values has is not known in a plan, which does not read it.
func (r *entryReader) refusesReserved(entry manifest.Entry) bool {
	name, why := env.Reserved(entry.Env)
	if _, given := r.values.texts[entry.Env]; name == "" || given || r.values.unread {
		return false
	}
	must := "must not be " + name
	if begin, family := strings.CutSuffix(name, "*"); family {
		must = "must not begin with " + begin
	}
	r.checker.note(problem.Problem{
		Input: r.input, File: r.source.Name, Line: entry.Line, Key: entry.EnvKey + ".env",
		Text: must + ", which " + why + "; if you mean it, pass its value under this name in env_json or values_file",
	})
	return true
}

// read is the value as it is where the entry says.
func (r *entryReader) read(entry manifest.Entry) (secret.Value, error) {
	if entry.File != "" {
		return r.fromFile(fileSource{entry.File, entry.Base64})
	}
	text, found := r.values.texts[entry.Env]
	if !found {
		text, found = r.checker.lookup(entry.Env)
	}
	if !found {
		return secret.Value{}, errors.New("there is no variable of the name in env; " + r.checker.dialect("").NoVariable() + "in env_json or values_file")
	}
	r.size += len(text)
	return secret.New(text), nil
}

func (r *entryReader) fromFile(source fileSource) (secret.Value, error) {
	file, known := r.files[source]
	if !known {
		file.value, file.err = r.checker.fromFile(source.name, source.encoded)
		r.size += len(file.value.Reveal())
		r.files[source] = file
	}
	return file.value, file.err
}
