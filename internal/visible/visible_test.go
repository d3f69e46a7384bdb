package visible_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/visible"
)

func TestWhatShows(t *testing.T) {
	t.Parallel()
	for _, r := range "aé字🔍 #:" {
		if !visible.Is(r) || visible.OrSpace(r) != r {
			t.Errorf("%q does not show", r)
		}
	}
	// A line break, a direction, a soft hyphen, joiners, fillers, vowels that are nothing,
	// selectors of variants and of tags, a pattern without dots, and what is no character.
	for _, r := range "\n\r\t\u0085\u2028\u202e\u00ad\u200b\u200d\ufeff\u034f\u115f\u1160\u3164\uffa0\u17b4\u180b\ufe00\ufe0f\U000e0001\U000e0100\u2800\u00a0" {
		if visible.Is(r) || visible.OrSpace(r) != ' ' {
			t.Errorf("%U shows", r)
		}
	}
}
