package plan_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

var update = flag.Bool("update", false, "write the plans in testdata anew")

const (
	vaultOne = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	vaultTwo = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QK")
)

// updatedAt is when every secret of a scene was updated.
var updatedAt = time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)

// spec is a line of a scene: its words, of which some may be an ID and a name, and
// the domains in brackets.
type spec struct {
	words []string
	id    nairi.SecretID
	name  string
	list  domains.List // nil if there are no brackets
}

func parse(line string) spec {
	var s spec
	before, rest, ok := strings.Cut(line, "[")
	list, after, _ := strings.Cut(rest, "]")
	if ok {
		s.list = append(domains.List{}, strings.Fields(list)...)
	}
	for _, word := range strings.Fields(before + after) {
		switch {
		case strings.HasPrefix(word, "sec_"):
			s.id = nairi.SecretID(word)
		case word == "token", word == "database_url", strings.ToUpper(word) == word:
			s.name = word
		default:
			s.words = append(s.words, word)
		}
	}
	return s
}

// stored is a secret that is there. A name has an ID of its own if none is given.
func stored(line string) nairi.Secret {
	spec := parse(line)
	s := nairi.Secret{ID: cmp.Or(spec.id, nairi.SecretID("sec_"+spec.name)), EnvKey: spec.name, AllowedDomains: spec.list}
	if !slices.Contains(spec.words, "undated") {
		s.UpdatedAt = updatedAt
	}
	return s
}

// options are the words that say something of a Desired.
var options = map[string]func(*plan.Desired){
	"value":    func(d *plan.Desired) { d.Value = secret.New("the value") },
	"promised": func(d *plan.Desired) { d.Promised = true },
	"keep":     func(d *plan.Desired) { d.Values = plan.ValuesWhenCreated },
	"deny":     func(d *plan.Desired) { d.DenyWidening = true },
	"without":  func(d *plan.Desired) { d.Values, d.NoValue = plan.ValuesWhenCreated, "names no variable" },
	"since=0s": since(0), "since=1s": since(time.Second), "since=-1s": since(-time.Second), "since=1m": since(time.Minute),
}

// since asks for a time around that of the secrets, in another time zone.
func since(later time.Duration) func(*plan.Desired) {
	at := updatedAt.Add(later).In(time.FixedZone("", 3600))
	return func(d *plan.Desired) { d.IfUpdatedAt = &at }
}

func desired(line string) plan.Desired {
	spec := parse(line)
	d := plan.Desired{Operation: plan.Operation(spec.words[0]), SecretID: spec.id, EnvKey: spec.name}
	if spec.list != nil {
		d.Domains = &spec.list
	}
	for _, word := range spec.words[1:] {
		if old, renamed := strings.CutPrefix(word, "from="); renamed {
			d.RenamedFrom = old
			continue
		}
		options[word](&d)
	}
	return d
}

// scene is a file of testdata/plans.txtar.
type scene struct {
	world
	rules plan.Rules
	lines []string // all but those that only tell of the plan
	plans []int    // which of them desire something
}

func read(text string) *scene {
	s := &scene{world: world{desired: []plan.Vault{{ID: vaultOne}}, current: [][]nairi.Secret{nil}}}
	each := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "=>")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		s.lines = append(s.lines, line)
		here := len(s.desired) - 1
		word, rest, _ := strings.Cut(line, " ")
		n, _ := strconv.Atoi(rest)
		switch word {
		case "each":
			each = true
		case "prune":
			s.rules.Prune = true
		case "dry":
			s.rules.DryRun = true
		case "guard":
			s.rules.Guard = &plan.DeleteGuard{Most: n}
		case "may": // empty
			s.desired[here].MayEmpty = true
		case "owns":
			s.desired[here].Owned = strings.Fields(rest)
		case "part", "lax": // of a file, which may lose its part
			v := &s.desired[here]
			v.Owned = append(v.Owned, rest)
			place := plan.Place{File: fmt.Sprintf("%d.yml", len(v.Parts)+1), Line: 2}
			v.Parts = append(v.Parts, plan.Part{Owned: []string{rest}, MayEmpty: word == "lax", Place: place})
		case "vault":
			s.desired, s.current = append(s.desired, plan.Vault{ID: vaultTwo}), append(s.current, nil)
		case "many":
			for i := range n {
				s.current[here] = append(s.current[here], stored(fmt.Sprintf("S%02d [a.example]", i)))
			}
		case "have":
			s.current[here] = append(s.current[here], stored(rest))
		default:
			s.plans = append(s.plans, len(s.lines)-1)
			if each && s.desired[here].Secrets != nil {
				s.desired, s.current = append(s.desired, plan.Vault{ID: vaultOne}), append(s.current, s.current[here])
				here++
			}
			s.desired[here].Secrets = append(s.desired[here].Secrets, desired(line))
		}
	}
	return s
}

