package action

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// checking is a stage with a check of a manifest as its step.
func checking(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.with = inputs{"api_key": s.Key, "base_url": s.BaseURL, "operation": "check"}
	return s
}

// says is a manifest of the stage's vault, with entries a line each.
func (s *stage) manifest(entries ...string) string {
	return fmt.Sprintf("vaults:\n- vault_id: %s\n  secrets:\n    %s\n", s.VaultID, strings.Join(entries, "\n    "))
}

// Whatever is off, and whatever there would be to write, a check sends nothing but GET.
func TestACheckOnlyReads(t *testing.T) {
	t.Parallel()
	s := checking(t)
	s.Set(func(o *nairitest.Options) { o.Duplicates = nairitest.DuplicatesAllowed })
	s.AddSecret(s.VaultID, token())
	for _, name := range []string{"TWICE", "TWICE", "OLD", "LEGACY", "EXTRA"} {
		s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: name, Value: former})
	}
	before := s.stored()
	all := s.manifest(
		"TOKEN: { env: HOLDER, any_domain: true, max_age: 1h, rotated: 2026-04-25 }", "TWICE: { any_domain: true }", "NEW: { env: HOLDER, any_domain: true, renamed_from: OLD }",
		"LEGACY: { absent: true }",
	)
	s.env["HOLDER"] = value
	for _, more := range []inputs{{}, {"unmanaged": "error"}, {"fail_on_drift": "false"}} {
		more["secrets"] = all
		got := s.step(more)
		if got.outputs["drift"] != "true" || got.outputs["stale_count"] != "1" || got.outputs["unmanaged_count"] != "1" {
			t.Errorf("%v: %v", more, got.outputs)
		}
		for _, request := range got.requests {
			if !strings.HasPrefix(request, "GET ") {
				t.Errorf("%v: %s", more, request)
			}
		}
	}
	same(t, "the vault", before, s.stored())
}

// Each finding of one kind is one of the drift that the step fails with, or does not.
func TestWhatACheckComesTo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		entries     []string
		with        inputs
		drift       string
		differences string
		stale       string
		code        int
		result      string
		error       problem.Code
	}{
		"well":           {[]string{"TOKEN: { allowed_domains: [api.example.com], max_age: 3650d }"}, nil, "false", "0", "0", 0, "unchanged", ""},
		"differs":        {[]string{"TOKEN: { any_domain: true }"}, nil, "true", "1", "0", 1, "failed", problem.Drift},
		"old":            {[]string{"TOKEN: { allowed_domains: [api.example.com], max_age: 1d }"}, nil, "true", "0", "1", 1, "failed", problem.Drift},
		"both":           {[]string{"TOKEN: { any_domain: true, max_age: 1d }", "NEW: { env: A, any_domain: true }"}, nil, "true", "2", "1", 1, "failed", problem.Drift},
		"differs, let":   {[]string{"TOKEN: { any_domain: true }"}, inputs{"fail_on_drift": "false"}, "true", "1", "0", 0, "unchanged", ""},
		"more, let":      {[]string{"X: { absent: true }"}, nil, "false", "0", "0", 0, "unchanged", ""},
		"more, an error": {[]string{"X: { absent: true }"}, inputs{"unmanaged": "error"}, "true", "1", "0", 1, "failed", problem.Drift},
	} {
		s := checking(t)
		with := inputs{"secrets": s.manifest(tt.entries...)}
		for input, text := range tt.with {
			with[input] = text
		}
		got := s.step(with)
		got.ends(t, tt.code, tt.result, tt.error)
		if o := got.outputs; o["drift"] != tt.drift || o["drift_count"] != tt.differences || o["stale_count"] != tt.stale {
			t.Errorf("%s: %v", name, o)
		}
		if (tt.drift == "true") != strings.Contains(got.summary, "Drift: ") || (tt.drift == "false") != strings.Contains(got.summary, "### ✅ No drift: ") {
			t.Errorf("%s: the summary is %s", name, got.summary)
		}
	}
}

// Nothing is said of drift where a vault could not be read, even if another one was.
func TestAVaultThatCannotBeReadIsNeitherWellNorNot(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{"refused": "GET:status=404", "no answer": "always*GET:status=503", "another's page": "always*GET:html"} {
		s := checking(t)
		s.Set(func(o *nairitest.Options) { o.Script = nairitest.Script(t, fault) })
		got := s.step(inputs{"secrets": s.manifest("TOKEN: { any_domain: true }"), "concurrency": "1", "timeout": "1s"})
		if o := got.outputs; got.code != 1 || o["result"] != "failed" || o["error_code"] == "" || o["error_code"] == string(problem.Drift) ||
			o["drift"]+o["drift_count"]+o["stale_count"]+o["unmanaged_count"] != "" || o["results"] != "[]" {
			t.Errorf("%s: %d, %v", name, got.code, o)
		}
		if strings.Contains(got.log+got.summary, "rift:") {
			t.Errorf("%s: it speaks of drift: %s", name, got.log)
		}
	}
}

// Right after a sync of a manifest a check of it finds nothing, and after any change
// behind its back it does.
func TestACheckAfterASync(t *testing.T) {
	t.Parallel()
	s := checking(t)
	s.env["HOLDER"] = value
	all := s.manifest("TOKEN: { env: HOLDER, allowed_domains: [a.example.com, b.example.com], max_age: 1d }", "NEW: { env: HOLDER, any_domain: true }", "GONE: { absent: true }")
	s.Set(func(o *nairitest.Options) { o.Now = time.Now })
	s.step(inputs{"operation": "sync", "secrets": all, "prune": "true"}).ends(t, 0, "updated", "")
	s.step(inputs{"secrets": all, "unmanaged": "error"}).ends(t, 0, "unchanged", "")

	s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "GONE", Value: former})
	s.step(inputs{"secrets": all}).ends(t, 1, "failed", problem.Drift)
	s.step(inputs{"operation": "sync", "secrets": all}).ends(t, 0, "updated", "")
	s.step(inputs{"secrets": all}).ends(t, 0, "unchanged", "")

	s.SetUpdatedAt(tokenID, time.Now().Add(-25*time.Hour))
	s.step(inputs{"secrets": all}).ends(t, 1, "failed", problem.Drift)
}
