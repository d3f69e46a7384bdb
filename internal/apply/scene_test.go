package apply_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

var update = flag.Bool("update", false, "write the calls and results in testdata anew")

const vaultID = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")

// noon is when the secrets of the scenes were written, and looked a later moment:
// long enough for a write to have another updated_at.
var (
	noon   = time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)
	looked = noon.Add(time.Hour)
	wrote  = looked.Add(time.Second)
)

// failures are what a client may answer. Of broken the server may still do what
// it was asked for, with crashed it has finished, and what notFoundAfter did not
// find an attempt before it may have deleted.
var failures = map[string]error{
	"unauthorized":  &nairi.Error{Kind: nairi.Refused, Status: 401},
	"notFound":      &nairi.Error{Kind: nairi.Refused, Status: 404, Secret: "sec_1"},
	"noVault":       &nairi.Error{Kind: nairi.Refused, Status: 404},
	"badRequest":    &nairi.Error{Kind: nairi.Refused, Status: 400},
	"conflict":      &nairi.Error{Kind: nairi.Refused, Status: 409},
	"unprocessable": &nairi.Error{Kind: nairi.Refused, Status: 422},
	"unsent":        &nairi.Error{Kind: nairi.Network},
	"broken":        &nairi.Error{Kind: nairi.Network, OutcomeUnknown: true},
	"crashed":       &nairi.Error{Kind: nairi.Refused, Status: 500, OutcomeUnknown: true, Finished: true},
	"notFoundAfter": &nairi.Error{Kind: nairi.Refused, Status: 404, Secret: "sec_1", OutcomeUnknown: true},
	"noRequest":     errors.New("update of nothing"),
}

// spec is a line of a scene: an ID, a name, a value and domains in brackets, none
// of which has to be there, and other words.
type spec struct {
	id    nairi.SecretID
	name  string
	value secret.Value
	list  *domains.List
	words []string
}

var tokens = regexp.MustCompile(`\[.*?\]|\S+`)

func parse(line string) spec {
	var s spec
	for _, word := range tokens.FindAllString(line, -1) {
		switch {
		case word[0] == '[':
			list := append(domains.List{}, strings.Fields(strings.Trim(word, "[]"))...)
			s.list = &list
		case strings.HasPrefix(word, "sec_"):
			s.id = nairi.SecretID(word)
		case word == "v1", word == "v2":
			s.value = secret.New(word)
		case word == "token", word == strings.ToUpper(word):
			s.name = word
		default:
			s.words = append(s.words, word)
		}
	}
	return s
}

// stored is a secret as an answer shows it: all of it, or an ID alone, or without
// its domains; written by a change, or looked at again after one.
func stored(line string) nairi.Secret {
	spec := parse(line)
	s := nairi.Secret{ID: spec.id, EnvKey: spec.name, AnsweredAt: looked}
	if spec.list != nil {
		s.AllowedDomains = *spec.list
	}
	if s.EnvKey != "" {
		s.CreatedAt, s.UpdatedAt = noon, noon
	}
	for _, word := range spec.words {
		what, moment := timed(word)
		switch {
		case word == "undated":
			s.AnsweredAt = time.Time{}
		case word == "written":
			s.UpdatedAt, s.AnsweredAt = wrote, wrote
		case word == "again":
			s.AnsweredAt = wrote
		case what == "updated":
			s.UpdatedAt = noon.Add(moment)
		case what == "never":
			s.UpdatedAt = time.Time{}
		case what == "looked":
			s.AnsweredAt = noon.Add(moment)
		default:
			panic("no such word: " + word)
		}
	}
	return s
}

// timed is a word with a time, as in took=3s.
func timed(word string) (what string, length time.Duration) {
	what, text, _ := strings.Cut(word, "=")
	length, err := time.ParseDuration(cmp.Or(text, "0s"))
	if err != nil {
		panic(err)
	}
	return what, length
}

// shown is a secret as stored reads it.
func shown(s nairi.Secret) string {
	text := strings.TrimSpace(string(s.ID) + " " + s.EnvKey)
	if s.AllowedDomains.Known() {
		text += fmt.Sprint(" ", []string(s.AllowedDomains))
	}
	switch {
	case s.UpdatedAt.Equal(wrote):
		text += " written"
	case s.AnsweredAt.Equal(wrote):
		text += " again"
	}
	return text
}

