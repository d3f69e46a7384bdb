package action

import "github.com/nairi-community/vault-secret/internal/plan"

// identify says which plan it is, for a run that carries it out once it is approved,
// and holds it against the plan that was. What cannot be planned is no plan.
func (s *step) identify() {
	r := &s.report
	if !r.Manifest || r.Err != nil || plan.Blocked(r.Changes) {
		return
	}
	r.Digest, r.Plan = plan.Identify(r.Changes)
	if r.Plan == "" && s.config.Shards > 1 {
		r.Plan = plan.Parts(r.Changes, s.config.Shards)
	}
	if r.HidesPlan() {
		r.Digest, r.Plan = "", ""
		s.console.Warn("The outputs plan and plan_digest are empty: a name or a host in the plan contains a secret, which could be guessed from them.")
	}
	r.Err = s.config.ExpectPlan.Check(r.Changes, s.config.Rules.Shard)
}
