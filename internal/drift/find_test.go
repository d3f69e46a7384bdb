package drift_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

const (
	vaultID = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	otherID = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
	day     = 24 * time.Hour
)

var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// entry is one of a manifest, for hosts; none for any.
func entry(name string, hosts ...string) plan.Desired {
	list := append(domains.List{}, hosts...)
	return plan.Desired{Operation: plan.OpSet, EnvKey: name, Domains: &list}
}

// changed is an entry that is otherwise.
func changed(d plan.Desired, change func(*plan.Desired)) plan.Desired {
	change(&d)
	return d
}

func maxAge(age time.Duration) func(*plan.Desired) { return func(d *plan.Desired) { d.MaxAge = age } }

func absent(d *plan.Desired) { *d = plan.Desired{Operation: plan.OpDelete, EnvKey: d.EnvKey} }

func renamedFrom(old string) func(*plan.Desired) {
	return func(d *plan.Desired) { d.RenamedFrom = old }
}

func anyHosts(d *plan.Desired) { d.Domains = nil }

// there is a secret that was changed ten days ago.
func there(name string, hosts ...string) nairi.Secret {
	return nairi.Secret{
		ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: append(domains.List{}, hosts...), UpdatedAt: now.Add(-10 * day),
	}
}

func as(s nairi.Secret, change func(*nairi.Secret)) nairi.Secret {
	change(&s)
	return s
}

func id(id string) func(*nairi.Secret) {
	return func(s *nairi.Secret) { s.ID = nairi.SecretID(id) }
}

func unknownHosts(s *nairi.Secret) { s.AllowedDomains = nil }

func unknownAge(s *nairi.Secret) { s.UpdatedAt = time.Time{} }

func updated(at time.Time) func(*nairi.Secret) {
	return func(s *nairi.Secret) { s.UpdatedAt = at }
}

// text is a finding in short.
func text(f drift.Finding) string {
	parts := []string{string(f.Kind), f.Name, fmt.Sprint(f.IDs)}
	switch f.Kind {
	case drift.Hosts:
		parts = append(parts, fmt.Sprintf("%v, not %v", f.There, f.Wanted))
	case drift.Stale:
		parts = append(parts, fmt.Sprintf("%v of %v", f.Age, f.MaxAge))
	}
	return strings.Join(parts, " ")
}

func texts(findings []drift.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, text(f))
	}
	return all
}

var cases = map[string]struct {
	vault plan.Vault
	there []nairi.Secret
	want  []string
}{
	"all is well": {
		plan.Vault{Secrets: []plan.Desired{entry("A", "a.example.com", "b.example.com"), entry("B"), changed(entry("C"), absent)}},
		[]nairi.Secret{there("B"), there("A", "b.example.com", "A.example.com.")}, nil,
	},
	"an empty vault":                {plan.Vault{Secrets: []plan.Desired{entry("A")}}, nil, []string{"missing A []"}},
	"names differ in case":          {plan.Vault{Secrets: []plan.Desired{entry("A")}}, []nairi.Secret{there("a")}, []string{"missing A []"}},
	"other hosts":                   {plan.Vault{Secrets: []plan.Desired{entry("A", "a.example.com")}}, []nairi.Secret{there("A", "b.example.com")}, []string{"hosts A [sec_A] b.example.com, not a.example.com"}},
	"any host":                      {plan.Vault{Secrets: []plan.Desired{entry("A", "a.example.com")}}, []nairi.Secret{there("A")}, []string{"hosts A [sec_A] any host, not a.example.com"}},
	"hosts that are not known":      {plan.Vault{Secrets: []plan.Desired{entry("A")}}, []nairi.Secret{as(there("A"), unknownHosts)}, []string{"hosts A [sec_A] not known, not any host"}},
	"hosts that nobody cares about": {plan.Vault{Secrets: []plan.Desired{changed(entry("A"), anyHosts)}}, []nairi.Secret{as(there("A"), unknownHosts)}, nil},
	"twice": {
		plan.Vault{Secrets: []plan.Desired{changed(entry("A", "a.example.com"), maxAge(day))}},
		[]nairi.Secret{as(there("A"), id("sec_2")), as(there("A"), id("sec_1"))}, []string{"twice A [sec_1 sec_2]"},
	},
	"absent": {plan.Vault{Secrets: []plan.Desired{changed(entry("A"), absent)}}, []nairi.Secret{there("A")}, []string{"present A [sec_A]"}},
	"absent, twice": {
		plan.Vault{Secrets: []plan.Desired{changed(entry("A"), absent)}},
		[]nairi.Secret{as(there("A"), id("sec_2")), as(there("A"), id("sec_1"))}, []string{"present A [sec_1 sec_2]"},
	},
	"renamed":            {plan.Vault{Secrets: []plan.Desired{changed(entry("B"), renamedFrom("A"))}}, []nairi.Secret{there("B")}, nil},
	"not renamed yet":    {plan.Vault{Secrets: []plan.Desired{changed(entry("B"), renamedFrom("A"))}}, []nairi.Secret{there("A")}, []string{"missing B []", "present A [sec_A]"}},
	"renamed in part":    {plan.Vault{Secrets: []plan.Desired{changed(entry("B"), renamedFrom("A"))}}, []nairi.Secret{there("A"), there("B")}, []string{"present A [sec_A]"}},
	"an old name is one": {plan.Vault{AllManaged: true, Secrets: []plan.Desired{changed(entry("B"), renamedFrom("A"))}}, []nairi.Secret{there("A"), there("B")}, []string{"present A [sec_A]"}},
	"stale":              {plan.Vault{Secrets: []plan.Desired{changed(entry("A"), maxAge(9*day))}}, []nairi.Secret{there("A")}, []string{"stale A [sec_A] 240h0m0s of 216h0m0s"}},
	"stale by a moment": {
		plan.Vault{Secrets: []plan.Desired{changed(entry("A"), maxAge(10*day))}},
		[]nairi.Secret{as(there("A"), updated(now.Add(-10*day-1)))}, []string{"stale A [sec_A] 240h0m0.000000001s of 240h0m0s"},
	},
	"as old as it may be":      {plan.Vault{Secrets: []plan.Desired{changed(entry("A"), maxAge(10*day))}}, []nairi.Secret{there("A")}, nil},
	"an age that is not known": {plan.Vault{Secrets: []plan.Desired{changed(entry("A"), maxAge(1))}}, []nairi.Secret{as(there("A"), unknownAge)}, nil},
	"a clock that is ahead":    {plan.Vault{Secrets: []plan.Desired{changed(entry("A"), maxAge(1))}}, []nairi.Secret{as(there("A"), updated(now.Add(day)))}, nil},
	"stale, with other hosts": {
		plan.Vault{Secrets: []plan.Desired{changed(entry("A", "a.example.com"), maxAge(day)), entry("B")}},
		[]nairi.Secret{there("A")}, []string{"hosts A [sec_A] any host, not a.example.com", "stale A [sec_A] 240h0m0s of 24h0m0s", "missing B []"},
	},
	"extra":        {plan.Vault{Secrets: []plan.Desired{entry("A")}}, []nairi.Secret{there("A"), there("X")}, nil},
	"extra is off": {plan.Vault{AllManaged: true, Secrets: []plan.Desired{entry("Z")}}, []nairi.Secret{there("Y"), there("X"), there("Z")}, []string{"extra X [sec_X]", "extra Y [sec_Y]"}},
	"extra, twice": {
		plan.Vault{AllManaged: true}, []nairi.Secret{as(there("X"), id("sec_2")), there("W"), as(there("X"), id("sec_1"))},
		[]string{"extra W [sec_W]", "extra X [sec_1 sec_2]"},
	},
	"extra, of somebody else": {plan.Vault{AllManaged: true, Owned: []string{"OURS_*"}}, []nairi.Secret{there("OURS_1"), there("THEIRS")}, []string{"extra OURS_1 [sec_OURS_1]"}},
}

