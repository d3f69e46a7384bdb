package nairitest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// deeds are what another writer may do to the secret of a request: s is nil if
// there is none. They are carried out while the emulator is locked.
var deeds = map[string]func(r *racer, s *Stored){
	"value": func(r *racer, s *Stored) { r.update(s, func(mark string) { s.Value = mark }) },
	"domains": func(r *racer, s *Stored) {
		r.update(s, func(mark string) { s.AllowedDomains = []string{mark + ".example"} })
	},
	"delete": (*racer).delete,
	// As a client of the API would, so that it may be refused.
	"create":    func(r *racer, _ *Stored) { r.create(r.options().refuseDuplicate(r.vault, r.envKey) == nil) },
	"duplicate": func(r *racer, _ *Stored) { r.create(true) },
}

// racer is another writer beside a request.
type racer struct {
	x        *exchange
	vault    *vault
	secretID string // of the path; "" if that has none
	envKey   string
}

// race reads DEED[,ENV_KEY].
func race(argument string) (hit, error) {
	name, envKey, _ := strings.Cut(argument, ",")
	do, ok := deeds[name]
	if !ok {
		return nil, fmt.Errorf("%q is none of %s", name, strings.Join(slices.Sorted(maps.Keys(deeds)), ", "))
	}
	return func(x *exchange) bool {
		x.emulator.mu.Lock()
		defer x.emulator.mu.Unlock()
		if r := x.racer(envKey); r != nil {
			do(r, r.target())
		}
		return false
	}, nil
}

// racer finds the vault of the request and the env_key it is about: the one
// that is given, or that of the path's secret, of the body, or of the vault's
// newest secret. It is nil if there is nothing to race for.
func (x *exchange) racer(envKey string) *racer {
	ids, _ := takeApart(x.r.URL.EscapedPath())
	if len(ids) == 0 {
		return nil
	}
	r := &racer{x: x, vault: x.emulator.vault(ids[0]), envKey: envKey}
	if r.vault == nil {
		return nil
	}
	if envKey == "" {
		r.aim(ids[1:])
	}
	if r.envKey == "" {
		return nil
	}
	return r
}

// aim takes the env_key from the request; ids are those of its path behind the
// vault's.
func (r *racer) aim(ids []string) {
	if len(ids) > 0 {
		r.aimAt(ids[0])
		return
	}
	var body struct {
		EnvKey string `json:"env_key"`
	}
	_ = json.Unmarshal(r.x.body, &body)
	r.envKey = body.EnvKey
	if n := len(r.vault.secrets); r.envKey == "" && n > 0 {
		r.envKey = r.vault.secrets[n-1].EnvKey
	}
}

// aimAt takes a secret by ID, even if the request has just deleted it.
func (r *racer) aimAt(id string) {
	s := r.vault.find(id)
	if gone := &r.x.answer.event.Secret; s == nil && gone.ID == id {
		s = gone
	}
	if s != nil {
		r.secretID, r.envKey = s.ID, s.EnvKey
	}
}

// target is the secret that is raced for: the path's, or the newest of the
// env_key.
func (r *racer) target() *Stored {
	if s := r.vault.find(r.secretID); s != nil {
		return s
	}
	for _, s := range slices.Backward(r.vault.secrets) {
		if s.EnvKey == r.envKey {
			return s
		}
	}
	return nil
}

func (r *racer) options() *Options { return &r.x.emulator.options }

// mark is a text that no other racer of this emulator has written.
func (r *racer) mark() string {
	r.x.emulator.races++
	return "racer-" + strconv.Itoa(r.x.emulator.races)
}

func (r *racer) update(s *Stored, set func(mark string)) {
	if s == nil {
		return
	}
	set(r.mark())
	s.UpdatedAt = r.x.emulator.now()
	r.tell(Updated, s)
}

func (r *racer) delete(s *Stored) {
	if s == nil {
		return
	}
	r.tell(Deleted, s)
	r.vault.remove(s.ID)
}

func (r *racer) create(allowed bool) {
	if !allowed {
		return
	}
	mark := r.mark()
	s := r.x.emulator.newSecret(secretFields{envKey: &r.envKey, value: &mark})
	r.vault.add(s)
	r.tell(Created, &s)
}

func (r *racer) tell(c Change, s *Stored) {
	r.x.tell(Event{Change: c, VaultID: r.vault.id, Secret: s.clone(), ByRacer: true})
}
