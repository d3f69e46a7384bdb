package nairitest

import (
	"slices"
	"time"
)

// vault is one vault with its secrets, oldest first.
type vault struct {
	id, name, description string
	agents                int
	secrets               []*Stored
	createdAt, updatedAt  time.Time

	// So that a vault of 100,000 secrets does not look through all of them for each
	// request.
	byID  map[string]*Stored
	named map[string]int // how many have a name
}

// Stored is a vault secret as the vault holds it, with the value that no answer
// shows. Answers show times in whole seconds.
type Stored struct {
	ID, EnvKey, Value    string
	AllowedDomains       []string
	CreatedAt, UpdatedAt time.Time
}

func (s *Stored) clone() Stored {
	copied := *s
	copied.AllowedDomains = append([]string{}, s.AllowedDomains...)
	return copied
}

// add puts s behind the secrets that are not younger.
func (v *vault) add(s Stored) {
	at := len(v.secrets)
	for at > 0 && v.secrets[at-1].CreatedAt.After(s.CreatedAt) {
		at--
	}
	v.secrets = slices.Insert(v.secrets, at, &s)
	v.byID[s.ID] = &s
	v.named[s.EnvKey]++
}

// find returns a secret by ID, or nil.
func (v *vault) find(id string) *Stored { return v.byID[id] }

// holds reports whether there is a secret of this env_key, in this very case.
func (v *vault) holds(envKey string) bool { return v.named[envKey] > 0 }

// remove takes a secret out if it is there.
func (v *vault) remove(id string) {
	s := v.find(id)
	if s == nil {
		return
	}
	v.secrets = slices.DeleteFunc(v.secrets, func(other *Stored) bool { return other == s })
	delete(v.byID, id)
	v.named[s.EnvKey]--
}
