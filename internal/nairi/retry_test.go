package nairi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/network"
)

// reply is what a server, or the way to it, does with one request.
type reply func(*http.Request) (*http.Response, error)

// replies is a transport without a network: each request gets the next reply,
// and one more than there are replies fails the test.
type replies struct {
	t    *testing.T
	left []reply
}

func (r *replies) RoundTrip(request *http.Request) (*http.Response, error) {
	if len(r.left) == 0 {
		r.t.Error("one request too many")
		return nil, errors.New("no reply is left")
	}
	next := r.left[0]
	r.left = r.left[1:]
	return next(request)
}

// connect tells the client that its request may have been sent.
func connect(r *http.Request) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
}

// status replies with a status and the documented body, and headers by pairs.
func status(code int, header ...string) reply {
	return func(r *http.Request) (*http.Response, error) {
		connect(r)
		body := stored
		switch {
		case code > 299:
			body = `{"error":"told so"}`
		case r.Method == http.MethodGet:
			body = "[]"
		}
		resp := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
		for pair := range slices.Chunk(header, 2) {
			resp.Header.Set(pair[0], pair[1])
		}
		return resp, nil
	}
}

// lost is a reply that never comes, and down a connection that never does.
func lost(r *http.Request) (*http.Response, error) {
	connect(r)
	return nil, io.ErrUnexpectedEOF
}

func down(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }

// attempts does one call and returns how often it was sent, the pauses between,
// and its error. The random number is always a half.
func attempts(ctx context.Context, t *testing.T, c call, script ...reply) (int, []string, error) {
	t.Helper()
	transport := &replies{t: t, left: script}
	var pauses []string
	client := newClient(t, "https://nairi.example.com", func(o *nairi.Options) {
		o.Transport = transport
		o.Random = func() float64 { return 0.5 }
		o.Notify = func(r network.Retry) {
			pauses = append(pauses, r.Wait.String())
			if r.Err == nil {
				t.Error("told of another attempt without an error")
			}
		}
	})
	err := c.do(ctx, client)
	return len(script) - len(transport.left), pauses, err
}

func callNamed(name string) call {
	return calls[slices.IndexFunc(calls, func(c call) bool { return c.name == name })]
}

func TestWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	ok := status(200)
	all, none := "list look create update delete", ""
	butCreate := "list look update delete"
	for _, test := range []struct {
		name  string
		first reply
		again string // the calls that are
	}{
		{"no connection", down, all},
		{"no answer", lost, butCreate},
		{"408", status(408), all},
		{"429", status(429), all},
		{"500", status(500), butCreate},
		{"502", status(502), butCreate},
		{"503", status(503), butCreate},
		{"504", status(504), butCreate},
		{"520 of Cloudflare", status(520), butCreate},
		{"522 of Cloudflare", status(522), butCreate},
		{"530 of Cloudflare", status(530), butCreate},
		{"519", status(519), none},
		{"531", status(531), none},
		{"403 that says when", status(403, "Retry-After", "1"), all},
		{"403 with nothing left", status(403, "X-RateLimit-Remaining", "0"), all},
		{"403 with some left", status(403, "X-RateLimit-Remaining", "7"), none},
		{"407", status(407), none},
		{"407 that says when", status(407, "Retry-After", "1"), none},
		{"511 of a log-in page", status(511), none},
		{"a redirect", status(307), none},
		{"400", status(400), none},
		{"401", status(401), none},
		{"403", status(403), none},
		{"404", status(404), none},
		{"409", status(409), none},
		{"501", status(501), none},
		{"accepted", status(202), none},
	} {
		for _, c := range calls {
			t.Run(test.name+" "+c.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					again := slices.Contains(strings.Fields(test.again), c.name)
					sent, _, err := attempts(t.Context(), t, c, test.first, ok)
					if want := map[bool]int{true: 2, false: 1}[again]; sent != want || (err == nil) != again {
						t.Errorf("sent %d times, %v; want %d times", sent, err, want)
					}
				})
			})
		}
	}
}

func TestAttemptsAndPausesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent, pauses, err := attempts(t.Context(), t, callNamed("update"), status(503), lost, status(500), status(502), status(503), status(500), status(200))
		if diff := cmp.Diff([]string{"250ms", "500ms", "1s", "2s", "4s"}, pauses); sent != 6 || diff != "" || nairi.StatusOf(err) != 500 {
			t.Errorf("sent %d times, %v\n%s", sent, err, diff)
		}
	})
}

// Too many requests are no failure: as long as there is time they are sent again.
func TestARateLimitUsesUpNoAttempt(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		synctest.Test(t, func(t *testing.T) {
			script := []reply{status(503), status(429, "Retry-After", "1"), status(429), status(503, "Retry-After", "1")}
			for range 20 {
				script = append(script, status(429, "Retry-After", "2"))
			}
			if c.name == "create" { // of which a 503 would leave open whether it was done
				script = script[1:3]
			}
			sent, _, err := attempts(t.Context(), t, c, append(script, status(200))...)
			if err != nil || sent != len(script)+1 {
				t.Errorf("%s: sent %d times, %v", c.name, sent, err)
			}
		})
	}
}

func TestAWishOfTwoHoursEndsAStepOfTwoMinutesAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			start := time.Now()
			sent, _, err := attempts(ctx, t, c, status(429, "Retry-After", "7200"))
			var e *nairi.Error
			if sent != 1 || !errors.As(err, &e) || e.Status != 429 || e.OutcomeUnknown || time.Since(start) != 0 {
				t.Fatalf("%s: sent %d times in %s, %v", c.name, sent, time.Since(start), err)
			}
			if e.Note != "it asks to wait 2 h, and the step has 2 min left" {
				t.Errorf("%s: note %q", c.name, e.Note)
			}
		})
	}
}

// looking is a create that may be sent again after a look, which says that the
// secret is not there until it is the nth.
func looking(found int, looks *int) call {
	return call{name: "create", do: func(ctx context.Context, c *nairi.Client) error {
		_, err := c.Create(ctx, vaultID, nairi.NewSecret{}, func(context.Context) error {
			if *looks++; *looks == found {
				return errors.New("it is there")
			}
			return nil
		})
		return err
	}}
}

// A create that may have been carried out is looked for before it is sent again,
// and then goes on like any other request.
func TestACreateIsSentAgainAfterALook(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script      []reply
		found       int // by which look
		sent, looks int
		done        bool
		pauses      []string
	}{
		"no connection":                 {[]reply{down, down, status(200)}, 0, 3, 0, true, []string{"250ms", "500ms"}},
		"too many requests":             {[]reply{status(429, "Retry-After", "3"), status(200)}, 0, 2, 0, true, []string{"3s"}},
		"an answer that was lost":       {[]reply{lost, status(200)}, 0, 2, 1, true, []string{"250ms"}},
		"lost, and it is there":         {[]reply{lost}, 1, 1, 1, false, []string{"250ms"}},
		"lost twice, and it is there":   {[]reply{lost, lost}, 2, 2, 2, false, []string{"250ms", "500ms"}},
		"the server is told to be busy": {[]reply{status(503, "Retry-After", "9"), status(200)}, 0, 2, 1, true, []string{"9s"}},
		"lost, then no connection":      {[]reply{lost, down, status(200)}, 0, 3, 2, true, []string{"250ms", "500ms"}},
		"a redirect":                    {[]reply{status(302), status(200)}, 0, 2, 1, true, []string{"250ms"}},
		"accepted for later":            {[]reply{status(202)}, 0, 1, 0, false, nil},
		"lost to the end":               {[]reply{lost, lost, lost, lost, lost, lost}, 0, 6, 5, false, []string{"250ms", "500ms", "1s", "2s", "4s"}},
		"refused":                       {[]reply{status(400)}, 0, 1, 0, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				looks := 0
				sent, pauses, err := attempts(t.Context(), t, looking(test.found, &looks), test.script...)
				if sent != test.sent || looks != test.looks || (err == nil) != test.done {
					t.Errorf("sent %d times, looked %d times, %v", sent, looks, err)
				}
				if d := cmp.Diff(test.pauses, pauses); d != "" {
					t.Error(d)
				}
				var e *nairi.Error
				if errors.As(err, &e) && e.OutcomeUnknown != (name != "refused") {
					t.Errorf("unknown: %v", e.OutcomeUnknown)
				}
			})
		})
	}
}

