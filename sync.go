package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// sync brings the vaults of the manifest to what it says, and shows the plan, or
// why there is none, where it was asked to.
func (s *step) sync(ctx context.Context, client *nairi.Client) reported {
	r := s.synced(ctx, client)
	if s.config.Sync.CommentPR {
		s.comment(ctx, r)
	}
	return r
}

// synced looks at every vault, plans, and, unless it is a dry run, applies.
// Nothing is written if there is no plan for only one of the secrets.
func (s *step) synced(ctx context.Context, client *nairi.Client) report.Sync {
	wanted := s.config.Sync
	r := report.Sync{Redact: s.console.Redact, Several: len(wanted.Vaults) > 1}
	r.Steps, r.Err = s.plan(ctx, client)
	if wanted.Rules.Shard.Count == 0 { // a shard is not cut again
		r.Shards = plan.Shards(r.Steps, wanted.Shards)
	}
	s.console.Print(r.Plan()...)
	if r.Err != nil || s.config.DryRun || unplanned(r.Steps) {
		r.Results = apply.Previews(r.Steps)
		return r
	}
	r.Results = s.engine(client, r).Run(ctx, r.Steps)
	return r
}

// plan reads the vaults and plans.
func (s *step) plan(ctx context.Context, client *nairi.Client) ([]plan.Step, error) {
	wanted := s.config.Sync
	ids := make([]nairi.VaultID, len(wanted.Vaults))
	for i, vault := range wanted.Vaults {
		ids[i] = vault.ID
	}
	lists, err := s.engine(client, report.Sync{}).List(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, list := range lists {
		wanted.Vaults[i].Have = list
	}
	return plan.Sync(wanted.Vaults, wanted.Rules)
}

func unplanned(steps []plan.Step) bool {
	for _, step := range steps {
		if step.Err != nil {
			return true
		}
	}
	return false
}

// engine carries steps out and tells of each, and now and then how far it is.
func (s *step) engine(client *nairi.Client, r report.Sync) apply.Sync {
	var done atomic.Int64
	total := int64(0)
	for _, step := range r.Steps {
		if step.Change.Writes() {
			total++
		}
	}
	return apply.Sync{
		API:         client,
		Concurrency: s.config.Sync.Concurrency,
		Begin:       func(step plan.Step) { s.begun.Store(&step.Change) },
		Done: func(step plan.Step, result apply.Result) {
			s.console.Print(r.Done(step, result))
			if n := done.Add(1); n%progressEvery == 0 && n < total {
				s.console.Print(fmt.Sprintf("progress: %d of %d", n, total))
			}
		},
	}
}

// progressEvery is after how many writes a line says how far the run is.
const progressEvery = 100
