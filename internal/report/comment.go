package report

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// About says what a summary, or a comment on a pull request, was made of. What is not known is
// left empty, and not shown.
type About struct {
	Commit   string // of the pull request, in full
	Manifest string // its name, if it is that of a file
	Run      string // its number
	Shard    string // as in 1/3; empty for the whole
	Version  string // of this program
	Applies  bool   // whether it is a run that carries out its plan
	// RepositoryURL is the page of the repository, below which those of the commit
	// and the run are; empty for no links.
	RepositoryURL string
}

// Comment is the run as the text of a comment on a pull request, in Markdown. Its
// first line says whether there is a plan: a comment without one takes the place of
// one that showed an earlier plan. It never holds a value.
func (r *Report) Comment() string { return r.Over("", "", "") }

// Over is the same in the place of an earlier comment, of which it may keep a part: of its
// text, the commit that it was for, and the PlanMark of what it showed, as far as they are
// known. A plan that is no longer of the present is folded, if there is room.
func (r *Report) Over(earlier, commit, mark string) string {
	differs := r.About.Applies && mark != "" && r.Digest != "" && mark != r.PlanMark()
	above, below := "", ""
	if differs {
		above = "**This is not the plan that was shown here.** The vaults or the manifest had changed since.\n\n"
	}
	if differs || r.planless() {
		below = outdated(earlier, commit)
	}
	text := r.page(above, "", !r.HasNews())
	if below != "" && len(text)+len(below) <= maxPage-maxRest { // it takes no room from what is of the present
		text = r.page(above, below, !r.HasNews())
	}
	return text
}

// PlanMark tells plans apart, in the 64 bits that this takes; "" if it is not known which
// plan it is.
func (r *Report) PlanMark() string { return r.Digest[:min(len(r.Digest), 16)] }

// outdatedHead begins the fold of a plan that is no longer of the present.
const outdatedHead = "<details><summary>⚪ Outdated: plan for "

// outdated is a comment that showed a plan as such a fold, or the fold that it had already;
// "" for any other.
func outdated(text, commit string) string {
	text, _, _ = strings.Cut(text, "\n<sub>**")
	if at := strings.Index(text, "\n"+outdatedHead); at >= 0 {
		return text[at:]
	}
	if !strings.HasPrefix(text, planHead) || commit == "" {
		return ""
	}
	return "\n" + outdatedHead + code(short(commit)) + "</summary>\n\n" + text + "\n</details>\n"
}

// short is a commit as people write it.
func short(commit string) string { return commit[:min(len(commit), 7)] }

// planless reports whether the run ended before there was a plan.
func (r *Report) planless() bool { return len(r.Changes) == 0 && r.Err != nil && !r.faulted() }

// faulted reports whether the run ended because of its plan. That may have no change at
// all: of a shard, or once somebody else has done what was approved.
func (r *Report) faulted() bool {
	return slices.ContainsFunc([]error{plan.ErrUnmanaged, plan.ErrPlanChanged, plan.ErrTooManyDeletes}, func(fault error) bool { return errors.Is(r.Err, fault) })
}

// state is what became of the run, in a word and as the first line of a text about it.
func (r *Report) state() (word, first string) {
	outcome, _ := r.Outcome()
	switch {
	case r.planless() && r.About.Applies:
		return "failed", "### ❌ Not applied: " + r.noPlan()
	case r.planless():
		return "failed", "### ❌ No plan: " + r.noPlan()
	case r.blocked(), r.refused():
		return "refused", "### ❌ Plan refused: " + r.refusal()
	case outcome == apply.Failed:
		return "failed", "### ❌ Not applied: " + r.noPlan()
	case outcome == apply.Partial:
		return "applied in part", "### ❌ Applied in part: " + r.inPart()
	case outcome == apply.Unknown:
		return "unknown", "### ⚠️ " + r.doubt()
	case outcome == apply.Planned && !r.rewrites():
		return "planned", planHead + r.planned().words()
	case outcome == apply.Planned, outcome == apply.Unchanged:
		what, count := r.nothing()
		return "no changes", "### No " + what + ": " + count
	}
	return "applied", "### ✅ Applied: " + r.applied()
}

// planHead begins the text of a plan.
const planHead = "### Plan: "

// nothing says of a run without changes what it has none of, and of how many secrets.
func (r *Report) nothing() (what, count string) {
	count = counted(len(r.Results), "secret")
	switch outcome, _ := r.Outcome(); {
	case outcome == apply.Planned:
		return "changes to names or hosts", count
	case len(r.quietMirrors()) > 0:
		return "changes to names or hosts", count + "; not every mirror was looked at"
	}
	return "changes", agree(len(r.Results), "secret matches", "secrets match") + " the manifest"
}

