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
}

// sample is what one process took.
type sample struct {
	Wall, CPU time.Duration
	Memory    int64  // at most, in bytes
	Output    string // both streams
	Failure   string // empty for exit code 0
}

// stopwatch is a process of its own that starts the contestants and measures them.
// The kernel counts, as a process's peak of memory, also what its parent held at
// the time of the fork; this one holds less than any of them, other than the one
// with the emulator.
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
		return s, fmt.Errorf("%s: %s", s.Failure, strings.TrimSpace(s.Output))
	}
	return s, nil
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
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env, cmd.Dir, cmd.Stdin = c.Env, c.Dir, strings.NewReader(c.Stdin)
	cmd.Stdout, cmd.Stderr = &output, &output
	begin := time.Now()
	err := cmd.Run()
	s := sample{Wall: time.Since(begin), Output: output.String()}
	if err != nil {
		s.Failure = err.Error()
	}
	if errors.As(err, new(*exec.ExitError)) || err == nil {
		s.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		s.Memory = peak(cmd.ProcessState)
	}
	return s
}
