package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// How long parts of a text may be, in bytes of Markdown. GitHub takes 65,536 characters of
// a comment.
const (
	maxPage  = 60_000
	maxAlert = 30_000 // what reaches more hosts
	maxPart  = 5_000  // each other part in front of the changes
	maxRest  = 3_000  // the vaults whose changes have no room, by their counts
)

// page is the run of many secrets in Markdown: what must be seen, each change by vault, and
// then what hardly anybody wants to see. What has no room is left out, the last first, but
// for what must be seen and the last line. All of it can be folded to one line.
func (r *Report) page(above, below string, folded bool) string {
	state, first := r.state()
	foot := below
	if r.About.Version != "" {
		foot += r.footer(state)
	}
	switch {
	case r.planless():
		return first + "\n\n" + above + r.whyNoPlan() + foot
	case folded:
		what, count := r.nothing()
		return fmt.Sprintf("<details><summary>vault-secret: no %s (%s)</summary>\n\n%s%s%s\n</details>\n", what, count, above, r.told(), foot)
	}
	head := strings.TrimRight(first+"\n\n"+above+r.head(), "\n") + "\n"
	for drop := 0; ; drop++ {
		tail := r.folds(drop) + foot
		diff, whole := r.diff(maxPage - maxRest - len(head) - len(tail))
		if whole || drop == kindsOfFolds {
			return head + r.wrapped(diff) + tail
		}
	}
}

// kindsOfFolds is how many folds a text can have.
const kindsOfFolds = 3

// folds are what hardly anybody wants to see, of the last of it only how many there are.
func (r *Report) folds(short int) string {
	text := ""
	all := []fold{r.againFold(), r.keptFold(), r.unmanagedNamed()}
	for i, f := range all {
		if i+short >= len(all) {
			f.groups = nil
		}
		text += r.folded(f)
	}
	return text
}

// told are sentences about a run without changes.
func (r *Report) told() string {
	text := r.sentences()
	if r.unmanaged() > 0 {
		text += " " + problem.Sentence(r.unmanagedNamed().summary)
	}
	return escape(strings.TrimSpace(text)) + "\n"
}

// head is what must be seen: what reaches more hosts, what failed and what to do.
func (r *Report) head() string {
	var b strings.Builder
	if text := r.sentences(); text != "" {
		b.WriteString(escape(text) + "\n\n")
	}
	failure, failed := r.Failure()
	if r.Err != nil {
		b.WriteString(escape(failure.What) + "\n\n")
	}
	b.WriteString(r.alert() + r.vaultTable() + r.changedList() + r.lists() + r.failedTable())
	if failed {
		b.WriteString(toDo(failure.Hint) + "\n")
	}
	return b.String()
}

// mostAlerts is how many secrets are named that can reach more hosts; the diff has all.
const mostAlerts = 100

// alert calls by name what can be sent to more hosts than before, or will be. Where alerts are
// not rendered it is a quotation that reads as well.
func (r *Report) alert() string {
	var all []reaching
	var gains []string // the foremost host of each
	for i := range r.Results {
		if wider := r.wider(i); len(wider) > 0 {
			all = append(all, reaching{r.asked(i), wider})
			gains = append(gains, wider[0])
		}
	}
	if len(all) == 0 {
		return ""
	}
	all = foremostOf(all)
	says := "**%s could reach more hosts than today.** Approve only if you expect %s.\n>\n"
	if r.wrote() {
		says = "**%s can reach more hosts than before.** Check that you expect %s.\n>\n"
	}
	return fmt.Sprintf("> [!%s]\n> "+says, alertKind(gains), counted(len(all), "secret"), plural(len(all), "it", "each of them")) +
		fitted(len(all), mostAlerts, maxAlert, func(i int) string {
			change := all[i].change
			isNew := ""
			if change.Action == plan.Create && change.Former == nil {
				isNew = " (new)"
			}
			return fmt.Sprintf("> - %s%s → %s\n", r.secretLabel(change), isNew, r.hostsMarkdown(all[i].hosts))
		}, "> - … and %d more\n") + "\n"
}