// refusal says in a few words why a plan may not be carried out.
func (r *Report) refusal() string {
	if r.blocked() {
		widening := 0
		for i := range r.Changes {
			if errors.Is(r.Changes[i].Err, plan.ErrWidens) {
				widening++
			}
		}
		if widening == r.failed() {
			return counted(widening, "secret") + " could reach more hosts, and " + code("deny_widening") + " is on"
		}
		return fmt.Sprintf("%d of %s cannot be planned", r.failed(), counted(len(r.Results), "secret"))
	}
	var over *plan.OverMost
	if errors.As(r.Err, &over) {
		return fmt.Sprintf("%s, and %s is %d", counted(over.Deletes, "delete"), code("max_deletes"), over.Most)
	}
	return reason(r.Code())
}

// doubt is the first line, without its sign, of a run that left outcomes unknown.
func (r *Report) doubt() string {
	n := r.counts()[apply.Unknown]
	switch {
	case r.written() == 0:
		return "Outcome unknown for " + counted(n, "secret") + r.andFailed()
	case r.failed() > 0:
		return fmt.Sprintf("Applied in part: %s, %d unknown", r.inPart(), n)
	}
	return "Applied, " + agree(n, "outcome", "outcomes") + " unknown"
}

// inPart says how many secrets have been written and how many have not.
func (r *Report) inPart() string { return strconv.Itoa(r.written()) + " written" + r.andFailed() }

// andFailed says how many have not, behind what else there is; "" for none.
func (r *Report) andFailed() string {
	if failed := r.failed(); failed > 0 {
		return fmt.Sprintf(", %d failed", failed)
	}
	return ""
}

// written is how many secrets are known to have been written.
func (r *Report) written() int {
	return r.howMany(func(result *apply.Result) bool { return isDone(result) && result.Err == nil })
}

// applied are the counts of a run that is done, without those of which there are none.
func (r *Report) applied() string {
	counts, again := r.counts(), r.rewritten()
	counts[apply.Updated] -= again
	counts[apply.Unchanged] += counts[apply.Absent]
	var parts []string
	for _, outcome := range []apply.Outcome{apply.Created, apply.Updated, apply.Deleted, apply.Unchanged} {
		if outcome == apply.Unchanged && len(parts) == 0 {
			parts = append(parts, counted(again, "value")+" written again")
		}
		if n := counts[outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, outcome))
		}
	}
	return strings.Join(parts, ", ")
}

// refused reports whether there is a plan that the run may not carry out.
func (r *Report) refused() bool {
	outcome, _ := r.Outcome()
	return outcome == apply.Failed && !r.planless() && !r.blocked() && (r.counts()[apply.Planned] > 0 || r.faulted())
}

// failed is how many results have an error, and are known.
func (r *Report) failed() int {
	return r.howMany(func(result *apply.Result) bool { return result.Err != nil && result.Outcome != apply.Unknown })
}

// howMany is how many results are of a kind.
func (r *Report) howMany(are func(*apply.Result) bool) int {
	n := 0
	for i := range r.Results {
		if are(&r.Results[i]) {
			n++
		}
	}
	return n
}

// noPlan says in a few words why there is no plan.
func (r *Report) noPlan() string {
	var problems problem.List
	if !errors.As(r.Err, &problems) {
		return reason(r.Code())
	}
	return counted(len(problems), "problem") + r.ofWhat(problems, code)
}

// countOf is how many problems there are, and with what.
func (r *Report) countOf(problems problem.List) string {
	return counted(len(problems), "problem") + r.ofWhat(problems, strings.Clone)
}

// ofWhat is the file that problems are in, or what else they are about.
func (r *Report) ofWhat(problems problem.List, show func(string) string) string {
	if file := r.fileOf(problems); file != "" {
		return " in " + show(file)
	}
	if slices.ContainsFunc(problems, isOutside) {
		return ""
	}
	return r.own(" with the inputs")
}

// isOutside reports whether a problem is about a variable of the platform, and no input.
func isOutside(p problem.Problem) bool {
	return strings.HasSuffix(p.Input, "_OUTPUT") || strings.HasSuffix(p.Input, "_PROXY")
}

// fileOf is the file that all problems are in, or "".
func (r *Report) fileOf(problems problem.List) string {
	for _, p := range problems {
		if p.File != problems[0].File {
			return ""
		}
	}
	return problems[0].File
}