// find are the findings of a comparison.
func find(desired []plan.Vault, current [][]nairi.Secret, now time.Time) []drift.Finding {
	return drift.Findings(drift.Compare(desired, current, now))
}

func TestFind(t *testing.T) {
	t.Parallel()
	for name, tt := range cases {
		tt.vault.ID = vaultID
		got := find([]plan.Vault{tt.vault}, [][]nairi.Secret{tt.there}, now)
		if diff := cmp.Diff(tt.want, texts(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The findings of several vaults come in the order of the manifest, each with its
// vault and its place.
func TestFindingsNameTheirVaultAndTheirPlace(t *testing.T) {
	t.Parallel()
	at := func(line int) plan.Place { return plan.Place{File: "vaults.yml", Line: line} }
	desired := []plan.Vault{
		{ID: otherID, Place: at(1), AllManaged: true, Secrets: []plan.Desired{changed(entry("B"), func(d *plan.Desired) { d.Place = at(2) })}},
		{ID: vaultID, Place: at(3), Secrets: []plan.Desired{changed(entry("A"), func(d *plan.Desired) { d.Place = at(4) })}},
	}
	got := find(desired, [][]nairi.Secret{{there("X", "x.example.com")}, {there("A", "a.example.com")}}, now)
	want := []drift.Finding{
		{Kind: drift.Missing, VaultID: otherID, Name: "B", Wanted: domains.List{}, Place: at(2)},
		{Kind: drift.Extra, VaultID: otherID, Name: "X", IDs: []nairi.SecretID{"sec_X"}, There: domains.List{"x.example.com"}, UpdatedAt: now.Add(-10 * day), Place: at(1)},
		{
			Kind: drift.Hosts, VaultID: vaultID, Name: "A", IDs: []nairi.SecretID{"sec_A"}, Wanted: domains.List{},
			There: domains.List{"a.example.com"}, UpdatedAt: now.Add(-10 * day), Place: at(4),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Old values alone are another error than differences, and nothing is none.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kinds   []drift.Kind
		is      error
		tallied string
	}{
		{nil, nil, ""},
		{[]drift.Kind{drift.Stale}, drift.ErrStale, "1 old value"},
		{[]drift.Kind{drift.Stale, drift.Stale}, drift.ErrStale, "2 old values"},
		{[]drift.Kind{drift.Extra}, drift.ErrDiffers, "1 difference"},
		{[]drift.Kind{drift.Missing, drift.Stale, drift.Twice}, drift.ErrDiffers, "2 differences, 1 old value"},
	} {
		var findings []drift.Finding
		for _, kind := range tt.kinds {
			findings = append(findings, drift.Finding{Kind: kind})
		}
		got := drift.Verdict(findings)
		if tt.is == nil && got != nil || tt.is != nil && fmt.Sprint(got) != tt.is.Error()+": "+tt.tallied {
			t.Errorf("%v: %v", tt.kinds, got)
		}
	}
}
