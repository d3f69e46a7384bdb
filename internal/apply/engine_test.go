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

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const otherVault = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")

// many carries everything out, a second each, fails for the names that it is told
// to, and panics for the name PANIC.
type many struct {
	mu         sync.Mutex
	calls      []string // as in "update A"
	atOnce     int
	mostAtOnce int
	fails      map[string]error
}

func (m *many) answer(call string) ([]nairi.Secret, error) {
	words := append(strings.Fields(strings.NewReplacer("sec_", "", "vault:", "").Replace(call)), string(vaultID))
	name := words[1]
	m.mu.Lock()
	m.calls = append(m.calls, words[0]+" "+name)
	m.atOnce++
	m.mostAtOnce = max(m.mostAtOnce, m.atOnce)
	m.mu.Unlock()
	time.Sleep(time.Second)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.atOnce--
	if name == "PANIC" {
		panic("a slip")
	}
	return []nairi.Secret{{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: domains.List{"a.example"}, UpdatedAt: time.Unix(2, 0)}}, m.fails[name]
}

// changes are changes in short, as in "update A", of what is there unless its
// name is GONE.
func changes(texts ...string) []plan.Change {
	var all []plan.Change
	for _, text := range texts {
		action, name, _ := strings.Cut(text, " ")
		there := nairi.Secret{ID: nairi.SecretID("sec_" + name), EnvKey: name, AllowedDomains: domains.List{"a.example"}}
		c := plan.Change{VaultID: vaultID, Action: plan.Action(action), Current: &there}
		c.Desired = plan.Desired{Operation: plan.OpSet, EnvKey: name, Value: secret.New("the value"), Domains: &domains.List{"a.example"}}
		c.Patch.Value = c.Desired.Value
		if c.Action == plan.Create || name == "GONE" {
			c.Current = nil
		}
		all = append(all, c)
	}
	return all
}

// outcomes are results in short, as in "A updated".
func outcomes(results []apply.Result) string {
	var all []string
	for _, r := range results {
		all = append(all, r.Change.Name()+" "+string(r.Outcome))
	}
	return strings.Join(all, ", ")
}

