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

func TestFindInEvent(t *testing.T) {
	t.Parallel()
	dispatched := event.Read(run(`{
		"inputs": {"password": "hunter2-hunter2", "env": "prod", "key": "line one\r\nline two", "padded": "  hunter3-hunter3\n"},
		"commits": [{"message": "first"}, {"message": "uses hunter4-hunter4 now"}],
		"ref": "refs/heads/main", "size": 12345678, "forced": false, "base": null
	}`))
	tests := map[string]struct{ value, want string }{
		"the whole of a text":              {"hunter2-hunter2", "inputs.password"},
		"with a final new line":            {"hunter2-hunter2\n", "inputs.password"},
		"in a longer text":                 {"hunter4-hunter4", "commits[1].message"},
		"with white space around it there": {"hunter3-hunter3", "inputs.padded"},
		"with other line ends":             {"line one\nline two", "inputs.key"},
		"short, the whole of a text":       {"prod", "inputs.env"},
		"short, in a longer text":          {"heads", ""},
		"too short":                        {"now", ""},
		"empty":                            {"", ""},
		"in no text":                       {"hunter5-hunter5", ""},
		"the name of a text":               {"password", ""},
	}
	for name, tt := range tests {
		if got := dispatched.Find(secret.New(tt.value)); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// A run has no event outside of GitHub, and in one that cannot be read nothing is
// found. Only the second is worth telling of.
func TestWhatIsWrongWithAnEventIsTold(t *testing.T) {
	t.Parallel()
	const prefix = "the event of this run, the file that GITHUB_EVENT_PATH names, cannot be used: "
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
		"not there":         {unreadable(), "the file cannot be read"},
		"too long":          {run(`{"a":"` + strings.Repeat("x", 25<<20-7) + `"}`), "the file is too large: more than 25 MiB"},
		"not JSON":          {run("hunter2-hunter2"), "it is not JSON"},
		"empty":             {run(""), "it is not JSON"},
		"cut JSON":          {run(`{"a":"hunter2-hunter2`), "it is not JSON"},
		"deeper than taken": {run(strings.Repeat(`{"hunter2-hunter2":`, 1<<14)), "it is not JSON"},
		"two JSON texts":    {run(`{"a":"hunter2-hunter2"}{}`), "it is not one JSON text"},
		"more after it":     {run(`{"a":"hunter2-hunter2"} hunter2`), "it is not one JSON text"},
	} {
		e := event.Read(test.env)
		if got := e.Find(secret.New("hunter2-hunter2")); got != "" {
			t.Errorf("%s: found at %q", name, got)
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
		"a push":                  {"{}", []string{"GITHUB_EVENT_NAME=push"}, "misspelled"},
		"a fork":                  {fork, []string{"GITHUB_EVENT_NAME=pull_request"}, "from a fork"},
		"a review of a fork":      {fork, []string{"GITHUB_EVENT_NAME=pull_request_review"}, "from a fork"},
		"a fork, but the target":  {fork, []string{"GITHUB_EVENT_NAME=pull_request_target"}, "misspelled"},
		"a branch":                {own, []string{"GITHUB_EVENT_NAME=pull_request"}, "misspelled"},
		"Dependabot":              {own, []string{"GITHUB_EVENT_NAME=pull_request", "GITHUB_ACTOR=dependabot[bot]"}, "Dependabot"},
		"an event out of order":   {"[]", []string{"GITHUB_EVENT_NAME=pull_request"}, "misspelled"},
		"a fork that was deleted": {`{"pull_request":{"head":{"repo":null},"base":{"repo":{"full_name":"us/it"}}}}`, []string{"GITHUB_EVENT_NAME=pull_request"}, "from a fork"},
	}
	for name, tt := range tests {
		pairs := tt.env
		if pairs != nil {
			pairs = append(pairs, "GITHUB_ACTIONS=true")
		}
		if got := event.Read(run(tt.event, pairs...)).WhyEmpty(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q is not in %q", name, tt.want, got)
		}
	}
}
