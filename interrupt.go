package main

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// grace is how long a request in flight may go on after the first signal: the
// runner sends SIGTERM 7.5 s after SIGINT (actions/runner, ProcessInvoker.cs),
// and what became of a write is to be known and written before that.
const grace = 5 * time.Second

// interruptible returns a context that the first signal cancels, and a channel
// that is closed when a request in flight is to be given up: after grace, or at
// once at the second signal. stop ends the watch.
func interruptible(parent context.Context, signals <-chan os.Signal) (ctx context.Context, abandon <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	given := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(given)
		select {
		case <-signals:
			cancel()
		case <-done:
			return
		}
		select {
		case <-signals:
		case <-time.After(grace):
		case <-done:
		}
	}()
	return ctx, given, func() { close(done); cancel() }
}

// cancellable returns an Opener of files that end with ctx: a pipe or a terminal
// may never open nor come to its end, and neither can be taken back. That a file
// cannot be opened is an error of the first read.
func cancellable(ctx context.Context, open secret.Opener) secret.Opener {
	return func(name string) (io.ReadCloser, error) {
		reader, writer := io.Pipe()
		context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
		go func() { _ = writer.CloseWithError(copyFile(writer, open, name)) }()
		return reader, nil
	}
}

// copyFile writes what a file holds to w.
func copyFile(w io.Writer, open secret.Opener, name string) error {
	f, err := open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(w, f)
	return err
}
