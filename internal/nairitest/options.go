package nairitest

import (
	"crypto/rand"
	"io"
	"net/http"
	"time"
)

// Options is how an emulator behaves. The zero value is the documented API,
// with the likeliest behaviour where nothing is documented.
type Options struct {
	// Key is the one API key that is accepted; New makes one for "". Changing it
	// later revokes the old one at once, as the dashboard does.
	Key string
	// Now is the clock of every time and Date in an answer; nil means time.Now.
	// It is called with the emulator locked, so Set is a safe place to move it.
	Now func() time.Time
	// Entropy is where IDs and keys come from; nil means crypto/rand. It must
	// not repeat itself: two equal IDs would be one object.
	Entropy io.Reader
	// Unrecorded keeps no record for Requests and History, so that a program which runs for
	// long does not grow, and does not keep values.
	Unrecorded bool

	// What follows, up to WrappedLists, is behaviour that the documentation
	// leaves open.

	// Duplicates says what creating a second secret of one env_key does.
	Duplicates Duplicates
	// BumpIdentical moves updated_at when an update repeats the value that is
	// there. By default it stays, the literal reading of "not bumped when no
	// field actually changes" (https://nairi.ai/docs/api/vault-secrets/update)
	// and the harder one for a client: a write that was carried out looks as if
	// it had not been.
	BumpIdentical bool
	// TextErrors sends errors as text/plain instead of {"error": "…"}.
	TextErrors bool
	// Shuffled gives lists in another order each time. By default the newest
	// comes first.
	Shuffled bool
	// ExtraFields adds fields to every object that no documentation knows.
	ExtraFields bool
	// WrappedLists sends {"secrets": […]} where the documentation has […].
	WrappedLists bool

	// RunHeader names a header of requests that Request.Run and Event.Run repeat,
	// so that a test with many clients can tell whose they are; "" for none.
	RunHeader string

	// The rest is what goes wrong between a client and the API.

	// Intercept sees every request first, with its body; returning true means
	// that it has answered. It may use http.NewResponseController(w) to hijack
	// or flush, and is called concurrently.
	Intercept func(w http.ResponseWriter, r *http.Request) bool
	// Rate is how many requests are answered in each second of the clock; one more
	// gets 429 with "Retry-After: 1". Zero means any number.
	Rate int
	// Latency is how long an answer waits after its request was carried out.
	Latency time.Duration
	// Script lists faults for single requests. A request meets the first that is
	// for it, after the options above; one that has struck often enough is taken
	// out.
	Script []Fault
	// Faults chooses a fault, or none, for a request that nothing of Script is
	// for. It knows the request without its body. It is called with the emulator
	// locked, so it must not call the emulator and needs no lock of its own;
	// Chaos makes one.
	Faults func(Request) (Fault, bool)
}

// Duplicates is a way to treat a second secret of one env_key in one vault.
type Duplicates int

// The ways to treat a duplicate.
const (
	DuplicatesRefused  Duplicates = iota // 400, the status of other conflicts of this API
	DuplicatesAllowed                    // 201, and the vault has two
	DuplicatesConflict                   // 409
)

// complete fills in what was left to the emulator.
func (o *Options) complete() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Entropy == nil {
		o.Entropy = rand.Reader
	}
}
