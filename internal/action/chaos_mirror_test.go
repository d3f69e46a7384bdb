package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
)

var mirrorHistories = flag.Int("chaos.mirrors", 1000, "how many histories of mirrored secrets the chaos test makes")

// Secrets that are mirrored, by runs that meet faults of the vault's server and of GitHub,
// and are cancelled: what each run says is compared with what both have by then. What it
// says to be well is the same everywhere. In the end a run that meets none of it makes all
// equal, and one after that writes nothing.
//
// Nobody else writes meanwhile. Nobody takes back a date or a max_age by which a value was
// due, nor dates a rotation before a mirror was last written by hand: values cannot be read
// back, and by its time alone such a mirror is not told from one that has the value.
func TestChaosOfMirrors(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for i := range *mirrorHistories {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			hub := githubtest.New(t, githubtest.Options{})
			synctest.Test(t, func(t *testing.T) {
				h := newMirrorHistory(t, hub, rand.New(rand.NewPCG(*chaosSeed, uint64(i))))
				h.play()
				for what, n := range h.count {
					count[what] += n
				}
			})
		})
		if t.Failed() {
			break
		}
	}
	t.Logf("seed %d, %d histories: %v", *chaosSeed, *mirrorHistories, count)
	for _, what := range []string{
		"run partial", "run failed", "run unknown", "run updated", "run created", "run unchanged", "run cancelled",
		"secret partial", "secret failed", "secret unknown", "mirror created", "mirror updated", "mirror failed", "mirror unknown",
		"lost fault", "a value made", "a value given", "single", "manifest",
	} {
		if count[what] == 0 && *mirrorHistories >= 1000 {
			t.Errorf("there was no %s", what)
		}
	}
}

// mirrorHistory is one manifest, or one secret, with all that happens to it.
type mirrorHistory struct {
	t       *testing.T
	random  *rand.Rand
	vault   *nairitest.Emulator
	vaultID string
	hub     *githubtest.Server
	single  bool
	secrets []*mirroredSecret
	runs    int
	count   map[string]int
	values  []string // that are secret
}

// mirroredSecret is what people want of a secret.
type mirroredSecret struct {
	name    string
	places  []string // as an input spells them
	made    bool     // whether its value is made by the runs
	mode    string   // of values, for one that is given
	value   int      // which of those that are given
	rotated time.Time
	maxAge  time.Duration
	hosts   int
}

// spelledPlaces are the places that are mirrors here, as an input spells them.
var spelledPlaces = []string{
	githubtest.RepositorySecrets, githubtest.EnvironmentSecrets, githubtest.OrganizationSecrets + ":private", githubtest.DependabotSecrets,
}

func placeOf(spelled string) string { return strings.TrimSuffix(spelled, ":private") }

func newMirrorHistory(t *testing.T, hub *githubtest.Server, random *rand.Rand) *mirrorHistory {
	h := &mirrorHistory{
		t: t, random: random, hub: hub, count: map[string]int{}, single: random.IntN(3) == 0,
		vault: nairitest.New(nairitest.Options{
			RunHeader: runHeader, Shuffled: true, BumpIdentical: random.IntN(2) == 0,
			Duplicates: []nairitest.Duplicates{nairitest.DuplicatesRefused, nairitest.DuplicatesConflict}[random.IntN(2)],
		}),
	}
	h.vaultID = h.vault.AddVault("mirrored")
	secrets := 1
	if !h.single {
		secrets += random.IntN(3)
	}
	for i := range secrets {
		h.secrets = append(h.secrets, h.newSecret(i))
	}
	time.Sleep(100 * time.Hour) // since what is there was written
	for _, s := range h.secrets {
		s.date(random, 99*time.Hour)
	}
	return h
}

// newSecret is one that may be in any of its places already, written by hand.
func (h *mirrorHistory) newSecret(i int) *mirroredSecret {
	s := &mirroredSecret{name: fmt.Sprint("NAME_", i), made: h.random.IntN(3) > 0}
	if !s.made {
		s.mode = []string{"", "always", "when_created", "when_rotated"}[h.random.IntN(4)]
	}
	for _, p := range h.random.Perm(len(spelledPlaces))[:1+h.random.IntN(len(spelledPlaces))] {
		s.places = append(s.places, spelledPlaces[p])
	}
	old := 0
	for _, spelled := range s.places {
		if h.random.IntN(2) == 0 {
			old++
			h.hub.AddSecret(placeOf(spelled), githubtest.Secret{Name: s.name, Value: h.secret(fmt.Sprint("by-hand-", i, "-", old)), UpdatedAt: time.Now().UTC(), Visibility: visibilityOf(spelled)})
		}
	}
	if h.random.IntN(2) == 0 {
		if old > 0 { // and then younger than what is there
			time.Sleep(time.Hour)
		}
		h.vault.AddSecret(h.vaultID, nairitest.Stored{EnvKey: s.name, Value: h.secret(fmt.Sprint("of-the-vault-", i)), AllowedDomains: []string{"h0.example.com"}})
	}
	return s
}

