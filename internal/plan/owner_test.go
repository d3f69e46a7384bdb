package plan

import "testing"

// Without patterns all is owned, also what no pattern could be for.
func TestWhoNamesNothingOwnsAll(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"BILLING_KEY": true, "KEY": true, "OTHER": false, "billing_key": false, "": false} {
		all, some := Vault{}, Vault{Owned: []string{"BILLING_*", "KEY"}}
		if !all.owns(name) || some.owns(name) != want {
			t.Errorf("%q is owned by all: %t, by some: %t", name, all.owns(name), some.owns(name))
		}
	}
}
