package github_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// value is what the tests here write. No error may hold it.
const value = "hunter2-hostile-everyone"

// What tokens of each kind lack for each place.
var lacking = map[string]map[string]string{
	inRepo: {
		"github_pat_": "it needs the repository permission Secrets: read and write",
		"ghu_":        "it needs the repository permission Secrets: read and write",
		"ghp_":        "it needs the scope repo",
		"gho_":        "it needs the scope repo",
		"ghs_":        "a job's own token never may, and a GitHub App's needs the repository permission Secrets: read and write",
		"0123456789":  "it needs the repository permission Secrets: read and write, or as a classic token the scope repo",
	},
	inProduction: {
		"github_pat_": "it needs the repository permission Environments: read and write",
		"ghp_":        "it needs the scope repo",
		"ghs_":        "a job's own token never may, and a GitHub App's needs the repository permission Environments: read and write",
		"0123456789":  "it needs the repository permission Environments: read and write, or as a classic token the scope repo",
	},
	inOrg: {
		"github_pat_": "it needs the organization permission Secrets: read and write",
		"ghp_":        "it needs the scope admin:org",
		"ghs_":        "a job's own token never may, and a GitHub App's needs the organization permission Secrets: read and write",
		"0123456789":  "it needs the organization permission Secrets: read and write, or as a classic token the scope admin:org",
	},
	inDependabot: {
		"github_pat_": "it needs the repository permission Dependabot secrets: read and write",
		"ghp_":        "it needs the scope repo",
		"ghs_":        "a job's own token never may, and a GitHub App's needs the repository permission Dependabot secrets: read and write",
		"0123456789":  "it needs the repository permission Dependabot secrets: read and write, or as a classic token the scope repo",
	},
}

func TestTokenThatMayNotWriteSecretsIsToldWhatItLacks(t *testing.T) {
	t.Parallel()
	for place, kinds := range lacking {
		for kind, lacks := range kinds {
			server := githubtest.New(t, githubtest.Options{})
			server.SetToken(kind+"TESTtoken", "alice")
			o := options(server)
			o.Token = secret.New(kind + "TESTtoken")
			for access, want := range map[githubtest.Access]string{
				githubtest.Refused: "read the public key of " + place + ": 403 Forbidden: the token may not do this: " + lacks,
				githubtest.Hidden:  "read the public key of " + place + ": 404 Not Found: not there, or the token may not see it: " + lacks,
				githubtest.Reads:   "write TOKEN to " + place + ": 403 Forbidden: the token may not do this: " + lacks,
			} {
				server.Grant(place, access)
				secrets := newClient(t, o).Secrets(rand.Reader)
				_, looked := secrets.Look(t.Context(), writable(t, place), "TOKEN")
				if (looked == nil) != (access == githubtest.Reads) {
					t.Errorf("%s, %d: the look ends with %v", place, access, looked)
				}
				_, err := secrets.Write(t.Context(), writable(t, place), "TOKEN", secret.New(value))
				wantError(t, err, want)
				if errors.Is(err, mirror.ErrUnknown) {
					t.Errorf("%s, %d: a refusal is said to be unknown", place, access)
				}
			}
			wantSecrets(t, server, place)
		}
	}
}

func TestPlacesThatAreNotThere(t *testing.T) {
	t.Parallel()
	const app = "a job's own token never may, and a GitHub App's needs the "
	for spelled, want := range map[string]string{
		"repo:octo/dogs":        "read the public key of repo:octo/dogs: 404 Not Found: not there, or the token may not see it: " + app + "repository permission Secrets: read and write",
		"env:octo/cats/staging": "read the public key of env:octo/cats/staging: 404 Not Found: not there, or the token may not see it: " + app + "repository permission Environments: read and write",
		"env:octo/dogs/staging": "read the public key of env:octo/dogs/staging: 404 Not Found: not there, or the token may not see it: " + app + "repository permission Environments: read and write",
	} {
		server := githubtest.New(t, githubtest.Options{})
		_, err := secretsOf(t, server).Look(t.Context(), target(t, spelled), "TOKEN")
		wantError(t, err, want)
	}
}

