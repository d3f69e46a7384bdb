package input

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// maxValues is how long all values of a manifest may be together, in bytes: each
// is masked in a hundred spellings. 10,000 passwords are a quarter of it.
const maxValues = 4 << 20

// reading is how what is desired is read from manifests.
type reading struct {
	rules   plan.Rules   // Prune, DryRun and Shard
	values  givenValues  // beside the step's variables
	desired plan.Desired // what all have
	// noValues says that no value is ever needed, so that it is not looked at where
	// it would come from: each that is named is promised.
	noValues bool
	// needs are noted in place of the values that they would give; nil to read those.
	needs *needs
}

// desired reads the manifests, and returns their name and what vaults should hold.
func (c *checker) desired(how reading) (name string, vaults []plan.Vault) {
	r := &entryReader{reading: how, checker: c, files: map[fileSource]fileValue{}}
	var manifests []manifest.File
	r.input, manifests = c.manifests(how.rules.Prune)
	at := map[string]int{} // of each vault
	for _, file := range manifests {
		r.file = file.Name
		r.noteVaults(file)
		for i := range file.Vaults {
			vault, id := r.vault(&file.Vaults[i]), file.Vaults[i].Identity()
			if known, found := at[id]; found {
				join(&vaults[known], vault)
				continue
			}
			at[id] = len(vaults)
			vaults = append(vaults, vault)
		}
	}
	for _, vault := range vaults {
		r.warnOfTwins(vault)
	}
	if r.size > maxValues {
		c.add(r.input, fmt.Sprintf("names values that are longer than %d MiB together. Use several manifests", maxValues>>20))
	}
	return c.ManifestName(), vaults
}

// join adds to a vault what a further file says of it. It is owned as a whole unless
// each file says which names it owns. The stricter word counts: no file lets a vault lose
// what is another's, and where each has names, each answers for its own.
func join(v *plan.Vault, next plan.Vault) {
	if len(v.Owned) == 0 || len(next.Owned) == 0 {
		v.Owned, v.Parts = nil, nil
	} else {
		v.Parts = slices.Concat(partsOf(v), partsOf(&next))
		v.Owned = slices.Concat(v.Owned, next.Owned)
	}
	v.Secrets = append(v.Secrets, next.Secrets...)
	v.MayEmpty, v.AllManaged = v.MayEmpty && next.MayEmpty, v.AllManaged || next.AllManaged
}

// partsOf are those of a vault, or what the one file owns that says of it so far.
func partsOf(v *plan.Vault) []plan.Part {
	if len(v.Parts) > 0 {
		return v.Parts
	}
	return []plan.Part{{Owned: v.Owned, MayEmpty: v.MayEmpty, Place: v.Place}}
}

