package main

import (
	"net/http"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// maxState is how much of a state is read.
const maxState = 64 << 20

// state is all that the emulator holds.
type state struct {
	Vaults []heldVault `json:"vaults"`
}

type heldVault struct {
	ID      string       `json:"id"`
	Secrets []heldSecret `json:"secrets"`
}

// heldSecret has the value that no answer of the API shows.
type heldSecret struct {
	ID             string    `json:"id"`
	EnvKey         string    `json:"env_key"`
	Value          string    `json:"value"`
	AllowedDomains []string  `json:"allowed_domains"`
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`
}

func (a *admin) showState(w http.ResponseWriter, _ *http.Request) {
	held := state{[]heldVault{}}
	for _, id := range a.emulator.Vaults() {
		v := heldVault{id, []heldSecret{}}
		for _, s := range a.emulator.Secrets(id) {
			v.Secrets = append(v.Secrets, heldSecret(s))
		}
		held.Vaults = append(held.Vaults, v)
	}
	write(w, http.StatusOK, held)
}

// addStateputs secrets into the vaults as they stand, unchecked: names that the API
// would not take, two of one name, and times of one's own. One that has the ID of
// another replaces it; a vault that is not there is added.
func (a *admin) addState(w http.ResponseWriter, r *http.Request) {
	var more state
	if !reads(w, r, maxState, &more) || len(more.Vaults) == 0 {
		write(w, http.StatusBadRequest, failure{"the body is not as GET shows it"})
		return
	}
	for _, v := range more.Vaults {
		if v.ID == "" {
			write(w, http.StatusBadRequest, failure{"a vault has no ID; nothing was added"})
			return
		}
	}
	for _, v := range more.Vaults {
		for _, s := range v.Secrets {
			a.emulator.AddSecret(v.ID, nairitest.Stored(s))
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// lastChange is when a secret is to have been changed last.
type lastChange struct {
	UpdatedAt time.Time `json:"updated_at"`
}

// setTime makes a secret as old as a test needs it.
func (a *admin) setTime(w http.ResponseWriter, r *http.Request) {
	var change lastChange
	switch {
	case !reads(w, r, maxScript, &change) || change.UpdatedAt.IsZero():
		write(w, http.StatusBadRequest, failure{`the body is not {"updated_at":"2026-01-02T03:04:05Z"}`})
	case !a.emulator.SetUpdatedAt(r.PathValue("id"), change.UpdatedAt):
		write(w, http.StatusNotFound, failure{"secret not found"})
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
