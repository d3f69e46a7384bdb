// Package action is one run of the program: a step of a job, from its inputs to
// its exit code. Everything outside is handed in, as a Host.
package action

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/terminal"
)

// Host is what a run has of the machine that it is on.
type Host struct {
	Version string // of the program
	Env     env.Env
	Stdout  io.Writer
	Signals <-chan os.Signal // nil if none will come
	Now     func() time.Time
	Random  io.Reader      // for what nobody may guess
	Jitter  func() float64 // the next number in [0, 1), for what may be guessed
	// Proxy returns the proxy of a request, as http.ProxyFromEnvironment does.
	Proxy func(*http.Request) (*url.URL, error)
	// SystemRoots are the certificates that the machine trusts, as
	// x509.SystemCertPool returns them.
	SystemRoots func() (*x509.CertPool, error)
	// Transport carries the requests to all servers; nil for the network.
	Transport http.RoundTripper
	// Command is the command line; nil for a step of a CI, which has nothing of what follows.
	Command *cli.Command
	// Stderr takes what is no result of a command line.
	Stderr io.Writer
	// Width is that of the terminal that Stdout is; 0 for none.
	Width int
	// Terminal is where somebody sits who can answer; nil for none.
	Terminal *terminal.Terminal
}

// flags are the inputs of the command line, if there is one.
func (h Host) flags() input.Flags {
	if h.Command == nil {
		return nil
	}
	return h.Command.Flags
}

// Run does one step of a job and returns its exit code. Its order is its promise:
// secrets are masked before anything is printed, every input is checked and every
// file for outputs is open before anything is sent, and the outputs are written
// whatever happened, before anything that may hang.
func Run(ctx context.Context, host Host) int {
	grace := func() time.Duration { return ci.Grace(host.Env.Lookup) }
	ctx, abandon, stop := interruptible(ctx, host.Signals, grace)
	defer stop()
	s := newStep(host)
	if mistake := problem.Recovered(func() { s.do(ctx, abandon) }); mistake != nil {
		s.crash(mistake)
	}
	return s.finish(ctx)
}

// step is one run of the program.
type step struct {
	Host
	console *ci.Console
	files   *ci.Files
	masked  bool            // whether the console knows what is secret
	mirrors apply.MirrorAPI // nil where nothing is mirrored
	// handover is where a generated value goes beside the vault.
	handover *ci.Handover
	time     *allowance
	event    event.Event
	config   input.Config
	results  *inOrder // of many changes, on their way to the log
	// manifest is its name, also of one that cannot be read.
	manifest string
	report   report.Report
}

// newStep is a step that can tell of a mistake in what comes next.
func newStep(host Host) *step {
	s := &step{Host: host, console: host.console(nowhere)}
	s.files = s.console.Files(host.Env, host.Random)
	s.report.Redact = func(text string) string { return s.console.Foreign(text) }
	if host.Command != nil {
		s.report.Words = s.words
	}
	return s
}

// words spells our own words for whoever reads them.
func (s *step) words(text string) string { return s.flags().Words(text) }

// console is the one way to the streams: one for all where a CI reads it, and for a
// command line one for its results.
func (h Host) console(lookup env.Lookup) *ci.Console {
	if h.Command == nil {
		return ci.NewConsole(h.Stdout, lookup)
	}
	return ci.ForCommand(ci.Streams{
		Results: h.Stdout, Log: h.Stderr, Quiet: h.Command.Quiet, Object: h.Command.JSON, Colour: ci.ShowsColour(h.Width > 0, h.Env.Lookup),
	})
}

// nowhere is the environment of a platform that is not known yet.
func nowhere(string) (string, bool) { return "", false }

