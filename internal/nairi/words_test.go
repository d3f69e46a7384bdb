package nairi_test

import (
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

var update = flag.Bool("update", false, "write what errors say into testdata")

// A line of testdata/words.txt is a call, a status and a body, and behind => what
// the error says: what went wrong in words, then what was sent and what came.
func TestErrorsLeadWithWords(t *testing.T) {
	t.Parallel()
	const file = "testdata/words.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for line := range strings.Lines(string(text)) {
		given, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		name, answer, found := strings.Cut(given, " ")
		if !found || strings.HasPrefix(line, "#") {
			said.WriteString(line)
			continue
		}
		said.WriteString(given + " => " + words(t, callNamed(name), answer) + "\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(said.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(text), said.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// words is the error of a call that gets an answer every time, with its path as
// $PATH.
func words(t *testing.T, c call, answer string) string {
	t.Helper()
	code, body, _ := strings.Cut(answer, " ")
	status, err := strconv.Atoi(code)
	if err != nil {
		t.Fatal(err)
	}
	var said string
	synctest.Test(t, func(t *testing.T) { // only the deadline ends what waits for a rate
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		client := newClient(t, "https://nairi.example.com", func(o *nairi.Options) { o.Transport = served{answering(status, body)} })
		text := failure(ctx, t, c, client)
		said = (&text).Error()
	})
	return strings.ReplaceAll(said, c.path, "$PATH")
}

// served is a transport to a handler, without a network.
type served struct{ http.Handler }

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, r)
	return answer.Result(), nil
}