// because is an error by its name in failures, or in its own words.
func because(t *testing.T, err error) string {
	t.Helper()
	for name, failure := range failures {
		if errors.Is(err, failure) {
			return name
		}
	}
	var request *nairi.Error
	if errors.As(err, &request) {
		for name, failure := range failures {
			var known *nairi.Error
			if errors.As(failure, &known) && known.Kind == request.Kind && known.Status == request.Status && name != "unsent" {
				return name
			}
		}
	}
	for _, known := range []error{apply.ErrDiffers, apply.ErrTwice, apply.ErrOther, apply.ErrReplaced} {
		if errors.Is(err, known) != strings.Contains(err.Error(), known.Error()) {
			t.Errorf("errors.Is is %t of %q and %q", errors.Is(err, known), err, known)
		}
	}
	return err.Error()
}

// api is what answers calls in short, as in "update sec_1 v2", with the vault if
// that is not vaultID.
type api func(call string) ([]nairi.Secret, error)

func (a api) ask(v nairi.VaultID, words ...any) ([]nairi.Secret, error) {
	if v != vaultID {
		words = append(words, "vault:"+v)
	}
	return a(strings.TrimSpace(fmt.Sprintln(words...)))
}

func (a api) one(v nairi.VaultID, words ...any) (s nairi.Secret, err error) {
	secrets, err := a.ask(v, words...)
	if len(secrets) > 0 {
		s = secrets[0]
	}
	return s, err
}

func (a api) List(_ context.Context, v nairi.VaultID) ([]nairi.Secret, error) {
	return a.ask(v, "list")
}

func (a api) Vaults(context.Context) (map[nairi.VaultID]string, error) {
	return nil, errors.New("nobody carries changes out by the names of vaults")
}

func (a api) Look(_ context.Context, v nairi.VaultID, id nairi.SecretID) (nairi.Secret, error) {
	return a.one(v, "look", id)
}

// Create sends a create twice at most, and asks before it sends it again.
func (a api) Create(ctx context.Context, v nairi.VaultID, n nairi.NewSecret, look func(context.Context) error) (nairi.Secret, error) {
	send := func() (nairi.Secret, error) {
		return a.one(v, "create", n.EnvKey, n.Value.Reveal(), []string(n.AllowedDomains))
	}
	answer, err := send()
	var first, second *nairi.Error
	if !errors.As(err, &first) || !first.OutcomeUnknown || look(ctx) != nil {
		return answer, err
	}
	if answer, err = send(); errors.As(err, &second) {
		of := *second
		of.OutcomeUnknown = true
		of.Finished = first.Finished && (second.Finished || !second.OutcomeUnknown)
		err = &of
	}
	return answer, err
}

func (a api) Update(_ context.Context, v nairi.VaultID, id nairi.SecretID, p nairi.Patch) (nairi.Secret, error) {
	sent := []any{"update", id}
	if !p.Value.IsZero() {
		sent = append(sent, p.Value.Reveal())
	}
	if p.AllowedDomains != nil {
		sent = append(sent, []string(*p.AllowedDomains))
	}
	return a.one(v, sent...)
}

func (a api) Delete(_ context.Context, v nairi.VaultID, id nairi.SecretID) error {
	_, err := a.ask(v, "delete", id)
	return err
}

// scene is a file of testdata, and the API in it: what is asked for, then < the
// answer to each call. It notes > the calls and = what came of them.
type scene struct {
	t       *testing.T
	asked   string
	current []nairi.Secret // the secret that was there
	clock   time.Time      // of this machine
	took    time.Duration  // by each call
	answers []string
	told    []string
}

func read(t *testing.T, text string) *scene {
	t.Helper()
	s := &scene{t: t, clock: looked}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "<":
			s.answers = append(s.answers, rest)
			continue
		case ">", "=":
			continue
		case "have":
			s.current = []nairi.Secret{stored(rest)}
		default:
			s.asked = line
		}
		s.told = append(s.told, line)
	}
	return s
}

// answer answers a call.
func (s *scene) answer(call string) ([]nairi.Secret, error) {
	s.told = append(s.told, "> "+call)
	s.clock = s.clock.Add(s.took)
	if len(s.answers) == 0 {
		s.t.Errorf("%s: unexpected call: %s", s.asked, call)
		return nil, errors.New("no answer")
	}
	answer := s.answers[0]
	s.told, s.answers = append(s.told, strings.TrimSpace("< "+answer)), s.answers[1:]
	if failure, ok := failures[answer]; ok {
		return nil, failure
	}
	var secrets []nairi.Secret
	for _, line := range strings.FieldsFunc(answer, func(r rune) bool { return r == '|' }) {
		secrets = append(secrets, stored(line))
	}
	return secrets, nil
}

