package nairitest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// TestStories runs testdata/stories.txtar, which explains its language.
func TestStories(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/stories.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			s := newStory(t)
			for line := range strings.Lines(string(file.Data)) {
				switch line = strings.TrimSpace(line); {
				case line == "new":
					s.replay()
					s = newStory(t)
				case line != "" && !strings.HasPrefix(line, "#"):
					s.line(line)
				}
			}
			s.replay()
		})
	}
}

// story is one story as far as it is told.
type story struct {
	*bench
	t             *testing.T
	words         map[string]string // what $name stands for
	authorization string
	request       string // of last
	last          reply
	before        []nairitest.Stored // what the vault held before it
	added         map[string]nairitest.Stored
}

func newStory(t *testing.T) *story {
	b := start(t, nairitest.Options{})
	return &story{bench: b, t: t, authorization: "Bearer " + b.Key, added: map[string]nairitest.Stored{}, words: map[string]string{
		"v": "/api/public/v1/vaults/" + b.VaultID, "s": b.secrets(), "key": b.Key,
		"other": b.AddVault("other"), "vault": noVault, "secret": noSecret,
	}}
}

func (s *story) line(line string) {
	word, rest, _ := strings.Cut(os.Expand(line, s.word), " ")
	switch status, err := strconv.Atoi(word); {
	case err == nil:
		s.answer(status, rest)
	case s.checks(word, rest):
	case word == strings.ToUpper(word):
		s.send(word, rest)
	default:
		s.prepare(word, strings.Fields(rest), rest)
	}
}

// word is what stands for a name.
func (s *story) word(name string) string {
	if s.words[name] == "" {
		s.t.Fatalf("$%s stands for nothing", name)
	}
	return s.words[name]
}

// prepare carries out a line that is neither a request nor an answer.
func (s *story) prepare(word string, args []string, rest string) {
	switch word {
	case "secret":
		id := s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: args[0], Value: args[1], AllowedDomains: args[2:]})
		s.words[args[0]], s.added[id] = id, s.held()[id]
	case "there":
		s.words[args[0]] = s.AddSecret(s.words["other"], nairitest.Stored{EnvKey: args[0], Value: args[1]})
	case "agents":
		n, _ := strconv.Atoi(args[0])
		s.AssignAgents(s.VaultID, n)
	case "at":
		after, err := time.ParseDuration(args[0])
		if err != nil {
			s.t.Fatal(err)
		}
		s.at(after)
	case "option":
		s.Set(func(o *nairitest.Options) { setOption(o, args[0]) })
	case "fault":
		s.script(strings.Split(rest, "; ")...)
	case "header":
		s.authorization = rest
	default:
		s.t.Fatalf("%q is no line of a story", word)
	}
}

// setOption turns one on.
func setOption(o *nairitest.Options, name string) {
	switch name {
	case "DuplicatesAllowed":
		o.Duplicates = nairitest.DuplicatesAllowed
	case "DuplicatesConflict":
		o.Duplicates = nairitest.DuplicatesConflict
	default:
		reflect.ValueOf(o).Elem().FieldByName(name).SetBool(true)
	}
}

// objectID finds the ID of an object: its kind and a ULID.
var objectID = regexp.MustCompile(`^\{"id":"((sec|vlt)_[0-7][0-9A-HJKMNP-TV-Z]{25})"`)

func (s *story) send(method, rest string) {
	s.t.Helper()
	path, body, _ := strings.Cut(rest, " ")
	s.before = s.Secrets(s.VaultID)
	s.request = method + " " + rest
	var err error
	if s.last, err = s.bench.send(method, path, body, "Authorization", s.authorization); err != nil {
		s.t.Fatalf("%s: %v", s.request, err)
	}
	if id := objectID.FindStringSubmatch(s.last.body); id != nil {
		s.words[id[2]] = id[1]
	}
}