// wider are the hosts that a change lets a secret reach that it could not, if it was made or
// may be.
func (r *Report) wider(i int) []string {
	result := &r.Results[i]
	if result.Outcome != apply.Planned && !mayBeDone(result) && !isDenied(result) {
		return nil
	}
	return r.asked(i).WiderHosts()
}

// asked is a change, also one that is not made since it would reach more hosts.
func (r *Report) asked(i int) *plan.Change {
	if !errors.Is(r.Changes[i].Err, plan.ErrWidens) {
		return &r.Changes[i]
	}
	change := new(plan.Change)
	*change = r.Changes[i]
	change.Err, change.Action, change.Patch.AllowedDomains = nil, plan.Update, change.Desired.Domains
	if change.Current == nil {
		change.Action = plan.Create
	}
	return change
}

func isDenied(result *apply.Result) bool { return errors.Is(result.Err, plan.ErrWidens) }

// isDone reports whether a result is that of a change which was made in its vault.
func isDone(result *apply.Result) bool {
	switch result.Outcome {
	case apply.Created, apply.Updated, apply.Deleted, apply.Partial:
		return true
	}
	return false
}

func mayBeDone(result *apply.Result) bool { return isDone(result) || result.Outcome == apply.Unknown }

// wrote reports whether the run changed something, or may have.
func (r *Report) wrote() bool {
	for i := range r.Results {
		if mayBeDone(&r.Results[i]) {
			return true
		}
	}
	return false
}

// wrapped folds the changes of a run that made them: by then their counts tell enough.
func (r *Report) wrapped(diff string) string {
	if diff == "" || !r.wrote() {
		return diff
	}
	return "\n<details><summary>What was written</summary>\n" + diff + "\n</details>\n"
}

// fewVaults is how many vaults a reader finds without a table of them.
const fewVaults = 3

// vaultTable counts the changes of each vault that has any, of many vaults.
func (r *Report) vaultTable() string {
	if len(r.Desired) <= fewVaults {
		return ""
	}
	type row struct {
		vault nairi.VaultID
		n     [3]int
	}
	var rows []row
	for i := range r.Results {
		at := strings.Index("create update delete", string(r.Changes[i].Action)) / len("create ")
		if !r.shows(i) || r.Changes[i].Rewrites() || r.Changes[i].Action == plan.NoOp || r.Changes[i].Action == "" {
			continue
		}
		if len(rows) == 0 || rows[len(rows)-1].vault != r.Changes[i].VaultID {
			rows = append(rows, row{vault: r.Changes[i].VaultID})
		}
		rows[len(rows)-1].n[at]++
	}
	if len(rows) == 0 {
		return ""
	}
	heads := "| Vault | Create | Update | Delete |"
	if r.wrote() {
		heads = "| Vault | Created | Updated | Deleted |"
	}
	return heads + "\n| --- | ---: | ---: | ---: |\n" + fitted(len(rows), len(rows), maxPart, func(i int) string {
		return fmt.Sprintf("| %s | %d | %d | %d |\n", r.vaultLabel(rows[i].vault), rows[i].n[0], rows[i].n[1], rows[i].n[2])
	}, "| … and %d more | | | |\n") + "\n"
}

// failedTable says of each secret that failed why it did.
func (r *Report) failedTable() string {
	var at []int
	for i := range r.Results {
		if r.Results[i].Err != nil && !isDenied(&r.Results[i]) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return ""
	}
	at = ranked(at, func(i int) int { return known(&r.Results[i]) })
	return "| Secret | Why |\n| --- | --- |\n" + fitted(len(at), len(at), maxPart, func(i int) string {
		result := &r.Results[at[i]]
		return fmt.Sprintf("| %s | %s |\n", r.secretLabel(&result.Change), escape(failedAs(result)+r.why(result)))
	}, "| … and %d more | |\n") + "\n"
}

// known is 0 for a result that is unknown, which comes first, and else 1.
func known(result *apply.Result) int {
	if result.Outcome == apply.Unknown {
		return 0
	}
	return 1
}

// failedAs is what became of a change that failed, in front of why.
func failedAs(result *apply.Result) string {
	switch action := result.Change.Action; {
	case lacking(result):
		return ""
	case result.Outcome == apply.Unknown:
		return "unknown: "
	case action == "":
		return "no plan: "
	default:
		return "not " + string(action) + "d: "
	}
}