func visibilityOf(spelled string) string {
	if spelled != placeOf(spelled) {
		return "private"
	}
	return ""
}

// secret notes a value that nobody may see.
func (h *mirrorHistory) secret(value string) string {
	h.values = append(h.values, value)
	return value
}

// date is what people do to a secret between two runs: they rotate it and tell the manifest
// at once, by a time since the last run, or let it grow old, and edit its hosts.
func (s *mirroredSecret) date(random *rand.Rand, since time.Duration) {
	ago := time.Duration(random.Int64N(int64(since)))
	switch random.IntN(6) {
	case 0:
		if s.mode != "when_created" { // of which nobody gets a later one
			s.value, s.rotated = s.value+1, time.Now().Add(-ago)
		}
	case 1:
		if age := time.Duration(1+random.IntN(72)) * time.Hour; s.made && (s.maxAge == 0 || age < s.maxAge) {
			s.maxAge = age
		}
	case 2:
		s.hosts++
	}
}

// play makes some runs that meet faults, and in the end two that meet none.
func (h *mirrorHistory) play() {
	kind := "manifest"
	if h.single {
		kind = "single"
	}
	h.count[kind]++
	for range 1 + h.random.IntN(4) {
		h.permit()
		h.run(h.random.Float64() * 0.6)
		h.between()
	}
	for _, place := range githubtest.Places {
		h.hub.Grant(place, githubtest.Writes)
	}
	last := h.run(0)
	if result := last.result; !slices.Contains([]string{"created", "updated", "unchanged"}, result) {
		h.t.Fatalf("the run that meets no fault says %s\n%s", result, last.log)
	}
	h.settle()
	before, due := h.state(), map[string]bool{}
	for _, s := range h.secrets {
		due[s.name] = h.single || s.always() || s.maxAge > 0 && time.Since(h.inVault(s.name).UpdatedAt) > s.maxAge
	}
	h.run(0)
	after := h.state()
	for _, s := range h.secrets {
		if !due[s.name] && !slices.Equal(before[s.name], after[s.name]) {
			h.t.Errorf("%s was written again, and nothing was due: %v, then %v", s.name, before[s.name], after[s.name])
		}
	}
}

// always reports whether each run writes the value that is given.
func (s *mirroredSecret) always() bool {
	return !s.made && (s.mode == "always" || s.mode == "" && s.rotated.IsZero())
}

// permit changes what the token may do, as somebody who has misread a table of permissions.
func (h *mirrorHistory) permit() {
	for _, place := range githubtest.Places {
		access := githubtest.Writes
		switch h.random.IntN(16) {
		case 0, 1:
			access = githubtest.Reads
		case 2:
			access = githubtest.Refused
		}
		h.hub.Grant(place, access)
	}
}

// settle waits for what the last run gave up on.
func (h *mirrorHistory) settle() {
	time.Sleep(10*time.Minute + time.Duration(h.random.IntN(5000))*time.Millisecond)
}

// between is the time between two runs.
func (h *mirrorHistory) between() {
	gap := time.Duration(h.random.IntN(2)*h.random.IntN(40)) * time.Hour
	time.Sleep(gap)
	h.settle()
	for _, s := range h.secrets {
		s.date(h.random, gap+5*time.Minute)
	}
}

// state is what is in the vault and in the mirrors under each name, each with its time.
func (h *mirrorHistory) state() map[string][]string {
	state := map[string][]string{}
	for _, s := range h.vault.Secrets(h.vaultID) {
		state[s.EnvKey] = append(state[s.EnvKey], fmt.Sprint(s.ID, " ", s.Value, " ", s.UpdatedAt, " ", s.AllowedDomains))
	}
	for _, s := range h.secrets {
		for _, spelled := range s.places {
			there := h.at(placeOf(spelled), s.name)
			state[s.name] = append(state[s.name], fmt.Sprint(spelled, " ", there.Value, " ", there.UpdatedAt))
		}
	}
	return state
}