// do masks and checks, and then does what the operation asks for. What there is to tell
// of it is in the report.
func (s *step) do(ctx context.Context, abandon <-chan struct{}) {
	unopened := s.open()
	if why := refused(s.Command, s.Env.Lookup); len(why) > 0 {
		s.refuse(why)
		return
	}
	given := input.Read(s.Env.Lookup, s.flags())
	s.time = newAllowance(ctx, given.Timeout(), s.Now)
	defer s.time.end()
	problems := append(s.load(given), unopened...).InOrder(given.Names)
	ctx = s.time.ctx
	if err := apply.Ended(ctx); err != nil { // which may be why there are problems
		s.report.Err = fmt.Errorf("%w%s", err, whileRead(problems))
		return
	}
	if s.config.Operation == plan.OpLint {
		s.lint(problems)
		return
	}
	if len(problems) > 0 {
		s.report.Err = problems
		return
	}
	if s.config.Operation == plan.OpGenerate {
		s.generateOnly()
		return
	}
	s.tellRoute()
	engine := s.engine(abandon)
	switch s.config.Operation {
	case plan.OpExport:
		s.export(ctx, engine)
	case plan.OpCheck:
		s.check(ctx, engine)
	case plan.OpList:
		s.list(ctx, engine)
	default:
		s.change(ctx, engine, abandon)
	}
}

// change looks, plans and applies, for a sync or a single secret.
func (s *step) change(ctx context.Context, engine apply.Engine, abandon <-chan struct{}) {
	current, err := s.read(ctx, engine)
	engine.Listed = current
	if err != nil {
		s.report.Err = err
		return
	}
	if err := s.lookAtMirrors(ctx, abandon); err != nil {
		s.report.Err = err
		return
	}
	s.plan(current)
	if s.report.Err != nil || s.config.Rules.DryRun || plan.Blocked(s.report.Changes) {
		s.report.Results = apply.Preview(s.report.Changes)
		if !s.report.Manifest {
			s.warnOfHosts()
		}
		return
	}
	if s.config.VerifyCreate {
		engine.Check = func(ctx context.Context, results []apply.Result) { s.verify(ctx, engine, results) }
	}
	if why := s.confirm(); why != nil {
		s.leave(why)
		return
	}
	if err := s.generate(s.report.Changes); err != nil {
		s.leave(err)
		return
	}
	s.report.Results, s.report.Err = engine.Apply(s.time.ctx, s.report.Changes)
	s.results.flush()
	s.mirror(s.time.ctx)
	s.endProgress()
	if !s.report.Manifest {
		s.warnOfHosts()
	}
}

// warnOfHosts calls by name what can reach more hosts, or would.
func (s *step) warnOfHosts() {
	if title, text := s.report.MoreHosts(); text != "" {
		s.console.WarnOf(title, text)
	}
}

func (s *step) warn(lines []string) {
	for _, line := range lines {
		s.console.Warn(line)
	}
}

// verify looks once more at what was created, and tells what is otherwise.
func (s *step) verify(ctx context.Context, engine apply.Engine, results []apply.Result) {
	before := slices.Clone(results)
	for _, unverified := range engine.Verify(ctx, results) {
		s.console.Warn(report.UnverifiedLine(unverified))
	}
	for i, result := range results {
		if s.report.Manifest && result.Outcome != before[i].Outcome {
			s.tellResult(result)
		}
	}
}

// tellResult tells what became of one change of many.
func (s *step) tellResult(result apply.Result) {
	lines := s.report.ResultLines(result)
	if result.Err != nil { // of which the end says more, also to whoever reads no log
		s.console.Print(lines...)
		return
	}
	s.console.Result(lines...)
}

// open finds out where the run is, and opens the files that the platform names.
func (s *step) open() problem.List {
	s.console = s.Host.console(s.Env.Lookup)
	if s.Terminal != nil {
		s.console.Keep(s.Terminal)
	}
	s.files = s.console.Files(s.Env, s.Random)
	return s.files.Open()
}