// inTime runs a test with a clock of its own.
func inTime(t *testing.T, test func(*testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

func (m *many) engine(concurrency int) apply.Engine {
	return apply.Engine{API: api(m.answer), Concurrency: concurrency, Done: func(int, apply.Result) {}, Now: time.Now}
}

// carriedOut are the results of changes, in which the program makes no mistake.
func carriedOut(ctx context.Context, t *testing.T, e apply.Engine, all []plan.Change) []apply.Result {
	t.Helper()
	results, err := e.Apply(ctx, all)
	if err != nil {
		t.Errorf("Apply: %v", err)
	}
	return results
}

// What is new is there before anything goes, and results are in the order of the
// changes all the same.
func TestCreatesComeBeforeUpdatesAndDeletesLast(t *testing.T) {
	inTime(t, func(t *testing.T) {
		m := &many{fails: map[string]error{"BAD": failures["badRequest"]}}
		results := carriedOut(t.Context(), t, m.engine(2),
			append(changes("delete D", "update U", "no-op K", "create C", "no-op GONE", "update BAD", "create N", "update V", "update W"), elsewhere("delete E")...))
		want := "D failed, U updated, K unchanged, C created, GONE absent, BAD failed, N created, V updated, W updated, E deleted"
		if got := outcomes(results); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		for i, group := range [][]string{{"create C", "create N"}, {"update BAD", "update U", "update V", "update W"}, {"delete E"}} {
			from := []int{0, 2, 6}[i]
			if d := gocmp.Diff(group, slices.Sorted(slices.Values(m.calls[from:from+len(group)]))); d != "" {
				t.Error(d)
			}
		}
		if m.mostAtOnce != 2 {
			t.Errorf("%d requests at once", m.mostAtOnce)
		}
	})
}

// A mistake in one change is told with the place where it was made, and is no
// reason to leave the others undone.
func TestAPanicIsTheOutcomeOfOneChangeAndKeepsItsStack(t *testing.T) {
	inTime(t, func(t *testing.T) {
		results := carriedOut(t.Context(), t, new(many).engine(2), changes("update A", "update PANIC", "update B", "delete C"))
		if got := outcomes(results); got != "A updated, PANIC unknown, B updated, C failed" {
			t.Error(got)
		}
		var mistake *problem.Panic
		if !errors.As(results[1].Err, &mistake) {
			t.Fatalf("the panic is told as %v", results[1].Err)
		}
		if text := mistake.Error(); text != "a bug in vault-secret: a slip" {
			t.Errorf("the panic is told as %q", text)
		}
		if stack := strings.Join(mistake.Stack(), "\n"); !strings.Contains(stack, "(*many).answer") {
			t.Errorf("the stack does not lead to the panic: %s", stack)
		}
	})
}

// Who is told of the results may fail; what was written is known all the same.
func TestAPanicInDoneKeepsAllResultsAndIsReturned(t *testing.T) {
	inTime(t, func(t *testing.T) {
		e := new(many).engine(2)
		e.Done = func(_ int, r apply.Result) {
			if r.Change.Name() == "A" {
				panic("in a callback")
			}
		}
		results, err := e.Apply(t.Context(), changes("update A", "update B", "create C", "delete D"))
		if got := outcomes(results); got != "A updated, B updated, C created, D deleted" {
			t.Error(got)
		}
		var mistake *problem.Panic
		if !errors.As(err, &mistake) || mistake.Error() != "a bug in vault-secret: in a callback" {
			t.Errorf("got %v", err)
		}
	})
}

// A key that is refused once is refused always.
func TestNothingIsBegunWithAKeyThatIsRefused(t *testing.T) {
	inTime(t, func(t *testing.T) {
		refused := failures["unauthorized"]
		m := &many{fails: map[string]error{"B": refused}}
		results := carriedOut(t.Context(), t, m.engine(1), changes("update A", "update B", "update C", "delete D"))
		if got := outcomes(results); got != "A updated, B failed, C failed, D failed" || len(m.calls) != 2 {
			t.Errorf("%d calls, %s", len(m.calls), got)
		}
		for _, r := range results[2:] {
			if !errors.Is(r.Err, apply.ErrNotBegun) || !errors.Is(r.Err, refused) {
				t.Errorf("%s: %v", r.Change.Name(), r.Err)
			}
		}
		if errors.Is(results[1].Err, apply.ErrNotBegun) {
			t.Error("what was refused was begun")
		}
	})
}

// What goes may be what could not be written, under its old name, or what a new
// one replaces: whether an entry asks for the delete or prune does, and whether the
// write failed, may have failed, or was not begun.
func TestNothingIsDeletedFromAVaultBeforeEveryWriteOfItIsKnownToBeDone(t *testing.T) {
	for text, test := range map[string]struct {
		writes []string
		fails  error
		why    string
	}{
		"a create that failed":       {[]string{"create NEW"}, failures["unprocessable"], "NEW was not created"},
		"an update that failed":      {[]string{"update NEW"}, failures["unprocessable"], "NEW was not updated"},
		"an update that may be done": {[]string{"update NEW"}, failures["broken"], "it is not known whether NEW was updated"},
		"a create that may be done":  {[]string{"create NEW"}, failures["broken"], "it is not known whether NEW was created"},
		"one of several":             {[]string{"update A", "create B", "create NEW", "update C"}, failures["unprocessable"], "NEW was not created"},
		"a create that panics":       {[]string{"create PANIC"}, nil, "it is not known whether PANIC was created"},
	} {
		t.Run(text, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				m := &many{fails: map[string]error{"NEW": test.fails}}
				all := append(changes(append([]string{"delete PRUNED", "delete ASKED"}, test.writes...)...), elsewhere("delete OTHER", "update FINE")...)
				all[0].Pruned = true
				results := carriedOut(t.Context(), t, m.engine(2), all)
				for _, r := range results[:2] {
					want := "nothing is deleted from a vault before all of its writes are known to be done: " + test.why
					if !errors.Is(r.Err, apply.ErrVaultIncomplete) || !errors.Is(r.Err, apply.ErrNotBegun) || r.Err.Error() != want || r.Outcome != apply.Failed {
						t.Errorf("%s: %s, %v, want %s", r.Change.Name(), r.Outcome, r.Err, want)
					}
				}
				if got := outcomes(results[len(results)-2:]); got != "OTHER deleted, FINE updated" {
					t.Error(got)
				}
				if slices.Contains(m.calls, "delete ASKED") || slices.Contains(m.calls, "delete PRUNED") {
					t.Errorf("%q", m.calls)
				}
			})
		})
	}
}

// A look at what was created comes before the deletes: what it finds otherwise is
// no write that is known to be done.
func TestNothingIsDeletedFromAVaultWhereACreatedNameStandsTwice(t *testing.T) {
	for text, test := range map[string]struct {
		err error
		why string
	}{
		"twice":    {apply.ErrTwice, "NEW is in the vault more than once now"},
		"replaced": {apply.ErrReplaced, "it is not known whether NEW was created"},
	} {
		t.Run(text, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				m := new(many)
				e := m.engine(2)
				e.Check = func(_ context.Context, results []apply.Result) {
					if d := gocmp.Diff([]string{"create NEW", "update FINE"}, m.calls); d != "" {
						t.Error(d)
					}
					results[1].Outcome, results[1].Err = apply.Unknown, test.err
				}
				results := carriedOut(t.Context(), t, e, append(changes("delete OLD", "create NEW"), elsewhere("update FINE", "delete OTHER")...))
				if got := outcomes(results); got != "OLD failed, NEW unknown, FINE updated, OTHER deleted" {
					t.Error(got)
				}
				if err := results[0].Err; !errors.Is(err, apply.ErrVaultIncomplete) || !strings.HasSuffix(err.Error(), ": "+test.why) {
					t.Errorf("got %v, want %s", err, test.why)
				}
			})
		})
	}
}

