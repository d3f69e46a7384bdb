package plan

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// ErrPlanChanged is the error of a plan that is not the one that was approved.
var ErrPlanChanged = errors.New("the plan is not the one that was approved")

// Changed is an ErrPlanChanged, and how the plans differ.
type Changed struct {
	New, Gone []Line    // in the plan alone, or approved alone
	Other     [][2]Line // as it was approved, and as it is
	// Unseen says that only the digest of the approved plan is known.
	Unseen bool
}

// Error counts what differs.
func (c *Changed) Error() string {
	if c.Unseen {
		return ErrPlanChanged.Error()
	}
	var counts []string
	for _, count := range []struct {
		n    int
		what string
	}{{len(c.New), "new"}, {len(c.Gone), "gone"}, {len(c.Other), "different"}} {
		if count.n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", count.n, count.what))
		}
	}
	return ErrPlanChanged.Error() + ": " + strings.Join(counts, ", ")
}

// Unwrap makes it an ErrPlanChanged.
func (c *Changed) Unwrap() error { return ErrPlanChanged }

// secretOf is what a line is about: two lines of one name mean the same secret, even
// where it was created or replaced meanwhile.
type secretOf struct {
	vault nairi.VaultID
	name  string
}

// difference is how the lines of a plan differ from those that were approved, as an
// error; nil if they do not. Both are in their order.
func difference(approved, now []Line) error {
	same := make(map[string]bool, len(approved))
	for _, line := range approved {
		same[line.String()] = true
	}
	var changed Changed
	for _, line := range now {
		if text := line.String(); same[text] {
			delete(same, text)
			continue
		}
		changed.New = append(changed.New, line)
	}
	for _, line := range approved {
		if same[line.String()] {
			changed.Gone = append(changed.Gone, line)
		}
	}
	if len(changed.New)+len(changed.Gone) == 0 {
		return nil
	}
	changed.pair()
	return &changed
}

// pair takes what is new and what is gone of one secret together.
func (c *Changed) pair() {
	gone := map[secretOf][]Line{}
	for _, line := range c.Gone {
		about := secretOf{line.Vault, line.Name}
		gone[about] = append(gone[about], line)
	}
	var alone, left []Line
	paired := map[string]bool{}
	for _, line := range c.New {
		about := secretOf{line.Vault, line.Name}
		if len(gone[about]) == 0 {
			alone = append(alone, line)
			continue
		}
		c.Other = append(c.Other, [2]Line{gone[about][0], line})
		paired[gone[about][0].String()] = true
		gone[about] = gone[about][1:]
	}
	for _, line := range c.Gone {
		if !paired[line.String()] {
			left = append(left, line)
		}
	}
	c.New, c.Gone = alone, left
}