func TestTokenThatIsNotAuthorizedForSingleSignOn(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.Fail(githubtest.Fault{On: "key", Answer: githubtest.Status(403, "X-GitHub-SSO: required; url=https://github.com/orgs/octo/sso?authorization_request=hostile")})
	_, err := secretsOf(t, server).Look(t.Context(), target(t, inOrg), "TOKEN")
	wantError(t, err, "read the public key of org:octo: 403 Forbidden: the organization has single sign-on, and the token is not authorized for it")
}

// questions are the requests about a secret of an organization that is selected, and what is
// attempted by each: of these, all that there are.
var questions = map[string]string{
	"key":      "read the public key of org:octo",
	"secrets":  "list the secrets of org:octo",
	"secret":   "look up TOKEN of org:octo",
	"selected": "list the repositories that may read TOKEN of org:octo",
	"write":    "write TOKEN to org:octo",
}

// octo has a secret that three repositories may read.
func octo(t *testing.T) *githubtest.Server {
	t.Helper()
	server := githubtest.New(t, githubtest.Options{})
	server.AddSecret(inOrg, githubtest.Secret{Name: "TOKEN", Value: "old", Visibility: "selected", Repositories: []int{3, 5, 8}, UpdatedAt: noon})
	return server
}

// written is what a write of octo's secret by the clock of a bubble comes to.
type written struct {
	created bool
	err     error
	took    time.Duration
}

func writeOcto(t *testing.T, server *githubtest.Server, within time.Duration, change func(*github.Options)) (w written) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		o := options(server)
		o.Transport = server.Transport()
		if change != nil {
			change(&o)
		}
		start := time.Now()
		w.created, w.err = newClient(t, o).Secrets(rand.Reader).Write(ctx, target(t, inOrg), "TOKEN", secret.New(value))
		w.took = time.Since(start)
	})
	return w
}

// wantWrite holds a report against what is there.
func wantWrite(t rapid.TB, what string, server *githubtest.Server, w written) {
	t.Helper()
	there := server.Secrets(inOrg)
	if len(there) != 1 || len(there[0].Repositories) != 3 || there[0].Visibility != "selected" {
		t.Fatalf("%s: the readers are not those from before", what)
	}
	switch now := there[0].Value; {
	case w.err == nil && now != value:
		t.Errorf("%s: said to be written, and is not", what)
	case w.err != nil && !errors.Is(w.err, mirror.ErrUnknown) && now != "old":
		t.Errorf("%s: said not to be written, and is: %v", what, w.err)
	case w.created:
		t.Errorf("%s: said to be new", what)
	}
}

func TestRefusalsOfSecretsThatStay(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		400: "400 Bad Request",
		401: "401 Unauthorized: GitHub does not accept the token",
		410: "410 Gone",
		422: "422 Unprocessable Entity: GitHub does not accept it. A repository or an environment has at most 100 secrets, and an organization 1,000",
		302: "302 Found: a redirect, which is never followed: most likely it was renamed or moved",
	} {
		for on, attempt := range questions {
			server := octo(t)
			server.Fail(githubtest.Fault{On: on, Answer: githubtest.Status(status)})
			w := writeOcto(t, server, time.Hour, nil)
			wantError(t, w.err, attempt+": "+want)
			wantWrite(t, attempt, server, w)
			if got := server.Requests(); !strings.HasPrefix(got[len(got)-1], on+" ") {
				t.Errorf("%s, %d: %q, want no request after it", on, status, got)
			}
		}
	}
}

// A value goes nowhere but to GitHub.
func TestNoRedirectOfASecretIsFollowed(t *testing.T) {
	t.Parallel()
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request went to a stranger") }))
	t.Cleanup(stranger.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for on, attempt := range questions {
			server := octo(t)
			server.Fail(githubtest.Fault{On: on, Answer: githubtest.Status(status, "Location: "+stranger.URL)})
			_, err := secretsOf(t, server).Write(t.Context(), target(t, inOrg), "TOKEN", secret.New(value))
			wantError(t, err, fmt.Sprintf("%s: %d %s: a redirect, which is never followed: most likely it was renamed or moved", attempt, status, http.StatusText(status)))
		}
	}
}

