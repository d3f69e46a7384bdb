package nairitest

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
)

// pipe is one end of a connection in memory that fails as one of TCP does.
type pipe struct {
	net.Conn // of net.Pipe
	line     *line
	abrupt   atomic.Bool // Close is to be a reset
	closed   atomic.Bool
}

// line is what both ends have in common.
type line struct{ reset atomic.Bool }

func newPipe() (client, server *pipe) {
	a, b := net.Pipe()
	l := &line{}
	return &pipe{Conn: a, line: l}, &pipe{Conn: b, line: l}
}

// SetLinger is net.TCPConn's: of 0 it makes Close a reset.
func (p *pipe) SetLinger(sec int) error {
	p.abrupt.Store(sec == 0)
	return nil
}

// Close ends the connection; calls after the first do nothing.
func (p *pipe) Close() error {
	if p.closed.Swap(true) {
		return nil
	}
	if p.abrupt.Load() {
		p.line.reset.Store(true)
	}
	return p.Conn.Close()
}

func (p *pipe) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	return n, p.explain("read", err)
}

func (p *pipe) Write(b []byte) (int, error) {
	n, err := p.Conn.Write(b)
	return n, p.explain("write", err)
}

// explain puts an error of net.Pipe into the words of TCP.
func (p *pipe) explain(op string, err error) error {
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe)
	switch {
	case !ended:
		return err
	case p.closed.Load():
		return p.fail(op, net.ErrClosed)
	case p.line.reset.Load():
		return p.fail(op, os.NewSyscallError(op, syscall.ECONNRESET))
	case op == "write":
		return p.fail(op, os.NewSyscallError(op, syscall.EPIPE))
	}
	return err
}

func (p *pipe) fail(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: p.LocalAddr(), Addr: p.RemoteAddr(), Err: err}
}
