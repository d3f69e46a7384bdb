package nairi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// listOf is a list of so many secrets, each with more text in it.
func listOf(n int, more string) io.Reader {
	var text strings.Builder
	text.WriteString("[")
	for i := range n {
		if i > 0 {
			text.WriteString(",")
		}
		_, _ = fmt.Fprintf(&text, `{"id":"sec_%d","env_key":"NAME_%d"%s}`, i, i, more)
	}
	text.WriteString("]")
	return strings.NewReader(text.String())
}

// usual is what a secret of today has beside its ID and its name.
const usual = `,"allowed_domains":["api.example.com","*.example.org"],"created_at":"2026-04-25T11:45:19.000Z","updated_at":"2026-04-26T11:45:19.000Z"`

// body is a transport that gives one answer.
type body struct{ io.Reader }

func (b body) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(b)}, nil
}

// list reads a list, however long that takes.
func list(t *testing.T, answer io.Reader) ([]nairi.Secret, error) {
	t.Helper()
	return newClient(t, "https://nairi.example.com", func(o *nairi.Options) {
		o.Transport, o.Timeout = body{answer}, time.Hour
	}).List(t.Context(), vaultID)
}

func TestAVaultOf100000SecretsIsRead(t *testing.T) {
	t.Parallel()
	secrets, err := list(t, listOf(100_000, usual))
	if err != nil || len(secrets) != 100_000 {
		t.Fatalf("%d secrets, %v", len(secrets), err)
	}
	last := secrets[99_999]
	if last.EnvKey != "NAME_99999" || len(last.AllowedDomains) != 2 || last.UpdatedAt.IsZero() {
		t.Errorf("the last is %+v", last)
	}
}

// What there may be of a list is bounded by number and by length, of each secret
// and of all.
func TestListsThatAreTooLongAreRefused(t *testing.T) {
	t.Parallel()
	long := `,"x":"` + strings.Repeat("x", 1<<20-100) + `"`
	for name, test := range map[string]struct {
		answer io.Reader
		want   string
	}{
		"as many as there may be": {listOf(100, ""), ""},
		"one more":                {listOf(101, ""), "the answer lists more than 100 secrets"},
		"a long one":              {listOf(2, long), ""},
		"one that is too long":    {listOf(2, long+long), "the answer lists a secret that is longer than 1 MiB"},
		"one without an end":      {endless(`[{"id":"sec_1","env_key":"`), "the answer lists a secret that is longer than 1 MiB"},
		"space without an end":    {endless(` `), "the answer is longer than 1 MiB"},
		"space after the list":    {endless(`[]`), "the answer lists a secret that is longer than 1 MiB"},
		"too long in all":         {listOf(4, long), "the answer is longer than 3 MiB"},
	} {
		said := ""
		if _, err := nairi.ReadList(vaultID, test.answer, 100, 3<<20); err != nil {
			said = err.Error()
		}
		if said != test.want {
			t.Errorf("%s: got %q, want %q", name, said, test.want)
		}
	}
}

// A list beyond its limits is no list, whoever sent it.
func TestAListBeyondItsLimitsIsUnexpected(t *testing.T) {
	t.Parallel()
	_, err := list(t, endless(`[{"id":"sec_1","env_key":"`))
	var e *nairi.Error
	if !errors.As(err, &e) || e.Kind != nairi.Unexpected || e.Problem != "the answer lists a secret that is longer than 1 MiB" {
		t.Error(err)
	}
}

// spaces has no end.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// endless is a text with spaces behind it that do not end.
func endless(text string) io.Reader { return io.MultiReader(strings.NewReader(text), spaces{}) }

// An answer may say which vault its secrets are of. It must be the one that was
// asked for.
func TestAnAnswerAboutAnotherVaultIsNotTaken(t *testing.T) {
	forEachCall(t, func(t *testing.T, c call) {
		if c.name == "delete" { // which is answered without a body
			return
		}
		for vault, right := range map[string]bool{
			`"` + string(vaultID) + `"`: true, "null": true,
			`"vlt_01KEQ6963XS96YDP3NF9NKB7QK"`: false, `""`: false,
		} {
			text := strings.Replace(c.answer, `"env_key"`, `"vault_id":`+vault+`,"env_key"`, 1)
			client := newClient(t, serve(t, answering(http.StatusOK, text)))
			if right {
				if err := c.do(t.Context(), client); err != nil {
					t.Errorf("%s: %v", vault, err)
				}
				continue
			}
			wantUnexpected(t, c, client, http.StatusOK, "the answer is about a secret of another vault")
		}
	})
}

func BenchmarkListOf100000(b *testing.B) {
	text, _ := io.ReadAll(listOf(100_000, usual))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		client := newClient(b, "https://nairi.example.com", func(o *nairi.Options) { o.Transport = body{bytes.NewReader(text)} })
		if _, err := client.List(context.Background(), vaultID); err != nil {
			b.Fatal(err)
		}
	}
}
