package action

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// shelf is some vaults of any names and hosts.
type shelf struct {
	*nairitest.Emulator
	ids []string // of the vaults that are asked for
}

// oddNames are pieces of names and hosts that a terminal or a program could take for more
// than text.
var oddNames = []string{
	"A", "b_", "TOKEN", "token", "a b", "\t", "\n", "\x1b[31m", "\x1b]0;title\a", "\u202e", "\u2028", "秘密", "ключ", "שם", "👩‍💻", "e\u0301", "::error::", "##[error]", "any host", "«", "\"", ",",
	strings.Repeat("LONG_", 30),
}

func drawShelf(t *rapid.T) shelf {
	s := shelf{Emulator: nairitest.New(nairitest.Options{Unrecorded: true, Shuffled: true, Now: func() time.Time { return noon }})}
	piece := rapid.OneOf(rapid.SampledFrom(oddNames), rapid.StringN(0, 8, -1))
	text := rapid.Map(rapid.SliceOfN(piece, 1, 3), func(pieces []string) string { return strings.Join(pieces, "") })
	for range rapid.IntRange(1, 3).Draw(t, "vaults") {
		id := s.AddVault(text.Draw(t, "vault"))
		s.ids = append(s.ids, id)
		for range rapid.IntRange(0, 12).Draw(t, "secrets") {
			name := text.Draw(t, "name")
			if name == "" {
				name = "EMPTY"
			}
			created := noon.Add(-time.Duration(rapid.IntRange(0, 1<<30).Draw(t, "age")) * time.Second)
			s.AddSecret(id, nairitest.Stored{
				EnvKey: name, Value: former, AllowedDomains: rapid.SliceOfN(text, 0, 6).Draw(t, "hosts"), CreatedAt: created, UpdatedAt: created.Add(time.Second),
			})
		}
	}
	return s
}

// list is what a command line prints of the vaults, on a terminal of a width; 0 for a pipe.
func (s shelf) list(t *rapid.T, command cli.Command, width int) string {
	var out, log bytes.Buffer
	command.Verb, command.Flags = "list", input.Flags{"operation": "list", "vault_id": strings.Join(s.ids, "\n")}
	h := host(inputs{"NAIRI_API_KEY": s.Options().Key, "CLICOLOR_FORCE": "1"}, &out, s.Transport())
	h.Command, h.Width, h.Stderr = &command, width, &log
	if code := Run(t.Context(), h); code != 0 {
		t.Fatalf("exit code %d: %s", code, log.String())
	}
	return out.String()
}

// held are the secrets of all vaults as a list tells of them, in its order.
func (s shelf) held() []heldSecret {
	var all []heldSecret
	for _, id := range s.ids {
		secrets := s.Secrets(id)
		slices.SortFunc(secrets, func(a, b nairitest.Stored) int {
			return cmp.Or(strings.Compare(a.EnvKey, b.EnvKey), strings.Compare(a.ID, b.ID))
		})
		for _, secret := range secrets {
			all = append(all, heldSecret{id, secret.EnvKey, secret.ID, secret.AllowedDomains, inMilliseconds(secret.CreatedAt), inMilliseconds(secret.UpdatedAt)})
		}
	}
	return all
}

type heldSecret struct {
	VaultID        string   `json:"vault_id"`
	EnvKey         string   `json:"env_key"`
	SecretID       string   `json:"secret_id"`
	AllowedDomains []string `json:"allowed_domains"`
	CreatedAt      string   `json:"created_at"`
	UpdatedAt      string   `json:"updated_at"`
}

// inMilliseconds is a time as outputs spell it; the API's are whole seconds.
func inMilliseconds(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05.000Z")
}

// The object holds exactly what the vaults hold, whatever their names are.
func TestTheObjectOfAListIsWhatTheVaultsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShelf(t)
		var object struct {
			Results []heldSecret `json:"results"`
			Count   int          `json:"listed_count"`
		}
		text := s.list(t, cli.Command{JSON: true}, 0)
		decoder := json.NewDecoder(strings.NewReader(text))
		if err := decoder.Decode(&object); err != nil || decoder.More() {
			t.Fatalf("%v in %s", err, text)
		}
		want := s.held()
		if object.Count != len(want) || !slices.EqualFunc(object.Results, want, func(a, b heldSecret) bool {
			return a.AllowedDomains != nil && slices.Equal(a.AllowedDomains, b.AllowedDomains) &&
				a.VaultID+a.SecretID+a.EnvKey+a.CreatedAt+a.UpdatedAt == b.VaultID+b.SecretID+b.EnvKey+b.CreatedAt+b.UpdatedAt
		}) {
			t.Errorf("%d secrets: %s\nwant %v", object.Count, text, want)
		}
	})
}

// inColour is the one thing that is not text: what any host may get, in colour.
var inColour = regexp.MustCompile("\x1b\\[1;33many host\x1b\\[0m")

// No name and no host draws on a terminal, and only our own words are in colour: of as
// many secrets as any host may get.
func TestNoNameOfAListDrawsOnATerminal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShelf(t)
		text := s.list(t, cli.Command{}, rapid.IntRange(1, 200).Draw(t, "width"))
		for line := range strings.Lines(inColour.ReplaceAllString(text, "any host")) {
			if i := strings.IndexFunc(strings.TrimSuffix(line, "\n"), func(c rune) bool { return !unicode.IsPrint(c) }); i >= 0 {
				t.Errorf("%q", line)
			}
		}
		open := 0
		for _, secret := range s.held() {
			if len(secret.AllowedDomains) == 0 || slices.Contains(secret.AllowedDomains, "*") {
				open++
			}
			if !strings.Contains(text, secret.SecretID) {
				t.Errorf("%s is missing from %s", secret.SecretID, text)
			}
		}
		if n := len(inColour.FindAllString(text, -1)); n > open {
			t.Errorf("%d secrets in colour of %d: %s", n, open, text)
		}
	})
}

// A pipe has a line for each secret, in which no name and no host makes a column more.
func TestAListInAPipeHasFiveColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShelf(t)
		lines := strings.Split(s.list(t, cli.Command{}, 0), "\n")
		want := s.held()
		if len(lines) != len(want)+1 {
			t.Fatalf("%d lines of %d secrets: %q", len(lines), len(want), lines)
		}
		for i, secret := range want {
			columns := strings.Split(lines[i], "\t")
			if len(columns) != 5 || columns[2] != secret.UpdatedAt || columns[3] != secret.SecretID || columns[4] != secret.VaultID {
				t.Errorf("%q is of %+v", lines[i], secret)
			}
		}
	})
}
