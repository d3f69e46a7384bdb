package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// places are mirrors of which each write has an error, none or is lost.
type places struct {
	errs   map[string]error // by the target
	new    map[string]bool  // what GitHub says to be new
	crash  bool
	calls  []string
	during func(call string)
}

var (
	errRefused = errors.New("403 Forbidden")
	errLost    = fmt.Errorf("no answer: %w", mirror.ErrUnknown)
)

func (p *places) Look(_ context.Context, target mirror.Target, names ...string) (map[string]mirror.State, error) {
	p.called("look at " + target.Spelled() + " for " + strings.Join(names, " "))
	states := map[string]mirror.State{}
	for _, name := range names {
		states[name] = mirror.State{Known: true, There: !p.new[target.String()], UpdatedAt: noon}
	}
	return states, p.errs[target.String()]
}

func (p *places) Write(_ context.Context, target mirror.Target, name string, value secret.Value) (bool, error) {
	p.called("write " + name + "=" + value.Reveal() + " to " + target.String())
	return p.new[target.String()], p.errs[target.String()]
}

func (p *places) called(call string) {
	p.calls = append(p.calls, call)
	if p.during != nil {
		p.during(call)
	}
	if p.crash {
		panic("a mistake")
	}
}

// inPlace is a mirror that has a secret since so many hours after noon; of any but there.
func inPlace(target string, hours int) mirror.Mirror {
	parsed, err := mirror.Parse(target)
	if err != nil {
		panic(err)
	}
	m := mirror.Mirror{Target: parsed, State: mirror.State{Known: true}}
	if hours != nowhere {
		m.State.There, m.State.UpdatedAt = true, noon.Add(time.Duration(hours)*time.Hour)
	}
	return m
}

const nowhere = -100

// updated is the result of an update that the vault has, of a value that had to be newer
// than noon.
func updated(mirrors ...mirror.Mirror) apply.Result {
	current := nairi.Secret{ID: "sec_1", EnvKey: "TOKEN", CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon.Add(-time.Minute), AllowedDomains: domains.List{"a"}}
	change := plan.Change{
		VaultID: vaultID, Action: plan.Update, Current: &current,
		Desired: plan.Desired{
			Operation: plan.OpSet, EnvKey: "TOKEN", Values: plan.ValuesWhenRotated, NewerThan: &noon,
			Generate: &generate.Spec{Kind: generate.Hex, Size: 32}, Value: secret.New("v2"), Mirrors: mirrors,
		},
	}
	return apply.Result{Change: change, Outcome: apply.Updated, Changed: true}
}

// mirrorsIn writes what is known of a result and its mirrors.
func mirrorsIn(r apply.Result) string {
	text := string(r.Outcome)
	for _, m := range r.Mirrors {
		text += fmt.Sprintf(", %s %s", m.Target, m.Outcome)
		switch {
		case errors.Is(m.Err, apply.ErrVaultFirst):
			text += " vault first"
		case errors.Is(m.Err, apply.ErrMirrorsFirst):
			text += " others first"
		case errors.Is(m.Err, apply.ErrNotBegun):
			text += " not begun"
		}
		if (m.Err == nil) != (m.Outcome == apply.Created || m.Outcome == apply.Updated) {
			text += " (the error does not match)"
		}
	}
	return text
}

