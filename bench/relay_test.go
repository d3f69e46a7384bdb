package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const trip = 40 * time.Millisecond

// ends are a client and a server with a relay between them, in a time of its own.
func ends(t *testing.T) (client, server net.Conn, elapsed func() time.Duration) {
	t.Helper()
	client, outer := net.Pipe()
	inner, server := net.Pipe()
	go join(outer, inner, trip)
	t.Cleanup(func() {
		_, _ = client.Close(), server.Close()
		time.Sleep(2 * trip) // until the relay has found out
	})
	begin := time.Now()
	return client, server, func() time.Duration { return time.Since(begin) }
}

func send(t *testing.T, to net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(to, text); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, from net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(from, got); err != nil || string(got) != want {
		t.Fatalf("got %q, %v; want %q", got, err, want)
	}
}

// A TLS 1.3 handshake and a request are three round trips: one for the connection,
// one for the keys, one for the request.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server, elapsed := ends(t)
		for i, step := range []struct {
			from, to net.Conn
			text     string
			at       time.Duration
		}{
			{client, server, "hello", trip + trip/2},
			{server, client, "keys", 2 * trip},
			{client, server, "request", 2*trip + trip/2},
			{server, client, "answer", 3 * trip},
			{client, server, "another request", 3*trip + trip/2},
			{server, client, "another answer", 4 * trip},
		} {
			send(t, step.from, step.text)
			receive(t, step.to, step.text)
			if elapsed() != step.at {
				t.Errorf("step %d: %q arrived after %v, want %v", i, step.text, elapsed(), step.at)
			}
		}
	})
}

// What is sent at intervals arrives at the same intervals: nothing waits for what
// is under way before it.
func TestNothingWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server, elapsed := ends(t)
		go func() {
			for range 100 {
				_, _ = io.WriteString(client, "piece")
				time.Sleep(time.Millisecond)
			}
		}()
		for i := range 100 {
			receive(t, server, "piece")
			if want := trip + trip/2 + time.Duration(i)*time.Millisecond; elapsed() != want {
				t.Fatalf("piece %d arrived after %v, want %v", i, elapsed(), want)
			}
		}
	})
}

// The end of a stream comes after all of it.
func TestEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server, elapsed := ends(t)
		text := strings.Repeat("text ", pieceSize) // several pieces
		go func() {
			_, _ = io.WriteString(client, text)
			_ = client.Close()
		}()
		got, err := io.ReadAll(server)
		if err != nil || string(got) != text {
			t.Errorf("got %d bytes of %d, %v", len(got), len(text), err)
		}
		if want := trip + trip/2; elapsed() != want {
			t.Errorf("the end arrived after %v, want %v", elapsed(), want)
		}
	})
}

// A server that is gone ends the connection of the client.
func TestGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server, _ := ends(t)
		_ = server.Close()
		if _, err := client.Read(make([]byte, 1)); err == nil {
			t.Error("the client reads on")
		}
		if _, err := io.WriteString(client, "text"); err == nil {
			t.Error("the client writes on")
		}
	})
}

// Over TCP a relay is found at its address until it is closed, and one end may be
// done before the other.
func TestRelay(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		text, _ := io.ReadAll(conn) // until the client has said all
		_, _ = conn.Write(text)
		_ = conn.Close()
	}()
	r, err := startRelay(listener.Addr().String(), time.Microsecond)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", r.address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	send(t, conn, "all")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(conn); string(got) != "all" {
		t.Errorf("got %q, %v", got, err)
	}
	r.close()
	if conn, err := net.Dial("tcp", r.address()); err == nil {
		conn.Close()
		t.Error("a relay that is closed takes connections")
	}
}