// entryReader reads what is desired from the entries of a manifest.
type entryReader struct {
	reading
	checker *checker
	input   string
	file    string // whose entries are read
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

// vault is what one file says of a vault.
func (r *entryReader) vault(v *manifest.Vault) plan.Vault {
	vault := plan.Vault{
		ID: v.ID, Secrets: make([]plan.Desired, 0, len(v.Entries)), Place: plan.Place{File: r.file, Line: v.Line},
		Owned: v.Names, MayEmpty: v.AllowEmpty, AllManaged: v.AllManaged, ByVariable: v.Variable != "",
	}
	for i := range v.Entries {
		vault.Secrets = append(vault.Secrets, r.entry(v.ID, &v.Entries[i]))
	}
	return vault
}

// entry is what is desired of one secret.
func (r *entryReader) entry(vault nairi.VaultID, entry *manifest.Entry) plan.Desired {
	place := plan.Place{File: r.file, Line: entry.Line}
	if entry.Absent {
		return plan.Desired{Operation: plan.OpDelete, EnvKey: entry.EnvKey, Place: place}
	}
	desired := r.desired
	desired.EnvKey, desired.Domains, desired.Lists, desired.Place = entry.EnvKey, entry.Domains, entry.Lists, place
	desired.Rotated, desired.MaxAge, desired.RenamedFrom = entry.Rotated, entry.MaxAge, entry.RenamedFrom
	desired.Values = r.mode(entry)
	for _, target := range entry.Mirrors {
		desired.Mirrors = append(desired.Mirrors, mirror.Mirror{Target: target})
	}
	if entry.Generate != nil {
		r.makes(&desired, entry)
	}
	if entry.File != "" { // also where none is read: nothing may be written over it
		r.checker.reads(r.input, entry.File)
	}
	if entry.Env != "" || entry.File != "" {
		r.noteAge(entry)
		desired.Value, desired.NoValue = r.valueIfNeeded(vault, entry, desired.Values)
		desired.Promised = desired.Value.IsZero() && desired.NoValue == ""
		if err := tooLong(&desired); err != nil {
			p := r.at(entry, "."+mirrorInput)
			p.Text = err.Error()
			r.checker.note(p)
		}
	}
	return desired
}

// makes says how and when the value of an entry is made. What the run says of values that
// are given does not push it again: there is none to push.
func (r *entryReader) makes(desired *plan.Desired, entry *manifest.Entry) {
	desired.Generate, desired.Values = entry.Generate, plan.ValuesWhenRotated
	if !r.noValues {
		r.checker.noteBits(*entry.Generate)
	}
	if cmp.Or(plan.Values(entry.Values), r.desired.Values) == plan.ValuesWhenCreated {
		desired.Values = plan.ValuesWhenCreated
		return
	}
	now := r.checker.now
	if desired.Rotated != nil && desired.Rotated.After(now) {
		// The skew of clocks allows the next minutes. A value that is made before then would be
		// made anew until then.
		desired.Rotated = nil
	}
	desired.NewerThan = newerThan(desired, now)
}

// newerThan is the time that a value which is made must be newer than: when it was to be
// rotated, or as long ago as it may be old; nil if neither is said.
func newerThan(desired *plan.Desired, now time.Time) *time.Time {
	newest := desired.Rotated
	if desired.MaxAge > 0 {
		if oldest := now.Add(-desired.MaxAge); newest == nil || oldest.After(*newest) {
			newest = &oldest
		}
	}
	return newest
}

// mode is when the value of an entry is written. What is said nearer to it comes first;
// but whoever runs with values: always wants all pushed, whatever a file says.
func (r *reading) mode(entry *manifest.Entry) plan.Values {
	if r.desired.Values == plan.ValuesAlways {
		return plan.ValuesAlways
	}
	return cmp.Or(plan.Values(entry.Values), r.desired.Values)
}

// at is an entry, or a key of it, for a problem.
func (r *entryReader) at(entry *manifest.Entry, key string) problem.Problem {
	return problem.Problem{Input: r.input, File: r.file, Line: entry.Line, Column: entry.Column, Key: entry.EnvKey + key}
}

// value reads the value of an entry. Those of other shards are not read, and a
// plan reads none: it needs no value, and the manifest of a pull request names
// variables and files that its author chose, whose lines would be masked in the
// very plan that is to be reviewed.
func (r *entryReader) value(vault nairi.VaultID, entry *manifest.Entry) secret.Value {
	if r.noValues || r.refusesReserved(entry) {
		return secret.Value{}
	}
	if r.needs != nil {
		r.note(entry)
		return secret.Value{}
	}
	if r.rules.DryRun || r.size > maxValues || !r.rules.Shard.Has(vault, entry.EnvKey) || r.unknown(entry.Env) {
		return secret.Value{}
	}
	ifEmpty, part := r.checker.whyEmpty(), ".env"
	if entry.File != "" {
		ifEmpty, part = "has an empty file", ".file"
	}
	return r.checker.accept(source{
		at:      r.at(entry, ""),
		read:    func() (secret.Value, error) { return r.read(entry) },
		part:    part,
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
func (r *entryReader) refusesReserved(entry *manifest.Entry) bool {
	name, why := env.Reserved(entry.Env)
	if _, given := r.values.texts[entry.Env]; name == "" || given || r.values.unread {
		return false
	}
	p := r.at(entry, ".env")
	p.Text = mustNotBe(name, name, why) + r.checker.own(". If you mean it, give its value under this name in env_json or values_file")
	r.checker.note(p)
	return true
}

// mustNotBe says that a variable is none to choose: by its name or, where all that begin so
// are reserved, by the beginning.
func mustNotBe(name, reserved, why string) string {
	if begin, family := strings.CutSuffix(reserved, "*"); family {
		return "must not begin with " + begin + ", which " + why
	}
	return "must not be " + name + ", which " + why
}

// read is the value as it is where the entry says.
func (r *entryReader) read(entry *manifest.Entry) (secret.Value, error) {
	if entry.File != "" {
		return r.fromFile(fileSource{entry.File, entry.Base64})
	}
	text, found := r.values.texts[entry.Env]
	if !found {
		text, found = r.checker.lookup(entry.Env)
	}
	if !found {
		return secret.Value{}, errors.New(r.checker.noVariable())
	}
	r.size += len(text)
	return secret.New(text), nil
}

func (r *entryReader) fromFile(source fileSource) (secret.Value, error) {
	file, known := r.files[source]
	if !known {
		file.value, file.err = fromFile(source.name, source.encoded, r.checker.readFile)
		r.size += len(file.value.Reveal())
		r.files[source] = file
	}
	return file.value, file.err
}
