package report

import (
	"fmt"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// The question names what goes, up to a number, and where it goes from.
func TestTheQuestionNamesWhatGoes(t *testing.T) {
	t.Parallel()
	vault := func(n int) nairi.VaultID { return nairi.VaultID(fmt.Sprintf("vlt_%d", n)) }
	change := func(action plan.Action, in int, name string) plan.Change {
		return plan.Change{VaultID: vault(in), Action: action, Current: &nairi.Secret{EnvKey: name}}
	}
	deletes := func(in, n int) (all []plan.Change) {
		for i := range n {
			all = append(all, change(plan.Delete, in, fmt.Sprintf("S_%d", i+1)))
		}
		return all
	}
	renamed := change(plan.Delete, 1, "OLD")
	renamed.RenamedTo = "NEW"
	var vaults []plan.Change
	for n := range 7 {
		vaults = append(vaults, deletes(n, 1)...)
	}
	first20 := "S_1, S_2, S_3, S_4, S_5, S_6, S_7, S_8, S_9, S_10, S_11, S_12, S_13, S_14, S_15, S_16, S_17, S_18, S_19, S_20"
	for want, changes := range map[string][]plan.Change{
		"":                                 {change(plan.Create, 1, "A"), change(plan.Update, 1, "B"), change(plan.NoOp, 2, "C")},
		"Delete B from vlt_2?":             {change(plan.Update, 1, "A"), change(plan.Delete, 2, "B")},
		"Delete OLD from default (vlt_1)?": {renamed},
		"Delete 2 secrets from default (vlt_1): A, OLD?":                                                                                                {change(plan.Delete, 1, "A"), renamed},
		"Delete 20 secrets from vlt_2: " + first20 + "?":                                                                                                deletes(2, 20),
		"Delete 21 secrets from vlt_2: " + first20 + " and 1 more?":                                                                                     deletes(2, 21),
		"Delete 3 secrets: A, OLD from default (vlt_1); B from vlt_2?":                                                                                  {change(plan.Delete, 1, "A"), renamed, change(plan.Create, 2, "N"), change(plan.Delete, 2, "B")},
		"Delete 26 secrets: " + first20 + " and 1 more from vlt_0; 5 from vlt_2?":                                                                       append(deletes(0, 21), deletes(2, 5)...),
		"Delete 7 secrets: S_1 from vlt_0; S_1 from default (vlt_1); S_1 from vlt_2; S_1 from vlt_3; S_1 from vlt_4; and the rest from 2 other vaults?": vaults,
	} {
		r := Report{Changes: changes, VaultNames: map[nairi.VaultID]string{vault(1): "default"}, Redact: func(text string) string { return text }}
		if got := r.DeleteQuestion(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A name that is no name of a variable, as no API lets one be, cannot look like a part of
// the question.
func TestNoNameAsksTheQuestion(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"OLD? [y/N] ":      `Delete "OLD? [y/N] " (sec_1) from vlt_1?`,
		"OLD\nDelete NEW":  `Delete "OLD\nDelete NEW" (sec_1) from vlt_1?`,
		"OLD\u202e":        `Delete "OLD\u202e" (sec_1) from vlt_1?`,
		"OLD\u3164":        `Delete "OLD\u3164" (sec_1) from vlt_1?`,
		"OLD \u05d0\u05d1": `Delete "OLD \u05d0\u05d1" (sec_1) from vlt_1?`,
		"":                 `Delete sec_1 from vlt_1?`,
	} {
		r := Report{Redact: func(text string) string { return text }, Changes: []plan.Change{
			{VaultID: "vlt_1", Action: plan.Delete, Current: &nairi.Secret{EnvKey: name, ID: "sec_1"}},
		}}
		if got := r.DeleteQuestion(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