// Why a create is not sent again, although there would be time, is that nobody knows
// whether it was done.
func TestACreateThatCannotBeLookedForSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var looked error
		c := call{name: "create", do: func(ctx context.Context, c *nairi.Client) error {
			_, err := c.Create(ctx, vaultID, nairi.NewSecret{}, func(ctx context.Context) error {
				_, looked = c.List(ctx, vaultID)
				return looked
			})
			return err
		}}
		sent, _, err := attempts(t.Context(), t, c, lost, status(403))
		want := "the connection broke before the answer came: unexpected EOF; not sent again, because nobody could look whether it was done: " +
			`Nairi does not allow this API key to list the vault's secrets: "told so" (GET `
		if sent != 2 || looked == nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("sent %d times, %v, want %s", sent, err, want)
		}
	})
}

// What a server asks for is granted, if there is time. Dates go by the clock of the
// server: the bubble's, which stands for the runner's, is off by ten minutes.
func TestTheServersWishIsGranted(t *testing.T) {
	t.Parallel()
	const own = "250ms" // the pause that the client would make itself
	date := "Sat, 01 Jan 2000 00:10:00 GMT"
	for text, want := range map[string]string{
		"7": "7s", "60": "1m0s", "61": "1m1s", "999999": "277h46m39s", "0": own, "soon": own, "": own,
		"Sat, 01 Jan 2000 00:10:09 GMT": "9s",
		"Sat, 01 Jan 2000 05:00:00 GMT": "4h50m0s",
		"Sat, 01 Jan 2000 00:09:59 GMT": own,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, pauses, err := attempts(t.Context(), t, callNamed("update"), status(429, "Retry-After", text, "Date", date), status(200))
				if diff := cmp.Diff([]string{want}, pauses); err != nil || diff != "" {
					t.Errorf("%v\n%s", err, diff)
				}
			})
		})
	}
}

// A page that is not there, or a redirect, says nothing of other requests.
func TestAWishIsThatOfABusyServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, "https://nairi.example.com", func(o *nairi.Options) {
			o.Transport = &replies{t: t, left: []reply{status(404, "Retry-After", "60"), status(307, "Retry-After", "60"), status(200)}}
		})
		start := time.Now()
		for range 3 {
			_ = calls[0].do(t.Context(), client)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %s", took)
		}
	})
}

// told is a client of which one request has been told to wait for 30 seconds, and
// goes on to wait.
func told(ctx context.Context, t *testing.T, after ...reply) *nairi.Client {
	t.Helper()
	client := newClient(t, "https://nairi.example.com", func(o *nairi.Options) {
		o.Transport = &replies{t: t, left: append([]reply{status(429, "Retry-After", "30")}, after...)}
	})
	go func() { _ = callNamed("delete").do(ctx, client) }()
	synctest.Wait()
	return client
}

func TestNoOtherRequestIsSentWhileOneWasToldToWait(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := told(t.Context(), t, status(200), status(200))
				start := time.Now()
				if err := c.do(t.Context(), client); err != nil || time.Since(start) != 30*time.Second {
					t.Errorf("%v after %s", err, time.Since(start))
				}
				synctest.Wait()
			})
		})
	}
}

func TestARequestThatIsHeldBackForTooLongIsNotSent(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 31*time.Second)
				defer cancel()
				client := told(ctx, t, status(200))
				short, cancel := context.WithTimeout(ctx, 5*time.Second)
				defer cancel()
				start := time.Now()
				wantError(t, c, failure(short, t, c, client), nairi.Error{
					Kind: nairi.Refused, Status: 429, Limited: true,
					Note: "not sent, because another request was answered so; it asks to wait 30 s, and the step has 5 s left",
				})
				if took := time.Since(start); took != 0 {
					t.Errorf("waited %s", took)
				}
				time.Sleep(31 * time.Second) // for the one that was told
			})
		})
	}
}

