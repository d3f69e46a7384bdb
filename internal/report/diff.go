package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// Changes are shown in the language of diff, a block for each vault: + is created, ! is
// updated, - is deleted, and the indented lines below are hosts and what else there is to
// know. Nothing in a block can be escaped, so that all of it is of characters that are
// harmless there: not a backtick, nor one that ends the line or does not show.

// inDiff are the changes of one vault that a diff shows.
type inDiff struct {
	vault nairi.VaultID
	at    []int
}

// shown are the changes that a diff shows, by vault. Those of one vault follow one another.
func (r *Report) shown() []inDiff {
	var vaults []inDiff
	for i := range r.Results {
		if !r.shows(i) {
			continue
		}
		if id := r.Changes[i].VaultID; len(vaults) == 0 || vaults[len(vaults)-1].vault != id {
			vaults = append(vaults, inDiff{vault: id})
		}
		last := &vaults[len(vaults)-1]
		last.at = append(last.at, i)
	}
	return vaults
}

// shows reports whether a diff shows a change: one that is made, was made or was refused, or
// that sends a value to a place beside its vault.
func (r *Report) shows(i int) bool {
	change, result := &r.Changes[i], &r.Results[i]
	switch {
	case rewritten(result):
		return len(change.Mirrors()) > 0
	case result.Outcome == apply.Absent:
		return change.Action == plan.Delete
	case result.Outcome == apply.Unchanged:
		return sendsUnseen(change)
	}
	return result.Outcome == apply.Planned || isDone(result) || isDenied(result)
}

// diff shows the changes of the vaults that have room, and reports whether all have. Of the
// others it says how many there are, but that the first vault is cut: it may be the only one.
// That takes at most maxRest more.
func (r *Report) diff(room int) (text string, whole bool) {
	rest, vaults, changes := "", 0, 0
	whole = true
	for i, vault := range r.shown() {
		block, n := "", 0
		if whole {
			block, n = r.block(vault, room-len(text))
		}
		count := len(vault.at)
		whole = whole && n == count
		switch {
		case whole || i == 0 && n > 0:
			text += block
		case len(rest) < maxRest/2:
			rest += "\n#### " + r.vaultMarkdown(vault.vault) + ": " + counted(count, "change") + seeRun
		default:
			vaults, changes = vaults+1, changes+count
		}
	}
	if vaults > 0 {
		rest += "\n#### " + agree(vaults, "more vault", "more vaults") + ": " + counted(changes, "change") + seeRun
	}
	return text + rest, whole
}

// seeRun ends a line about what has no room.
const seeRun = ", see the run\n"

// block are the changes of one vault as far as they have room, and how many that are.
func (r *Report) block(vault inDiff, room int) (text string, n int) {
	var b strings.Builder
	b.WriteString("\n#### " + r.vaultMarkdown(vault.vault) + "\n\n```diff\n")
	const tail = "```\n"
	const more = "# … and 1234567 more changes, see the run\n"
	for _, i := range vault.at {
		entry := r.entry(i)
		if len(entry) > maxEntry {
			entry = entry[:strings.IndexByte(entry, '\n')+1] + "# … what it changes has no room here, see the run\n"
		}
		if b.Len()+len(entry)+len(more)+len(tail) > room {
			break
		}
		b.WriteString(entry)
		n++
	}
	if left := len(vault.at) - n; left > 0 {
		b.WriteString("# … and " + agree(left, "more change", "more changes") + seeRun)
	}
	return b.String() + tail, n
}

// maxEntry is how long the lines about one change may be: one takes no room from all others.
const maxEntry = maxPage / 3

// mostGained is how many hosts that a secret gains a diff shows, which people approve.
const mostGained = 100