// planned is a change in short: action, name, ID of what is there, what is sent,
// and which hosts that adds; or the error.
func planned(c plan.Change) string {
	text := string(c.Action) + " " + c.Name()
	switch {
	case c.Current != nil:
		text += " " + string(c.Current.ID)
	case c.Action == plan.Update:
		text += "unseen " + string(c.SecretID())
	}
	if c.Err != nil {
		return strings.Trim(text+": "+c.Err.Error(), ": ")
	}
	switch {
	case !c.Patch.Value.IsZero(), c.Action == plan.Create && !c.Desired.Value.IsZero():
		text += " value"
	case c.SendsValue():
		text += " promised"
	}
	if list := c.Patch.AllowedDomains; list != nil {
		text += " " + fmt.Sprint([]string(*list))
	}
	if wider := c.WiderHosts(); wider != nil {
		text += " wider: " + strings.Join(wider, " ")
	}
	if c.RenamedTo != "" {
		text += " renamed to " + c.RenamedTo
	}
	if len(c.Near) > 0 {
		text += " near: " + strings.Join(c.Near, " ")
	}
	return strings.TrimSpace(text)
}

var sentinels = []error{
	plan.ErrNotFound, plan.ErrExists, plan.ErrAmbiguous, plan.ErrConflict, plan.ErrMismatch, plan.ErrWidens, plan.ErrTooManyDeletes, plan.ErrNoValue,
	plan.ErrRename,
}

// known checks that an error is one sentinel: what is done about an error depends on it.
func known(t *testing.T, err error) {
	t.Helper()
	is := func(sentinel error) bool { return errors.Is(err, sentinel) }
	if of := slices.DeleteFunc(slices.Clone(sentinels), func(s error) bool { return !is(s) }); len(of) != 1 {
		t.Errorf("%q is of the kinds %v", err, of)
	}
}

// told is the scene with its plan: that of a line behind it, what is pruned, old
// names and the error below.
func (s *scene) told(t *testing.T) string {
	t.Helper()
	changes, err := plan.Make(s.desired, s.current, s.rules)
	lines := slices.Clone(s.lines)
	wide, asked := 0, []plan.Desired{}
	for _, v := range s.desired {
		asked = append(asked, v.Secrets...)
	}
	for _, i := range s.plans {
		wide = max(wide, len(lines[i]))
	}
	n := 0
	for _, c := range changes {
		if c.Err != nil {
			known(t, c.Err)
		}
		if c.Pruned || c.RenamedTo != "" {
			lines = append(lines, "=> "+planned(c))
			continue
		}
		if !reflect.DeepEqual(c.Desired, asked[n]) || c.Current != nil && !slices.ContainsFunc(s.current[0], func(s nairi.Secret) bool { return gocmp.Equal(s, *c.Current) }) {
			t.Errorf("%s: the change keeps something else than was desired, or was there", planned(c))
		}
		lines[s.plans[n]] = fmt.Sprintf("%-*s => %s", wide, lines[s.plans[n]], planned(c))
		n++
	}
	if err != nil {
		known(t, err)
		lines = append(lines, "=> error: "+err.Error())
	}
	// Each shard guards against the deletes of all.
	for _, shard := range []plan.Shard{{Index: 1, Count: 3}, {Index: 3, Count: 3}} {
		rules := s.rules
		rules.Shard = shard
		if _, alone := plan.Make(s.desired, s.current, rules); fmt.Sprint(alone) != fmt.Sprint(err) {
			t.Errorf("shard %s: %v, and the whole: %v", shard, alone, err)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// What is desired, what is there and the rules are a plan, in testdata.
func TestPlansOfScenes(t *testing.T) {
	t.Parallel()
	const file = "testdata/plans.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		want, got := string(f.Data), read(string(f.Data)).told(t)
		archive.Files[i].Data = []byte(got)
		if d := gocmp.Diff(want, got); d != "" && !*update {
			t.Errorf("%s (run with -update if it should differ): %s", f.Name, d)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOnlyThreeActionsWrite(t *testing.T) {
	t.Parallel()
	changes := []plan.Change{{Action: plan.Create}, {Action: plan.NoOp}, {Action: plan.Update}, {Action: plan.Delete}, {}}
	if n := plan.Writes(changes); n != 3 {
		t.Errorf("%d writes", n)
	}
	if plan.Blocked(changes) {
		t.Error("blocked without an error")
	}
	if !plan.Blocked(append(changes, plan.Change{Err: plan.ErrExists})) {
		t.Error("an error does not block")
	}
}

// A list that any host was on cannot become wider, though it is sent again.
func TestAnyHostAsBeforeIsNotWider(t *testing.T) {
	t.Parallel()
	c := plan.Change{Action: plan.Update, Current: &nairi.Secret{AllowedDomains: domains.List{}}}
	c.Patch.AllowedDomains = &domains.List{}
	if wider := c.WiderHosts(); wider != nil {
		t.Error(wider)
	}
}
