package event_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// run is the environment of a run whose event's file has this content, with
// variables as NAME=VALUE.
func run(content string, pairs ...string) env.Env {
	pairs = append(pairs, "GITHUB_EVENT_PATH=event.json")
	return env.Env{
		Lookup: func(name string) (string, bool) {
			for _, pair := range pairs {
				if value, found := strings.CutPrefix(pair, name+"="); found {
					return value, true
				}
			}
			return "", false
		},
		Open: func(name string) (io.ReadCloser, error) {
			if name != "event.json" {
				return nil, errors.New("another file was asked for")
			}
			return io.NopCloser(strings.NewReader(content)), nil
		},
	}
}

// unreadable is a run whose event cannot be read.
func unreadable(pairs ...string) env.Env {
	e := run("", pairs...)
	e.Open = func(string) (io.ReadCloser, error) { return nil, errors.New("hunter2") }
	return e
}

// elsewhere is a run without an event.
func elsewhere() env.Env {
	return env.Env{Lookup: func(string) (string, bool) { return "", false }}
}

// A run has no event outside of GitHub, and in one that cannot be read nothing is
// found. Only the second is worth telling of.
func TestWhatIsWrongWithAnEventIsTold(t *testing.T) {
	t.Parallel()
	const prefix = "GITHUB_EVENT_PATH "
	for name, test := range map[string]struct {
		env  env.Env
		want string
	}{
		"elsewhere":         {elsewhere(), ""},
		"an empty name":     {run("", "GITHUB_EVENT_PATH="), ""},
		"an object":         {run("{}"), ""},
		"no object":         {run("null"), ""},
		"a final new line":  {run("{}\n"), ""},
		"the longest":       {run(`{"a":"` + strings.Repeat("x", 25<<20-8) + `"}`), ""},
		"not there":         {unreadable(), "names a file that cannot be read"},
		"too long":          {run(`{"a":"` + strings.Repeat("x", 25<<20-7) + `"}`), "names a file that is too large: more than 25 MiB"},
		"not JSON":          {run("hunter2-hunter2"), "names a file that is not JSON"},
		"empty":             {run(""), "names a file that is empty"},
		"a byte order mark": {run("\ufeff{}"), ""},
		"UTF-16":            {run("\xff\xfe{\x00}\x00"), "names a file in UTF-16, not UTF-8"},
		"cut JSON":          {run(`{"a":"hunter2-hunter2`), "names a file that is not JSON"},
		"deep, and cut":     {run(strings.Repeat(`{"hunter2-hunter2":`, 1<<14)), "names a file that is not JSON"},
		"as deep as it is":  {run(strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20)), ""},
		"two JSON texts":    {run(`{"a":"hunter2-hunter2"}{}`), "names a file that is not one JSON text"},
		"more after it":     {run(`{"a":"hunter2-hunter2"} hunter2`), "names a file that is not one JSON text"},
	} {
		e := event.Read(test.env)
		if seen, found := e.Find(secret.New("hunter2-hunter2")); found {
			t.Errorf("%s: found at %q", name, seen.Path)
		}
		err := e.Err()
		if test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != prefix+test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestWhyEmpty(t *testing.T) {
	t.Parallel()
	pull := func(head, base string) string {
		return `{"pull_request":{"head":{"repo":{"full_name":"` + head + `"}},"base":{"repo":{"full_name":"` + base + `"}}}}`
	}
	fork, own := pull("them/it", "us/it"), pull("us/it", "us/it")
	tests := map[string]struct {
		event string
		env   []string
		want  string
	}{
		"a shell":                 {"", nil, "empty or not set"},
		"a push":                  {"{}", []string{"GITHUB_EVENT_NAME=push"}, "this run cannot see"},
		"a fork":                  {fork, []string{"GITHUB_EVENT_NAME=pull_request"}, "from forks"},
		"a review of a fork":      {fork, []string{"GITHUB_EVENT_NAME=pull_request_review"}, "from forks"},
		"a fork, but the target":  {fork, []string{"GITHUB_EVENT_NAME=pull_request_target"}, "this run cannot see"},
		"a branch":                {own, []string{"GITHUB_EVENT_NAME=pull_request"}, "this run cannot see"},
		"Dependabot":              {own, []string{"GITHUB_EVENT_NAME=pull_request", "GITHUB_ACTOR=dependabot[bot]"}, "Dependabot"},
		"an event out of order":   {"[]", []string{"GITHUB_EVENT_NAME=pull_request"}, "this run cannot see"},
		"a fork that was deleted": {`{"pull_request":{"head":{"repo":null},"base":{"repo":{"full_name":"us/it"}}}}`, []string{"GITHUB_EVENT_NAME=pull_request"}, "from forks"},
	}
	for name, tt := range tests {
		pairs := tt.env
		if pairs != nil {
			pairs = append(pairs, "GITHUB_ACTIONS=true")
		}
		e := event.Read(run(tt.event, pairs...))
		if got := e.WhyEmpty(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q is not in %q", name, tt.want, got)
		}
		none := tt.want == "from forks" || tt.want == "Dependabot"
		if got := e.NoSecrets(); none != strings.Contains(got, tt.want) || none != (got != "") {
			t.Errorf("%s: it gets no secrets, since %q", name, got)
		}
	}
}
