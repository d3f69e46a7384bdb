package nairi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

const page = "<!DOCTYPE html><html><body>" + value + " " + key + "</body></html>"

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   nairi.Error
	}{
		{"400", 400, `{"error":"env_key is required"}`, nairi.Error{Message: "env_key is required"}},
		{"401", 401, `{"error":"invalid token"}`, nairi.Error{Message: "invalid token"}},
		{"403 of the API", 403, `{"error":"forbidden"}`, nairi.Error{Message: "forbidden"}},
		{"403 of a firewall", 403, page, nairi.Error{Foreign: true}},
		{"404, no vault", 404, `{"error":"vault not found"}`, nairi.Error{Message: "vault not found"}},
		{"404, no secret", 404, `{"error":"secret not found"}`, nairi.Error{Message: "secret not found"}},
		{"404, no API", 404, "404 page not found\n", nairi.Error{Foreign: true}},
		{"409", 409, `{"error":"exists"}`, nairi.Error{Message: "exists"}},
		{"429", 429, `{"error":"slow down"}`, nairi.Error{Message: "slow down"}},
		{"499", 499, ``, nairi.Error{Foreign: true}},
		{"500", 500, `{"error":"internal error"}`, nairi.Error{Message: "internal error", Unclear: true, Finished: true}},
		{"500 in HTML", 500, page, nairi.Error{Foreign: true, Unclear: true}},
		{"501", 501, `{"error":"not implemented"}`, nairi.Error{Message: "not implemented", Unclear: true}},
		{"502", 502, page, nairi.Error{Foreign: true, Unclear: true}},
		{"503", 503, `{"error":"unavailable"}`, nairi.Error{Message: "unavailable", Unclear: true, Finished: true}},
		{"504", 504, ``, nairi.Error{Foreign: true, Unclear: true}},
		{"unknown status", 599, `{"error":"odd"}`, nairi.Error{Message: "odd", Unclear: true}},
		{"empty body", 400, ``, nairi.Error{Foreign: true}},
		{"empty text", 400, `{"error":""}`, nairi.Error{}},
		{"no text", 400, `{"error":null}`, nairi.Error{Foreign: true}},
		{"another field", 400, `{"message":"` + value + `"}`, nairi.Error{Foreign: true}},
		{"another shape", 400, `{"error":{"message":"` + value + `"}}`, nairi.Error{Foreign: true}},
		{"a list", 400, `[{"error":"` + value + `"}]`, nairi.Error{Foreign: true}},
		{"a text", 400, `"` + value + `"`, nairi.Error{Foreign: true}},
		{"more fields", 400, `{"error":"x","request":"` + value + `"}`, nairi.Error{Message: "x"}},
		{"cut JSON", 400, `{"error":"` + value, nairi.Error{Foreign: true}},
		{"too long to read", 400, `{"error":"` + strings.Repeat("x", 2<<20) + `"}`, nairi.Error{Foreign: true}},
		{"echoed secrets", 400, `{"error":"bad ` + value + ` by ` + key + `"}`, nairi.Error{Message: "bad *** by ***"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				want := test.want
				want.Kind, want.Status = nairi.Refused, test.status
				got := failure(t.Context(), t, c, newClient(t, serve(t, answering(test.status, test.body))))
				wantError(t, c, got, want)
			})
		})
	}
}