func TestMirrorsAreWrittenOnceTheVaultHasTheValue(t *testing.T) {
	t.Parallel()
	before, behind := 1, -1
	failed, lost := apply.Fail(updated(inPlace("repo:o/a", behind)).Change, errRefused), apply.Lost(updated(inPlace("repo:o/a", behind)).Change, errLost)
	same := updated(inPlace("repo:o/a", behind))
	same.Outcome, same.Changed = apply.Unchanged, false
	kept := updated(inPlace("repo:o/a", before)) // whose hosts alone were written
	kept.Change.Current.UpdatedAt = noon
	for _, tt := range []struct {
		name   string
		result apply.Result
		errs   map[string]error
		calls  string // the targets that are written, in order
		want   string
	}{
		{"all well", updated(inPlace("repo:o/a", behind), inPlace("org:o", nowhere)), nil, "repo:o/a org:o", "updated, repo:o/a updated, org:o created"},
		{"the vault is as it was", failed, nil, "", "failed, repo:o/a failed vault first"},
		{"the vault may have it", lost, nil, "", "unknown, repo:o/a failed vault first"},
		{"the vault had the value", same, nil, "repo:o/a", "updated, repo:o/a updated"},
		{"no value was sent", kept, nil, "", "updated"},
		{"one refuses", updated(inPlace("repo:o/a", behind), inPlace("repo:o/b", behind)), map[string]error{"repo:o/a": errRefused}, "repo:o/a repo:o/b", "partial, repo:o/a failed, repo:o/b updated"},
		{"of one it is not known", updated(inPlace("repo:o/a", behind)), map[string]error{"repo:o/a": errLost}, "repo:o/a", "partial, repo:o/a unknown"},
		{
			"what tells the next run comes last", updated(inPlace("repo:o/a", behind), inPlace("repo:o/b", before)), nil,
			"repo:o/b repo:o/a", "updated, repo:o/a updated, repo:o/b updated",
		},
		{
			"and stays if another refuses", updated(inPlace("repo:o/a", behind), inPlace("repo:o/b", before)), map[string]error{"repo:o/b": errRefused},
			"repo:o/b", "partial, repo:o/a failed others first, repo:o/b failed",
		},
		{
			"or if another is not known", updated(inPlace("repo:o/a", nowhere), inPlace("repo:o/b", before)), map[string]error{"repo:o/b": errLost},
			"repo:o/b", "partial, repo:o/a failed others first, repo:o/b unknown",
		},
	} {
		api := &places{errs: tt.errs}
		results := []apply.Result{tt.result}
		done := 0
		if err := apply.Mirror(t.Context(), api, results, func(apply.Result) { done++ }); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(tt.want, mirrorsIn(results[0])); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		var calls []string
		for _, target := range strings.Fields(tt.calls) {
			calls = append(calls, "write TOKEN=v2 to "+target)
		}
		if diff := cmp.Diff(calls, api.calls); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if want := min(len(results[0].Mirrors), 1); done != want {
			t.Errorf("%s: it was told %d times", tt.name, done)
		}
	}
}

// What a look did not find is new, also where GitHub says that it was there: it was
// written once already, and the answer was lost.
func TestAMirrorIsNewIfNobodyFoundItThere(t *testing.T) {
	t.Parallel()
	results := []apply.Result{updated(inPlace("repo:o/a", nowhere), inPlace("repo:o/b", -1))}
	_ = apply.Mirror(t.Context(), &places{new: map[string]bool{"repo:o/b": true}}, results, func(apply.Result) {})
	if got := mirrorsIn(results[0]); got != "updated, repo:o/a created, repo:o/b created" {
		t.Error(got)
	}
}

func TestWhatIsCancelledBeginsNoMirror(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	api := &places{during: func(string) { cancel() }}
	results := []apply.Result{updated(inPlace("repo:o/a", -1), inPlace("repo:o/b", -1)), updated(inPlace("repo:o/c", -1))}
	_ = apply.Mirror(ctx, api, results, func(apply.Result) {})
	got := []string{mirrorsIn(results[0]), mirrorsIn(results[1])}
	if diff := cmp.Diff([]string{"partial, repo:o/a updated, repo:o/b failed not begun", "partial, repo:o/c failed not begun"}, got); diff != "" {
		t.Error(diff)
	}
	var lacking *apply.MirrorError
	if !errors.As(results[1].Err, &lacking) || !errors.Is(lacking.Lacking[0].Err, context.Canceled) {
		t.Errorf("the error is %v", results[1].Err)
	}
}

