package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// About says what a comment on a pull request was made of. What is not known is
// left empty, and not shown.
type About struct {
	Commit   string // of the pull request, in full
	Manifest string // its name, if it is that of a file
	Run      string // its number
	Version  string // of this program
	// RepositoryURL is the page of the repository, below which those of the commit
	// and the run are; empty for no links.
	RepositoryURL string
}

// Comment is the run as the text of a comment on a pull request, in Markdown. Its
// first line says whether there is a plan: a comment without one takes the place of
// one that showed an earlier plan. It never holds a value.
func (r *Report) Comment(about About) string {
	state, first := r.state()
	var b strings.Builder
	b.WriteString(first + "\n\n")
	if r.planless() {
		b.WriteString(r.whyNoPlan())
	} else {
		b.WriteString(r.details())
	}
	fmt.Fprintf(&b, "\n<sub>**%s**%s</sub>\n", state, r.origin(about))
	return b.String()
}

// planless reports whether the run ended before there was a plan.
func (r *Report) planless() bool { return len(r.Changes) == 0 && r.Err != nil && !r.faulted() }

// faulted reports whether the run ended because of its plan. That may have no change at
// all: of a shard, or once somebody else has done what was approved.
func (r *Report) faulted() bool {
	return slices.ContainsFunc([]error{plan.ErrUnmanaged, plan.ErrPlanChanged, plan.ErrTooManyDeletes}, func(fault error) bool { return errors.Is(r.Err, fault) })
}

// state is what became of the run, in a word and as a heading.
func (r *Report) state() (word, first string) {
	outcome, _ := r.Outcome()
	switch {
	case r.planless():
		return "failed", "### ❌ No plan: " + r.noPlan()
	case r.blocked():
		return "refused", fmt.Sprintf("### ❌ Plan refused: %d of %d secrets cannot be planned", r.failed(), len(r.Results))
	case r.refused():
		return "refused", r.heading()
	case outcome == apply.Failed:
		return "failed", "### ❌ Not applied"
	case outcome == apply.Partial:
		return "applied in part", "### ❌ Applied in part"
	case outcome == apply.Unknown:
		return "unknown", "### ⚠️ Applied, with an outcome that is unknown"
	case outcome == apply.Planned && !r.rewrites():
		return "planned", r.heading()
	case outcome == apply.Planned, outcome == apply.Unchanged:
		return "no changes", r.heading()
	}
	return "applied", r.heading()
}

// refused reports whether there is a plan that the run may not carry out.
func (r *Report) refused() bool {
	outcome, _ := r.Outcome()
	return outcome == apply.Failed && !r.planless() && !r.blocked() && (r.counts()[apply.Planned] > 0 || r.faulted())
}

// failed is how many results have an error.
func (r *Report) failed() int {
	n := 0
	for _, result := range r.Results {
		if result.Err != nil {
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
	count := counted(len(problems), "problem")
	if file := r.fileOf(problems); file != "" {
		return count + " in " + code(file)
	}
	return count + " with the inputs"
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
	if !errors.As(r.Err, &problems) {
		failure, hint := r.Failure()
		return fmt.Sprintf("%s\n\n**What to do:** %s.\n\nNothing was changed. Run the job again afterwards, and the plan appears here.\n",
			code(failure), escape(hint))
	}
	var b strings.Builder
	inFile := r.fileOf(problems) != ""
	for i, p := range problems {
		if b.Len() > maxMarkdown {
			fmt.Fprintf(&b, "- … and %d more; the log has them all.\n", len(problems)-i)
			break
		}
		b.WriteString("- " + r.problemLine(p, inFile) + "\n")
	}
	if r.Code() != problem.BadInput {
		fmt.Fprintf(&b, "\n**What to do:** %s.\n", escape(r.hint()))
	}
	if inFile {
		return b.String() + "\nNothing was read from the vaults. Push a fix, and the plan appears here.\n"
	}
	return b.String() + "\nNothing was read from the vaults. Correct this and run the job again, and the plan appears here.\n"
}

// problemLine is a problem, without the name of the file that all are in. No redactor
// would know a secret that has been escaped.
func (r *Report) problemLine(p problem.Problem, inFile bool) string {
	if inFile {
		p.Input, p.File = "", ""
	}
	p.Text = r.clean(p.Text)
	return escape(p.String())
}

// origin says what a comment was made of.
func (r *Report) origin(about About) string {
	var text string
	if commit := about.Commit; commit != "" {
		text += " for " + linked(commit[:min(len(commit), 7)], about.RepositoryURL, "/commit/"+commit)
	}
	if about.Manifest != "" {
		text += " · " + code(r.clean(about.Manifest))
	}
	if about.Run != "" {
		text += " · " + linked("run "+about.Run, about.RepositoryURL, "/actions/runs/"+about.Run)
	}
	return text + " · vault-secret " + escape(about.Version)
}

// linked is a text that leads to a page of the repository, if there are any.
func linked(text, repository, page string) string {
	if repository == "" {
		return code(text)
	}
	return "[" + code(text) + "](" + repository + page + ")"
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