func TestACancelledRequestIsNotHeldBack(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				client := told(ctx, t)
				time.AfterFunc(time.Second, cancel)
				start := time.Now()
				wantBroken(t, c, failure(ctx, t, c, client), nairi.Error{Kind: nairi.Cancelled})
				if took := time.Since(start); took != time.Second {
					t.Errorf("waited %s", took)
				}
				synctest.Wait()
			})
		})
	}
}

func TestAPauseThatOutlastsTheDeadlineIsNotBegun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		sent, _, err := attempts(ctx, t, callNamed("update"), status(429, "Retry-After", "7"), status(200))
		var e *nairi.Error
		if sent != 1 || !errors.As(err, &e) || e.Status != 429 || e.OutcomeUnknown || time.Since(start) != 0 {
			t.Fatalf("sent %d times in %s, %v", sent, time.Since(start), err)
		}
		if e.Message != "told so" || e.Note != "it asks to wait 7 s, and the step has 5 s left" {
			t.Errorf("message %q, note %q", e.Message, e.Note)
		}
	})
}

func TestCancelledBetweenAttempts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		first   reply
		unclear bool
		says    string
	}{
		{"nothing done", status(429), false, `Nairi is receiving too many requests from this key: "told so"; not retried`},
		{"perhaps done", lost, true, "the connection broke before the answer came: unexpected EOF; not retried"},
		{"the server failed", status(503), true, `Nairi answered with an error of its own (503): "told so"; not retried`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				time.AfterFunc(100*time.Millisecond, cancel)
				sent, _, err := attempts(ctx, t, callNamed("update"), test.first, status(200))
				var e *nairi.Error
				if sent != 1 || !errors.As(err, &e) || e.Kind != nairi.Cancelled || e.OutcomeUnknown != test.unclear {
					t.Fatalf("sent %d times, %+v", sent, e)
				}
				if !strings.HasSuffix(e.Note, "not retried, because the run was cancelled") {
					t.Errorf("note %q", e.Note)
				}
				if !strings.HasPrefix(e.Error(), test.says) {
					t.Errorf("%q does not begin with %q", e, test.says)
				}
			})
		})
	}
}

// What an attempt may have done is not undone by what the next one is told.
func TestTheFateOfAWriteIsThatOfAllItsAttempts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		call              string
		script            []reply
		status            int
		unclear, finished bool
	}{
		{"update", []reply{status(404)}, 404, false, false},
		{"update", []reply{down, status(404)}, 404, false, false},
		{"update", []reply{status(429), status(404)}, 404, false, false},
		{"update", []reply{lost, status(404)}, 404, true, false},
		{"update", []reply{status(500), status(404)}, 404, true, true},
		{"update", []reply{status(500), lost, status(404)}, 404, true, false},
		{"update", []reply{lost, status(500), status(400)}, 400, true, false},
		{"delete", []reply{lost, status(404)}, 404, true, false},
		{"delete", []reply{down, down, down, down, down, down}, 0, false, false},
		{"create", []reply{down, status(500)}, 500, true, true},
		{"create", []reply{status(429), lost}, 0, true, false},
		{"look", []reply{lost, status(404)}, 404, false, false},
	} {
		t.Run(fmt.Sprint(test.call, len(test.script), test.status, test.unclear, test.finished), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, _, err := attempts(t.Context(), t, callNamed(test.call), test.script...)
				var e *nairi.Error
				if !errors.As(err, &e) || e.Status != test.status || e.OutcomeUnknown != test.unclear || e.Finished != test.finished {
					t.Errorf("got %+v, want status %d, unclear %v, finished %v", e, test.status, test.unclear, test.finished)
				}
			})
		})
	}
}
