package drift

import (
	"errors"
	"fmt"
	"strings"
)

// What a check fails with.
var (
	ErrDiffers = errors.New("the vaults differ from the manifest")
	ErrStale   = errors.New("values are older than the manifest allows")
)

// Verdict is what is off in one error: ErrDiffers, or ErrStale if that is all; nil if
// nothing is.
func Verdict(findings []Finding) error {
	differences, stale := Count(findings)
	switch {
	case differences > 0:
		return fmt.Errorf("%w: %s", ErrDiffers, Tally(findings))
	case stale > 0:
		return fmt.Errorf("%w: %s", ErrStale, Tally(findings))
	}
	return nil
}

// Tally is how much is off, in words, as in "2 differences, 1 old value".
func Tally(findings []Finding) string {
	differences, stale := Count(findings)
	var parts []string
	for _, part := range []struct {
		n         int
		one, many string
	}{{differences, "difference", "differences"}, {stale, "old value", "old values"}} {
		switch {
		case part.n == 1:
			parts = append(parts, "1 "+part.one)
		case part.n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.many))
		}
	}
	return strings.Join(parts, ", ")
}
