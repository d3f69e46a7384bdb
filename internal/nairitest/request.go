package nairitest

import (
	"bytes"
	"net/http"
	"slices"
)

// Request is a request as it was received.
type Request struct {
	Method string
	Path   string // as it was escaped, with the query if there was one
	Kind   Kind
	Header http.Header
	Run    string // its Options.RunHeader
	Body   []byte // as far as it was read: at most 1 MiB
	// Status is what was answered, or 0 for nothing: not yet, or a connection
	// that was reset or hijacked.
	Status int
	// Fault is what was chosen to go wrong, in the form of ParseScript; ""
	// for nothing.
	Fault string
}

// Requests returns every request so far, in the order of arrival.
func (e *Emulator) Requests() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	requests := make([]Request, len(e.received))
	for i, r := range e.received {
		requests[i] = *r
		requests[i].Header = r.Header.Clone()
		requests[i].Body = slices.Clone(r.Body)
	}
	return requests
}

// arriving is a request of which no more than the header is known.
func (e *Emulator) arriving(r *http.Request) *Request {
	return &Request{
		Method: r.Method,
		Path:   r.URL.RequestURI(),
		Kind:   kindOf(r),
		Header: r.Header.Clone(),
		Run:    r.Header.Get(e.Options().RunHeader),
	}
}

// record notes that a request has arrived, and returns its place in Requests.
func (e *Emulator) record(received *Request) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.options.Unrecorded {
		e.received = append(e.received, received)
	}
	return len(e.received) - 1
}

func (e *Emulator) recordBody(received *Request, body []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	received.Body = bytes.Clone(body)
}

// watched is a ResponseWriter that records the status before a client can see
// it, so that a test which has its answer finds the status too.
type watched struct {
	http.ResponseWriter
	emulator *Emulator
	received *Request
}

// WriteHeader records the first status that is final.
func (w *watched) WriteHeader(status int) {
	w.note(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	w.note(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) note(status int) {
	w.emulator.mu.Lock()
	defer w.emulator.mu.Unlock()
	if w.received.Status == 0 && status >= 200 {
		w.received.Status = status
	}
}
