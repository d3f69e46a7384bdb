package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// world is all that is outside the program.
type world struct {
	lookup    func(name string) (string, bool)
	open      secret.Opener
	stdout    io.Writer
	random    io.Reader
	signals   <-chan os.Signal
	transport http.RoundTripper // nil for the network
	jitter    func() float64    // nil for a random one
}

// run does the whole of one step and returns the exit code. Its order is its
// promise: secrets are masked before anything is printed, every input is checked
// and the outputs' file is open before anything is sent, and the outputs are
// written whatever happened.
func run(ctx context.Context, w world) (code int) {
	ctx, abandon, stop := interruptible(ctx, w.signals)
	defer stop()
	w.open = cancellable(ctx, w.open)
	s := &step{world: w, console: ci.NewConsole(w.stdout, w.lookup), cancelled: ctx.Err}
	defer func() {
		if cause := recover(); cause != nil {
			code = s.finish(s.crashed(cause))
		}
	}()
	problems := s.prepare()
	switch {
	case ctx.Err() != nil: // what was being read ended with it, so problems may be its doing
		return s.finish(s.failed(fmt.Errorf("nothing was sent: %w", apply.Ended(ctx))))
	case len(problems) > 0:
		return s.finish(s.failed(problems))
	}
	client, err := s.client(abandon)
	if err != nil {
		return s.finish(s.failed(err))
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if s.config.Sync != nil {
		return s.finish(s.sync(ctx, client))
	}
	return s.finish(s.single(s.write(ctx, apply.Vault{ID: s.config.VaultID, API: client})))
}

// step is one run of the program.
type step struct {
	world
	console *ci.Console
	files   *ci.Files
	config  input.Config
	masked  bool // whether the console knows what is secret
	// begun is a write that was begun, for a crash to tell of.
	begun atomic.Pointer[plan.Change]
	// cancelled returns an error once a signal has asked the run to end.
	cancelled func() error
}

// prepare reads the inputs, masks what is secret, and opens the files.
func (s *step) prepare() input.Problems {
	files, fileErr := s.console.OpenFiles(s.lookup, s.random)
	s.files = files
	event := ci.ReadEvent(s.lookup, s.open)
	config, secrets, problems := input.Load(input.Outside{
		Lookup: s.lookup, Open: s.open, Public: event.Find, WhyEmpty: event.WhyEmpty(),
	})
	s.config = config
	s.console.Mask(forms(secrets, mask.Options{Parts: !config.WholeOnly}))
	s.masked = true
	s.console.Print("vault-secret " + version)
	for _, warning := range config.Warnings {
		s.console.Warn(warning.String())
	}
	if fileErr != nil {
		problems = append(problems, input.Problem{Input: "GITHUB_OUTPUT", Text: fileErr.Error()})
	}
	for _, unopened := range files.OpenVariables(s.lookup, config.OutputFile) {
		problems = append(problems, input.Problem{Input: unopened.Source, Text: unopened.Error()})
	}
	return problems
}

// forms are those of all secrets, each once: many entries of a manifest may name
// one file.
func forms(secrets []secret.Value, options mask.Options) mask.Forms {
	seen := map[string]bool{}
	var sets []mask.Forms
	for _, value := range secrets {
		if !seen[value.Reveal()] {
			seen[value.Reveal()] = true
			sets = append(sets, mask.Of(value, options))
		}
	}
	return mask.Join(sets...)
}

// client is the API's client as the inputs want it.
func (s *step) client(abandon <-chan struct{}) (*nairi.Client, error) {
	transport := s.transport
	if transport == nil {
		network, err := nairi.NewTransport(s.config.CACert, s.lookup)
		if err != nil {
			return nil, err
		}
		transport = network
	}
	return nairi.NewClient(nairi.Options{
		BaseURL:   s.config.BaseURL,
		Key:       s.config.APIKey,
		Version:   version,
		Timeout:   s.config.RequestTimeout,
		Abandon:   abandon,
		Notify:    func(r nairi.Retry) { s.console.Print(report.Retry(r)) },
		Random:    s.jitter,
		Redact:    s.console.Redact,
		Transport: transport,
	}), nil
}

// write looks, plans and, unless it is a dry run, applies.
func (s *step) write(ctx context.Context, vault apply.Vault) apply.Result {
	found, err := vault.Find(ctx, s.config.Want)
	if err != nil {
		return apply.Fail(plan.Change{Want: s.config.Want}, err)
	}
	change, err := plan.Make(s.config.Want, found)
	if err != nil {
		return apply.Fail(change, err)
	}
	s.console.Print(report.Plan(change))
	if s.config.DryRun {
		return apply.Preview(change)
	}
	if change.Writes() {
		s.begun.Store(&change)
	}
	return vault.Run(ctx, change)
}
