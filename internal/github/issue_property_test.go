package github_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// history is what happens to the one issue of a manifest, step by step.
type history struct {
	steps []step
	last  string // what the last run finds to be off, undisturbed
}

// step is one run, or several at the same time, after something that a person did.
type step struct {
	person string
	finds  []string // what each run finds; "" for nothing
	faults []fault
	lag    time.Duration
	seed   uint64 // of how long requests and answers are on their way
}

// fault is a fault by its name, so that it can be shown.
type fault struct {
	on, answer string
	times      int
	late       bool
}

// answers are the ways in which GitHub fails.
var answers = map[string]http.HandlerFunc{
	"500":                        githubtest.Status(500),
	"503, to wait":               githubtest.Status(503, "Retry-After: 3"),
	"429, to wait":               githubtest.Status(429, "Retry-After: 5"),
	"403 secondary":              githubtest.SecondaryLimit,
	"403 secondary, to wait":     githubtest.Status(403, "Retry-After: 20"),
	"403 primary":                githubtest.Status(403, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 946684860"),
	"403 primary, for long":      githubtest.Status(403, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 4102444800"),
	"403 forbidden":              githubtest.Status(403),
	"422":                        githubtest.Status(422),
	"cut":                        githubtest.Cut,
	"torn":                       githubtest.Torn,
	"hang":                       githubtest.Hang,
	"something that is not JSON": githubtest.Text("<html>"),
	"an empty object":            githubtest.Text("{}"),
}

// people are what people do with the issue of the lowest number that is ours.
var people = map[string]func(*githubtest.Issue){
	"":                     func(*githubtest.Issue) {},
	"closes it":            func(i *githubtest.Issue) { i.State, i.Reason = "closed", "completed" },
	"opens it":             func(i *githubtest.Issue) { i.State, i.Reason = "open", "" },
	"takes the label off":  func(i *githubtest.Issue) { i.Labels = nil },
	"edits the text":       func(i *githubtest.Issue) { i.Body += "\r\na note" },
	"takes the marker out": func(i *githubtest.Issue) { i.Body = "left alone" },
}

// histories are as many runs as a day may bring, in the worst order.
func histories() *rapid.Generator[history] {
	finding := rapid.SampledFrom([]string{"", "one", "two"})
	faults := rapid.Custom(func(t *rapid.T) fault {
		return fault{
			on:     rapid.SampledFrom([]string{"", "viewer", "issues", "open", "open", "change", "list", "create"}).Draw(t, "on"),
			answer: rapid.SampledFrom(sorted(answers)).Draw(t, "answer"),
			times:  rapid.IntRange(1, 4).Draw(t, "times"),
			late:   rapid.Bool().Draw(t, "late"),
		}
	})
	steps := rapid.Custom(func(t *rapid.T) step {
		return step{
			person: rapid.SampledFrom(sorted(people)).Draw(t, "person"),
			finds:  rapid.SliceOfN(finding, 1, 3).Draw(t, "finds"),
			faults: rapid.SliceOfN(faults, 0, 2).Draw(t, "faults"),
			lag:    rapid.SampledFrom([]time.Duration{0, 0, time.Second, 5 * time.Second, time.Minute}).Draw(t, "lag"),
			seed:   rapid.Uint64().Draw(t, "seed"),
		}
	})
	return rapid.Custom(func(t *rapid.T) history {
		return history{rapid.SliceOfN(steps, 1, 5).Draw(t, "steps"), finding.Draw(t, "last")}
	})
}

// slow is a network on which requests and answers take their time, each its own.
type slow struct {
	next   http.RoundTripper
	random *rand.Rand
}

// RoundTrip implements http.RoundTripper.
func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Duration(s.random.Int64N(int64(time.Second))))
	resp, err := s.next.RoundTrip(r)
	time.Sleep(time.Duration(s.random.Int64N(int64(time.Second))))
	return resp, err
}

// events are a history as it happens.
type events struct {
	t      *testing.T
	server *githubtest.Server
	run    int64
	let    map[int]githubtest.Issue // the issues that people took out of our hands, as they left them
	odd    error                    // more than one open issue where there was no fault
}