// Nor does one in telling of them.
func TestAMistakeInTellingOfMirrorsLeavesTheOthers(t *testing.T) {
	t.Parallel()
	results := []apply.Result{updated(inPlace("repo:o/a", -1)), updated(inPlace("repo:o/b", -1))}
	err := apply.Mirror(t.Context(), &places{}, results, func(r apply.Result) {
		if r.Mirrors[0].Target.Repo == "a" {
			panic("a mistake")
		}
	})
	var mistake *problem.Panic
	if !errors.As(err, &mistake) || mirrorsIn(results[0]) != "updated, repo:o/a updated" || mirrorsIn(results[1]) != "updated, repo:o/b updated" {
		t.Error(err, mirrorsIn(results[0]), mirrorsIn(results[1]))
	}
}

// A mistake in this program takes nothing with it that is known of the others.
func TestAMistakeInOneMirrorLeavesTheOthers(t *testing.T) {
	t.Parallel()
	api := &places{}
	api.during = func(call string) { api.crash = strings.HasSuffix(call, "o/a") }
	results := []apply.Result{updated(inPlace("repo:o/a", -1), inPlace("repo:o/b", -1))}
	_ = apply.Mirror(t.Context(), api, results, func(apply.Result) {})
	if got := mirrorsIn(results[0]); got != "partial, repo:o/a unknown, repo:o/b updated" {
		t.Error(got)
	}
}

// wanting are two vaults with mirrors, of which each target is looked at once.
func wanting() []plan.Vault {
	of := func(name string, targets ...string) plan.Desired {
		d := plan.Desired{Operation: plan.OpSet, EnvKey: name}
		for _, target := range targets {
			m := inPlace(target, nowhere)
			m.State = mirror.State{}
			d.Mirrors = append(d.Mirrors, m)
		}
		return d
	}
	return []plan.Vault{
		{ID: vaultID, Secrets: []plan.Desired{of("A", "repo:o/a", "org:o:all"), of("B"), of("C", "repo:o/a", "org:o")}},
		{ID: "vlt_01KQ27AQH800XQTQPJZ0DH14SJ", Secrets: []plan.Desired{of("D", "repo:o/a")}},
	}
}

func TestEachMirrorIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	api, vaults := &places{new: map[string]bool{"org:o": true}}, wanting()
	if err := apply.LookAtMirrors(t.Context(), api, vaults, plan.Rules{}); err != nil {
		t.Fatal(err)
	}
	want := []string{"look at repo:o/a for A C D", "look at org:o:all for A", "look at org:o for C"} // which is another wish
	if diff := cmp.Diff(want, api.calls); diff != "" {
		t.Error(diff)
	}
	for _, vault := range vaults {
		for _, desired := range vault.Secrets {
			for _, m := range desired.Mirrors {
				if there := m.Target.Store != mirror.Organization; !m.State.Known || m.State.There != there {
					t.Errorf("%s: %+v", m.Target, m.State)
				}
			}
		}
	}
}

func TestOnlyTheMirrorsOfAShardAreLookedAt(t *testing.T) {
	t.Parallel()
	var calls []string
	for part := range 8 {
		api := &places{}
		if err := apply.LookAtMirrors(t.Context(), api, wanting(), plan.Rules{Shard: plan.Shard{Index: part + 1, Count: 8}}); err != nil {
			t.Fatal(err)
		}
		for _, call := range api.calls {
			_, names, _ := strings.Cut(call, " for ")
			calls = append(calls, strings.Fields(names)...)
		}
	}
	slices.Sort(calls)
	if diff := cmp.Diff([]string{"A", "A", "C", "C", "D"}, calls); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsWrongWithMirrorsIsSaidOfAllAtOnce(t *testing.T) {
	t.Parallel()
	err := apply.LookAtMirrors(t.Context(), &places{errs: map[string]error{"repo:o/a": errRefused, "org:o": errLost}}, wanting(), plan.Rules{})
	var failed *apply.MirrorLookError
	if !errors.As(err, &failed) || len(failed.Errs) != 3 || !errors.Is(err, errRefused) || !errors.Is(err, errLost) {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	api := &places{}
	if err := apply.LookAtMirrors(ctx, api, wanting(), plan.Rules{}); !errors.Is(err, context.Canceled) || len(api.calls) > 0 {
		t.Errorf("the error is %v, after %v", err, api.calls)
	}
}
