package github_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// story is a comment on a pull request, and how long that took by the clock of
// a bubble, in which only pauses take time.
type story struct {
	server *githubtest.Server
	took   time.Duration
	err    error
}

// tell comments where faults strike. A comment of ours is there if one of them
// needs it.
func tell(t *testing.T, within time.Duration, change func(*github.Options), faults ...githubtest.Fault) story {
	t.Helper()
	s := story{server: githubtest.New(t, githubtest.Options{})}
	for _, fault := range faults {
		if needsOurs[fault.On] {
			s.server.Add(cats, bot, ours(t, "old"))
		}
		s.server.Fail(fault)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		o := options(s.server)
		o.Transport = s.server.Transport()
		if change != nil {
			change(&o)
		}
		start := time.Now()
		s.err = newClient(t, o).Comment(ctx, cats7, github.Comment{Body: "new"})
		s.took = time.Since(start)
	})
	return s
}

// passing are the faults that another attempt may survive.
var passing = map[string]http.HandlerFunc{
	"500":             githubtest.Status(500),
	"502":             githubtest.Status(502),
	"503":             githubtest.Status(503, "Retry-After: 1"),
	"429":             githubtest.Status(429, "Retry-After: 1"),
	"secondary limit": githubtest.Status(403, "Retry-After: 1"),
	"primary limit":   githubtest.Status(403, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1"),
	"connection cut":  githubtest.Cut,
	"answer cut":      githubtest.Torn,
}

func TestPassingFaultsAreSurvived(t *testing.T) {
	t.Parallel()
	for name, answer := range passing {
		for on := range attempts {
			for _, late := range []bool{false, true} {
				s := tell(t, time.Hour, nil, githubtest.Fault{On: on, Times: 2, Late: late, Answer: answer})
				if s.err != nil {
					t.Errorf("%s, %s: %v", name, on, s.err)
				}
				wantTexts(t, s.server, bot+": new")
			}
		}
	}
}

func TestThreeAttemptsAreMade(t *testing.T) {
	t.Parallel()
	for name, answer := range passing {
		s := tell(t, time.Hour, nil, githubtest.Fault{On: "list", Answer: answer})
		if s.err == nil {
			t.Errorf("%s: no error", name)
		}
		wantRequests(t, s.server, "list", "list", "list")
	}
}

// The answer to the first attempt is lost, the comment is there: to send it
// again blindly would make a second one.
func TestCommentWhoseAnswerIsLostIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	for name, answer := range passing {
		s := tell(t, time.Hour, nil, githubtest.Fault{On: "create", Times: 1, Late: true, Answer: answer})
		if s.err != nil {
			t.Errorf("%s: %v", name, s.err)
		}
		wantTexts(t, s.server, bot+": new")
		wantRequests(t, s.server, "list", "pull", "create", "list", "viewer")
	}
}

func TestServerSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC) // not that of the bubble
	now := "Date: " + date.Format(http.TimeFormat)
	reset := "X-RateLimit-Reset: " + strconv.FormatInt(date.Add(40*time.Second).Unix(), 10)
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   time.Duration
	}{
		"seconds":                        {githubtest.Status(429, "Retry-After: 30"), 30 * time.Second},
		"date":                           {githubtest.Status(429, now, "Retry-After: "+date.Add(20*time.Second).Format(http.TimeFormat)), 20 * time.Second},
		"secondary limit":                {githubtest.Status(403, "Retry-After: 30"), 30 * time.Second},
		"secondary limit without a time": {githubtest.SecondaryLimit, time.Minute},
		"429 without a time":             {githubtest.Status(429), time.Minute},
		"429 with a time that is none":   {githubtest.Status(429, "Retry-After: soon"), time.Minute},
		"none left":                      {githubtest.Status(403, now, "X-RateLimit-Remaining: 0", reset), 40 * time.Second},
		"none left, 429":                 {githubtest.Status(429, now, "X-RateLimit-Remaining: 0", reset), 40 * time.Second},
		"none left, for ever":            {githubtest.Status(403, "X-RateLimit-Remaining: 0"), time.Minute},
		"down":                           {githubtest.Status(503, "Retry-After: 50"), 50 * time.Second},
	} {
		s := tell(t, time.Hour, nil, githubtest.Fault{On: "list", Times: 1, Answer: test.answer})
		if s.err != nil || s.took != test.want {
			t.Errorf("%s: %v after %s, want %s", name, s.err, s.took, test.want)
		}
	}
}

// To come back early is what GitHub bans integrations for.
func TestAWaitIsWholeOrNotBegun(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
	const refused = "list the comments of octo/cats#7: 429 Too Many Requests: GitHub is receiving too many requests, and asks to wait "
	for name, test := range map[string]struct {
		within time.Duration
		header []string
		took   time.Duration
		want   string
		cause  error
	}{
		"over a minute": {time.Hour, []string{"Retry-After: 61"}, 0, "1 min 1 s", nil},
		"for ever":      {time.Hour, []string{"Retry-After: 2147483647"}, 0, "24855 d 3 h", nil},
		"until reset": {time.Hour, []string{
			"Date: " + date.Format(http.TimeFormat), "X-RateLimit-Remaining: 0",
			"X-RateLimit-Reset: " + strconv.FormatInt(date.Add(15*time.Minute).Unix(), 10),
		}, 0, "15 min", nil},
		"two over a minute": {time.Hour, []string{"Retry-After: 40"}, 40 * time.Second, "40 s", nil},
		"past the deadline": {10 * time.Second, []string{"Retry-After: 30"}, 0,
			"30 s; it asks to wait 30 s, and the step has 10 s left", context.DeadlineExceeded},
	} {
		s := tell(t, test.within, nil, githubtest.Fault{On: "list", Answer: githubtest.Status(429, test.header...)})
		wantError(t, s.err, refused+test.want)
		if s.took != test.took || !errors.Is(s.err, test.cause) && test.cause != nil {
			t.Errorf("%s: %v after %s, want %s", name, s.err, s.took, test.took)
		}
	}
}

func TestRequestThatTakesTooLong(t *testing.T) {
	t.Parallel()
	s := tell(t, time.Hour, func(o *github.Options) { o.Timeout = 20 * time.Second }, githubtest.Fault{On: "list", Answer: githubtest.Hang})
	wantError(t, s.err, "list the comments of octo/cats#7: no answer in time")
	if s.took != time.Minute {
		t.Errorf("three attempts of 20s took %s", s.took)
	}
}

func TestWaitsOfOurOwn(t *testing.T) {
	t.Parallel()
	s := tell(t, time.Hour, func(o *github.Options) { o.Random = half }, githubtest.Fault{On: "list", Answer: githubtest.Status(503)})
	wantError(t, s.err, "list the comments of octo/cats#7: 503 Service Unavailable")
	if s.took != 3*time.Second {
		t.Errorf("two waits took %s, want 1s and 2s", s.took)
	}
}

func TestRunThatIsCancelledDuringAWait(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "list", Answer: githubtest.Status(503)})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		o := options(server)
		o.Transport, o.Random = server.Transport(), half
		start := time.Now()
		err := newClient(t, o).Comment(ctx, cats7, github.Comment{Body: "new"})
		wantError(t, err, "list the comments of octo/cats#7: 503 Service Unavailable; not retried, because the run was cancelled")
		if took := time.Since(start); !errors.Is(err, context.Canceled) || took != time.Millisecond {
			t.Errorf("%v after %s, want context.Canceled at once", err, took)
		}
	})
}