// happen lets a history happen, and returns the error of the last run.
func (e *events) happen(h history) error {
	for _, s := range h.steps {
		e.person(s.person)
		for _, f := range s.faults {
			e.server.Fail(githubtest.Fault{On: f.on, Times: f.times, Late: f.late, Answer: answers[f.answer]})
		}
		e.server.Lag(s.lag)
		var all sync.WaitGroup
		for i, text := range s.finds {
			e.run++
			client := e.client(s.seed + uint64(i))
			issue := off(e.run, text)
			all.Go(func() { _ = client.Issue(e.t.Context(), octoCats, issue) })
		}
		all.Wait()
		if open := e.open(); len(s.faults) == 0 && s.lag < 7*time.Second && len(open) > 1 {
			e.odd = fmt.Errorf("after runs without faults %d issues are open: %q", len(open), open)
		}
		e.server.Heal()
		time.Sleep(time.Hour) // then lists show all
	}
	e.run++
	return e.client(0).Issue(e.t.Context(), octoCats, off(e.run, h.last))
}

func (e *events) client(seed uint64) *github.Client {
	random := rand.New(rand.NewPCG(seed, 1))
	o := options(e.server)
	o.Transport, o.Random, o.Timeout = &slow{e.server.Transport(), random}, random.Float64, 20*time.Second
	return newClient(e.t, o)
}

// person lets a person do something with the first issue that is ours.
func (e *events) person(doing string) {
	for _, issue := range e.server.Issues(repo) {
		if !strings.HasPrefix(issue.Body, "<!-- ") {
			continue
		}
		e.server.ChangeIssue(repo, issue.Number, people[doing])
		if doing == "takes the marker out" {
			issue.Body = "left alone"
			e.let[issue.Number] = issue
		}
		return
	}
}

// open are the open issues that have our marker.
func (e *events) open() []string {
	var open []string
	for _, issue := range e.server.Issues(repo) {
		if _, let := e.let[issue.Number]; !let && issue.State == "open" {
			open = append(open, shown(issue))
		}
	}
	return open
}

// judge says what is not as it should be after the last run.
func (e *events) judge(last string, err error) error {
	if err != nil {
		return fmt.Errorf("the last run, which nothing disturbed: %w", err)
	}
	var originals []string
	for _, issue := range e.server.Issues(repo) {
		if left, let := e.let[issue.Number]; let {
			if issue.Body != left.Body || issue.State != left.State || issue.Title != left.Title {
				return fmt.Errorf("an issue without our marker was touched: %s", shown(issue))
			}
			continue
		}
		if len(issue.Labels) > 0 && !strings.Contains(issue.Body, "one is enough") {
			originals = append(originals, shown(issue))
		}
	}
	switch open := e.open(); {
	case e.odd != nil:
		return e.odd
	case len(open) > 1:
		return fmt.Errorf("%d issues are open: %q", len(open), open)
	case len(originals) > 1:
		return fmt.Errorf("%d issues were made in turn: %q", len(originals), originals)
	case last == "" && len(open) > 0:
		return errors.New("an issue is open, and all is well")
	case last != "" && (len(open) == 0 || !strings.Contains(open[0], " open: "+last+"\n\n<sub>run ")):
		return fmt.Errorf("open are %q, and off is %q", open, last)
	}
	return nil
}

// Whatever happened, after a run that nothing disturbs there are never two open
// issues, and it leaves the truth. 1,000 histories by default; for more:
//
//	go test ./internal/github -run TestAfterAnyHistory -rapid.checks=10000
func TestAfterAnyHistoryOneIssueSaysWhatIsSo(t *testing.T) {
	t.Parallel()
	for range 10 { // times the 100 that rapid checks
		rapid.Check(t, func(r *rapid.T) {
			h := histories().Draw(r, "history")
			e := &events{server: githubtest.New(t, githubtest.Options{}), let: map[int]githubtest.Issue{}}
			defer e.server.Close()
			var err error
			synctest.Test(t, func(t *testing.T) {
				e.t = t
				err = e.judge(h.last, e.happen(h))
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	}
}

func sorted[V any](names map[string]V) []string { return slices.Sorted(maps.Keys(names)) }
