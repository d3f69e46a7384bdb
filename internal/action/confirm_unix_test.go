//go:build unix

package action

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/terminal"
)

// syncOf is a command that writes a manifest of the stage's vault, with entries, and
// then makes the vault match it.
func (s *stage) syncOf(flags string, entries ...string) string {
	return fmt.Sprintf("printf 'vaults:\\n- vault_id: %s\\n  secrets:\\n%s' >m.yml; vault-secret sync m.yml %s",
		s.VaultID, strings.Join(entries, ""), flags)
}

const (
	theToken = `    TOKEN: {allowed_domains: [api.example.com]}\n`
	theNew   = `    NEW: {env: NEW_VALUE, renamed_from: OLD, allowed_domains: [db.example.com, "*.example.org"]}\n`
)

// two are secrets beside TOKEN.
func (s *stage) two() {
	for _, name := range []string{"OLD", "OLDER"} {
		s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: name, Value: former, AllowedDomains: []string{"db.example.com", "*.example.org"}})
	}
}

// Before anything is deleted, somebody at a terminal says so. What goes shows before that.
func TestDeletesAreConfirmed(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	s := newStage(t) // for its IDs
	one := "Delete TOKEN (" + tokenID + ") from " + s.VaultID + "? [y/N] "
	of2, ofOld := "Delete 2 secrets from default ("+s.VaultID+"): OLD, OLDER? [y/N] ", "Delete OLD ("
	prune := s.syncOf("--prune", theToken)
	for name, tt := range map[string]struct {
		command, shown, question, answer string
		code                             int
		left                             string // of the vault
	}{
		"delete, y":          {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "y\n", 0, "OLD OLDER"},
		"delete by ID, YES":  {"vault-secret delete --secret-id " + tokenID, "Plan: delete TOKEN", one, " YES \n", 0, "OLD OLDER"},
		"delete, corrected":  {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "n\x7fy\n", 0, "OLD OLDER"},
		"delete, n":          {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "n\n", 1, "TOKEN OLD OLDER"},
		"delete, Enter":      {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "\n", 1, "TOKEN OLD OLDER"},
		"delete, a word":     {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "yeah\n", 1, "TOKEN OLD OLDER"},
		"delete, Ctrl-D":     {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "\x04", 1, "TOKEN OLD OLDER"},
		"delete, lines":      {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "y\ny\n", 1, "TOKEN OLD OLDER"},
		"delete, an arrow":   {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "\x1b[Dy\n", 1, "TOKEN OLD OLDER"},
		"delete, Ctrl-C":     {"vault-secret delete TOKEN", "Plan: delete TOKEN", one, "y\x03", 130, "TOKEN OLD OLDER"},
		"delete, quiet, n":   {"vault-secret delete TOKEN --quiet", "", one, "n\n", 1, "TOKEN OLD OLDER"},
		"prune, y":           {prune, "  delete  OLDER", of2, "y\n", 0, "TOKEN"},
		"prune, n":           {prune, "  delete  OLDER", of2, "n\n", 1, "TOKEN OLD OLDER"},
		"prune, Ctrl-C":      {prune, "  delete  OLDER", of2, "\x03", 130, "TOKEN OLD OLDER"},
		"prune, quiet, n":    {s.syncOf("--prune --quiet", theToken), "", of2, "n\n", 1, "TOKEN OLD OLDER"},
		"a rename, y":        {s.syncOf("", theToken, theNew), "  delete  OLD  once NEW, its new name, is there", ofOld, "y\n", 0, "TOKEN OLDER NEW"},
		"a rename, n":        {s.syncOf("", theToken, theNew), "  delete  OLD  once NEW, its new name, is there", ofOld, "n\n", 1, "TOKEN OLD OLDER"},
		"a state of absence": {s.syncOf("", theToken, `    OLD: {absent: true}\n`), "  delete  OLD", ofOld, "n\n", 1, "TOKEN OLD OLDER"},
	} {
		together.run(name, func(t *testing.T) {
			s := newStage(t)
			s.two()
			p := s.sit(tt.command, "NEW_VALUE="+value)
			p.sees(tt.shown)
			p.answers(tt.question, tt.answer)
			screen := p.ends(tt.code)
			switch tt.code {
			case 1:
				shows(t, screen, "The answer was not yes. Nothing was changed. [cancelled]", "add --yes")
			case 130:
				shows(t, screen, "The run was cancelled. Nothing was changed. [cancelled]")
			}
			same(t, "the vault", tt.left, s.names())
		})
	}
}