// at is what is under a name in a place.
func (h *mirrorHistory) at(place, name string) githubtest.Secret {
	for _, s := range h.hub.Secrets(place) {
		if s.Name == name {
			return s
		}
	}
	return githubtest.Secret{}
}

// inVault is the secret of a name in the vault.
func (h *mirrorHistory) inVault(name string) nairitest.Stored {
	var found []nairitest.Stored
	for _, s := range h.vault.Secrets(h.vaultID) {
		if s.EnvKey == name {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 0:
		return nairitest.Stored{}
	case 1:
		return found[0]
	}
	h.t.Fatalf("%s is in the vault %d times", name, len(found))
	return nairitest.Stored{}
}

// saidOfMirrored is what a run says.
type saidOfMirrored struct {
	code    int
	result  string
	log     string
	secrets map[string]saidOfSecret
}

type saidOfSecret struct {
	EnvKey  string `json:"env_key"`
	Result  string `json:"result"`
	Code    string `json:"error_code"`
	Changed bool   `json:"changed"`
	Mirrors []struct{ Mirror, Result string }
}

// run makes a run of which a share of the requests meet faults, and holds what it says
// against what there is once everything has arrived that it sent.
func (h *mirrorHistory) run(share float64) saidOfMirrored {
	h.runs++
	before := h.snapshot()
	name := fmt.Sprint("run-", h.runs)
	seed := h.random.Uint64()
	writesAlone := h.random.IntN(2) == 0 // since a look that fails ends a run early
	h.vault.Set(func(o *nairitest.Options) { o.Faults = vaultFaults(h.t, seed, share/2, writesAlone) })
	signals := make(chan os.Signal, 1)
	faulty := &faultyHub{random: rand.New(rand.NewPCG(seed, 1)), share: share, writesAlone: writesAlone, next: h.hub.Transport(), count: h.count}
	wire := &mirrorWire{vault: tagged{h.vault.Transport(), name}, hub: faulty, hubURL: h.hub.URL}
	cancelled := share > 0 && h.random.IntN(6) == 0
	if cancelled {
		wire.cancelAt, wire.cancel = 1+h.random.IntN(20), func() { signals <- os.Interrupt }
	}
	var out bytes.Buffer
	host := host(h.inputs(), &out, wire)
	host.Signals, host.Random = signals, rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)})
	said := h.said(Run(context.Background(), host), out.String())
	synctest.Wait()
	time.Sleep(5 * time.Minute) // until what was given up on has arrived
	h.hold(&said, before, name)
	if h.t.Failed() {
		h.t.Fatalf("run %d of %d secrets: before %v\nafter %v\n%s\n%s", h.runs, len(h.secrets), before.text, h.snapshot().text, strings.Join(faulty.met, "\n"), said.log)
	}
	return said
}

// vaultFaults are those of a run.
func vaultFaults(t *testing.T, seed uint64, share float64, writesAlone bool) func(nairitest.Request) (nairitest.Fault, bool) {
	chaos := nairitest.Chaos(seed, share, datedFaults(t)...)
	if !writesAlone {
		return chaos
	}
	broken := rand.New(rand.NewPCG(seed, 2)).Float64() < share // what does not mend is not known in the end
	kinds := []string{"reset-after-commit", "reset-after-body", "status-after-commit=502", "status=400", "status=403"}
	kind := kinds[seed%uint64(len(kinds))]
	always := nairitest.Chaos(seed, 1, nairitest.Script(t, "PATCH:"+kind, "POST:"+kind)...)
	return func(r nairitest.Request) (nairitest.Fault, bool) {
		switch {
		case r.Method == http.MethodGet:
			return nairitest.Fault{}, false
		case broken:
			return always(r)
		}
		return chaos(r)
	}
}