// entry are the lines about one change.
func (r *Report) entry(i int) string {
	change := r.asked(i)
	result := &r.Results[i]
	sign := "!"
	switch change.Action {
	case plan.Create:
		sign = "+"
	case plan.Delete:
		sign = "-"
	}
	lines := append([]string{sign + " " + r.plainName(change) + "  " + r.verb(change, result)}, r.hostSigns(change, "  ", mostGained, r.plainHost)...)
	if makes(change) {
		lines = append(lines, sign+"   generated: "+made(*change.Desired.Generate))
	}
	if date := dated(change); date != "" {
		lines = append(lines, sign+"   "+strings.TrimPrefix(date, ", "))
	}
	names := r.goesTo(change)
	if len(result.Mirrors) > 0 {
		names = nil
		for _, m := range result.Mirrors {
			names = append(names, r.target(m.Target)+": "+string(m.Outcome))
		}
	} else if sendsUnseen(change) {
		names = []string{r.unseenOf(change) + " (not looked at)"}
	}
	lines = append(lines, signed(sign+"  ", mostHosts, names, func(name string) string { return "→ " + plainly(name) })...)
	return strings.Join(lines, "\n") + "\n"
}

// hostsOf are the hosts that a change adds and removes, for people. Of many that are added,
// those that open most come first: one place does not have room for all.
func hostsOf(change *plan.Change) (gains, loses []string) {
	switch {
	case change.Action == plan.Create && change.Desired.Domains != nil:
		return foremost(*change.Desired.Domains, nil).Entries(), nil
	case change.Action != plan.Update || change.Patch.AllowedDomains == nil:
		return nil, nil
	}
	now, before := *change.Patch.AllowedDomains, change.Hosts()
	return foremost(now, before).Without(before), before.Without(now)
}

// foremost changes the order of a list that may be cut.
func foremost(list, before domains.List) domains.List {
	if len(list) <= mostHosts {
		return list
	}
	return list.Foremost(before)
}

// plainHost is a host in a diff. In brackets there may be the name of an international one
// as it is read.
func (r *Report) plainHost(host string) string {
	host = r.clean(host)
	spelled, _, _ := strings.Cut(host, " (")
	switch {
	case host == domains.Any, host == "*":
		return anyHost
	case spelled == "", !ascii.Only(spelled, ascii.Word+"-.*:[]"):
		return "(not a host name)"
	}
	return host
}

// plainName is the name of a secret in a diff, or its ID if a name like that cannot be one.
// What was taken out of a name shows as ***.
func (r *Report) plainName(change *plan.Change) string {
	name := r.name(change)
	if name == "" || !ascii.Only(name, ascii.Word+"*") {
		name = cmp.Or(plainly(r.id(change.SecretID())), "?")
	}
	return name
}

// plainly is a text in a diff, with ? for what could do more than show.
func plainly(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || c == '`' {
			return '?'
		}
		return c
	}, text)
}

// verb says what a change does, or did.
func (r *Report) verb(change *plan.Change, result *apply.Result) string {
	done := isDone(result)
	says := func(now, then string) string {
		if done {
			return then
		}
		return now
	}
	switch {
	case result.Outcome == apply.Absent:
		return "was already gone"
	case change.RenamedTo != "":
		return says("rename to ", "renamed to ") + plainly(r.clean(change.RenamedTo))
	case change.Action == plan.Delete && change.Pruned:
		return says("delete", "deleted") + " (not in the manifest)"
	case change.Former != nil && change.Action == plan.Create:
		return says("create", "created") + " (was " + plainly(r.clean(change.Desired.RenamedFrom)) + ")"
	case change.Action == plan.Delete, change.Action == plan.Create:
		return says(string(change.Action), string(change.Action)+"d")
	case change.Action != plan.Update:
		return "write value if a mirror lacks it"
	}
	var parts []string
	if change.Patch.AllowedDomains != nil {
		parts = append(parts, says("update", "updated")+" hosts")
	}
	switch {
	case makes(change):
		parts = append(parts, says("generate", "generated")+" value")
	case rewritten(result):
		parts = append(parts, says("write", "wrote")+" value again")
	case change.SendsValue():
		parts = append(parts, says("write", "wrote")+" value")
	}
	return strings.Join(parts, ", ")
}

// sendsUnseen reports whether a value that is kept goes to mirrors that lack it, and nobody
// looked at them.
func sendsUnseen(change *plan.Change) bool {
	return change.Err == nil && change.Action != plan.Delete && !change.SendsValue() && slices.ContainsFunc(change.Desired.Mirrors, notLookedAt)
}
