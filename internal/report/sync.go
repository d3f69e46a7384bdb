package report

import (
	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Sync is one run over whole vaults.
type Sync struct {
	Steps   []plan.Step
	Results []apply.Result // of the steps, in their order
	// Err is why nothing was written, if that is not the matter of one step; or,
	// if Lost is set, why nothing is known of what was begun.
	Err  error
	Lost bool
	// Several says that the manifest has more than one vault.
	Several bool
	// Shards are those that have something to write.
	Shards []plan.Shard
	// Redact is as in Report. Required.
	Redact func(string) string
}

// counts are how many results have each outcome.
func (s Sync) counts() map[apply.Outcome]int {
	counts := map[apply.Outcome]int{}
	for _, r := range s.Results {
		counts[r.Outcome]++
	}
	return counts
}

// overall is what became of the run.
func (s Sync) overall() (apply.Outcome, bool) {
	if s.Err != nil {
		r := s.failed()
		return r.Outcome, r.Changed
	}
	return apply.Overall(s.Results)
}

// failed is the result of a run that failed as a whole.
func (s Sync) failed() apply.Result {
	if s.Lost {
		return apply.Lost(plan.Change{}, s.Err)
	}
	return apply.Fail(plan.Change{}, s.Err)
}

// ExitCode is what the program ends with.
func (s Sync) ExitCode() int {
	if s.Err != nil {
		return ExitCode(s.failed())
	}
	switch outcome, _ := s.overall(); outcome {
	case apply.Failed:
		return ExitFailed
	case apply.Partial, apply.Unknown:
		return ExitUnknown
	}
	return ExitDone
}

// code is that of the whole: of what is not known before anything else, and then
// of what failed first.
func (s Sync) code() Code {
	if s.Err != nil {
		return CodeOf(s.failed())
	}
	var first Code
	for _, r := range s.Results {
		code := CodeOf(r)
		if code == UnknownState {
			return code
		}
		if first == "" {
			first = code
		}
	}
	return first
}

// vault is the one that the run was about, if it was one.
func (s Sync) vault() nairi.VaultID {
	var vault nairi.VaultID
	for i, step := range s.Steps {
		if i > 0 && step.VaultID != vault {
			return ""
		}
		vault = step.VaultID
	}
	return vault
}

// Outputs are the outputs of the run: those of a single secret, of which the
// ones that only one secret can have are empty, and then its own.
func (s Sync) Outputs() []ci.Output {
	outputs := append(s.single(), output(resultsOutput, s.results()))
	return append(append(outputs, s.numbers()...), output(shardsOutput, s.shards()))
}

// Variables are the outputs that can be variables: what is JSON cannot.
func (s Sync) Variables() []ci.Output { return variables(append(s.single(), s.numbers()...)) }

// single are the outputs that a single secret has, too.
func (s Sync) single() []ci.Output {
	outcome, changed := s.overall()
	outputs := Report{VaultID: s.vault(), Result: apply.Result{Outcome: outcome, Changed: changed}}.Outputs()
	for i := range outputs {
		if outputs[i].Name == errorOutput {
			outputs[i].Value = string(s.code())
		}
	}
	return outputs
}