// play does what is asked for, and notes what came of it.
func (s *scene) play() {
	what, rest, _ := strings.Cut(s.asked, " ")
	if what == "read" {
		s.read(rest)
	} else {
		s.carryOut(plan.Action(what), parse(rest))
	}
	if len(s.answers) > 0 {
		s.t.Errorf("%s: nobody asked for %q", s.asked, s.answers)
	}
}

func (s *scene) read(which string) {
	vault, rules := plan.Vault{ID: vaultID}, plan.Rules{}
	for _, line := range strings.Split(which, "|") {
		spec := parse(line)
		desired := plan.Desired{Operation: plan.OpSet, SecretID: spec.id, EnvKey: spec.name, Value: spec.value}
		vault.Secrets = append(vault.Secrets, desired)
		rules.DryRun = slices.Contains(spec.words, "planned")
	}
	found, err := apply.Engine{API: api(s.answer), Concurrency: 1}.Read(s.t.Context(), []plan.Vault{vault}, rules)
	if err != nil {
		s.told = append(s.told, "= "+because(s.t, err))
		return
	}
	var all []string
	for _, f := range found[0] {
		all = append(all, shown(f))
	}
	s.told = append(s.told, strings.TrimSpace("= "+strings.Join(all, " | ")))
}

func (s *scene) carryOut(action plan.Action, spec spec) {
	change := plan.Change{VaultID: vaultID, Action: action}
	change.Desired = plan.Desired{Operation: plan.OpSet, SecretID: spec.id, EnvKey: spec.name, Value: spec.value, Domains: spec.list}
	if slices.Contains(spec.words, "keep") {
		change.Desired.Values = plan.ValuesWhenCreated
	}
	if slices.Contains(spec.words, "made") {
		change.Desired.Generate = &generate.Spec{Kind: generate.Hex, Size: generate.DefaultBytes}
	}
	if slices.Contains(spec.words, "new") {
		change.Desired.Operation = plan.OpCreate
	}
	if s.current != nil {
		change.Current = &s.current[0]
	}
	if action == plan.Update {
		change.Patch = nairi.Patch{Value: spec.value, AllowedDomains: spec.list}
	}
	for _, word := range spec.words {
		switch what, time := timed(word); what {
		case "took":
			s.took = time
		case "clock":
			s.clock = s.clock.Add(time)
		}
	}
	var done []apply.Result
	engine := apply.Engine{API: api(s.answer), Concurrency: 1, Done: func(_ int, r apply.Result) { done = append(done, r) }, Now: func() time.Time { return s.clock }}
	engine.Listed = [][]nairi.Secret{{{ID: "sec_9"}}}
	results, err := engine.Apply(s.t.Context(), []plan.Change{change})
	if err != nil {
		s.t.Error(err)
	}
	if d := diff(done, results); d != "" && change.Writes() {
		s.t.Errorf("Done is told otherwise: %s", d)
	}
	if slices.Contains(spec.words, "verified") {
		for _, unverified := range engine.Verify(s.t.Context(), results) {
			s.told = append(s.told, "= unverified: "+because(s.t, unverified.Err))
		}
	}
	s.tell(change, results[0])
}

// tell notes a result, with the change if it is not that of the plan.
func (s *scene) tell(change plan.Change, r apply.Result) {
	text := "= " + string(r.Outcome)
	if r.Changed {
		text += ", changed"
	}
	if r.After != nil {
		text += ": " + shown(*r.After)
	}
	s.told = append(s.told, text)
	if r.Err != nil {
		s.told = append(s.told, "= because "+because(s.t, r.Err))
	}
	if r.Note != "" {
		s.told = append(s.told, "= note: "+r.Note)
	}
	if diff(change, r.Change) != "" {
		s.told = append(s.told, strings.TrimSpace("= another change: "+string(r.Change.Action)))
	}
}

// diff compares without showing a value.
func diff(want, got any) string {
	return gocmp.Diff(want, got, gocmp.Comparer(func(a, b secret.Value) bool { return a == b }),
		gocmp.Comparer(errors.Is))
}

// What is asked of the API for each change, and what is said of it afterwards, in
// testdata. What a look cannot tell stays unknown, and is never called failed.
func TestEachChangeIsToldAsFarAsItIsKnown(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenes: ", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range archive.Files {
			s := read(t, string(f.Data))
			s.play()
			got := strings.Join(s.told, "\n") + "\n"
			archive.Files[i].Data = []byte(got)
			if d := gocmp.Diff(string(f.Data), got); d != "" && !*update {
				t.Errorf("%s, %s (run with -update if it should differ): %s", file, f.Name, d)
			}
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
