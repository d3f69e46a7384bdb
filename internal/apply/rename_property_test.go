package apply_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// renameSchedules is how many schedules each check of rapid draws: a hundred checks are a
// thousand of them.
var renameSchedules = flag.Int("rename.schedules", 10, "how many schedules of interrupted renames each check of rapid draws")

// renameFaults are what goes wrong with the requests of a run that goes on.
var renameFaults = []string{
	"refuse", "reset-before-body", "reset-after-body", "reset-after-commit",
	"status=500", "status=503", "status=400", "status=404", "status-after-commit=500", "status-after-commit=503",
	"html", "html-after-commit", "truncate", "throttle=seconds", "delay-after-commit=45s", "create:race=create",
}

// interruption is how a run ends before its time, at one of its requests.
type interruption struct {
	how string // "" for not at all
	at  int    // the number of the request, from 0
}

// The ways in which a run ends. After a crash no request of it arrives any more.
var interruptions = []string{
	"",
	"crash before",      // the request is not sent
	"crash after",       // it is carried out, and nobody reads the answer
	"cancel",            // at the request, which is still answered
	"cancel, impatient", // and its answer is not waited for
	"others delete",     // the new names, before a list; the run goes on
	"others change",     // their hosts
}

// schedule is a vault, and what becomes of the runs that rename secrets in it.
type schedule struct {
	start      []string // what is there of each secret: "", "old", "new", "both", or "other hosts"
	values     plan.Values
	duplicates nairitest.Duplicates
	shards     int
	share      float64 // of the requests that meet a fault
	seed       uint64
	rounds     [][]interruption // of runs beside each other
}

func drawSchedule(t *rapid.T) schedule {
	s := schedule{
		start:      rapid.SliceOfN(rapid.SampledFrom([]string{"", "old", "old", "new", "both", "other hosts"}), 1, 3).Draw(t, "start"),
		values:     rapid.SampledFrom([]plan.Values{plan.ValuesAlways, plan.ValuesWhenCreated}).Draw(t, "values"),
		duplicates: rapid.SampledFrom([]nairitest.Duplicates{0, 1, 2}).Draw(t, "duplicates"),
		shards:     rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "shards"),
		share:      rapid.SampledFrom([]float64{0, 0, 0.1, 0.4}).Draw(t, "share"),
		seed:       rapid.Uint64().Draw(t, "seed"),
	}
	for range rapid.IntRange(1, 4).Draw(t, "rounds") {
		var round []interruption
		for range rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "runs") {
			how := rapid.SampledFrom(interruptions).Draw(t, "how")
			if len(round) > 0 { // others may strike between the look of one run and its delete
				how = rapid.SampledFrom(interruptions[:5]).Draw(t, "how beside")
				round[0].how = strings.TrimPrefix(strings.TrimPrefix(round[0].how, "others delete"), "others change")
			}
			round = append(round, interruption{how, rapid.IntRange(0, 9).Draw(t, "at")})
		}
		s.rounds = append(s.rounds, round)
	}
	return s
}

// At whatever request a run is interrupted, one of the old and the new name is there, and
// the old one goes beside a new one that has its hosts. Once runs are left in peace, only
// the new one is there.
func TestARenameThatIsInterruptedLosesNothing(t *testing.T) {
	t.Parallel()
	count, renamed := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		for range *renameSchedules {
			s := drawSchedule(rt)
			var complaint string
			synctest.Test(t, func(t *testing.T) {
				p := newPlace(t, s)
				complaint = p.play()
				renamed += p.deleted()
			})
			if count++; complaint != "" {
				rt.Fatalf("%+v: %s", s, complaint)
			}
		}
	})
	t.Logf("%d schedules, %d old names deleted", count, renamed)
}

// place is the server of a schedule.
type place struct {
	schedule
	emulator *nairitest.Emulator
	vault    string
	script   []nairitest.Fault
	hosts    []map[string]string // of each new name at the start, by ID
}

func oldName(i int) string { return fmt.Sprintf("OLD_%d", i) }
func newName(i int) string { return fmt.Sprintf("NEW_%d", i) }

const (
	valueWanted = "the value of the manifest"
	formerValue = "the value from before"
	hostWanted  = "api.example.com"
)

