package nairitest

import (
	"slices"
	"time"
)

// Change is what a committed write did to a secret.
type Change string

// The changes. A write that changes nothing, as an update to what is there, is
// none of them and no Event.
const (
	Created Change = "created"
	Updated Change = "updated"
	Deleted Change = "deleted"
)

// Event is one committed write of a secret: what truly happened, whatever the
// client was told.
type Event struct {
	At      time.Time
	Change  Change
	VaultID string
	// Secret is the secret as the write left it, or as it was until it was
	// deleted.
	Secret Stored
	// Request is the index in Requests of the request that wrote, or beside
	// which a racer did.
	Request int
	// Run is that request's Options.RunHeader.
	Run string
	// ByRacer is a write of a "race" fault, not of the request itself.
	ByRacer bool
}

// History returns the committed writes of secrets, in their order. What AddSecret
// puts into a vault is none of them.
func (e *Emulator) History() []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	history := slices.Clone(e.history)
	for i := range history {
		history[i].Secret = history[i].Secret.clone()
	}
	return history
}

// tell adds an event of the exchange. The emulator is locked.
func (x *exchange) tell(event Event) {
	e := x.emulator
	if e.options.Unrecorded {
		return
	}
	event.At, event.Request, event.Run = e.now(), x.index, x.received.Run
	e.history = append(e.history, event)
}
