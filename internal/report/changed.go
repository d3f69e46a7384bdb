package report

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// planOutput is the plan as text, or its digest where that is too long.
func (r *Report) planOutput() string { return cmp.Or(r.Plan, r.Digest) }

// HidesPlan reports whether a secret is part of a name or a host in the plan. With *** in
// it, its text would be another plan, and from its digest a short value can be guessed.
func (r *Report) HidesPlan() bool {
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Writes() && (r.hides(c.Name(), c.RenamedTo) || r.id(c.SecretID()) != string(c.SecretID()) || r.hides(c.Hosts()...) || r.hides(after(c)...) || r.hides(places(c.Mirrors())...)) {
			return true
		}
	}
	return false
}

// after are the hosts that a change sends.
func after(c *plan.Change) domains.List {
	switch {
	case c.Action == plan.Create && c.Desired.Domains != nil:
		return *c.Desired.Domains
	case c.Patch.AllowedDomains != nil:
		return *c.Patch.AllowedDomains
	}
	return nil
}

// changed says in words how the plan differs from the one that was approved.
func (r *Report) changed() []string {
	var changed *plan.Changed
	switch {
	case !errors.As(r.Err, &changed):
		return nil
	case changed.Unseen:
		return []string{"Only the digest of the approved plan is known, so the difference cannot be shown. The plan is listed as it is now."}
	}
	var lines []string
	for _, line := range changed.New {
		lines = append(lines, "New since the approval: "+r.about(line)+"; "+r.reaches(line)+".")
	}
	for _, line := range changed.Gone {
		lines = append(lines, "Approved, and no longer in the plan: "+r.about(line)+"; "+r.reaches(line)+".")
	}
	for _, pair := range changed.Other {
		lines = append(lines, fmt.Sprintf("Different: %s. Approved: %s; %s. Now: %s; %s.",
			r.clean(pair[1].Name)+r.inVault(pair[1].Vault), r.about(pair[0]), r.reaches(pair[0]), r.about(pair[1]), r.reaches(pair[1])))
	}
	return lines
}

// about is what a line does to which secret, in words.
func (r *Report) about(line plan.Line) string {
	text := string(line.Action) + " " + r.secretName(nairi.Secret{EnvKey: line.Name, ID: line.ID}) + r.inVault(line.Vault)
	if line.RenamedTo != "" {
		text += ", which becomes " + r.clean(line.RenamedTo)
	}
	return text
}

// reaches says which hosts a line has before and after, and whether it writes a value.
func (r *Report) reaches(line plan.Line) string {
	value := r.valueOf(&line)
	switch {
	case line.Action == plan.Delete:
		return "hosts: " + r.reach(line.Before)
	case line.Action == plan.Create:
		return "hosts: " + r.reach(line.After) + "; " + value
	case line.Before.Equal(line.After) && line.Before.IsAny() == line.After.IsAny():
		return "hosts: " + r.reach(line.After) + ", unchanged; " + value
	}
	return "hosts: " + r.reach(line.Before) + " → " + r.reach(line.After) + "; " + value
}

// valueOf says what a line does with the value, and where that goes beside the vault.
func (r *Report) valueOf(line *plan.Line) string {
	text := "the value is not written"
	switch {
	case line.Made:
		text = "a generated value is written"
	case line.Written:
		text = "the value is written"
	}
	if len(line.Mirrors) > 0 {
		text += ", also to " + enumerated(r.cleanAll(line.Mirrors))
	}
	return text
}

// reach is a list of hosts in words.
func (r *Report) reach(list domains.List) string {
	switch {
	case !list.Known():
		return "not known"
	case list.IsAny():
		return "any host"
	}
	return strings.Join(atMost(r.hostsIn(list)), " ")
}

// changedList is the same in Markdown, as far as there is room.
func (r *Report) changedList() string {
	lines := r.changed()
	return listed(len(lines), func(i int) string { return escape(lines[i]) })
}

// listed is a list in Markdown, as far as there is room.
func listed(n int, line func(int) string) string {
	if n == 0 {
		return ""
	}
	return fitted(n, n, maxPart, func(i int) string { return "- " + line(i) + "\n" }, "- … and %d more.\n") + "\n"
}