// load checks the inputs, masks what is secret, and opens the file for variables.
func (s *step) load(given *input.Inputs) problem.List {
	s.event, s.manifest = event.Read(s.Env.Until(s.time.ctx)), given.ManifestName()
	secrets, problems := s.checkInputs(given)
	config := s.config
	s.mask(secrets)
	s.masked = true
	s.report.Operation, s.report.Private = config.Operation, !s.event.Public()
	s.report.Manifest, s.report.Desired = config.Manifest != "", config.Vaults
	s.report.DryRun, s.report.InFile = config.Rules.DryRun, config.GeneratedFile != ""
	s.report.Source = s.manifest
	if s.Command == nil {
		s.console.Print("vault-secret " + s.Version)
	}
	s.console.WarnOfWords()
	s.console.Print(config.Notes...)
	s.warnOfInputs(config)
	unopened := append(s.files.Spare(config.Files), s.files.OpenVariables(config.OutputFile)...)
	unopened = append(unopened, s.files.OpenResults(config.ResultsFile)...)
	unopened = append(unopened, s.openHandover()...)
	unopened = append(unopened, s.unprinted()...)
	return append(problems.Shown(s.console.Clean), s.asGiven(unopened)...)
}

// asGiven are problems of files, in our own words alone, for whoever named the files.
func (s *step) asGiven(problems problem.List) problem.List {
	for i := range problems {
		p := &problems[i]
		p.Input, p.Text, p.Hint = s.words(p.Input), s.words(p.Text), s.words(p.Hint)
	}
	return problems
}

// warnOfInputs tells what is odd about the inputs: of a lint, on the line that it is about.
func (s *step) warnOfInputs(config input.Config) {
	warnings := config.Warnings.Shown(s.console.Clean)
	if config.Operation == plan.OpLint {
		s.console.Doubts(warnings, ci.WorkspaceOf(s.Env))
		s.report.Lint = report.Lint{Files: config.ManifestFiles, Warnings: warnings, Notes: config.Notes}
		return
	}
	for _, warning := range warnings {
		s.console.Warn(warning.String())
	}
}

// maskOptions are the forms that the inputs want masked. What a workflow or a manifest
// says in the open is no part of a secret.
func maskOptions(config input.Config) mask.Options {
	if !config.MaskParts {
		return mask.Options{}
	}
	var open []string
	for _, vault := range config.Vaults {
		open = append(open, string(vault.ID))
		for _, desired := range vault.Secrets {
			open = append(open, desired.EnvKey, string(desired.SecretID))
			if desired.Domains != nil {
				open = append(open, *desired.Domains...)
			}
		}
	}
	return mask.WithParts(config.UnmaskedParts, open)
}

// whileRead says which input was still read when the run ended: a pipe or a
// terminal ends only when whoever writes to it says so.
func whileRead(problems problem.List) string {
	for _, p := range problems {
		if errors.Is(p.Cause, context.DeadlineExceeded) || errors.Is(p.Cause, context.Canceled) {
			return " while reading what " + p.Input + " names. If that is a pipe or a terminal, its writer did not close it"
		}
	}
	return ""
}

// plan plans from what is there, and prints the plan.
func (s *step) plan(current [][]nairi.Secret) {
	s.report.Changes, s.report.Err = plan.Make(s.config.Vaults, current, s.config.Rules)
	s.report.Shards = plan.Shards(s.report.Changes, s.config.Shards)
	if s.report.Manifest {
		s.report.Unmanaged = plan.FindUnmanaged(s.config.Vaults, current, s.config.Rules)
	}
	s.report.Twins = plan.FindTwins(s.config.Vaults, current, s.report.Changes)
	s.identify()
	s.showPlan()
	s.warn(s.report.Warnings())
}

// showPlan prints the plan, which is the result of a command line that asks for it.
func (s *step) showPlan() {
	show, asked := s.console.Print, s.config.Rules.DryRun
	if asked {
		show = s.console.Result
	}
	lines := s.report.PlanLines()
	if s.report.Manifest && len(lines) > 0 { // what needs eyes comes before what does not
		show(lines[0])
		s.warnOfHosts()
		lines = lines[1:]
	}
	show(lines...)
	s.showFolds(show)
}

// showFolds shows what a plan only counts.
func (s *step) showFolds(show func(...string)) {
	for _, fold := range s.report.Folds() {
		switch {
		case !fold.IsShort():
			s.console.Fold(fold.Title, fold.Lines, fold.Short)
		case fold.Short != "":
			show(fold.Short)
		}
	}
}
