package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/plan"
)

// A change in a log has a line for its value, a line for each host that it gains or loses,
// and a line for each mirror.

// keptHosts says which hosts a change leaves as they are; empty if it sends some.
func keptHosts(change *plan.Change) string {
	before := change.Hosts()
	switch {
	case change.Action == plan.Create, change.Action == plan.Update && change.Patch.AllowedDomains != nil:
		return ""
	case !before.Known(): // nobody looked before the write
		return "keep"
	case before.IsAny():
		return "keep (" + anyHost + ")"
	}
	return "keep (" + counted(len(before), "host") + ")"
}

// signed are texts behind a sign, up to so many, each as show spells it.
func signed(sign string, most int, texts []string, show func(string) string) []string {
	var lines []string
	for _, text := range texts[:min(len(texts), most)] {
		lines = append(lines, sign+" "+show(text))
	}
	if more := len(texts) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("%s … and %d more", sign, more))
	}
	return lines
}

// hostLines are the hosts of a change, a line each.
func (r *Report) hostLines(change *plan.Change) []string {
	if kept := keptHosts(change); kept != "" {
		return []string{kept}
	}
	return r.hostSigns(change, "", mostHosts, r.clean)
}

// hostSigns are the hosts that a change adds, up to so many, and removes, each behind its
// sign and a gap.
func (r *Report) hostSigns(change *plan.Change, gap string, most int, show func(string) string) []string {
	gains, loses := hostsOf(change)
	return append(signed("+"+gap, most, gains, show), signed("-"+gap, mostHosts, loses, show)...)
}

// valueWord is what a change does with the value.
func valueWord(change *plan.Change) string {
	switch {
	case makes(change):
		return "generate " + made(*change.Desired.Generate)
	case change.Action == plan.Create:
		return "set"
	case change.SendsValue():
		return "write" + dated(change)
	}
	return "keep"
}

// dated says when a value was rotated, of one that is written for that reason.
func dated(change *plan.Change) string {
	if !change.Rotates() {
		return ""
	}
	at := change.Desired.Rotated.UTC()
	if at.Equal(at.Truncate(24 * time.Hour)) {
		return ", rotated on " + at.Format(time.DateOnly)
	}
	return ", rotated at " + at.Format(time.RFC3339)
}

// steps are what a change does to one secret, a line each.
func (r *Report) steps(change *plan.Change) []string {
	if change.Action != plan.Create && change.Action != plan.Update {
		return nil
	}
	lines := []string{"  value  " + valueWord(change)}
	name := "hosts  "
	for _, line := range r.hostLines(change) {
		lines, name = append(lines, "  "+name+line), strings.Repeat(" ", len(name))
	}
	name = "mirror "
	for _, mirror := range r.goesTo(change) {
		lines, name = append(lines, "  "+name+mirror), strings.Repeat(" ", len(name))
	}
	return lines
}

// inRow is the same in one line, of a change among many: what stays is left out.
func (r *Report) inRow(change *plan.Change) string {
	var parts []string
	switch {
	case change.RenamedTo != "":
		return "once " + r.clean(change.RenamedTo) + ", its new name, is there"
	case change.Action == plan.Delete:
		return ""
	case makes(change), change.Rotates():
		parts = append(parts, "value: "+valueWord(change))
	case change.Action == plan.Update && change.SendsValue():
		parts = append(parts, "value")
	}
	switch gains, _ := hostsOf(change); {
	case keptHosts(change) != "":
	case change.Action == plan.Create:
		parts = append(parts, "hosts: "+strings.Join(atMost(r.cleanAll(gains)), ", "))
	default:
		parts = append(parts, "hosts: "+strings.Join(r.hostSigns(change, "", mostHosts, r.clean), "  "))
	}
	if mirrors := r.goesTo(change); len(mirrors) > 0 {
		parts = append(parts, "mirrors: "+strings.Join(mirrors, ", "))
	}
	return strings.Join(parts, "; ")
}

// atMost are the first hosts of a list, and how many more there are.
func atMost(texts []string) []string {
	if more := len(texts) - mostHosts; more > 0 {
		return append(texts[:mostHosts:mostHosts], fmt.Sprintf("and %d more", more))
	}
	return texts
}
