// Bench compares a rotation by vault-secret with the same request by the clients
// that one would write instead: whole processes, from start to end, side by side
// on this machine, against the emulator over TLS, near and far away. It runs on
// Linux, from the root of the repository:
//
//	go run ./bench [-n 30] [-warmup 3] [-only rotation,flags,plan,lint,sync,export,growth,act,gitea]
//		[-act .tools/act] [-gitea .tools/gitea-runner]
//
// It prints a report in Markdown. A tool that is not there is left out by name. A
// client that fails ends the run, and a missed bound is named at the end; both with
// status 1. docs/performance.md tells what is
// measured and how.
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
	"slices"
	"strings"
	"syscall"
)

// options is what the flags say.
type options struct {
	rounds, warmup int
	only           string // names of scenarios; "" for all
	act, gitea     string // where these runners are
}

// within is for what takes long: so many rounds at most, and one before them.
func (o options) within(rounds int) options {
	o.rounds, o.warmup = min(o.rounds, rounds), min(o.warmup, 1)
	return o
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == stopwatchArgument {
		serveStopwatch(context.Background(), os.Stdin, os.Stdout)
		return
	}
	var o options
	flag.IntVar(&o.rounds, "n", 30, "how many rounds count")
	flag.IntVar(&o.warmup, "warmup", 3, "how many rounds come before them")
	flag.StringVar(&o.only, "only", "", "what to measure, of "+strings.Join(names(), ", ")+"; all if it is left out")
	flag.StringVar(&o.act, "act", ".tools/act", "act, which runs workflows")
	flag.StringVar(&o.gitea, "gitea", ".tools/gitea-runner", "the runner of Gitea, which does too")
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
type scenario struct {
	name    string
	measure func(ctx context.Context, g *ground, o options) ([]section, error)
}

var scenarios = []scenario{
	{"rotation", rotation}, {"flags", flags}, {"plan", plans}, {"lint", lints}, {"sync", syncs}, {"export", exports}, {"growth", growth}, {"act", act}, {"gitea", gitea},
}

func names() []string {
	all := make([]string, len(scenarios))
	for i, s := range scenarios {
		all[i] = s.name
	}
	return all
}

// chosen are the scenarios that -only names.
func (o options) chosen() ([]scenario, error) {
	if o.only == "" {
		return scenarios, nil
	}
	var chosen []scenario
	for name := range strings.SplitSeq(o.only, ",") {
		at := slices.Index(names(), name)
		if at < 0 {
			return nil, fmt.Errorf("-only knows no %q, only %s", name, strings.Join(names(), ", "))
		}
		chosen = append(chosen, scenarios[at])
	}
	return chosen, nil
}

// run measures one scenario after the other, and reports each when it is done.
func run(ctx context.Context, o options, lookup lookup, out io.Writer) error {
	if runtime.GOOS != "linux" {
		return errors.New("runs on Linux alone: elsewhere Go's clients trust no file of certificates")
	}
	if o.rounds < 1 || o.warmup < 0 {
		return errors.New("-n must be at least 1, and -warmup not negative")
	}
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	g, err := newGround(ctx, lookup)
	if err != nil {
		return err
	}
	defer g.close()
	if _, err := fmt.Fprintf(out, "%s; %d rounds.\n", g.machine(), o.rounds); err != nil {
		return err
	}
	var missed []string
	for _, scenario := range chosen {
		sections, err := scenario.measure(ctx, g, o)
		if err != nil {
			return fmt.Errorf("%s: %w", scenario.name, err)
		}
		for _, s := range sections {
			missed = append(missed, s.missed()...)
			if _, err := io.WriteString(out, "\n"+s.markdown()); err != nil {
				return err
			}
		}
	}
	if len(missed) > 0 {
		return fmt.Errorf("%d bounds were missed: %s", len(missed), strings.Join(missed, "; "))
	}
	return nil
}
