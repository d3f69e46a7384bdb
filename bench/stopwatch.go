package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// command is a process to run.
type command struct {
	Path  string
	Args  []string // without a secret: other users of the machine can read them
	Env   []string
	Dir   string
	Stdin string
	Limit time.Duration // after which it is ended; 0 for none
}

// large reports whether a command is much to hold for a stopwatch.
func (c command) large() bool { return len(strings.Join(c.Env, "")) > 64<<10 }

// sample is what one process took.
type sample struct {
	Wall    time.Duration
	CPU     time.Duration // with the children that it waited for
	Own     time.Duration // without them
	Memory  int64         // at most, in bytes
	Output  string        // the last of both streams, of one that failed
	Failure string        // empty for exit code 0
	Late    bool          // it was ended, as it took longer than its limit
}

// stopwatch is a process of its own that starts the contestants and measures them.
// The kernel counts, as a process's peak of memory, also the most that its parent has
// ever held (exec_mmap in Linux's fs/exec.c, as a process of Go shares its parent's
// memory until then); this one holds less than any of them.
type stopwatch struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	encoder *json.Encoder
	decoder *json.Decoder
}

// stopwatchArgument makes this program be a stopwatch.
const stopwatchArgument = "stopwatch"

func startStopwatch(ctx context.Context) (*stopwatch, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, stopwatchArgument)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &stopwatch{cmd, in, json.NewEncoder(in), json.NewDecoder(out)}, cmd.Start()
}

// stop ends the stopwatch, as the end of its input does.
func (w *stopwatch) stop() {
	_ = w.in.Close()
	_ = w.cmd.Wait()
}

// run runs a command to its end. One that fails is an error.
func (w *stopwatch) run(c command) (sample, error) {
	var s sample
	if err := w.encoder.Encode(c); err != nil {
		return s, err
	}
	if err := w.decoder.Decode(&s); err != nil {
		return s, err
	}
	if s.Failure != "" {
		return s, fmt.Errorf("%s: %s", s.Failure, lastLines(s.Output))
	}
	return s, nil
}

// lastLines are where a program most likely says why it failed.
func lastLines(output string) string {
	const most = 10
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// serveStopwatch runs the commands that it reads, one at a time, until there are
// no more.
func serveStopwatch(ctx context.Context, in io.Reader, out io.Writer) {
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var c command
		if decoder.Decode(&c) != nil || encoder.Encode(measure(ctx, c)) != nil {
			return
		}
	}
}

func measure(ctx context.Context, c command) sample {
	output, err := scratch()
	if err != nil {
		return sample{Failure: err.Error()}
	}
	defer func() { _ = output.Close() }()
	if c.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Limit)
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env, cmd.Dir, cmd.Stdin = c.Env, c.Dir, strings.NewReader(c.Stdin)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.WaitDelay = time.Second // for children that are left behind
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return sample{Failure: err.Error()}
	}
	own, err := ownCPU(cmd.Process.Pid)
	s := sample{Wall: time.Since(begin), Own: own}
	err = errors.Join(err, cmd.Wait())
	s.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	s.Memory = peak(cmd.ProcessState)
	switch {
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		s.Late = true
	case err != nil:
		s.Failure, s.Output = err.Error(), tail(output)
	}
	return s
}

// scratch is a file for what a program prints, which this process would grow by. It
// has no name, as it has secrets in it.
func scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "vault-secret-bench")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}

// tail is the end of a file, from the begin of a line.
func tail(f *os.File) string {
	const most = 64 << 10
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(io.NewSectionReader(f, max(0, end-most), most))
	if err != nil {
		return err.Error()
	}
	if end > most { // a part of a line might be of a value, and not known as such
		_, text, _ = bytes.Cut(text, []byte{'\n'})
	}
	return string(text)
}
