package action

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// meddler is something between a step and the API.
type meddler func(api http.RoundTripper, r *http.Request) (*http.Response, error)

// edited lets everything through, and changes what a write is answered with.
func edited(edit func(header http.Header, body string) string) meddler {
	return func(api http.RoundTripper, r *http.Request) (*http.Response, error) {
		resp, err := api.RoundTrip(r)
		if err != nil || r.ContentLength <= int64(len("{}")) {
			return resp, err
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		resp.Body = io.NopCloser(strings.NewReader(edit(resp.Header, string(body))))
		resp.ContentLength = -1
		return resp, nil
	}
}

// replaced is edited where one text of the body takes the place of another.
func replaced(texts ...string) meddler {
	return edited(func(_ http.Header, body string) string { return strings.NewReplacer(texts...).Replace(body) })
}

// bodied is edited with another body.
func bodied(body string) meddler {
	return edited(func(http.Header, string) string { return body })
}

// headed is edited with another header.
func headed(name string, texts ...string) meddler {
	return edited(func(header http.Header, body string) string { header[name] = texts; return body })
}

// lateBy is edited where the Date is that of another clock.
func lateBy(late time.Duration) meddler {
	return edited(func(header http.Header, body string) string {
		date, _ := http.ParseTime(header.Get("Date"))
		header.Set("Date", date.Add(-late).Format(http.TimeFormat))
		return body
	})
}

// instead gives a write an answer of its own, and the API never sees it.
func instead(header http.Header, body string) meddler {
	return func(api http.RoundTripper, r *http.Request) (*http.Response, error) {
		if r.ContentLength <= int64(len("{}")) {
			return api.RoundTrip(r)
		}
		answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(body))}
		answer.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
		for name, texts := range header {
			answer.Header[name] = texts
		}
		return answer, nil
	}
}

// earlier is what a look at the secret was answered with before the step.
const earlier = `{"id":"` + tokenID + `","env_key":"TOKEN","allowed_domains":["api.example.com"],` +
	`"created_at":"2026-04-25T11:00:00.000Z","updated_at":"2026-04-25T11:00:00.000Z"}`

// Whatever answers a write without a look before it, the report is true: a write that was
// done is reported as done or as unknown, and no other is reported as done.
func TestWhateverAWriteIsAnsweredWithIsToldAsItIs(t *testing.T) {
	t.Parallel()
	fenced := inputs{"secret_id": tokenID, "value": value, "allowed_domains": "db.example.com"}
	opened := inputs{"secret_id": tokenID, "value": value, "allow_any_domain": "true"}
	asFenced, asOpened := "TOKEN "+value+" [db.example.com]", "TOKEN "+value+" []"
	for name, tt := range map[string]struct {
		with   inputs
		meddle meddler
		result string
		stored string
	}{
		"nothing odd":                         {rotation, replaced(), "updated", rotated},
		"another secret's ID":                 {rotation, replaced(tokenID, otherID), "unknown", rotated},
		"another vault":                       {rotation, replaced(`{"id"`, `{"vault_id":"`+vaultID+`","id"`), "unknown", rotated},
		"another name":                        {rotation, replaced(`"TOKEN"`, `"OTHER"`), "updated", rotated},
		"no body":                             {rotation, bodied(""), "unknown", rotated},
		"a page":                              {rotation, bodied("<html>Welcome"), "unknown", rotated},
		"an empty object":                     {rotation, bodied("{}"), "unknown", rotated},
		"an ID alone":                         {rotation, bodied(`{"id":"` + tokenID + `"}`), "updated", rotated},
		"twice the same":                      {rotation, edited(func(_ http.Header, body string) string { return body + body }), "unknown", rotated},
		"a list of it":                        {rotation, edited(func(_ http.Header, body string) string { return "[" + body + "]" }), "unknown", rotated},
		"no updated_at":                       {rotation, replaced(`"updated_at"`, `"at"`), "updated", rotated},
		"an updated_at of no form":            {rotation, replaced("12:00:0", "noon"), "unknown", rotated},
		"an updated_at that is still to come": {rotation, replaced("T12:00:0", "T23:59:5"), "updated", rotated},
		"no hosts, though some were sent":     {fenced, replaced(`"allowed_domains"`, `"hosts"`), "updated", asFenced},
		"other hosts than were sent":          {fenced, replaced("db.example.com", "evil.example"), "unknown", asFenced},
		"any host, though some were sent":     {fenced, replaced(`"db.example.com"`, ""), "unknown", asFenced},
		"hosts, though any were sent":         {opened, replaced("[]", `["db.example.com"]`), "unknown", asOpened},
		"hosts of null, though any were":      {opened, replaced("[]", "null"), "updated", asOpened},
		"a Date of tomorrow":                  {rotation, lateBy(-24 * time.Hour), "updated", rotated},
		"a Date of yesterday":                 {rotation, lateBy(24 * time.Hour), "updated", rotated},
		"a Date of no form":                   {rotation, headed("Date", "noon"), "updated", rotated},
		"two Dates":                           {rotation, headed("Date", "Sat, 25 Apr 2026 18:00:00 GMT", "Sat, 25 Apr 2026 12:00:00 GMT"), "updated", rotated},
		"no Date":                             {rotation, headed("Date"), "updated", rotated},
		"what a proxy adds":                   {rotation, headed("Age", "0"), "updated", rotated},
		"one that was stored, and came late":  {rotation, instead(http.Header{"Age": {"3600"}, "Date": {"Sat, 25 Apr 2026 11:00:00 GMT"}}, earlier), "unknown", asBefore},
		"one to an earlier request":           {rotation, instead(nil, earlier), "unchanged", asBefore},
		"one to an earlier request, fenced":   {fenced, instead(nil, earlier), "unknown", asBefore},
	} {
		inBubble(t, name, func(s *stage) {
			s.Set(func(o *nairitest.Options) { o.Now = time.Now })
			api := s.transport
			s.transport = roundTrip(func(r *http.Request) (*http.Response, error) { return tt.meddle(api, r) })
			got := s.step(tt.with)
			code, errorCode := report.ExitDone, problem.Code("")
			if tt.result == "unknown" {
				code, errorCode = report.ExitUnknown, problem.UnknownState
			}
			got.ends(s.t, code, tt.result, errorCode)
			same(s.t, "the vault", []string{tt.stored}, s.stored())
			opens := strings.Contains(got.log, "can now be sent to any host")
			if opens != (tt.result == "updated" && tt.stored == asOpened) {
				s.t.Errorf("that it can be sent to any host is told: %t: %s", opens, got.log)
			}
		})
	}
}
