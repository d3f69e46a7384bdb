package network_test

import (
	"crypto/tls"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nairi-community/vault-secret/internal/network"
)

// Types of frames, and codes of errors (RFC 9113, sections 6 and 7).
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway, frameWindow = 0, 1, 3, 4, 7, 8

	codeNone, codeProtocol, codeInternal, codeRefused, codeCalm = 0, 1, 2, 7, 11
)

// frame is a frame of HTTP/2.
type frame struct {
	kind, flags byte
	stream      uint32
	payload     []byte
}

func (f frame) endsStream() bool {
	return f.flags&1 != 0 && (f.kind == frameData || f.kind == frameHeaders)
}

func (f frame) write(w io.Writer) {
	header := make([]byte, 9, 9+len(f.payload))
	binary.BigEndian.PutUint32(header, uint32(len(f.payload))<<8)
	header[3], header[4] = f.kind, f.flags
	binary.BigEndian.PutUint32(header[5:], f.stream)
	_, _ = w.Write(append(header, f.payload...))
}

func readFrame(r io.Reader) (frame, error) {
	var header [9]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return frame{}, err
	}
	f := frame{kind: header[3], flags: header[4], stream: binary.BigEndian.Uint32(header[5:])}
	f.payload = make([]byte, binary.BigEndian.Uint32(header[:4])>>8)
	_, err := io.ReadFull(r, f.payload)
	return f, err
}

func numbers(all ...uint32) []byte {
	var text []byte
	for _, n := range all {
		text = binary.BigEndian.AppendUint32(text, n)
	}
	return text
}

func goAway(last, code uint32) frame {
	return frame{kind: frameGoAway, payload: numbers(last, code)}
}

func reset(stream, code uint32) frame {
	return frame{kind: frameReset, stream: stream, payload: numbers(code)}
}

// noContent is an answer: the field ":status: 204" (RFC 7541, appendix A).
func noContent(stream uint32) frame {
	return frame{kind: frameHeaders, flags: 4 | 1, stream: stream, payload: []byte{0x89}}
}

// moment is a point in the life of a connection.
type moment int

// The moments at which a server may say something.
const (
	atConnect   moment = iota // the connection is there, and no request yet
	afterHeader               // the header of a request has arrived
	afterAll                  // all of a request has arrived
)

// rough is a server of bare HTTP/2, which says at each moment what it is told to.
type rough struct {
	connections, requests atomic.Int32
	// says returns what is said at a moment about a stream, and whether the
	// connection ends with it. connection counts from 1.
	says func(at moment, connection int32, stream uint32) (frames []frame, end bool)
}

func (s *rough) serve(_ *http.Server, conn *tls.Conn, _ http.Handler) {
	n := s.connections.Add(1)
	_, _ = io.CopyN(io.Discard, conn, 24) // the preface
	frame{kind: frameSettings}.write(conn)
	say := func(at moment, stream uint32) bool {
		frames, end := s.says(at, n, stream)
		for _, f := range frames {
			f.write(conn)
		}
		return end
	}
	if say(atConnect, 0) {
		return
	}
	for {
		f, err := readFrame(conn)
		if err != nil {
			return
		}
		if f.kind == frameData && len(f.payload) > 0 { // the next body has as much room on the connection
			frame{kind: frameWindow, payload: numbers(uint32(len(f.payload)))}.write(conn)
		}
		if f.kind == frameHeaders {
			s.requests.Add(1)
			if say(afterHeader, f.stream) {
				return
			}
		}
		if f.endsStream() && say(afterAll, f.stream) {
			return
		}
	}
}

// start serves until the test ends, and returns a transport that trusts it.
func (s *rough) start(t *testing.T) (address string, transport *network.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.TLS = &tls.Config{NextProtos: []string{"h2"}}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": s.serve}
	server.StartTLS()
	t.Cleanup(server.Close)
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return server.URL, newTransport(t, network.Options{CACert: cert})
}

// request sends a request with a body, or without one for "", and reads its
// answer to the end.
func request(t *testing.T, transport http.RoundTripper, method, address, body string) error {
	t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, content)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return err
}

// methods are the requests of the API clients, with a body or without. A long one
// still fits the window that HTTP/2 begins with.
var methods = map[string]string{
	http.MethodGet: "", http.MethodDelete: "",
	http.MethodPost: "a body", http.MethodPatch: "a body", http.MethodPut: strings.Repeat("long", 1<<13),
}

// ways are those in which a server of HTTP/2 does without a request.
var ways = []struct {
	name string
	made func(stream uint32) frame
	ends bool // whether the request is over by it
}{
	{"GOAWAY, no stream was processed", func(uint32) frame { return goAway(0, codeNone) }, true},
	{"GOAWAY, this stream may be", func(stream uint32) frame { return goAway(stream, codeNone) }, false},
	{"GOAWAY, all streams may be", func(uint32) frame { return goAway(1<<31-1, codeNone) }, false},
	{"GOAWAY for an error", func(uint32) frame { return goAway(0, codeInternal) }, true},
	{"GOAWAY for too many requests", func(uint32) frame { return goAway(0, codeCalm) }, true},
	{"REFUSED_STREAM", func(stream uint32) frame { return reset(max(1, stream), codeRefused) }, true},
	{"RST_STREAM of a server that is broken", func(stream uint32) frame { return reset(max(1, stream), codeInternal) }, true},
	{"RST_STREAM for another error", func(stream uint32) frame { return reset(max(1, stream), codeProtocol) }, true},
}