func TestAnswersAboutSecretsThatAreNotGitHubs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "null", "{}", "[]", "<html>hostile</html>", `{"key_id":"1"}`, `{"key_id":"1","key":"hostile"}`, `{"key_id":"1","key":"YWJj"}`,
		`{"key_id":"hostile\n","key":"2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvv1234"}`, `{"total_count":1,"secrets":[null]}`,
		`{"total_count":1,"secrets":[{"name":"TOKEN"}]}`, `{"secrets":"hostile"}`, `{"name":"TOKEN","visibility":"selected"}`,
	} {
		for on, attempt := range questions {
			want := attempt + ": 200 OK: the answer is not the documented JSON"
			if on == "write" {
				want = attempt + ": 200 OK: the answer does not say that it was written"
			}
			server := octo(t)
			server.Fail(githubtest.Fault{On: on, Answer: githubtest.Text(text)})
			w := writeOcto(t, server, time.Hour, nil)
			wantError(t, w.err, want)
			wantWrite(t, attempt, server, w)
		}
	}
}

func TestAnswerAboutSecretsThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	for on, attempt := range questions {
		if on == "write" { // of its answer only the status is read
			continue
		}
		server := octo(t)
		server.Fail(githubtest.Fault{On: on, Answer: githubtest.Endless})
		wantError(t, writeOcto(t, server, time.Hour, nil).err, attempt+": 200 OK: the answer is longer than 8 MiB")
	}
}

// crowded is how GitHub answers what comes at a bad moment.
var crowded = map[string]http.HandlerFunc{"409": githubtest.Status(409)}

func TestPassingFaultsOfSecretsAreSurvived(t *testing.T) {
	t.Parallel()
	for _, faults := range []map[string]http.HandlerFunc{passing, crowded} {
		for name, answer := range faults {
			for on := range questions {
				if name == "answer cut" && on == "write" { // which is a success to who reads the status
					continue
				}
				for _, late := range []bool{false, true} {
					server := octo(t)
					server.Fail(githubtest.Fault{On: on, Times: 5, Late: late, Answer: answer})
					w := writeOcto(t, server, time.Hour, nil)
					if w.err != nil {
						t.Errorf("%s, %s: %v", name, on, w.err)
					}
					wantWrite(t, name, server, w)
				}
			}
		}
	}
}

func TestWriteWhoseOutcomeNobodyKnows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"500":  {githubtest.Status(500), "500 Internal Server Error"},
		"503":  {githubtest.Status(503), "503 Service Unavailable"},
		"202":  {githubtest.Status(202), "202 Accepted: GitHub only accepted the request, which does not say that it is done"},
		"cut":  {githubtest.Cut, "no answer"},
		"hang": {githubtest.Hang, "no answer in time"},
	} {
		for _, late := range []bool{false, true} {
			server := octo(t)
			server.Fail(githubtest.Fault{On: "write", Late: late, Answer: test.answer})
			w := writeOcto(t, server, time.Hour, nil)
			wantError(t, w.err, "write TOKEN to org:octo: "+test.want)
			if !errors.Is(w.err, mirror.ErrUnknown) {
				t.Errorf("%s: it is not said to be unknown", name)
			}
		}
	}
}

// A refusal says nothing of the attempt before it.
func TestRefusalAfterALostAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		server := octo(t)
		server.Fail(githubtest.Fault{On: "write", Times: 1, Late: late, Answer: githubtest.Cut})
		server.Fail(githubtest.Fault{On: "write", Answer: githubtest.Status(401)})
		w := writeOcto(t, server, time.Hour, nil)
		wantError(t, w.err, "write TOKEN to org:octo: 401 Unauthorized: GitHub does not accept the token; an attempt before may have written it")
		if !errors.Is(w.err, mirror.ErrUnknown) {
			t.Error("it is not said to be unknown")
		}
	}
}

// unreachable lets only so many requests through.
type unreachable struct {
	next http.RoundTripper
	left int
}

// RoundTrip implements http.RoundTripper.
func (u *unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	if u.left--; u.left < 0 {
		return nil, errors.New("hostile: connection refused")
	}
	return u.next.RoundTrip(r)
}