func newPlace(t *testing.T, s schedule) *place {
	e := nairitest.New(nairitest.Options{
		Duplicates: s.duplicates, Shuffled: true, RunHeader: "X-Run",
		Entropy: rand.NewChaCha8([32]byte{byte(s.seed)}),
	})
	p := &place{schedule: s, emulator: e, vault: e.AddVault("renames"), script: nairitest.Script(t, renameFaults...)}
	for i, there := range s.start {
		add := func(name, host string) string {
			return e.AddSecret(p.vault, nairitest.Stored{EnvKey: name, Value: formerValue, AllowedDomains: []string{host}})
		}
		if p.startsOld(i) {
			add(oldName(i), "former.example.com")
		}
		p.hosts = append(p.hosts, map[string]string{})
		switch there {
		case "new", "both":
			p.hosts[i][add(newName(i), hostWanted)] = hostWanted
		case "other hosts":
			p.hosts[i][add(newName(i), "other.example.com")] = "other.example.com"
		}
	}
	return p
}

func (p *place) startsOld(i int) bool {
	return slices.Contains([]string{"old", "both", "other hosts"}, p.start[i])
}

// desired is the vault as the manifest wants it.
func (p *place) desired() plan.Vault {
	v := plan.Vault{ID: nairi.VaultID(p.vault)}
	for i := range p.start {
		v.Secrets = append(v.Secrets, plan.Desired{
			Operation: plan.OpSet, EnvKey: newName(i), RenamedFrom: oldName(i), Values: p.values,
			Value: secret.New(valueWanted), Domains: &domains.List{hostWanted},
		})
	}
	return v
}

// play makes all runs, and then some in peace. It returns what is wrong.
func (p *place) play() string {
	p.emulator.Set(func(o *nairitest.Options) { o.Faults = nairitest.Chaos(p.seed, p.share, p.script...) })
	for n, round := range p.rounds {
		var running sync.WaitGroup
		for i, how := range round {
			running.Go(func() { p.run(fmt.Sprintf("%d.%d", n, i), how, plan.Shard{Index: 1 + n%p.shards, Count: p.shards}) })
		}
		running.Wait()
	}
	p.emulator.Set(func(o *nairitest.Options) { o.Faults = nil })
	for i := range 2 * p.shards {
		p.run("in peace", interruption{}, plan.Shard{Index: 1 + i%p.shards, Count: p.shards})
	}
	return p.complaint()
}

// run makes one run, as far as it gets. What it says is not looked at.
func (p *place) run(name string, how interruption, shard plan.Shard) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	abandon := make(chan struct{})
	t := &interrupted{place: p, RoundTripper: p.emulator.Transport(), run: name, how: how, cancel: cancel, abandon: abandon}
	base, err := nairi.ParseBaseURL("https://api.example.com")
	if err != nil {
		panic(err)
	}
	engine := apply.Engine{
		API: nairi.NewClient(nairi.Options{
			BaseURL: base, Key: secret.New(p.emulator.Options().Key), Abandon: abandon, Now: time.Now,
			Random: rand.Float64, Redact: func(s string) string { return s }, Transport: t,
		}),
		Concurrency: 2, Now: time.Now, Done: func(int, apply.Result) {},
	}
	vaults := []plan.Vault{p.desired()}
	rules := plan.Rules{Shard: shard}
	current, err := engine.Read(ctx, vaults, rules)
	if err != nil {
		return
	}
	changes, err := plan.Make(vaults, current, rules)
	if err != nil || plan.Blocked(changes) {
		return
	}
	engine.Listed = current
	engine.Check = func(ctx context.Context, results []apply.Result) { engine.Verify(ctx, results) }
	_, _ = engine.Apply(ctx, changes)
}

// interrupted carries the requests of one run until that is interrupted.
type interrupted struct {
	http.RoundTripper
	place   *place
	run     string
	how     interruption
	cancel  context.CancelFunc
	abandon chan struct{}
	mu      sync.Mutex
	sent    int
	deletes bool // whether it has begun to
	dead    bool
}

var errDead = errors.New("the process is gone")

func (tr *interrupted) RoundTrip(r *http.Request) (*http.Response, error) {
	how, dead := tr.next(r.Method)
	if dead {
		return nil, errDead
	}
	r = r.Clone(r.Context())
	r.Header.Set("X-Run", tr.run)
	switch how {
	case "others delete", "others change":
		tr.others(how)
	case "crash before":
		return nil, tr.die()
	case "crash after":
		answer, err := tr.RoundTripper.RoundTrip(r)
		if err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
		}
		return nil, tr.die()
	case "cancel":
		tr.cancel()
	case "cancel, impatient":
		tr.cancel()
		close(tr.abandon)
	}
	return tr.RoundTripper.RoundTrip(r)
}