// inputs are those of a run, as people want the secrets by now.
func (h *mirrorHistory) inputs() inputs {
	vars := inputs{"INPUT_API_KEY": h.vault.Options().Key, "INPUT_GITHUB_TOKEN": githubtest.DefaultToken, "GITHUB_API_URL": h.hub.URL}
	if h.single {
		s := h.secrets[0]
		vars["INPUT_OPERATION"], vars["INPUT_VAULT_ID"], vars["INPUT_ENV_KEY"] = "set", h.vaultID, s.name
		vars["INPUT_MIRROR"], vars["INPUT_ALLOWED_DOMAINS"] = strings.Join(s.places, "\n"), s.host()
		if s.made {
			vars["INPUT_GENERATE"] = "alphanumeric"
		} else {
			vars["INPUT_VALUE"] = h.secret(s.given())
		}
		return vars
	}
	var manifest strings.Builder
	fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  secrets:\n", h.vaultID)
	for _, s := range h.secrets {
		fmt.Fprintf(&manifest, "    %s: {%s}\n", s.name, strings.Join(s.entry(), ", "))
		vars["VALUE_OF_"+s.name] = h.secret(s.given())
	}
	vars["INPUT_OPERATION"], vars["INPUT_SECRETS"] = "sync", manifest.String()
	return vars
}

func (s *mirroredSecret) host() string { return fmt.Sprintf("h%d.example.com", s.hosts) }

func (s *mirroredSecret) given() string { return fmt.Sprintf("given-%d-of-%s-kept", s.value, s.name) }

// entry are the keys of a secret in a manifest.
func (s *mirroredSecret) entry() []string {
	keys := []string{"allowed_domains: [" + s.host() + "]", "mirror: [" + strings.Join(s.places, ", ") + "]"}
	if s.made {
		keys = append(keys, "generate: alphanumeric")
	} else {
		keys = append(keys, "env: VALUE_OF_"+s.name)
	}
	if s.mode != "" {
		keys = append(keys, "values: "+s.mode)
	}
	if !s.rotated.IsZero() && s.mode != "when_created" {
		keys = append(keys, "rotated: "+s.rotated.UTC().Format(time.RFC3339Nano))
	}
	if s.maxAge > 0 {
		keys = append(keys, fmt.Sprintf("max_age: %dh", s.maxAge/time.Hour))
	}
	return keys
}

// said reads what a run says.
func (h *mirrorHistory) said(code int, log string) saidOfMirrored {
	said := saidOfMirrored{code: code, log: log, result: printedOutput(log, "result"), secrets: map[string]saidOfSecret{}}
	text := printedOutput(log, "results")
	if h.single {
		one := saidOfSecret{EnvKey: h.secrets[0].name, Result: said.result, Code: printedOutput(log, "error_code"), Changed: printedOutput(log, "changed") == "true"}
		if mirrors := printedOutput(log, "mirrors"); mirrors != "" {
			if err := json.Unmarshal([]byte(mirrors), &one.Mirrors); err != nil {
				h.t.Errorf("mirrors: %v", err)
			}
		}
		said.secrets[one.EnvKey] = one
		return said
	}
	var all []saidOfSecret
	if err := json.Unmarshal([]byte(text), &all); err != nil && text != "" {
		h.t.Errorf("results: %v", err)
	}
	for _, one := range all {
		said.secrets[one.EnvKey] = one
	}
	return said
}

// snapshot is what there is at a moment.
type snapshot struct {
	vault  map[string]nairitest.Stored
	places map[string]map[string]githubtest.Secret // by place and name
	text   map[string][]string
	writes int // of the vault
}

func (h *mirrorHistory) snapshot() snapshot {
	shot := snapshot{vault: map[string]nairitest.Stored{}, places: map[string]map[string]githubtest.Secret{}, text: h.state(), writes: len(h.vault.History())}
	for _, s := range h.secrets {
		shot.vault[s.name] = h.inVault(s.name)
		for _, spelled := range s.places {
			place := placeOf(spelled)
			if shot.places[place] == nil {
				shot.places[place] = map[string]githubtest.Secret{}
			}
			shot.places[place][s.name] = h.at(place, s.name)
		}
	}
	return shot
}

// hold holds what a run says against what there is.
func (h *mirrorHistory) hold(said *saidOfMirrored, before snapshot, run string) {
	cancelled := said.code == report.ExitCancelled
	h.count["run "+said.result]++
	if cancelled {
		h.count["run cancelled"]++
	}
	codes := map[string]int{"failed": report.ExitFailed, "partial": report.ExitUnknown, "unknown": report.ExitUnknown}
	if !cancelled && said.code != codes[said.result] {
		h.t.Errorf("it ended with %d and said %s", said.code, said.result)
	}
	now := h.snapshot()
	shown := withoutMasks(said.log)
	for _, value := range h.values {
		if strings.Contains(shown, value) {
			h.t.Error("a value shows")
		}
	}
	for _, s := range h.secrets {
		if value := now.vault[s.name].Value; value != "" {
			h.values = append(h.values, value)
			if strings.Contains(shown, value) {
				h.t.Error("a value shows")
			}
		}
		one, spoken := said.secrets[s.name]
		h.holdSecret(s, one, spoken, before, now, run, shown)
	}
	if well := said.code == report.ExitDone; well {
		for _, s := range h.secrets {
			h.holdEqual(s, now, said.result)
		}
	}
}