func TestAMistakeInACheckTakesNothingFromTheResults(t *testing.T) {
	inTime(t, func(t *testing.T) {
		e := new(many).engine(1)
		e.Check = func(context.Context, []apply.Result) { panic("a slip") }
		results, err := e.Apply(t.Context(), changes("create A", "delete B"))
		var mistake *problem.Panic
		if got := outcomes(results); got != "A created, B deleted" || !errors.As(err, &mistake) {
			t.Errorf("%s, %v", got, err)
		}
	})
}

// Of what another shard writes this one knows nothing.
func TestADeleteThatAwaitsAnotherShardIsNotBegun(t *testing.T) {
	inTime(t, func(t *testing.T) {
		all := changes("delete OLD", "update A")
		all[0].Awaits = true
		results := carriedOut(t.Context(), t, new(many).engine(2), all)
		if err := results[0].Err; !errors.Is(err, apply.ErrVaultIncomplete) || !strings.HasSuffix(err.Error(), ": another shard has one to create") {
			t.Errorf("got %v", err)
		}
	})
}

// A run that is cancelled says so of what it left, and nothing of the vault.
func TestADeleteAfterTheEndOfTheRunIsCancelled(t *testing.T) {
	inTime(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		results := carriedOut(ctx, t, new(many).engine(1), changes("create A", "create B", "create C", "delete D"))
		if got := outcomes(results); got != "A created, B created, C failed, D failed" {
			t.Error(got)
		}
		if err := results[3].Err; errors.Is(err, apply.ErrVaultIncomplete) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// elsewhere are changes of another vault.
func elsewhere(texts ...string) []plan.Change {
	all := changes(texts...)
	for i := range all {
		all[i].VaultID = otherVault
	}
	return all
}

func TestNothingIsBegunOnceTheRunHasEnded(t *testing.T) {
	for text, end := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"the time for the run is over": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 1500*time.Millisecond)
		},
		"the run was cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(1500*time.Millisecond, cancel)
			return ctx, cancel
		},
	} {
		t.Run(text, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				ctx, cancel := end(t.Context())
				defer cancel()
				results := carriedOut(ctx, t, new(many).engine(1), changes("update A", "update B", "update C"))
				if got := outcomes(results); got != "A updated, B updated, C failed" {
					t.Error(got)
				}
				if err := results[2].Err; !errors.Is(err, ctx.Err()) || err.Error() != text {
					t.Errorf("the last: %v", err)
				}
			})
		})
	}
}

// What writes nothing is told by the plan.
func TestDoneIsToldOfEachChangeThatWritesWhenItIsKnown(t *testing.T) {
	inTime(t, func(t *testing.T) {
		var told []string
		e, begin := new(many).engine(1), time.Now()
		e.Done = func(_ int, r apply.Result) {
			told = append(told, fmt.Sprint(time.Since(begin), " ", r.Change.Name(), " ", r.Outcome))
		}
		carriedOut(t.Context(), t, e, changes("update A", "no-op K", "create B"))
		if d := gocmp.Diff([]string{"1s B created", "2s A updated"}, told); d != "" {
			t.Error(d)
		}
	})
}

func TestVaultsAreReadAtOnceAndKeepTheirOrder(t *testing.T) {
	inTime(t, func(t *testing.T) {
		m := &many{fails: map[string]error{}}
		vaults := []plan.Vault{{ID: otherVault}, {ID: vaultID, Secrets: make([]plan.Desired, 2)}}
		current, err := m.engine(8).Read(t.Context(), vaults, plan.Rules{})
		if err != nil || current[0][0].EnvKey != string(otherVault) || current[1][0].EnvKey != string(vaultID) || m.mostAtOnce != 2 {
			t.Errorf("%v, %v, %d at once", current, err, m.mostAtOnce)
		}
		m.fails[string(vaultID)] = failures["noVault"]
		if _, err := m.engine(8).Read(t.Context(), vaults, plan.Rules{}); !errors.Is(err, failures["noVault"]) {
			t.Errorf("got %v", err)
		}
		var mistake *problem.Panic
		if _, err := m.engine(8).Read(t.Context(), []plan.Vault{{ID: "PANIC"}}, plan.Rules{}); !errors.As(err, &mistake) {
			t.Errorf("a panic is told as %v", err)
		}
	})
}

func TestAPreviewIsWhatThePlanSays(t *testing.T) {
	t.Parallel()
	all := changes("create C", "update U", "delete D", "no-op K", "no-op GONE", " NONE")
	all[5].Err = plan.ErrConflict
	results := apply.Preview(all)
	if got := outcomes(results); got != "C planned, U planned, D planned, K unchanged, GONE absent, NONE failed" {
		t.Error(got)
	}
	for i, r := range results {
		want := apply.Result{Change: all[i], Outcome: r.Outcome, After: all[i].Current, Err: all[i].Err}
		if d := diff(want, r); d != "" {
			t.Error(d)
		}
	}
}
