package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// MirrorAPI is what is asked of a client of the places beside a vault.
type MirrorAPI interface {
	// Look returns what a target has under each of some names. One that cannot be written as
	// it is asked for is an error, as far as a look tells.
	Look(ctx context.Context, target mirror.Target, names ...string) (map[string]mirror.State, error)
	// Write writes a secret, and returns whether it is a new one. The error of a write that
	// may have been carried out is a mirror.ErrUnknown.
	Write(ctx context.Context, target mirror.Target, name string, value secret.Value) (created bool, err error)
}

// MirrorLookError is why it is not known what mirrors have.
type MirrorLookError struct{ Errs []error }

// Error says of the first mirrors why: a comment has no room for a thousand.
func (e *MirrorLookError) Error() string {
	const most = 8
	var texts []string
	for _, err := range e.Errs[:min(len(e.Errs), most)] {
		texts = append(texts, err.Error())
	}
	if more := len(e.Errs) - most; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives the errors of all.
func (e *MirrorLookError) Unwrap() []error { return e.Errs }

// LookAtMirrors notes in vaults what each mirror has that rules let a plan write. All are
// looked at, so that what is wrong with several is said at once: the error is a
// *MirrorLookError.
func LookAtMirrors(ctx context.Context, api MirrorAPI, vaults []plan.Vault, rules plan.Rules) error {
	targets, wanted := mirrorsOf(vaults, rules.Shard)
	var failed []error
	for _, target := range targets {
		if err := Ended(ctx); err != nil {
			failed = append(failed, err)
			break
		}
		if err := look(ctx, api, target, wanted[target]); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) > 0 {
		return &MirrorLookError{failed}
	}
	return nil
}

// wish is a secret that a target is to have.
type wish struct {
	name  string
	state *mirror.State
}

// mirrorsOf are the targets of a shard of vaults in their order, and what each is to have.
func mirrorsOf(vaults []plan.Vault, shard plan.Shard) (targets []mirror.Target, wanted map[mirror.Target][]wish) {
	wanted = map[mirror.Target][]wish{}
	for i := range vaults {
		for j := range vaults[i].Secrets {
			desired := &vaults[i].Secrets[j]
			if !shard.Has(vaults[i].ID, desired.EnvKey) {
				continue
			}
			for k := range desired.Mirrors {
				m := &desired.Mirrors[k]
				if wanted[m.Target] == nil {
					targets = append(targets, m.Target)
				}
				wanted[m.Target] = append(wanted[m.Target], wish{desired.EnvKey, &m.State})
			}
		}
	}
	return targets, wanted
}

// look looks at a target once for all that it is to have.
func look(ctx context.Context, api MirrorAPI, target mirror.Target, wanted []wish) (err error) {
	names := make([]string, len(wanted))
	for i, w := range wanted {
		names[i] = w.name
	}
	var states map[string]mirror.State
	if mistake := problem.Recovered(func() { states, err = api.Look(ctx, target, names...) }); mistake != nil {
		return mistake
	}
	if err != nil {
		return err
	}
	for _, w := range wanted {
		*w.state = states[w.name]
	}
	return nil
}

// MirrorResult is what is known of one mirror of a change.
type MirrorResult struct {
	Target  mirror.Target
	Outcome Outcome // Created, Updated, Planned, Failed or Unknown
	Err     error   // nil if it was written
}

// MirrorError is the error of a change whose value is in the vault and not in each mirror.
type MirrorError struct{ Lacking []MirrorResult }

// Error names the mirrors that lack the value.
func (e *MirrorError) Error() string {
	return fmt.Sprintf("the vault has the new value, and %d of its mirrors may not", len(e.Lacking))
}

// Why a mirror is not begun.
var (
	ErrVaultFirst   = errors.New("the vault is not known to have the value, and no mirror gets one that it lacks")
	ErrMirrorsFirst = errors.New("another mirror lacks the value, and the next run goes by this one to find that out")
)

// Mirror writes the values that the vaults have by now to their mirrors, one at a time:
// GitHub asks for that
// (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
// A result whose vault may not have the value keeps its mirrors as they are.
//
// The error is a mistake in this program that is none of one mirror; the results stand all
// the same.
func Mirror(ctx context.Context, api MirrorAPI, results []Result, done func(Result)) error {
	var last *problem.Panic
	for i := range results {
		mirrors := results[i].Change.Mirrors()
		if len(mirrors) == 0 {
			continue
		}
		results[i].mirror(ctx, api, mirrors)
		if mistake := problem.Recovered(func() { done(results[i]) }); mistake != nil {
			last = mistake
		}
	}
	if last != nil {
		return last
	}
	return nil
}

// mirror writes the value of a result to its mirrors. Those by which the next run would
// find out that one lacks it come last, and only if no other does.
func (r *Result) mirror(ctx context.Context, api MirrorAPI, mirrors []mirror.Mirror) {
	r.Mirrors = make([]MirrorResult, len(mirrors))
	var first error
	if r.Err != nil {
		first = ErrVaultFirst
	}
	for _, tells := range []bool{false, true} {
		if tells && first == nil && len(lacking(r.Mirrors)) > 0 {
			first = ErrMirrorsFirst
		}
		for i := range mirrors {
			if r.Change.Tells(&mirrors[i]) == tells {
				r.Mirrors[i] = r.mirrorTo(ctx, api, &mirrors[i], first)
			}
		}
	}
	switch lacking := lacking(r.Mirrors); {
	case r.Err != nil:
	case len(lacking) > 0:
		r.Outcome, r.Err = Partial, &MirrorError{lacking}
	case r.Outcome == Unchanged: // which is the vault alone
		r.Outcome = Updated
	}
}

func lacking(mirrors []MirrorResult) []MirrorResult {
	var lacking []MirrorResult
	for _, m := range mirrors {
		if m.Err != nil {
			lacking = append(lacking, m)
		}
	}
	return lacking
}

// mirrorTo writes the value of a result to one mirror, unless something else has to be
// done first and is not. A write may be sent twice, so that only a look tells whether the
// secret is a new one.
func (r *Result) mirrorTo(ctx context.Context, api MirrorAPI, m *mirror.Mirror, first error) MirrorResult {
	if first == nil {
		first = Ended(ctx)
	}
	if first != nil {
		return MirrorResult{m.Target, Failed, notBegun{first}}
	}
	var created bool
	var err error
	if mistake := problem.Recovered(func() { created, err = api.Write(ctx, m.Target, r.Change.Name(), r.Change.Desired.Value) }); mistake != nil {
		return MirrorResult{m.Target, Unknown, mistake}
	}
	switch {
	case errors.Is(err, mirror.ErrUnknown):
		return MirrorResult{m.Target, Unknown, err}
	case err != nil:
		return MirrorResult{m.Target, Failed, err}
	case created, m.State.Known && !m.State.There:
		return MirrorResult{m.Target, Created, nil}
	}
	return MirrorResult{m.Target, Updated, nil}
}
