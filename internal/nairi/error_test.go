package nairi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// macros stand in the data files for what is long, or secret.
var macros = strings.NewReplacer(
	"$PAGE", "<!DOCTYPE html><html><body>"+value+" "+key+"</body></html>",
	"$VALUE", value, "$KEY", key, "$STORED", stored,
	"$A129", strings.Repeat("A", 129), "$A1025", strings.Repeat("A", 1025),
)

// answer is a case of a data file: what a server answers, and what is wanted of
// it, a line each.
type answer struct {
	status int
	body   string
	want   []string
}

// forEachAnswer runs a test for every case of a data file and every call.
func forEachAnswer(t *testing.T, file string, test func(*testing.T, call, answer)) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		lines := strings.Split(strings.TrimSuffix(macros.Replace(string(f.Data)), "\n"), "\n")
		code, body, _ := strings.Cut(lines[0], " ")
		status, err := strconv.Atoi(code)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		t.Run(f.Name, func(t *testing.T) {
			forEachCall(t, func(t *testing.T, c call) { test(t, c, answer{status, body, lines[1:]}) })
		})
	}
}

func TestRefusals(t *testing.T) {
	forEachAnswer(t, "refusals.txtar", func(t *testing.T, c call, a answer) {
		facts, message, _ := strings.Cut(strings.Join(a.want, "\n"), "\n")
		ctx, limited := t.Context(), strings.Contains(facts, "limited")
		if limited { // only the deadline ends what waits for a rate
			short, cancel := context.WithTimeout(ctx, 900*time.Millisecond) // too little for a second attempt
			defer cancel()
			ctx = short
		}
		got := failure(ctx, t, c, newClient(t, serve(t, answering(a.status, a.body))))
		if limited {
			got.Note = ""
		}
		wantError(t, c, got, nairi.Error{
			Kind: nairi.Refused, Status: a.status, Message: message, Foreign: strings.Contains(facts, "foreign"),
			Limited:        limited,
			OutcomeUnknown: strings.Contains(facts, "unknown"), Finished: strings.Contains(facts, "finished"),
		})
	})
}

// Answers that only look like a success. That a write was carried out is not
// known from a status alone.
func TestUnexpectedAnswers(t *testing.T) {
	forEachAnswer(t, "unexpected.txtar", func(t *testing.T, c call, a answer) {
		problem := a.want[1]
		switch c.name {
		case "list":
			problem = a.want[0]
		case "delete":
			problem = a.want[2]
		}
		client := newClient(t, serve(t, answering(a.status, a.body)))
		if problem != "-" {
			wantUnexpected(t, c, client, a.status, problem)
		} else if err := c.do(t.Context(), client); err != nil {
			t.Errorf("got %v, want no error", err)
		}
	})
}

func wantUnexpected(t *testing.T, c call, client *nairi.Client, status int, problem string) {
	t.Helper()
	wantError(t, c, failure(t.Context(), t, c, client), nairi.Error{
		Kind: nairi.Unexpected, Status: status, Problem: problem, OutcomeUnknown: true,
	})
}

// Only a list can be long, and none of its secrets; a refusal stays one however
// long its text is.
func TestAnswersAreReadToALimit(t *testing.T) {
	list := "[" + stored + strings.Repeat(" ", 1<<20-2) + "]"
	forEachCall(t, func(t *testing.T, c call) {
		problem := "the answer is longer than 1 MiB"
		if c.name == "list" {
			problem = "the answer lists a secret that is longer than 1 MiB"
			if err := c.do(t.Context(), newClient(t, serve(t, answering(200, list)))); err != nil {
				t.Errorf("the longest list: %v", err)
			}
		}
		wantUnexpected(t, c, newClient(t, serve(t, answering(200, list+"  "))), 200, problem)
		long := newClient(t, serve(t, answering(400, `{"error":"`+strings.Repeat("x", 2<<20)+`"}`)))
		wantError(t, c, failure(t.Context(), t, c, long), nairi.Error{Kind: nairi.Refused, Status: 400, Foreign: true})
	})
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
		wantUnexpected(t, c, client, 200, "the answer is about another secret")
	})
}
