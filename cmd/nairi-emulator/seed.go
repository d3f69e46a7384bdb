package main

import (
	"errors"
	"fmt"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// synthetic begins a value that nobody gave. It says itself that it is none.
const synthetic = "synthetic-value-of-"

// seeded is what manifests had put into the vaults.
type seeded struct {
	firstVault                 string // "" without any
	vaults, secrets, synthetic int
}

// String is what was done, without any value.
func (s seeded) String() string {
	text := fmt.Sprintf("seeded %s with %s", counted(s.vaults, "vault"), counted(s.secrets, "secret"))
	if s.synthetic > 0 {
		text += fmt.Sprintf("; no variable or file gives %s, made up as in %sNAME", counted(s.synthetic, "value"), synthetic)
	}
	return text
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// seed puts into the vaults what manifests say of them, as if it had been written.
func seed(e *nairitest.Emulator, files []manifest.File, outside env.Env) (seeded, error) {
	var s seeded
	var problems []error
	there := map[string]bool{}
	for _, file := range files {
		for i := range file.Vaults {
			v := &file.Vaults[i]
			if id := string(v.ID); !there[id] {
				there[id] = true
				e.AddVaultWithID(id, "seeded")
				s.vaults++
				if s.firstVault == "" {
					s.firstVault = id
				}
			}
			for j := range v.Entries {
				if err := s.add(e, string(v.ID), &v.Entries[j], outside); err != nil {
					problems = append(problems, inFile(file.Name, problem.Problem{Line: v.Entries[j].Line, Key: v.Entries[j].EnvKey, Text: err.Error()}))
				}
			}
		}
	}
	return s, errors.Join(problems...)
}

// add puts one secret into a vault. It was last changed when the manifest says that it
// was rotated, so that what depends on its age can be tried; else it is new.
func (s *seeded) add(e *nairitest.Emulator, vaultID string, entry *manifest.Entry, outside env.Env) error {
	if entry.Absent {
		return nil
	}
	value, err := givenValue(outside, entry)
	if err != nil {
		return err
	}
	stored := nairitest.Stored{EnvKey: entry.EnvKey, Value: value.Reveal()}
	if value.IsZero() {
		stored.Value = synthetic + entry.EnvKey
		s.synthetic++
	}
	if entry.Domains != nil {
		stored.AllowedDomains = *entry.Domains
	}
	if entry.Rotated != nil {
		stored.CreatedAt = *entry.Rotated
	}
	e.AddSecret(vaultID, stored)
	s.secrets++
	return nil
}