// Answers that only look like a success.
func TestUnexpectedAnswers(t *testing.T) {
	const (
		notJSON  = "the answer is not the documented JSON"
		anError  = "an error with the status of a success"
		noID     = "the answer has no secret ID"
		noList   = "the answer is not a list"
		listNoID = "the answer lists a secret without an ID"
		accepted = "accepted, which does not say that it is done"
		tooLong  = "the answer is longer than 1 MiB"
		longList = "the answer is longer than 8 MiB"
		fine     = "" // no error at all
	)
	identified := func(id string) string { return fmt.Sprintf(`{"id":%q,"env_key":"A"}`, id) }
	for _, test := range []struct {
		name               string
		status             int
		body               string
		list, one, deleted string // the problem of a list, of one secret, and of a delete
	}{
		{"not JSON", 200, "OK", notJSON, notJSON, notJSON},
		{"HTML", 200, page, notJSON, notJSON, notJSON},
		{"nothing", 200, "", notJSON, notJSON, fine},
		{"204", 204, "", notJSON, notJSON, fine},
		{"202", 202, stored, accepted, accepted, accepted},
		{"202 without a body", 202, "", accepted, accepted, accepted},
		{"null", 200, "null", noList, noID, fine},
		{"a list", 200, "[" + stored + "]", fine, notJSON, fine},
		{"an object", 200, stored, notJSON, fine, fine},
		{"an envelope", 200, `{"secrets":[` + stored + `]}`, notJSON, noID, fine},
		{"an empty object", 200, `{}`, notJSON, noID, fine},
		{"an error", 200, `{"error":"` + value + `"}`, anError, anError, anError},
		{"a list of null", 200, `[null]`, listNoID, notJSON, fine},
		{"a list of nothing", 200, `[{}]`, listNoID, notJSON, fine},
		{"a list with one bad ID", 200, `[` + stored + `,{"id":".."}]`, listNoID, notJSON, fine},
		{"a list without a name", 200, `[` + stored + `,{"id":"sec_1"}]`, "the answer lists a secret without a name", notJSON, fine},
		{"a list with a long name", 200, `[{"id":"sec_1","env_key":"` + strings.Repeat("A", 1025) + `"}]`, "the answer lists a secret whose name is too long", notJSON, fine},
		{"a list with one ID twice", 200, `[` + stored + `,` + stored + `]`, "the answer lists a secret twice", notJSON, fine},
		{"a list of texts", 200, `["` + value + `"]`, notJSON, notJSON, fine},
		{"a bad time", 200, strings.Replace(stored, "2026-04-26T11:45:19.000Z", "yesterday", 1), notJSON, notJSON, fine},
		{"domains that are none", 200, strings.Replace(stored, `["a.example.com"]`, `"a.example.com"`, 1), notJSON, notJSON, fine},
		{"an ID that is none", 200, `{"id":1}`, notJSON, notJSON, fine},
		{"more after it", 200, stored + stored, notJSON, notJSON, notJSON},
		{"cut JSON", 200, stored[:50], notJSON, notJSON, notJSON},
		{"too long", 200, `[` + stored + strings.Repeat(" ", 8<<20) + `]`, longList, tooLong, tooLong},
		{"ID ..", 200, identified(".."), notJSON, noID, fine},
		{"ID with a slash", 200, identified("a/b"), notJSON, noID, fine},
		{"ID with a query", 200, identified("a?b"), notJSON, noID, fine},
		{"ID with an escape", 200, identified("a%2fb"), notJSON, noID, fine},
		{"ID with a line", 200, `{"id":"sec_1\n::error::x"}`, notJSON, noID, fine},
		{"ID not ASCII", 200, `{"id":"sec_é"}`, notJSON, noID, fine},
		{"ID too long", 200, identified(strings.Repeat("a", 129)), notJSON, noID, fine},
	} {
		t.Run(test.name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) {
				problem := test.one
				switch c.name {
				case "list":
					problem = test.list
				case "delete":
					problem = test.deleted
				}
				client := newClient(t, serve(t, answering(test.status, test.body)))
				if problem == fine {
					if err := c.do(t.Context(), client); err != nil {
						t.Errorf("got %v, want no error", err)
					}
					return
				}
				wantError(t, c, failure(t.Context(), t, c, client), nairi.Error{
					Kind: nairi.Unexpected, Status: test.status, Problem: problem, Foreign: true, Unclear: true,
				})
			})
		})
	}
}

func TestTheLongestAnswerIsRead(t *testing.T) {
	t.Parallel()
	body := "[" + stored + strings.Repeat(" ", 8<<20-len(stored)-2) + "]"
	if _, err := newClient(t, serve(t, answering(200, body))).List(t.Context(), vaultID); err != nil {
		t.Errorf("%d bytes: %v", len(body), err)
	}
}

// message is what an Error keeps of a server's text.
func message(t *testing.T, text string, redact func(string) string) string {
	t.Helper()
	body := `{"error":` + jsonText(text) + `}`
	client := newClient(t, serve(t, answering(400, body)), func(o *nairi.Options) { o.Redact = redact })
	return failure(t.Context(), t, calls[0], client).Message
}

// jsonText is a JSON string that leaves every byte that it can as it is, also
// those that are not UTF-8.
func jsonText(text string) string {
	var out strings.Builder
	for i := range len(text) {
		if b := text[i]; b < ' ' || b == '"' || b == '\\' {
			fmt.Fprintf(&out, `\u%04x`, b)
		} else {
			out.WriteByte(b)
		}
	}
	return `"` + out.String() + `"`
}

