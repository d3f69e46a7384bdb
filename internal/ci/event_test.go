package ci

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// event is one that a file of this content tells of.
func event(content string, pairs ...string) Event {
	return ReadEvent(env(append(pairs, "GITHUB_EVENT_PATH=event.json")...), func(name string) (io.ReadCloser, error) {
		if name != "event.json" {
			return nil, errors.New("another file was asked for")
		}
		return io.NopCloser(strings.NewReader(content)), nil
	})
}

func TestFindInEvent(t *testing.T) {
	t.Parallel()
	dispatched := event(`{
		"inputs": {"password": "hunter2-hunter2", "env": "prod", "key": "line one\r\nline two", "padded": "  hunter3-hunter3\n"},
		"commits": [{"message": "first"}, {"message": "uses hunter4-hunter4 now"}],
		"ref": "refs/heads/main", "size": 12345678, "forced": false, "base": null
	}`)
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

// A run has no event outside of GitHub, and one that cannot be read is none.
func TestFindInNoEvent(t *testing.T) {
	t.Parallel()
	unreadable := func(string) (io.ReadCloser, error) { return nil, errors.New("no") }
	for name, e := range map[string]Event{
		"none named":   ReadEvent(env(), unreadable),
		"not there":    ReadEvent(env("GITHUB_EVENT_PATH=event.json"), unreadable),
		"not JSON":     event("hunter2-hunter2"),
		"an empty one": event(""),
		"no object":    event("null"),
	} {
		if got := e.Find(secret.New("hunter2-hunter2")); got != "" {
			t.Errorf("%s: found at %q", name, got)
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
		if got := event(tt.event, pairs...).WhyEmpty(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q is not in %q", name, tt.want, got)
		}
	}
}