// withoutMasks is a log without what tells a runner to mask.
func withoutMasks(log string) string {
	var shown strings.Builder
	for line := range strings.Lines(log) {
		if !strings.HasPrefix(line, "::add-mask::") {
			shown.WriteString(line)
		}
	}
	return shown.String()
}

// holdEqual checks that a secret is the same everywhere, and as it is wanted.
func (h *mirrorHistory) holdEqual(s *mirroredSecret, now snapshot, result string) {
	in := now.vault[s.name]
	if in.ID == "" || !slices.Equal(in.AllowedDomains, []string{s.host()}) {
		h.t.Errorf("the run said %s, and %s is in the vault as %v", result, s.name, in)
	}
	if !s.rotated.IsZero() && in.UpdatedAt.Before(s.rotated.Truncate(time.Second)) {
		h.t.Errorf("the run said %s, and %s is older than %v", result, s.name, s.rotated)
	}
	for _, spelled := range s.places {
		if there := now.places[placeOf(spelled)][s.name]; there.Value != in.Value {
			h.t.Errorf("the run said %s, and %s has another value in %s than in the vault", result, s.name, spelled)
		}
	}
}

// holdSecret holds what a run says of one secret against what there is.
func (h *mirrorHistory) holdSecret(s *mirroredSecret, said saidOfSecret, spoken bool, before, now snapshot, run, shown string) {
	h.count["secret "+said.Result]++
	wrote := slices.ContainsFunc(h.vault.History()[before.writes:], func(e nairitest.Event) bool { return e.Secret.EnvKey == s.name && e.Run == run })
	complain := func(format string, args ...any) {
		h.t.Errorf("%s is said to be %q, with mirrors %v: %s", s.name, said.Result, said.Mirrors, fmt.Sprintf(format, args...))
	}
	sent := len(said.Mirrors) > 0
	if sent && len(said.Mirrors) != len(s.places) {
		complain("it has %d mirrors", len(s.places))
		return
	}
	lacking := 0
	for i, spelled := range s.places {
		place := placeOf(spelled)
		was, is := before.places[place][s.name], now.places[place][s.name]
		written := !sameSecret(was, is)
		result := ""
		if sent {
			if said.Mirrors[i].Mirror != place {
				complain("its mirrors are %v", s.places)
			}
			result = said.Mirrors[i].Result
			h.count["mirror "+result]++
		}
		has := is.Name != "" && is.Value == now.vault[s.name].Value
		switch result {
		case "created", "updated":
			if !written || !has {
				complain("%s has not got the value of the vault", place)
			}
			if (result == "created") != (was.Name == "") {
				complain("%s had the secret before, or not", place)
			}
		case "unknown":
			if written && !has {
				complain("%s has got another value than the vault", place)
			}
		case "failed", "":
			if written {
				complain("%s was written", place)
			}
		default:
			complain("that is no result of a mirror")
		}
		if written && is.Visibility != visibilityOf(spelled) {
			complain("%s is %q", place, is.Visibility)
		}
		if result == "failed" || result == "unknown" {
			lacking++
			if !strings.Contains(shown, place) {
				complain("nothing names %s", place)
			}
		}
	}
	made := "a value given"
	if s.made {
		made = "a value made"
	}
	switch said.Result {
	case "created", "updated":
		if !wrote && (s.made || !sent) { // a given value may be in the vault already, and not in a mirror
			complain("the vault was not written")
		}
		if lacking > 0 {
			complain("not all mirrors have it")
		}
		h.count[made]++
	case "unchanged":
		if wrote || len(said.Mirrors) > 0 {
			complain("something was written, or is lacking")
		}
	case "partial":
		if lacking == 0 || s.made && !wrote || said.Code != "mirror_failed" {
			complain("the vault was written: %v; %d mirrors lack it; the code is %q", wrote, lacking, said.Code)
		}
		if s.made && now.vault[s.name].Value == before.vault[s.name].Value {
			complain("the vault has the old value")
		}
		h.count[made]++
	case "failed", "planned":
		if wrote || slices.ContainsFunc(said.Mirrors, func(m struct{ Mirror, Result string }) bool { return m.Result != "failed" }) {
			complain("something was written")
		}
	case "unknown":
		if slices.ContainsFunc(said.Mirrors, func(m struct{ Mirror, Result string }) bool { return m.Result != "failed" }) {
			complain("a mirror was begun")
		}
	default:
		if spoken || wrote {
			complain("that is no result of a secret")
		}
	}
}