func TestMessages(t *testing.T) {
	t.Parallel()
	x := strings.Repeat("x", 300)
	for _, test := range []struct{ name, text, want string }{
		{"plain", "vault not found", "vault not found"},
		{"as long as can be", x, x},
		{"longer", x + "y", x + "…"},
		{"longer, in characters", strings.Repeat("é", 301), strings.Repeat("é", 300) + "…"},
		{"a command of a runner", "x\n::error::forged\r\n##[error]y", "x ::error::forged ##[error]y"},
		{"an escape sequence", "a\x1b[31mred\x1b[0m", "a [31mred [0m"},
		{"controls", "a\x00b\x07c\x7fd\u0085e", "a b c d e"},
		{"separators", "a\u2028b\u2029c", "a b c"},
		{"direction", "a\u202eb\u2066c\u200bd\ufeffe", "a b c d e"},
		{"white space", "  a \t\t b\u00a0c  ", "a b c"},
		{"only controls", "\r\n\x00", ""},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"another alphabet", "Geheimnis für 秘密", "Geheimnis für 秘密"},
	} {
		if got := message(t, test.text, redact); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A cut would leave half of a secret, which no redactor knows any more.
func TestMessagesAreRedactedBeforeTheyAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("zq7-", 200)
	hide := strings.NewReplacer(long, "***", "two\nlines", "***").Replace
	for _, before := range []int{0, 100, 290, 299, 300, 301} {
		got := message(t, strings.Repeat("x", before)+long, hide)
		if strings.Contains(got, "zq7") {
			t.Errorf("after %d characters, a part of the secret is left", before)
		}
	}
	if got := message(t, "x two\nlines y", hide); got != "x *** y" {
		t.Errorf("a value of two lines: %q", got)
	}
}

func TestMessagesAreShortPrintableLines(t *testing.T) {
	t.Parallel()
	var text string
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":`+jsonText(text)+`}`)
	})
	client := newClient(t, url)
	rapid.Check(t, func(r *rapid.T) {
		text = rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(r, "text")
		text = strings.Repeat(text, rapid.IntRange(1, 50).Draw(r, "times"))
		got := failure(t.Context(), t, calls[0], client).Message
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 301 || strings.ContainsFunc(got, func(c rune) bool { return !unicode.IsPrint(c) }) {
			r.Fatalf("%q becomes %q", text, got)
		}
	})
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		e    nairi.Error
		want string
	}{
		{nairi.Error{Method: "PATCH", Path: "/a", Status: 404, Message: "secret not found"}, "PATCH /a: 404 Not Found: secret not found"},
		{nairi.Error{Method: "GET", Path: "/a", Status: 403}, "GET /a: 403 Forbidden"},
		{nairi.Error{Method: "GET", Path: "/a", Status: 599}, "GET /a: 599"},
		{nairi.Error{Method: "POST", Path: "/a", Problem: "connection refused"}, "POST /a: connection refused"},
		{nairi.Error{Method: "POST", Path: "/a", Status: 200, Problem: "the answer is not a list"}, "POST /a: 200 OK: the answer is not a list"},
	} {
		if got := test.e.Error(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestErrorsNameWhatWasAttempted(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		client := newClient(t, serve(t, answering(404, `{"error":"vault not found"}`)))
		err := c.do(t.Context(), client)
		if want := c.method + " " + c.path + ": 404 Not Found: vault not found"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
}

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("another"), 0},
		{&nairi.Error{}, 0},
		{&nairi.Error{Status: 404}, 404},
		{fmt.Errorf("attempt: %w", &nairi.Error{Status: 404}), 404},
	} {
		if got := nairi.StatusOf(test.err); got != test.want {
			t.Errorf("%v: %d, want %d", test.err, got, test.want)
		}
	}
}

// A look or a write that is answered with another secret must not be followed
// by a write to that one.
func TestAnAnswerAboutAnotherSecretIsUnexpected(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		if c.method != http.MethodPatch {
			t.Skip("names no secret, or shows none")
		}
		other := strings.Replace(stored, string(secretID), "sec_01KQ27AQH800XQTQPJZ0DH14SK", 1)
		client := newClient(t, serve(t, answering(200, other)))
		wantError(t, c, failure(t.Context(), t, c, client), nairi.Error{
			Kind: nairi.Unexpected, Status: 200, Problem: "the answer is about another secret", Foreign: true, Unclear: true,
		})
	})
}
