package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// many is an API that carries everything out, a second each, and fails for the
// names that it is told to.
type many struct {
	mu         sync.Mutex
	calls      []string
	atOnce     int
	mostAtOnce int
	fails      map[string]error
	lists      map[nairi.VaultID]error
}

func (m *many) call(text, name string) (nairi.Secret, error) {
	m.mu.Lock()
	m.calls = append(m.calls, text+" "+name)
	m.atOnce++
	m.mostAtOnce = max(m.mostAtOnce, m.atOnce)
	err := m.fails[name]
	m.mu.Unlock()
	time.Sleep(time.Second)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.atOnce--
	if name == "PANIC" {
		panic("a mistake")
	}
	return nairi.Secret{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: nairi.Domains{"a.example"}, UpdatedAt: time.Unix(2, 0)}, err
}

func (m *many) List(_ context.Context, id nairi.VaultID) ([]nairi.Secret, error) {
	s, _ := m.call("list", string(id))
	return []nairi.Secret{s}, m.lists[id]
}

func (m *many) Look(_ context.Context, _ nairi.VaultID, id nairi.SecretID) (nairi.Secret, error) {
	return m.call("look", strings.TrimPrefix(string(id), "sec_"))
}

func (m *many) Create(_ context.Context, _ nairi.VaultID, n nairi.New) (nairi.Secret, error) {
	return m.call("create", n.EnvKey)
}

func (m *many) Update(_ context.Context, _ nairi.VaultID, id nairi.SecretID, _ nairi.Patch) (nairi.Secret, error) {
	return m.call("update", strings.TrimPrefix(string(id), "sec_"))
}

func (m *many) Delete(_ context.Context, _ nairi.VaultID, id nairi.SecretID) error {
	_, err := m.call("delete", strings.TrimPrefix(string(id), "sec_"))
	return err
}

// steps are changes in short, as in "update A".
func steps(changes ...string) []plan.Step {
	var all []plan.Step
	for _, text := range changes {
		action, name, _ := strings.Cut(text, " ")
		before := &nairi.Secret{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: nairi.Domains{"a.example"}}
		change := plan.Change{Action: plan.Action(action), Before: before}
		change.Want = plan.Want{Operation: plan.Set, EnvKey: name, Value: secret.New("the value"), Domains: &nairi.Domains{"a.example"}}
		change.Patch.Value = change.Want.Value
		if change.Action == plan.Creates {
			change.Before = nil
		}
		all = append(all, plan.Step{VaultID: vaultID, Change: change})
	}
	return all
}

func engine(api apply.API, concurrency int) apply.Sync {
	return apply.Sync{API: api, Concurrency: concurrency, Begin: func(plan.Step) {}, Done: func(plan.Step, apply.Result) {}}
}

// outcomes are results in short, as in "A updated".
func outcomes(steps []plan.Step, results []apply.Result) []string {
	var all []string
	for i, r := range results {
		all = append(all, steps[i].Change.Name()+" "+string(r.Outcome))
	}
	return all
}

func TestSyncRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &many{fails: map[string]error{"BAD": &nairi.Error{Kind: nairi.Refused, Status: 400}}}
		all := steps("delete D", "update U", "keep K", "create C", "gone G", "update BAD", "create PANIC", "update V", "update W")
		results := engine(api, 2).Run(t.Context(), all)
		want := []string{"D deleted", "U updated", "K unchanged", "C created", "G absent", "BAD failed", "PANIC unknown", "V updated", "W updated"}
		if d := cmp.Diff(want, outcomes(all, results)); d != "" {
			t.Error(d)
		}
		for i, group := range [][]string{{"create C", "create PANIC"}, {"update BAD", "update U", "update V", "update W"}, {"delete D"}} {
			from := []int{0, 2, 6}[i]
			if d := cmp.Diff(group, slices.Sorted(slices.Values(api.calls[from:from+len(group)]))); d != "" {
				t.Error(d)
			}
		}
		if api.mostAtOnce != 2 {
			t.Errorf("%d requests at once", api.mostAtOnce)
		}
		if text := results[6].Err.Error(); text != "a mistake in this program: a mistake" {
			t.Errorf("the panic is told as %q", text)
		}
	})
}

