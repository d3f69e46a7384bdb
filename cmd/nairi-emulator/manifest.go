package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// readManifests reads manifests, in the format of a vault as code. They are part of the
// job that tests itself, so a file may name any variable but those of the runner.
func readManifests(outside env.Env, now time.Time, names ...string) ([]manifest.File, error) {
	var files []manifest.File
	var problems []error
	for _, name := range names {
		text, err := outside.ReadRegular(name, manifest.MaxBytes+1)
		if err != nil && !errors.Is(err, env.ErrTooLarge) { // which Parse says better
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
			continue
		}
		file, wrong := manifest.Parse(manifest.Source{Name: name, Lookup: outside.Lookup, Now: now}, text)
		for _, p := range wrong {
			problems = append(problems, inFile(name, p))
		}
		problems = append(problems, reservedIn(file)...)
		files = append(files, file)
	}
	return files, errors.Join(problems...)
}

// inFile is a problem of a manifest, with its place.
func inFile(name string, p problem.Problem) error {
	p.File = cmp.Or(p.File, name)
	return errors.New(p.String())
}

// reservedIn are the entries that name a variable which no manifest may name: a sync
// would refuse the same file.
func reservedIn(file manifest.File) (problems []error) {
	for _, vault := range file.Vaults {
		for _, entry := range vault.Entries {
			if name, why := env.Reserved(entry.Env); name != "" {
				p := problem.Problem{Line: entry.Line, Key: entry.EnvKey, Text: "names a variable that " + why + ". Hold the value in one of your own"}
				problems = append(problems, inFile(file.Name, p))
			}
		}
	}
	return problems
}

// givenValue is the value that the outside gives for an entry; the zero Value if its
// variable is not set or empty, as of a secret that a job does not have, or if there is
// no such file. A line break at its end and a byte-order mark are left out, as by a sync.
func givenValue(outside env.Env, entry *manifest.Entry) (secret.Value, error) {
	var text string
	switch {
	case entry.Env != "":
		text = outside.Get(entry.Env)
	case entry.File != "" && outside.IsFile(entry.File):
		read, err := outside.ReadRegular(entry.File, secret.MaxSize)
		if err != nil {
			return secret.Value{}, errors.New("has its value in a file that cannot be read: " + err.Error())
		}
		text = string(read)
	}
	if text == "" {
		return secret.Value{}, nil
	}
	value := secret.New(text)
	if entry.File != "" {
		value, _ = value.TrimByteOrderMark()
	}
	if !entry.Base64 {
		return value.TrimNewline(), nil
	}
	decoded, err := value.DecodeBase64()
	if err != nil {
		return secret.Value{}, fmt.Errorf("has a value that %w", err)
	}
	return decoded, nil
}
