package action

import (
	"bytes"
	"context"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/report"
)

// export writes a manifest of what the vaults hold. The file for it is open before
// anything is sent, and stays away if anything fails.
func (s *step) export(ctx context.Context, engine apply.Engine) {
	var file *ci.Replacement
	if s.config.ExportFile != "" {
		opened, problems := s.files.Replace("export_file", s.config.ExportFile, s.config.Overwrite)
		if len(problems) > 0 {
			s.report.Err = s.asGiven(problems)
			return
		}
		file = opened
		defer file.Discard()
	}
	exported, err := s.exported(ctx, engine)
	if err == nil && file != nil && !exported.Same {
		err = file.Write(exported.Text)
	}
	if err != nil {
		s.report.Err = err
		return
	}
	s.report.Exported = exported
	s.console.Result(s.report.ExportLines()...)
	s.warn(s.report.LeftOut())
}

// exported is the manifest of what the vaults hold now.
func (s *step) exported(ctx context.Context, engine apply.Engine) (*report.Exported, error) {
	current, err := engine.Read(ctx, s.config.Vaults, s.config.Rules)
	if err != nil {
		return nil, err
	}
	held := make([]manifest.Held, len(current))
	for i, secrets := range current {
		held[i] = manifest.Held{ID: s.config.Vaults[i].ID, Secrets: secrets}
	}
	exporter := manifest.Exporter{
		Source: manifest.Source{Name: s.config.Manifest, Lookup: s.Env.Lookup, Now: s.Now()},
		Now:    s.Now(),
		Hides:  func(text string) bool { return text != "" && s.report.Redact(text) != text },
	}
	exported := &report.Exported{File: s.config.ExportFile}
	present := s.config.Present
	if present == nil {
		exported.Export, err = exporter.New(held)
		return exported, err
	}
	exported.Export, err = exporter.Merge(present, held)
	exported.Merged = true
	exported.Same = s.config.Manifest == s.config.ExportFile && bytes.Equal(exported.Text, present)
	return exported, err
}