// reason is the code of what keeps a plan from being made, in the words of a
// heading.
func reason(code problem.Code) string {
	switch code {
	case problem.Unauthorized:
		return "Nairi does not accept the API key"
	case problem.VaultNotFound:
		return "the API key sees no such vault"
	case problem.RateLimited:
		return "Nairi receives too many requests"
	case problem.Blocked:
		return "a proxy or firewall refused the request"
	case problem.TLS:
		return "the server's certificate is not trusted"
	case problem.Network:
		return "no connection to Nairi"
	case problem.Timeout:
		return "no answer in time"
	case problem.ServerError:
		return "Nairi answered with an error"
	case problem.UnexpectedAnswer:
		return "something other than Nairi answered"
	case problem.Cancelled:
		return "the job was cancelled"
	case problem.TooManyDeletes:
		return "too many deletes"
	case problem.Unmanaged:
		return "the manifest does not name all secrets"
	case problem.PlanChanged:
		return "it is not the plan that was approved"
	case problem.MirrorFailed:
		return "a mirror cannot be looked at"
	case problem.InternalError:
		return "a bug in vault-secret"
	}
	return "the run failed"
}

// whyNoPlan says what kept the run from a plan, and what to do.
func (r *Report) whyNoPlan() string {
	var problems problem.List
	again := "Run the job again afterwards, and the plan appears here."
	if r.About.Applies {
		again = "Run the job again afterwards."
	}
	if !errors.As(r.Err, &problems) {
		failure, _ := r.Failure()
		return escape(failure.What) + "\n\n" + toDo(failure.Hint) + "\nNothing was changed. " + again + "\n"
	}
	inFile := r.fileOf(problems) != ""
	text := fitted(len(problems), len(problems), maxPage/2, func(i int) string { return "- " + r.problemLine(problems[i], inFile) + "\n" }, "- … and %d more\n") + "\n"
	if r.Code() != problem.BadInput {
		text += toDo(r.hint()) + "\n"
	}
	if inFile && !r.About.Applies {
		again = "Push a fix, and the plan appears here."
	}
	return text + "Nothing was read from the vaults. " + again + "\n"
}

// toDo is what to do, as a paragraph.
func toDo(hint string) string { return "**What to do:** " + escape(hint) + "\n" }

// problemLine is a problem with its place, without the name of the file that all are in. No
// redactor would know a secret that has been escaped.
func (r *Report) problemLine(p problem.Problem, inFile bool) string {
	if !inFile || p.Line == 0 {
		p.Text = r.clean(p.Text)
		return escape(p.String())
	}
	place := fmt.Sprintf("line %d", p.Line)
	if r.About.RepositoryURL != "" && ascii.Only(p.File, ascii.Word+"-./") && p.File[0] != '/' {
		place = fmt.Sprintf("[%s](%s/blob/%s/%s#L%d)", place, r.About.RepositoryURL, r.About.Commit, p.File, p.Line)
	}
	return place + ": " + r.problemSaid(p, "")
}

// footer says in one line what a text was made of.
func (r *Report) footer(state string) string {
	origin := r.origin(r.About)
	if state == "applied" {
		origin = strings.Replace(origin, " for ", " from ", 1)
	}
	return fmt.Sprintf("\n<sub>**%s**%s</sub>\n", state, origin)
}

// origin says what a text was made of.
func (r *Report) origin(about About) string {
	var text string
	if commit := about.Commit; commit != "" {
		text += " for " + linked(code(short(commit)), about.RepositoryURL, "/commit/"+commit)
	}
	if about.Manifest != "" {
		text += " · " + code(r.clean(about.Manifest))
	}
	if about.Shard != "" {
		text += " · shard " + about.Shard
	}
	switch {
	case about.Run != "" && about.RepositoryURL == "":
		text += " · run " + about.Run
	case about.Run != "":
		text += " · " + linked("run", about.RepositoryURL, "/actions/runs/"+about.Run)
	}
	return text + " · vault-secret " + escape(about.Version)
}

// linked is Markdown that leads to a page of the repository, if there are any.
func linked(text, repository, page string) string {
	if repository == "" {
		return text
	}
	return "[" + text + "](" + repository + page + ")"
}

// ReadFrom reports whether a manifest of this name was read, well or badly.
func (r *Report) ReadFrom(name string) bool {
	var problems problem.List
	_ = errors.As(r.Err, &problems)
	for i := range problems {
		if problems[i].File == name {
			return true
		}
	}
	return r.Manifest && len(r.Desired) > 0
}