// What never left this machine changed nothing.
func TestWriteThatWasNotSentIsNotUnknown(t *testing.T) {
	t.Parallel()
	server := octo(t)
	w := writeOcto(t, server, time.Hour, func(o *github.Options) { o.Transport = &unreachable{o.Transport, 4} })
	wantError(t, w.err, "write TOKEN to org:octo: no answer")
	if errors.Is(w.err, mirror.ErrUnknown) {
		t.Error("it is said to be unknown")
	}
	wantWrite(t, "unreachable", server, w)
}

// The first attempt may have made it, of which the second one knows nothing.
func TestSecretThatALostAttemptMadeIsNew(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(githubtest.Fault{On: "write", Times: 1, Late: late, Answer: githubtest.Status(502)})
		if created, err := secretsOf(t, server).Write(t.Context(), target(t, inRepo), "TOKEN", secret.New("one")); !created || err != nil {
			t.Errorf("late is %v: %v, created is %v", late, err, created)
		}
	}
}

func TestWaitThatGitHubAsksForIsWhole(t *testing.T) {
	t.Parallel()
	for on := range questions {
		server := octo(t)
		server.Fail(githubtest.Fault{On: on, Times: 10, Answer: githubtest.Status(429, "Retry-After: 61")})
		w := writeOcto(t, server, time.Hour, nil)
		if w.err != nil || w.took < 610*time.Second || w.took > 650*time.Second {
			t.Errorf("%s: %v after %s, want ten times 61 s", on, w.err, w.took)
		}
		wantWrite(t, on, server, w)
	}
}

func TestSomebodyIsToldOfARetry(t *testing.T) {
	t.Parallel()
	var told []string
	server := octo(t)
	server.Fail(githubtest.Fault{On: "write", Times: 1, Answer: githubtest.Status(429, "Retry-After: 61")})
	server.Fail(githubtest.Fault{On: "key", Times: 1, Answer: githubtest.Cut})
	w := writeOcto(t, server, time.Hour, func(o *github.Options) {
		o.Notify = func(r network.Retry) { told = append(told, fmt.Sprintf("%v: %s", r.Err, r.Wait)) }
	})
	want := []string{
		"read the public key of org:octo: no answer: 0s",
		"write TOKEN to org:octo: 429 Too Many Requests: GitHub is receiving too many requests, and asks to wait 1 min 1 s: 1m1s",
	}
	if d := gocmp.Diff(want, told); d != "" || w.err != nil {
		t.Errorf("%v (-want +got):\n%s", w.err, d)
	}
}

func TestWaitPastTheDeadlineIsNotBegun(t *testing.T) {
	t.Parallel()
	server := octo(t)
	server.Fail(githubtest.Fault{On: "write", Answer: githubtest.Status(403, "Retry-After: 120")})
	w := writeOcto(t, server, time.Minute, nil)
	wantError(t, w.err, "write TOKEN to org:octo: 403 Forbidden: GitHub is receiving too many requests, and asks to wait 2 min; it asks to wait 2 min, and the step has 1 min left")
	if w.took != 0 || errors.Is(w.err, mirror.ErrUnknown) {
		t.Errorf("unknown, or only after %s", w.took)
	}
	wantWrite(t, "limit", server, w)
}

func TestCancelledWrite(t *testing.T) {
	t.Parallel()
	for on, attempt := range questions {
		ctx, cancel := context.WithCancel(t.Context())
		server := octo(t)
		server.Fail(githubtest.Fault{On: on, Answer: func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		}})
		_, err := secretsOf(t, server).Write(ctx, target(t, inOrg), "TOKEN", secret.New(value))
		wantError(t, err, attempt+": stopped, because the run was cancelled")
		if !errors.Is(err, context.Canceled) || errors.Is(err, mirror.ErrUnknown) != (on == "write") {
			t.Errorf("%s: unknown is %v", on, errors.Is(err, mirror.ErrUnknown))
		}
	}
}

// cancelling cancels a run while the request of a method is on its way.
type cancelling struct {
	http.RoundTripper
	during string
	cancel func()
}

func (c cancelling) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == c.during {
		c.cancel()
	}
	return c.RoundTripper.RoundTrip(r)
}