// answer checks the last one.
func (s *story) answer(status int, want string) {
	s.t.Helper()
	got := s.last
	if got.status != status || got.header.Get("Date") != s.now.UTC().Format(http.TimeFormat) {
		s.t.Errorf("%s: %d at %s, want %d; %q", s.request, got.status, got.header.Get("Date"), status, got.body)
	}
	if raced := strings.Contains(s.received().Fault, "race"); status >= 400 && !raced && !cmp.Equal(s.before, s.Secrets(s.VaultID)) {
		s.t.Errorf("%s: refused, but it has changed the vault", s.request)
	}
	if want == "" && status != http.StatusNoContent {
		return
	}
	contentType := "application/json"
	switch text, isText := strings.CutPrefix(want, "text: "); {
	case isText:
		contentType = "text/plain; charset=utf-8"
		s.same(text+"\n", got.body)
	case status == http.StatusNoContent:
		contentType = ""
		s.same("", got.body)
	case status >= 400 && !strings.HasPrefix(want, "{"):
		s.same(map[string]any{"error": want}, s.json(got.body))
	default:
		s.shows(want, got.body)
	}
	s.same(contentType, got.header.Get("Content-Type"))
}

// shows checks an answer's JSON, its updated_at alone, or the names of a list.
func (s *story) shows(want, body string) {
	s.t.Helper()
	if clock, ok := strings.CutPrefix(want, "…"); ok {
		object, _ := s.json(body).(map[string]any)
		s.same("2026-04-25T"+clock+".000Z", object["updated_at"])
		return
	}
	if names, ok := strings.CutPrefix(want, "names "); ok {
		var list []struct {
			Name   string
			EnvKey string `json:"env_key"`
		}
		_ = json.Unmarshal([]byte(body), &list)
		var got []string
		for _, object := range list {
			got = append(got, object.Name+object.EnvKey)
		}
		s.same(names, strings.Join(got, " "))
		return
	}
	s.same(s.json(want), s.json(body))
}

// checks compares what the emulator knows, and reports whether word names that.
func (s *story) checks(word, want string) bool {
	s.t.Helper()
	switch word {
	case "holds":
		s.same(want, s.contents())
	case "events":
		s.same(want, strconv.Itoa(len(s.History())))
	case "met":
		s.same(want, s.received().Fault)
	case "kind":
		s.same(want, string(s.received().Kind))
	case "retry-after":
		s.same(want, s.last.header.Get("Retry-After"))
		if _, err := http.ParseTime(want); strings.Contains(want, ":") && err != nil {
			s.t.Errorf("net/http cannot read %q", want)
		}
	default:
		return false
	}
	return true
}

// received is the last request as it was recorded.
func (s *story) received() nairitest.Request {
	requests := s.Requests()
	return requests[len(requests)-1]
}

// contents are the secrets of the vault in one line, oldest first.
func (s *story) contents() string {
	secrets := s.Secrets(s.VaultID)
	if secrets == nil {
		return "no vault"
	}
	var held []string
	for _, s := range secrets {
		held = append(held, fmt.Sprintf("%s=%s%v", s.EnvKey, s.Value, s.AllowedDomains))
	}
	return strings.Join(held, " ")
}

// held are the secrets of the vault by ID.
func (s *story) held() map[string]nairitest.Stored {
	held := map[string]nairitest.Stored{}
	for _, secret := range s.Secrets(s.VaultID) {
		held[secret.ID] = secret
	}
	return held
}

// replay checks that the history leads from what was added to what is there.
// A racer's writes have its mark.
func (s *story) replay() {
	s.t.Helper()
	held := s.added
	for _, event := range s.History() {
		before, after := held[event.Secret.ID], event.Secret
		marked := func(secret nairitest.Stored) bool { return strings.Contains(fmt.Sprint(secret), "racer-") }
		switch {
		case event.VaultID != s.VaultID:
			continue
		case event.Change == nairitest.Deleted:
			delete(held, after.ID)
			continue
		case event.ByRacer != (marked(after) && !marked(before)):
			s.t.Errorf("%s %s=%s, by a racer: %v", event.Change, after.EnvKey, after.Value, event.ByRacer)
		}
		held[after.ID] = after
	}
	s.same(held, s.held())
}

func (s *story) json(text string) (value any) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		s.t.Fatalf("%s: %q: %v", s.request, text, err)
	}
	return value
}

func (s *story) same(want, got any) {
	s.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", s.request, diff)
	}
}
