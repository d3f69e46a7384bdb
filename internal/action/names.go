package action

import (
	"context"
	"slices"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// nameGrace is for how much longer than the lists the names of vaults may take: they
// are asked for beside the lists, so that is hardly ever any time at all.
const nameGrace = 100 * time.Millisecond

// read reads what the plan needs of the vaults, and what they are called.
func (s *step) read(ctx context.Context, engine apply.Engine) ([][]nairi.Secret, error) {
	if !s.showsNames() {
		return engine.Read(ctx, s.config.Vaults, s.config.Rules)
	}
	names := askNames(ctx, engine.API)
	current, err := engine.Read(ctx, s.config.Vaults, s.config.Rules)
	if err != nil {
		names.cancel()
		return current, err
	}
	s.report.VaultNames = names.take()
	return current, nil
}

// showsNames reports whether the names of vaults show anywhere. Of a single secret they are
// in the summary alone, and not worth a request of its own: where there is no look beside
// which it costs no time, a rotation stays one request.
func (s *step) showsNames() bool {
	if s.config.Manifest != "" {
		return true
	}
	looks := func(vault plan.Vault) bool { return s.config.Rules.Look(vault) != plan.LookAtNone }
	return slices.ContainsFunc(s.config.Vaults, looks) && s.Env.Get("GITHUB_STEP_SUMMARY") != ""
}

// naming is the names of vaults, while they are asked for. A run is no other without them:
// whatever goes wrong is nobody's concern.
type naming struct {
	cancel context.CancelFunc
	answer chan map[nairi.VaultID]string
}

func askNames(ctx context.Context, api apply.API) naming {
	ctx, cancel := context.WithCancel(ctx)
	n := naming{cancel, make(chan map[nairi.VaultID]string, 1)}
	go func() {
		defer close(n.answer)
		_ = problem.Recovered(func() {
			if named, err := api.Vaults(ctx); err == nil {
				n.answer <- named
			}
		})
	}()
	return n
}

// take returns the names that are there by now, or very soon.
func (n naming) take() map[nairi.VaultID]string {
	defer n.cancel()
	grace := time.NewTimer(nameGrace)
	defer grace.Stop()
	select {
	case named := <-n.answer:
		return named
	case <-grace.C:
		return nil
	}
}