// With Abandon, a cancelled write that is on its way comes to its end, and nothing new is
// sent.
func TestWriteInFlightOutlivesACancelledContext(t *testing.T) {
	t.Parallel()
	for during, refusal := range map[string]http.HandlerFunc{
		http.MethodPut: nil, http.MethodGet: nil, "a refusal of PUT": githubtest.Status(http.StatusForbidden), "a failure of PUT": githubtest.Status(http.StatusBadGateway),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		server := octo(t)
		method := during
		if refusal != nil {
			method = http.MethodPut
			server.Fail(githubtest.Fault{On: "write", Answer: refusal})
		}
		o := options(server)
		o.Transport, o.Abandon = cancelling{server.Transport(), method, cancel}, make(chan struct{})
		_, err := newClient(t, o).Secrets(rand.Reader).Write(ctx, target(t, inOrg), "TOKEN", secret.New(value))
		unknown, cancelled := errors.Is(err, mirror.ErrUnknown), errors.Is(err, context.Canceled)
		written := server.Secrets(inOrg)[0].Value == value
		want := map[string][4]bool{ // an error, unknown, cancelled, written
			http.MethodPut: {false, false, false, true}, http.MethodGet: {true, false, true, false},
			"a refusal of PUT": {true, false, false, false}, "a failure of PUT": {true, true, true, false},
		}[during]
		if got := [4]bool{err != nil, unknown, cancelled, written}; got != want {
			t.Errorf("%s: %v, written %v", during, err, written)
		}
	}
}

func TestAbandonedWrite(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server, abandon := octo(t), make(chan struct{})
	server.Fail(githubtest.Fault{On: "write", Answer: func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		close(abandon)
		<-r.Context().Done()
	}})
	o := options(server)
	o.Abandon = abandon
	_, err := newClient(t, o).Secrets(rand.Reader).Write(ctx, target(t, inOrg), "TOKEN", secret.New(value))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, mirror.ErrUnknown) {
		t.Errorf("the error is %v", err)
	}
}

// After any history the report is what is there, and a second run mends it.
func TestReportOfAWriteIsWhatIsThere(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"200": githubtest.Text("{}"), "202": githubtest.Status(202), "307": githubtest.Status(307), "401": githubtest.Status(401),
		"403": githubtest.Status(403), "404": githubtest.Status(404), "409": githubtest.Status(409), "422": githubtest.Status(422),
		"429": githubtest.Status(429, "Retry-After: 5"), "500": githubtest.Status(500), "503": githubtest.Status(503, "Retry-After: 5"),
		"limit": githubtest.SecondaryLimit, "cut": githubtest.Cut, "torn": githubtest.Torn, "hang": githubtest.Hang,
	}
	names := slices.Sorted(maps.Keys(answers))
	// No server carries out what it then refuses.
	late := []string{"200", "202", "500", "503", "cut", "torn", "hang"}
	rapid.Check(t, func(rt *rapid.T) {
		type fault struct {
			On, Answer string
			Times      int
			Late       bool
		}
		faults := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fault {
			f := fault{
				On:     rapid.SampledFrom([]string{"key", "secrets", "secret", "selected", "write", "write", "write"}).Draw(t, "on"),
				Answer: rapid.SampledFrom(names).Draw(t, "answer"), Times: rapid.IntRange(0, 7).Draw(t, "times"),
			}
			f.Late = slices.Contains(late, f.Answer) && rapid.Bool().Draw(t, "late")
			return f
		}), 0, 5).Draw(rt, "faults")
		within := rapid.SampledFrom([]time.Duration{0, time.Second, 40 * time.Second, time.Hour}).Draw(rt, "within")
		server := octo(t)
		for _, f := range faults {
			server.Fail(githubtest.Fault{On: f.On, Times: f.Times, Late: f.Late, Answer: answers[f.Answer]})
		}
		w := writeOcto(t, server, within, func(o *github.Options) { o.Random = half })
		wantWrite(rt, fmt.Sprint(faults), server, w)
		if w.err != nil && (strings.Contains(w.err.Error(), value) || strings.Contains(w.err.Error(), githubtest.DefaultToken)) {
			rt.Error("the error holds a secret")
		}
		server.Heal()
		if w := writeOcto(t, server, time.Hour, nil); w.err != nil {
			rt.Errorf("the run after it: %v", w.err)
		}
		if server.Secrets(inOrg)[0].Value != value {
			rt.Error("the run after it has not written the value")
		}
	})
}