// names are those of the secrets in the vault.
func (s *stage) names() string {
	var names []string
	for _, line := range s.stored() {
		name, _, _ := strings.Cut(line, " ")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// Nobody is asked where nothing is deleted, where it was said before, or where nobody can
// answer.
func TestDeletesAreDoneWithoutAQuestion(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	for _, tt := range []struct {
		command string
		flags   string // of a sync in place of it
		left    string
	}{
		{"vault-secret delete TOKEN --yes", "", "OLD OLDER"},
		{"vault-secret delete GONE", "", "TOKEN OLD OLDER"},
		{"vault-secret delete TOKEN --dry-run", "", "TOKEN OLD OLDER"},
		{"vault-secret delete TOKEN </dev/null", "", "OLD OLDER"},
		{"echo n | vault-secret delete TOKEN", "", "OLD OLDER"},
		{"vault-secret delete TOKEN 2>log", "", "OLD OLDER"},
		{"INPUT_OPERATION=delete INPUT_ENV_KEY=TOKEN INPUT_VAULT_ID=$NAIRI_VAULT_ID vault-secret", "", "OLD OLDER"},
		{"", "--prune --yes", "TOKEN"},
		{"", "--prune --dry-run", "TOKEN OLD OLDER"},
		{"", "", "TOKEN OLD OLDER"},
		{"", "--prune --values-file - <values.json", "TOKEN"},
	} {
		together.run(tt.command+tt.flags, func(t *testing.T) {
			s := newStage(t)
			s.two()
			command := tt.command
			if command == "" {
				command = "echo '{}' >values.json; " + s.syncOf(tt.flags, theToken)
			}
			if screen := s.sit(command).ends(0); strings.Contains(screen, "[y/N]") {
				t.Errorf("it asks: %s", screen)
			}
			same(t, "the vault", tt.left, s.names())
		})
	}
}

// A name that would be lines of its own, or move about, is in the line of the question.
func TestAQuestionIsOneLine(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "OLD\nKept\x1b[2J", Value: former, AllowedDomains: []string{"db.example.com"}})
	p := s.sit(s.syncOf("--prune --quiet", theToken))
	p.answers(`Delete "OLD\nKept\x1b[2J" (`, "n\n")
	p.ends(1)
}

// A program that reads the result learns that somebody said no.
func TestANoIsInTheObject(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.sit("(vault-secret delete TOKEN --json >out; code=$?; cat out; exit $code)")
	p.answers("[y/N] ", "n\n")
	shows(t, p.ends(1), `"result": "failed"`, `"changed": false`, `"error_code": "cancelled"`)
	same(t, "the vault", "TOKEN", s.names())
}

// The time that somebody takes to answer is none of the time for the run: after an hour of
// it, by the clock of the host, the run has an hour more.
func TestAnAnswerMayTakeItsTime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		verb    string
		answers [][2]string // to prompts
	}{
		"a question": {"delete", [][2]string{{"[y/N] ", "y\n"}}},
		"a value":    {"set", [][2]string{{prompt, value + "\n"}, {repeat, value + "\n"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, d := newStage(t), newDesk(t)
			var asked atomic.Bool
			var end time.Time // of the run, when it writes
			var out, log bytes.Buffer
			network := &http.Transport{DisableKeepAlives: true}
			h := host(inputs{"NAIRI_API_KEY": s.Key}, &out, roundTrip(func(r *http.Request) (*http.Response, error) {
				end, _ = r.Context().Deadline()
				return network.RoundTrip(r)
			}))
			h.Command = &cli.Command{Verb: tt.verb, Flags: input.Flags{
				"operation": tt.verb, "env_key": "TOKEN", "vault_id": s.VaultID, "base_url": s.BaseURL, "timeout": "1m", "request_timeout": "10m",
			}}
			h.Terminal, h.Stderr = terminal.Of(d.line, d.line), &log
			h.Now = func() time.Time { return time.Now().Add(map[bool]time.Duration{true: time.Hour}[asked.Load()]) }
			began, code, done := time.Now(), -1, make(chan struct{})
			go func() { defer close(done); code = Run(t.Context(), h) }()
			t.Cleanup(func() { <-done })
			for _, answer := range tt.answers {
				d.sees(answer[0])
				asked.Store(true)
				d.types(answer[1])
			}
			select {
			case <-done:
			case <-time.After(patience):
				t.Fatal("the run does not end after the answer")
			}
			same(t, "exit code", 0, code)
			if lasts := end.Sub(began); lasts < time.Hour {
				t.Errorf("a write may last until %v after the begin", lasts)
			}
		})
	}
}

// How far a sync is stands in one line, which is gone in the end.
func TestASyncOnATerminalShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	const count = 12
	for _, tt := range []struct {
		flags, shown string
		columns      uint16
	}{
		{"", "12 of 12 done", 100},
		{"--json", "12 of 12 done", 100},
		{"", "12 of 12 ", 10},
		{"--quiet", "", 100},
		{"2>log", "", 100},
	} {
		together.run(fmt.Sprint(tt.flags, tt.columns), func(t *testing.T) {
			s := newStage(t)
			var entries []string
			for i := range count {
				entries = append(entries, fmt.Sprintf(`    NEW_%02d: {env: NEW_VALUE, allowed_domains: [db.example.com]}\n`, i))
			}
			p := s.sit("read go; "+s.syncOf(tt.flags, entries...), "NEW_VALUE="+value)
			p.resize(tt.columns)
			p.types("\n")
			screen := p.ends(0)
			if tt.shown == "" {
				if strings.Contains(screen, "of 12 done") {
					t.Errorf("it shows how far it is: %q", screen)
				}
				return
			}
			shows(t, screen, "\r"+tt.shown)
			for line := range strings.Lines(rendered(screen)) {
				if strings.Contains(line, "of 12") {
					t.Errorf("how far it was is left on the screen: %q", line)
				}
			}
		})
	}
}

// rendered is what a screen shows in the end of text: what comes after a carriage return
// is written over what was there.
func rendered(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		var shown []rune
		for _, piece := range strings.Split(line, "\r") {
			letters := []rune(piece)
			if len(letters) < len(shown) {
				letters = append(letters, shown[len(letters):]...)
			}
			shown = letters
		}
		lines = append(lines, strings.TrimRight(string(shown), " "))
	}
	return strings.Join(lines, "\n")
}
