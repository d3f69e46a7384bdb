package action

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// namer is an API that has names after a while, or until nobody waits for them.
type namer struct {
	apply.API
	after time.Duration
	given *bool // whether it was told that nobody waits
}

func (n namer) Vaults(ctx context.Context) (map[nairi.VaultID]string, error) {
	select {
	case <-time.After(n.after):
		return map[nairi.VaultID]string{vaultID: "production"}, nil
	case <-ctx.Done():
		*n.given = true
		return nil, errors.New("given up")
	}
}

// Names come beside the lists, and are waited for only a moment longer.
func TestNamesDelayNoRun(t *testing.T) {
	t.Parallel()
	for text, test := range map[string]struct {
		lists, names, took time.Duration
		named              bool
	}{
		"names that are first":      {time.Second, time.Millisecond, time.Second, true},
		"names a little later":      {time.Second, time.Second + nameGrace/2, time.Second + nameGrace/2, true},
		"names that are much later": {time.Second, time.Minute, time.Second + nameGrace, false},
		"names that never come":     {time.Millisecond, 24 * time.Hour, time.Millisecond + nameGrace, false},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began, givenUp := time.Now(), false
				n := askNames(t.Context(), namer{after: test.names, given: &givenUp})
				time.Sleep(test.lists)
				named := n.take()
				if took := time.Since(began); took != test.took || (named != nil) != test.named {
					t.Errorf("it took %s, and there are names: %v", took, named)
				}
				if synctest.Wait(); givenUp == test.named {
					t.Errorf("names are there: %t, and were given up: %t", test.named, givenUp)
				}
			})
		})
	}
}

type panicking struct{ apply.API }

func (panicking) Vaults(context.Context) (map[nairi.VaultID]string, error) { panic("a slip") }

// Nor does a mistake in this program.
func TestAMistakeAboutNamesIsNoneOfTheRun(t *testing.T) {
	t.Parallel()
	if named := askNames(t.Context(), panicking{}).take(); named != nil {
		t.Error(named)
	}
}