// A key that is refused once is refused always.
func TestSyncStopsWhenTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refused := &nairi.Error{Kind: nairi.Refused, Status: 401}
		api := &many{fails: map[string]error{"B": refused}}
		all := steps("update A", "update B", "update C", "delete D")
		results := engine(api, 1).Run(t.Context(), all)
		want := []string{"A updated", "B failed", "C failed", "D failed"}
		if d := cmp.Diff(want, outcomes(all, results)); d != "" || len(api.calls) != 2 {
			t.Errorf("%d calls, %s", len(api.calls), d)
		}
		if err := results[3].Err; !errors.Is(err, apply.ErrNotBegun) || !errors.Is(err, refused) {
			t.Errorf("the last: %v", err)
		}
	})
}

// What no want names may be what could not be created, under its old name.
func TestNothingIsPrunedFromAnIncompleteVault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const other = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
		api := &many{fails: map[string]error{"NEW": &nairi.Error{Kind: nairi.Refused, Status: 422}}}
		all := steps("create NEW", "delete PRUNED", "delete ABSENT", "delete ELSEWHERE")
		all[1].Pruned, all[3].Pruned, all[3].VaultID = true, true, other
		results := engine(api, 2).Run(t.Context(), all)
		want := []string{"NEW failed", "PRUNED failed", "ABSENT deleted", "ELSEWHERE deleted"}
		if d := cmp.Diff(want, outcomes(all, results)); d != "" {
			t.Error(d)
		}
		if err := results[1].Err; !errors.Is(err, apply.ErrIncomplete) || !errors.Is(err, apply.ErrNotBegun) {
			t.Errorf("got %v", err)
		}
	})
}

func TestSyncCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &many{}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		all := steps("update A", "update B", "update C")
		results := engine(api, 1).Run(ctx, all)
		if d := cmp.Diff([]string{"A updated", "B updated", "C failed"}, outcomes(all, results)); d != "" {
			t.Error(d)
		}
		if err := results[2].Err; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the last: %v", err)
		}
	})
}

func TestSyncTellsOfEachStep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []string
		s := engine(&many{}, 1)
		s.Begin = func(step plan.Step) { told = append(told, "begin "+step.Change.Name()) }
		s.Done = func(step plan.Step, r apply.Result) {
			told = append(told, fmt.Sprint(step.Change.Name(), " ", r.Outcome))
		}
		s.Run(t.Context(), steps("update A", "keep K", "create B"))
		if d := cmp.Diff([]string{"begin B", "B created", "begin A", "A updated"}, told); d != "" {
			t.Error(d)
		}
	})
}

func TestSyncList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const other = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
		api := &many{}
		lists, err := engine(api, 8).List(t.Context(), []nairi.VaultID{other, vaultID})
		if err != nil || lists[0][0].EnvKey != string(other) || lists[1][0].EnvKey != string(vaultID) || api.mostAtOnce != 2 {
			t.Errorf("%v, %v, %d at once", lists, err, api.mostAtOnce)
		}
		api.lists = map[nairi.VaultID]error{vaultID: &nairi.Error{Kind: nairi.Refused, Status: 404}}
		if _, err := engine(api, 8).List(t.Context(), []nairi.VaultID{other, vaultID}); nairi.StatusOf(err) != 404 {
			t.Errorf("got %v", err)
		}
	})
}

func TestOverall(t *testing.T) {
	t.Parallel()
	tests := []struct {
		results string
		want    apply.Outcome
		changed bool
	}{
		{"", apply.Unchanged, false},
		{"unchanged absent", apply.Unchanged, false},
		{"unchanged updated*", apply.Updated, true},
		{"created* deleted*", apply.Updated, true},
		{"failed unchanged", apply.Failed, false},
		{"failed planned", apply.Failed, false},
		{"failed updated*", apply.Partial, true},
		{"failed updated* unknown*", apply.Unknown, true},
		{"planned unchanged", apply.Planned, false},
	}
	for _, tt := range tests {
		var results []apply.Result
		for _, word := range strings.Fields(tt.results) {
			outcome, changed := strings.CutSuffix(word, "*")
			results = append(results, apply.Result{Outcome: apply.Outcome(outcome), Changed: changed})
		}
		if got, changed := apply.Overall(results); got != tt.want || changed != tt.changed {
			t.Errorf("%q: %s, %t", tt.results, got, changed)
		}
	}
}
