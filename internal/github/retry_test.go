package github_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// story is a comment on a pull request, and how long it waited for it.
type story struct {
	server *githubtest.Server
	waits  []time.Duration
	err    error
}

// tell comments where faults strike. A comment of ours is there if one of them
// needs it.
func tell(t *testing.T, faults ...githubtest.Fault) story {
	t.Helper()
	s := story{server: githubtest.New(t, githubtest.Options{})}
	for _, fault := range faults {
		if fault.On == "edit" || fault.On == "viewer" {
			s.server.Add(cats, bot, ours(t, "old"))
		}
		s.server.Fail(fault)
	}
	o := options(s.server)
	o.Sleep = func(_ context.Context, wait time.Duration) error {
		s.waits = append(s.waits, wait)
		return nil
	}
	s.err = newClient(t, o).Comment(t.Context(), cats7, github.Comment{Body: "new"})
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
				s := tell(t, githubtest.Fault{On: on, Times: 2, Late: late, Answer: answer})
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
		s := tell(t, githubtest.Fault{On: "list", Answer: answer})
		if s.err == nil || errors.Is(s.err, github.ErrNotAllowed) || len(s.waits) != 2 {
			t.Errorf("%s: %v after the waits %v", name, s.err, s.waits)
		}
		wantRequests(t, s.server, "list", "list", "list")
	}
}

// The answer to the first attempt is lost, the comment is there: to send it
// again blindly would make a second one.
func TestCommentWhoseAnswerIsLostIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	for name, answer := range passing {
		s := tell(t, githubtest.Fault{On: "create", Times: 1, Late: true, Answer: answer})
		if s.err != nil {
			t.Errorf("%s: %v", name, s.err)
		}
		wantTexts(t, s.server, bot+": new")
		wantRequests(t, s.server, "list", "create", "list", "viewer")
	}
}

func TestServerSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
	now := "Date: " + date.Format(http.TimeFormat)
	reset := "X-RateLimit-Reset: " + strconv.FormatInt(date.Add(40*time.Second).Unix(), 10)
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		want   time.Duration
	}{
		{"seconds", githubtest.Status(429, "Retry-After: 30"), 30 * time.Second},
		{"date", githubtest.Status(429, now, "Retry-After: "+date.Add(20*time.Second).Format(http.TimeFormat)), 20 * time.Second},
		{"secondary limit", githubtest.Status(403, "Retry-After: 30"), 30 * time.Second},
		{"secondary limit without a time", githubtest.SecondaryLimit, time.Minute},
		{"429 without a time", githubtest.Status(429), time.Minute},
		{"429 with a time that is none", githubtest.Status(429, "Retry-After: soon"), time.Minute},
		{"none left", githubtest.Status(403, now, "X-RateLimit-Remaining: 0", reset), 40 * time.Second},
		{"none left, 429", githubtest.Status(429, now, "X-RateLimit-Remaining: 0", reset), 40 * time.Second},
		{"none left, for ever", githubtest.Status(403, "X-RateLimit-Remaining: 0"), time.Minute},
		{"down", githubtest.Status(503, "Retry-After: 50"), 50 * time.Second},
	} {
		s := tell(t, githubtest.Fault{On: "list", Times: 1, Answer: test.answer})
		if s.err != nil || !slices.Equal(s.waits, []time.Duration{test.want}) {
			t.Errorf("%s: %v after the waits %v, want %v", test.name, s.err, s.waits, test.want)
		}
	}
}

func TestLongWaitsAreNotBegun(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
	for wait, answer := range map[string]http.HandlerFunc{
		"1m1s":         githubtest.Status(429, "Retry-After: 61"),
		"596523h14m7s": githubtest.Status(429, "Retry-After: 2147483647"),
		"15m0s": githubtest.Status(429, "Date: "+date.Format(http.TimeFormat), "X-RateLimit-Remaining: 0",
			"X-RateLimit-Reset: "+strconv.FormatInt(date.Add(15*time.Minute).Unix(), 10)),
	} {
		s := tell(t, githubtest.Fault{On: "list", Answer: answer})
		wantError(t, s.err, "list the comments of octo/cats#7: 429 Too Many Requests: too many requests, asked to wait "+wait)
		if len(s.waits) != 0 {
			t.Errorf("%s: waited %v", wait, s.waits)
		}
	}
}

func TestWaitsAreAMinuteTogether(t *testing.T) {
	t.Parallel()
	s := tell(t, githubtest.Fault{On: "list", Answer: githubtest.Status(429, "Retry-After: 40")})
	wantError(t, s.err, "list the comments of octo/cats#7: 429 Too Many Requests: too many requests, asked to wait 40s")
	if !slices.Equal(s.waits, []time.Duration{40 * time.Second}) {
		t.Errorf("waited %v, want 40s alone", s.waits)
	}
}

func TestRequestThatTakesTooLong(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "list", Answer: githubtest.Hang})
	waits := 0
	o := options(server)
	o.Timeout = 20 * time.Millisecond
	o.Sleep = func(context.Context, time.Duration) error {
		waits++
		return nil
	}
	err := newClient(t, o).Comment(t.Context(), cats7, github.Comment{Body: "new"})
	wantError(t, err, "list the comments of octo/cats#7: no answer in time")
	if waits != 2 {
		t.Errorf("%d waits, want 2", waits)
	}
}

func TestRunThatEndsDuringAWait(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "list", Answer: githubtest.Status(429, "Retry-After: 30")})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	o := options(server)
	o.Sleep = nil // its own does not begin a wait that outlasts the run
	err := newClient(t, o).Comment(ctx, cats7, github.Comment{Body: "new"})
	wantError(t, err, "list the comments of octo/cats#7: 429 Too Many Requests: too many requests, asked to wait 30s")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not context.DeadlineExceeded", err)
	}
	wantRequests(t, server, "list")
}

// down answers every request with 503.
type down struct{}

// RoundTrip implements http.RoundTripper.
func (down) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody}, nil
}

// waiting comments with the clock of the test's bubble, and returns how long
// that took.
func waiting(ctx context.Context, t *testing.T) (time.Duration, error) {
	t.Helper()
	client := newClient(t, github.Options{APIURL: "https://api.github.com", Token: secret.New("token"), Transport: down{}})
	start := time.Now()
	err := client.Comment(ctx, cats7, github.Comment{Body: "new"})
	return time.Since(start), err
}

func TestWaitsOfOurOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		took, err := waiting(t.Context(), t)
		wantError(t, err, "list the comments of octo/cats#7: 503 Service Unavailable")
		if took < time.Second || took > 4*time.Second {
			t.Errorf("two waits took %v", took)
		}
	})
}

func TestRunThatIsCancelledDuringAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		took, err := waiting(ctx, t)
		if !errors.Is(err, context.Canceled) || took != time.Millisecond {
			t.Errorf("%v after %v, want context.Canceled at once", err, took)
		}
	})
}
