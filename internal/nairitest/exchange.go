package nairitest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// maxBody is how much of a request is read. The API's own limit is not
// documented; some limit every server has.
const maxBody = 1 << 20

// exchange is one request on its way to its answer.
type exchange struct {
	emulator *Emulator
	w        http.ResponseWriter
	r        *http.Request
	received *Request
	index    int // of received in Requests
	fault    Fault
	body     []byte
	readErr  error // why body is not the whole body
	answer   answer
}

func (e *Emulator) receive(w http.ResponseWriter, r *http.Request, received *Request, f Fault) *exchange {
	received.Fault = f.String()
	x := &exchange{
		emulator: e,
		w:        &watched{ResponseWriter: w, emulator: e, received: received},
		r:        r,
		received: received,
		index:    e.record(received),
		fault:    f,
	}
	x.setDate()
	return x
}

// setDate gives the answer the emulator's own time, so that Date and updated_at
// agree under a test's clock; net/http leaves a Date that is there alone.
func (x *exchange) setDate() { x.w.Header().Set("Date", x.now().Format(http.TimeFormat)) }

// now is the emulator's time, which is not locked yet.
func (x *exchange) now() time.Time {
	x.emulator.mu.Lock()
	defer x.emulator.mu.Unlock()
	return x.emulator.now()
}

// read takes the body in, and leaves a copy to be read again.
func (x *exchange) read() {
	x.body, x.readErr = io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, maxBody))
	x.emulator.recordBody(x.received, x.body)
	x.r.Body = io.NopCloser(bytes.NewReader(x.body))
}

// send writes the answer.
func (x *exchange) send() {
	body := x.prepare()
	x.w.WriteHeader(x.answer.status)
	if len(body) > 0 {
		_, _ = x.w.Write(body)
	}
}

// end sends another answer than the one that was made, if there was one.
func (x *exchange) end(a answer) bool {
	x.answer = a
	x.send()
	return true
}

// prepare sets the header of the answer, and returns its body.
func (x *exchange) prepare() []byte {
	x.setDate()
	header := x.w.Header()
	contentType, body := x.answer.render()
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	for name, value := range x.answer.header {
		header.Set(name, value)
	}
	return body
}

// hangUp resets the connection without an answer and throws away what is in
// flight (RST). HTTP/2 does not hand the connection out; there net/http's own way
// to abort an answer must do. It returns true: as a hit, it ends the exchange.
func (x *exchange) hangUp() bool {
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if errors.Is(err, http.ErrNotSupported) {
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		return true
	}
	// Go below TLS, whose farewell would make this an orderly end.
	if below, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = below.NetConn()
	}
	if abrupt, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		_ = abrupt.SetLinger(0)
	}
	_ = conn.Close()
	return true
}