// next is what befalls the next request, and whether the run is dead already.
func (tr *interrupted) next(method string) (how string, dead bool) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.deletes = tr.deletes || method == http.MethodDelete
	others := strings.HasPrefix(tr.how.how, "others")
	// Nobody can see what others do between the look at the new name and the delete.
	if tr.sent == tr.how.at && !others || tr.sent >= tr.how.at && others && method == http.MethodGet && !tr.deletes {
		how = tr.how.how
	}
	tr.sent++
	return how, tr.dead
}

func (tr *interrupted) die() error {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.dead = true
	tr.cancel()
	return errDead
}

// others writes to all new names, as somebody else.
func (tr *interrupted) others(how string) {
	p := tr.place
	for _, s := range p.emulator.Secrets(p.vault) {
		if !strings.HasPrefix(s.EnvKey, "NEW") {
			continue
		}
		method, body := http.MethodDelete, ""
		if how == "others change" {
			method, body = http.MethodPatch, `{"allowed_domains":["others.example.com"]}`
		}
		r := httptest.NewRequest(method, "/api/public/v1/vaults/"+p.vault+"/secrets/"+s.ID, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+p.emulator.Options().Key)
		r.Header.Set("X-Run", "others")
		p.emulator.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// deleted is how many old names went.
func (p *place) deleted() int {
	n := 0
	for _, event := range p.emulator.History() {
		if event.Change == nairitest.Deleted {
			n++
		}
	}
	return n
}

// complaint is what is wrong with what happened, or with how it ended.
func (p *place) complaint() string {
	for i, there := range p.start {
		if why := p.moments(i); why != "" {
			return fmt.Sprintf("%s: %s", there, why)
		}
		if why := p.end(i); why != "" {
			return fmt.Sprintf("%s: in the end %s", there, why)
		}
	}
	return ""
}

// moments goes through the history of one secret, from its start.
func (p *place) moments(i int) string {
	old, others, hosts := p.startsOld(i), false, maps.Clone(p.hosts[i])
	for _, event := range p.emulator.History() {
		switch name := event.Secret.EnvKey; {
		case name == newName(i) && event.Change == nairitest.Deleted && event.Run != "others":
			return "a run deleted the new name"
		case name == newName(i) && event.Change == nairitest.Deleted:
			delete(hosts, event.Secret.ID)
			others = true
		case name == newName(i):
			hosts[event.Secret.ID] = strings.Join(event.Secret.AllowedDomains, " ")
		case name == oldName(i) && event.Change != nairitest.Deleted:
			return "somebody wrote to the old name"
		case name == oldName(i):
			old = false
			if !slices.Contains(slices.Collect(maps.Values(hosts)), hostWanted) {
				return fmt.Sprintf("the old name went while the new one had the hosts %v", hosts)
			}
		}
		if p.start[i] != "" && !others && !old && len(hosts) == 0 {
			return "neither name is there"
		}
	}
	return ""
}

// end is what is wrong with a secret once runs were left in peace. Where names may
// repeat, runs beside each other can both create one: then the old name stays until
// somebody has chosen.
func (p *place) end(i int) string {
	var found []nairitest.Stored
	old := false
	for _, s := range p.emulator.Secrets(p.vault) {
		if s.EnvKey == newName(i) {
			found = append(found, s)
		}
		old = old || s.EnvKey == oldName(i)
	}
	switch {
	case len(found) > 1 && p.duplicates == nairitest.DuplicatesAllowed:
		return ""
	case p.anyTwice():
		return "" // a plan that is refused for one secret does nothing for another
	case len(found) != 1:
		return fmt.Sprintf("the new name is there %d times", len(found))
	case old:
		return "the old name is still there"
	case !p.mayHave(i, found[0].Value) || !slices.Equal(found[0].AllowedDomains, []string{hostWanted}):
		return fmt.Sprintf("the new name has %q and the hosts %q", found[0].Value, found[0].AllowedDomains)
	}
	return ""
}

// mayHave reports whether a value is that of the manifest, or one that was there before
// the first run could create the secret, and was to be left alone.
func (p *place) mayHave(i int, value string) bool {
	keeps := p.values == plan.ValuesWhenCreated
	return value == valueWanted || keeps && (strings.HasPrefix(value, "racer-") || len(p.hosts[i]) > 0 && value == formerValue)
}

// anyTwice reports whether a name stands in the vault twice.
func (p *place) anyTwice() bool {
	seen := map[string]bool{}
	for _, s := range p.emulator.Secrets(p.vault) {
		if seen[s.EnvKey] {
			return true
		}
		seen[s.EnvKey] = true
	}
	return false
}