// moments are all there are, by name.
var moments = map[string]moment{"at connect": atConnect, "after the header": afterHeader, "after all": afterAll}

// Whatever a server of HTTP/2 answers with, and whenever, a request leaves the
// process once: net/http alone would send it thousands of times.
func TestARequestOfHTTP2LeavesOnce(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		for name, at := range moments {
			for method, body := range methods {
				for _, hangUp := range []bool{false, true} {
					t.Run(fmt.Sprint(way.name, "/", name, "/", method, "/", hangUp), func(t *testing.T) {
						t.Parallel()
						s := &rough{says: func(now moment, _ int32, stream uint32) ([]frame, bool) {
							switch now {
							case at:
								return []frame{way.made(stream)}, hangUp || now == afterAll && !way.ends
							case afterAll: // what was said does not end this request
								return nil, true
							}
							return nil, false
						}}
						s.leavesOnce(t, method, body)
					})
				}
			}
		}
	}
}

// leavesOnce sends a request to a server that does not answer it.
func (s *rough) leavesOnce(t *testing.T, method, body string) {
	t.Helper()
	address, transport := s.start(t)
	if err := request(t, transport, method, address, body); err == nil {
		t.Error("there was no answer, and no error")
	}
	if n := s.requests.Load(); n > 1 {
		t.Errorf("%d requests arrived", n)
	}
	if n := s.connections.Load(); n > 4 {
		t.Errorf("%d connections were made", n)
	}
}

// That a connection will take no more requests is no harm to one that it has.
func TestARequestIsAnsweredOnAConnectionThatEndsGracefully(t *testing.T) {
	t.Parallel()
	for method, body := range methods {
		s := &rough{says: func(now moment, _ int32, stream uint32) ([]frame, bool) {
			if now != afterAll {
				return nil, false
			}
			return []frame{goAway(1<<31-1, codeNone), noContent(stream)}, false
		}}
		address, transport := s.start(t)
		for range 3 {
			if err := request(t, transport, method, address, body); err != nil {
				t.Errorf("%s: %v", method, err)
			}
		}
		if n := s.requests.Load(); n != 3 {
			t.Errorf("%s: %d requests arrived, want 3", method, n)
		}
	}
}

// A server that is about to end says so on each connection. What was not sent on
// it is sent on the next.
func TestAConnectionThatIsOverBeforeTheRequestIsReplaced(t *testing.T) {
	t.Parallel()
	for method, body := range methods {
		s := &rough{says: func(now moment, connection int32, stream uint32) ([]frame, bool) {
			switch {
			case now == atConnect && connection == 1:
				return []frame{goAway(0, codeNone)}, true
			case now == afterAll:
				return []frame{noContent(stream)}, false
			}
			return nil, false
		}}
		address, transport := s.start(t)
		for i := range 2 {
			// The first may be written before the client reads that it must not.
			if err := request(t, transport, method, address, body); err != nil && i > 0 {
				t.Errorf("%s: %v", method, err)
			}
		}
		if n := s.requests.Load(); n > 2 {
			t.Errorf("%s: %d requests arrived", method, n)
		}
	}
}

// dropping is a server of HTTP/1.1 that answers the first request of each
// connection and takes the next without an answer.
func dropping(t *testing.T, requests *atomic.Int32) string {
	t.Helper()
	var connections atomic.Int32
	served := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		if !served[r.RemoteAddr] {
			served[r.RemoteAddr] = true
			connections.Add(1)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestARequestOfHTTP1LeavesOnceAndTellsThatItsConnectionWasOld(t *testing.T) {
	t.Parallel()
	for method, body := range methods {
		var requests atomic.Int32
		address, transport := dropping(t, &requests), newTransport(t, network.Options{})
		if err := request(t, transport, method, address, body); err != nil {
			t.Errorf("%s: %v", method, err)
		}
		err := request(t, transport, method, address, body)
		var stale *network.StaleError
		if n := requests.Load(); n != 2 || !errors.As(err, &stale) {
			t.Errorf("%s: %d requests arrived, want 2; %v", method, n, err)
		}
	}
}

// A connection that is new and breaks is none that was kept.
func TestAConnectionThatIsNewIsNotCalledOld(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := listener.Accept(); err == nil {
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	err = request(t, newTransport(t, network.Options{}), http.MethodGet, "http://"+listener.Addr().String(), "")
	var stale *network.StaleError
	if err == nil || errors.As(err, &stale) {
		t.Errorf("got %v", err)
	}
}
