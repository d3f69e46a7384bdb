package main

import (
	"net"
	"sync/atomic"
	"time"
)

// What is under way in one direction of a connection at most. A client that sends
// more than that waits, as it does for the window of TCP.
const (
	pieceSize = 32 << 10
	underWay  = 1024 // pieces
)

// relay passes connections on to a server as if it were a round trip away: each
// byte takes half of that, in both directions. It limits nothing else, so that
// what was sent together arrives together.
//
// It cannot delay the making of a connection, which the kernel of this machine does
// for it at once. So what a client sends before it has heard from the server is
// held for the whole round trip that the handshake of TCP would have taken. That
// adds up to the same. Only what a client does while it waits for the connection
// counts here beside that round trip, where it would be a part of it.
type relay struct {
	listener  *net.TCPListener
	server    *net.TCPAddr
	roundTrip time.Duration
}

func startRelay(server string, roundTrip time.Duration) (*relay, error) {
	address, err := net.ResolveTCPAddr("tcp", server)
	if err != nil {
		return nil, err
	}
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: address.IP})
	if err != nil {
		return nil, err
	}
	r := &relay{listener, address, roundTrip}
	go r.serve()
	return r, nil
}

func (r *relay) serve() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			server, err := net.DialTCP("tcp", nil, r.server)
			if err != nil {
				_ = client.Close()
				return
			}
			join(client, server, r.roundTrip)
		}()
	}
}

func (r *relay) address() string { return r.listener.Addr().String() }

// close stops listening. A connection ends when one of its ends does.
func (r *relay) close() { _ = r.listener.Close() }

// join passes on what both ends of a connection send, until both are done.
func join(client, server net.Conn, roundTrip time.Duration) {
	var answered atomic.Bool // whether the client has heard from the server
	there := direction{from: client, to: server, takes: func() time.Duration {
		if answered.Load() {
			return roundTrip / 2
		}
		return roundTrip + roundTrip/2
	}}
	back := direction{from: server, to: client, takes: func() time.Duration { return roundTrip / 2 }, arrives: func() { answered.Store(true) }}
	done := make(chan struct{})
	go func() {
		there.carry()
		close(done)
	}()
	back.carry()
	<-done
	_ = client.Close()
	_ = server.Close()
}

// direction is one of the two of a connection.
type direction struct {
	from, to net.Conn
	takes    func() time.Duration // how long what is sent now is under way
	arrives  func()               // is called before something arrives; nil for nothing
}

// piece is what was read at once.
type piece struct {
	data []byte // none for the end
	due  time.Time
}

// carry passes on all there is, and then its end. It reads on while pieces are
// under way: each is late, and none waits for another.
func (d direction) carry() {
	pieces := make(chan piece, underWay)
	go d.read(pieces)
	broken := false
	for p := range pieces {
		if broken {
			continue // so that the reader comes to its end
		}
		time.Sleep(time.Until(p.due))
		if p.data == nil {
			end(d.to)
			continue
		}
		if d.arrives != nil {
			d.arrives()
		}
		if _, err := d.to.Write(p.data); err != nil {
			broken = true
			_ = d.from.Close()
		}
	}
}

func (d direction) read(pieces chan<- piece) {
	defer close(pieces)
	for {
		data := make([]byte, pieceSize)
		n, err := d.from.Read(data)
		if n > 0 {
			pieces <- piece{data[:n], time.Now().Add(d.takes())}
		}
		if err != nil {
			pieces <- piece{nil, time.Now().Add(d.takes())}
			return
		}
	}
}

// end tells a peer that no more comes; TCP can do so and still listen.
func end(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = conn.Close()
}