func sameSecret(a, b githubtest.Secret) bool {
	return a.Value == b.Value && a.UpdatedAt.Equal(b.UpdatedAt)
}

// mirrorWire carries requests to both servers, and cancels the run at one of them.
type mirrorWire struct {
	vault, hub http.RoundTripper
	hubURL     string
	mu         sync.Mutex
	requests   int
	cancelAt   int
	cancel     func()
}

func (w *mirrorWire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.requests++
	if w.requests == w.cancelAt {
		w.cancel()
	}
	w.mu.Unlock()
	if strings.HasPrefix(r.URL.String(), w.hubURL) {
		return w.hub.RoundTrip(r)
	}
	return w.vault.RoundTrip(r)
}

// faultyHub is what goes wrong on the way to GitHub and back.
type faultyHub struct {
	random *rand.Rand
	share  float64
	// writesAlone says that only writes meet faults.
	writesAlone bool
	next        http.RoundTripper
	count       map[string]int
	met         []string // each request, and the fault that it met
}

// hubFaults are all the ways in which a request to GitHub goes wrong here. Those that are
// lost are carried out.
var hubFaults = []string{
	"refused", "reset", "lost", "lost", "late", "delay", "lost delay", "401", "403", "404", "409", "422", "429", "500", "502", "503",
	"lost 500", "lost 504", "secondary limit", "page", "lost page", "307", "lost torn", "torn",
}

// RoundTrip is called by one request at a time.
func (f *faultyHub) RoundTrip(r *http.Request) (*http.Response, error) {
	fault := ""
	if struck := f.random.Float64() < f.share; struck && (!f.writesAlone || r.Method != http.MethodGet) {
		fault = hubFaults[f.random.IntN(len(hubFaults))]
		f.count[strings.Fields(fault)[0]+" fault"]++
	}
	f.met = append(f.met, fmt.Sprintf("%v: %s %s: %s", time.Now().Format(time.TimeOnly), r.Method, r.URL.Path, fault))
	again := resending(r, f.next)
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteHeaders != nil && fault != "refused" {
		trace.WroteHeaders() // as net/http tells of each request that has left
	}
	kind, lost := strings.CutPrefix(fault, "lost")
	if kind = strings.TrimSpace(kind); lost {
		if resp, err := again(context.WithoutCancel(r.Context())); err == nil {
			_ = resp.Body.Close()
		}
	}
	switch kind {
	case "":
		if lost {
			return nil, io.ErrUnexpectedEOF
		}
		return again(r.Context())
	case "refused":
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	case "reset":
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	case "late":
		go func() {
			time.Sleep(45 * time.Second)
			if resp, err := again(context.WithoutCancel(r.Context())); err == nil {
				_ = resp.Body.Close()
			}
		}()
		<-r.Context().Done()
		return nil, r.Context().Err()
	case "delay":
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return answered(r, kind), nil
}

// resending carries a request out, whatever became of whoever asked for it.
func resending(r *http.Request, next http.RoundTripper) func(context.Context) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	return func(ctx context.Context) (*http.Response, error) {
		copied := r.Clone(ctx)
		if r.Body != nil {
			copied.Body = io.NopCloser(bytes.NewReader(body))
		}
		return next.RoundTrip(copied)
	}
}

// answered is an answer that GitHub's server did not give, or not for what it did.
func answered(r *http.Request, kind string) *http.Response {
	status, header, text := http.StatusOK, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, `{"message":"no"}`
	switch kind {
	case "page":
		text = "<html>Welcome to the network</html>"
		header.Set("Content-Type", "text/html")
	case "torn":
		text = `{"key_id":`
	case "secondary limit":
		status, text = http.StatusForbidden, `{"message":"no","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
	case "307":
		header.Set("Location", "https://elsewhere.example/")
		status = http.StatusTemporaryRedirect
	default:
		_, _ = fmt.Sscan(kind, &status)
	}
	return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: header, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: r}
}
