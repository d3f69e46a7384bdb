// Bench compares a rotation by vault-secret with the same request by the clients
// that one would write instead: whole processes, from start to end, side by side
// on this machine, against the emulator over TLS. It runs on Linux, from the root
// of the repository:
//
//	go run ./bench [-n 40] [-warmup 3] [-act .tools/act]
//
// It prints a report in Markdown. A tool that is not there is left out by name; a
// client that does not do what it is to do ends the run with status 1. A bound
// that is missed does not. docs/performance.md tells what is measured and how.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// options is what the flags say.
type options struct {
	rounds, warmup int
	act            string // where act is
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == stopwatchArgument {
		serveStopwatch(context.Background(), os.Stdin, os.Stdout)
		return
	}
	var o options
	flag.IntVar(&o.rounds, "n", 40, "how many rounds count")
	flag.IntVar(&o.warmup, "warmup", 3, "how many rounds come before them")
	flag.StringVar(&o.act, "act", ".tools/act", "the program that runs workflows")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.LookupEnv, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// scenario is something to be measured.
type scenario func(ctx context.Context, g *ground, o options) (section, error)

// run measures one scenario after the other, and reports each when it is done.
func run(ctx context.Context, o options, lookup lookup, out io.Writer) error {
	if runtime.GOOS != "linux" {
		return errors.New("runs on Linux alone: elsewhere Go's clients trust no file of certificates")
	}
	if o.rounds < 1 || o.warmup < 0 {
		return errors.New("-n must be at least 1, and -warmup not negative")
	}
	g, err := newGround(ctx, lookup)
	if err != nil {
		return err
	}
	defer g.close()
	if _, err := fmt.Fprintf(out, "%s; %d rounds.\n", g.machine(), o.rounds); err != nil {
		return err
	}
	for _, scenario := range []scenario{rotation, plans, syncs, step} {
		s, err := scenario(ctx, g, o)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, "\n"+s.markdown()); err != nil {
			return err
		}
	}
	return nil
}
