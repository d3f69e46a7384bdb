package nairi_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

const aDate = "Mon, 27 Apr 2026 10:00:00 GMT"

// updated is what an update is answered with, after the replies of a script.
func updated(ctx context.Context, t *testing.T, script ...reply) (nairi.Secret, error) {
	t.Helper()
	client := newClient(t, "https://nairi.example.com", func(o *nairi.Options) { o.Transport = &replies{t: t, left: script} })
	return client.Update(ctx, vaultID, secretID, nairi.Patch{Value: secret.New(value)})
}

// twice gives a reply a second header of a name.
func twice(name, text string, first reply) reply {
	return func(r *http.Request) (*http.Response, error) {
		resp, err := first(r)
		resp.Header.Add(name, text)
		return resp, err
	}
}

// A Date says when a write was carried out only if it is the one there is, and if
// no attempt before may have carried it out.
func TestADateIsKeptWhereItSaysWhenAWriteWasDone(t *testing.T) {
	t.Parallel()
	dated := status(200, "Date", aDate)
	for name, test := range map[string]struct {
		script []reply
		dated  bool
	}{
		"a Date":                    {[]reply{dated}, true},
		"none":                      {[]reply{status(200)}, false},
		"of no form":                {[]reply{status(200, "Date", "2026-04-27T10:00:00Z")}, false},
		"two of them":               {[]reply{twice("Date", "Mon, 27 Apr 2026 11:00:00 GMT", dated)}, false},
		"no connection before":      {[]reply{down, dated}, true},
		"a limit before":            {[]reply{status(429, "Date", aDate), dated}, true},
		"a lost answer before":      {[]reply{lost, dated}, false},
		"an error before":           {[]reply{status(500), dated}, false},
		"a lost answer long before": {[]reply{lost, down, status(429), dated}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got, err := updated(t.Context(), t, test.script...)
				want := time.Time{}
				if test.dated {
					want = time.Date(2026, 4, 27, 10, 0, 0, 0, time.UTC)
				}
				if err != nil || !got.AnsweredAt.Equal(want) {
					t.Errorf("answered at %s, %v", got.AnsweredAt, err)
				}
			})
		})
	}
}

// slow is a reply that takes its time.
func slow(length time.Duration, then reply) reply {
	return func(r *http.Request) (*http.Response, error) {
		time.Sleep(length)
		return then(r)
	}
}

// An answer that was made before a request that may write is not the answer to it.
func TestAnAnswerThatIsOlderThanItsRequestIsNone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reply  reply
		stored bool
	}{
		"no age":                   {status(200), false},
		"0, of what was not kept":  {status(200, "Age", "0"), false},
		"rounded up":               {status(200, "Age", "2"), false},
		"older":                    {status(200, "Age", "3"), true},
		"as old as the request":    {slow(10*time.Second, status(200, "Age", "12")), false},
		"older than a slow one":    {slow(10*time.Second, status(200, "Age", "13")), true},
		"older than any":           {status(200, "Age", "9223372036854775807"), true},
		"of no form":               {status(200, "Age", "an hour"), false},
		"from the future":          {status(200, "Age", "-7"), false},
		"two, of which one is old": {twice("Age", "0", status(200, "Age", "60")), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range calls {
				synctest.Test(t, func(t *testing.T) {
					_, _, err := attempts(t.Context(), t, c, test.reply)
					var e *nairi.Error
					if !test.stored || c.name == "list" {
						if err != nil {
							t.Errorf("%s: %v", c.name, err)
						}
						return
					}
					if !errors.As(err, &e) || e.Kind != nairi.Unexpected || e.OutcomeUnknown != c.writes {
						t.Errorf("%s: %+v", c.name, err)
					}
				})
			}
		})
	}
}
