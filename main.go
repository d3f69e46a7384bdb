// Vault-secret writes secrets into a Nairi vault: it rotates a value, limits the hosts
// that a secret can reach, creates or deletes it, or makes whole vaults match a file. It
// runs as one step of a CI job, or in a shell. It is a community project, not affiliated
// with Nairi.
//
// Without arguments it is a step: what to do is read from the environment, in which a
// workflow puts the step's inputs as INPUT_NAME, and Woodpecker and Drone put a plugin's
// settings as PLUGIN_NAME; on a terminal without any of these, it prints a help. With
// arguments it is a command line: a verb, such as set or sync, flags with the names of the
// inputs, and operands. vault-secret help lists the verbs, and vault-secret help set all
// flags of one. A secret is never an argument.
//
// A command line prints its result to standard output, and all else to standard error.
// Everything a step prints goes to standard output, masks first. The outputs go to
// the file that GITHUB_OUTPUT names, and are printed where there is none; as
// variables they are also added to output_file and to the file that DRONE_OUTPUT
// names.
//
// The exit code is 0 if it was done, 1 if it failed and nothing was changed, 2
// if an input was bad and no request was sent, 3 if it was done in part or it is
// not known, and 130 if SIGINT or SIGTERM ended it, or if a terminal that is gone ended a
// command line. After the first signal
// nothing new is sent, and a request in flight gets four seconds, or more where
// the CI gives more; after the second it is given up. The outputs are written all
// the same.
package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/nairi-community/vault-secret/internal/action"
	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/memory"
	"github.com/nairi-community/vault-secret/internal/terminal"
)

// version and commit say what was built from what. The linker sets them, and
// nothing else that would differ from one build to the next.
var version, commit = "devel", "unknown"

func main() {
	var command *cli.Command
	var reply *cli.Reply
	build, environment := cli.BuildOf(version, commit), env.Process()
	switch {
	case len(os.Args) > 1:
		command, reply = cli.Parse(os.Args[1:], build)
	case !input.IsGivenAny(environment.Names()) && terminal.Of(os.Stdin, os.Stdout) != nil:
		reply = cli.Bare()
	}
	if reply != nil {
		os.Exit(reply.Print(env.Output(os.Stdout), os.Stderr))
	}
	if command != nil {
		environment = environment.WithInput(os.Stdin, terminal.Is)
		terminal.Colours(os.Stdout)
	}
	signals := make(chan os.Signal, 2) // the two that mean something
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if command != nil {
		notifyOfTerminal(signals)
	}
	// A reader of the log that goes away must not end a run between a write and
	// its outputs.
	signal.Ignore(syscall.SIGPIPE)
	memory.DelayCollection()
	host := action.Host{
		Version:     build.Version,
		Env:         environment,
		Stdout:      env.Output(os.Stdout),
		Signals:     signals,
		Now:         time.Now,
		Random:      rand.Reader,
		Jitter:      mathrand.Float64,
		Proxy:       http.ProxyFromEnvironment,
		SystemRoots: x509.SystemCertPool,
	}
	if command != nil {
		host.Command, host.Stderr = command, os.Stderr
		host.Width, host.Terminal = terminal.Width(os.Stdout), terminal.Of(os.Stdin, os.Stderr)
	}
	os.Exit(action.Run(context.Background(), host))
}

// notifyOfTerminal has a terminal that goes away, and Ctrl-\, end a run as Ctrl-C does: what
// is written is told, and a terminal that was asked at shows again what is typed. A signal
// that is to be ignored, as nohup says, stays so.
func notifyOfTerminal(signals chan<- os.Signal) {
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
}
