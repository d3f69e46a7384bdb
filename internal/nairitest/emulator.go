package nairitest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Emulator is the API as an http.Handler, with the state of one organization.
// It is safe for concurrent use.
type Emulator struct {
	mu       sync.Mutex // guards everything below
	options  Options
	vaults   []*vault // oldest first
	received []*Request
	history  []Event
	races    int // how often a racer has written a text of its own
	shuffler *rand.Rand
	second   int64 // the last in which a request came, and
	answered int   // how many were not refused for their number in it
}

// New makes an emulator without vaults.
func New(o Options) *Emulator {
	o.complete()
	if o.Key == "" {
		o.Key = newKey(o.Entropy)
	}
	// A fixed seed, so that a test which an order breaks breaks every time.
	return &Emulator{options: o, shuffler: rand.New(rand.NewPCG(1, 2))}
}

// Set changes options; requests that arrive later see the change whole. change
// must not call the emulator.
func (e *Emulator) Set(change func(*Options)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.options)
	e.options.complete()
}

// Options returns the options as they are now, counted down and completed.
func (e *Emulator) Options() Options {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.options
}

// ServeHTTP answers one request.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received := e.arriving(r)
	e.serve(w, r, received, e.draw(received))
}

// serve takes the three steps of an exchange; faults strike around them.
func (e *Emulator) serve(w http.ResponseWriter, r *http.Request, received *Request, f Fault) {
	x := e.receive(w, r, received, f)
	if e.strike(connecting, x) || e.strike(beforeReading, x) {
		return
	}
	x.read()
	if e.strike(afterReading, x) {
		return
	}
	x.answer = e.carryOut(x)
	if e.strike(afterCommit, x) {
		return
	}
	x.send()
}

// AddVault adds a vault and returns its ID.
func (e *Emulator) AddVault(name string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.addVault(newID(vaultPrefix, e.now(), e.options.Entropy), name).id
}

// AddVaultWithID adds a vault of a given ID, in place of one that has it.
func (e *Emulator) AddVaultWithID(id, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.removeVault(id)
	e.addVault(id, name)
}

// AssignAgents says to how many agents a vault is assigned. While there are any
// it cannot be deleted.
func (e *Emulator) AssignAgents(vaultID string, n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.vaultOrNew(vaultID).agents = n
}

// AddSecret puts a secret into a vault as it stands, unchecked, and returns its
// ID. An empty ID and zero times are filled in; one that has the ID is replaced;
// a vault that is not there is added.
func (e *Emulator) AddSecret(vaultID string, s Stored) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	s = s.clone()
	if s.ID == "" {
		s.ID = newID(secretPrefix, e.now(), e.options.Entropy)
	}
	if s.CreatedAt.IsZero() {
		s.CreatedAt = e.now()
	}
	if s.UpdatedAt.IsZero() {
		s.UpdatedAt = s.CreatedAt
	}
	v := e.vaultOrNew(vaultID)
	v.remove(s.ID)
	v.add(s)
	return s.ID
}

// SetUpdatedAt makes it that a secret was last changed at a time, which no request can
// do, and reports whether there is one of this ID. One that was created later was
// created then.
func (e *Emulator) SetUpdatedAt(secretID string, at time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, v := range e.vaults {
		if s := v.find(secretID); s != nil {
			changed := s.clone()
			changed.UpdatedAt = at.UTC()
			if changed.CreatedAt.After(changed.UpdatedAt) {
				changed.CreatedAt = changed.UpdatedAt
			}
			v.remove(secretID)
			v.add(changed)
			return true
		}
	}
	return false
}

// Vaults returns the IDs of the vaults that are there, oldest first.
func (e *Emulator) Vaults() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	ids := make([]string, len(e.vaults))
	for i, v := range e.vaults {
		ids[i] = v.id
	}
	return ids
}

// Secrets returns what a vault truly holds, oldest first; nil if there is no
// such vault.
func (e *Emulator) Secrets(vaultID string) []Stored {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.vault(vaultID)
	if v == nil {
		return nil
	}
	secrets := make([]Stored, len(v.secrets))
	for i, s := range v.secrets {
		secrets[i] = s.clone()
	}
	return secrets
}

func (e *Emulator) now() time.Time { return e.options.Now().UTC() }

// vault returns a vault by ID, or nil.
func (e *Emulator) vault(id string) *vault {
	for _, v := range e.vaults {
		if v.id == id {
			return v
		}
	}
	return nil
}

func (e *Emulator) vaultOrNew(id string) *vault {
	if v := e.vault(id); v != nil {
		return v
	}
	return e.addVault(id, "")
}

func (e *Emulator) addVault(id, name string) *vault {
	now := e.now()
	v := &vault{id: id, name: name, createdAt: now, updatedAt: now, byID: map[string]*Stored{}, named: map[string]int{}}
	e.vaults = append(e.vaults, v)
	return v
}

func (e *Emulator) removeVault(id string) {
	e.vaults = slices.DeleteFunc(e.vaults, func(v *vault) bool { return v.id == id })
}
