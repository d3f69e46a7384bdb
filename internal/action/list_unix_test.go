//go:build unix

package action

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// loudAny is "any host" as a terminal shows it in colour.
const loudAny = "\x1b[1;33many host\x1b[0m"

// A person sees a table as wide as the terminal, with what any host may get in colour, and
// no name draws on it.
func TestAListFitsTheTerminalItIsOn(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	for _, width := range []int{60, 80, 120} {
		together.run(fmt.Sprint(width), func(t *testing.T) {
			s := newStage(t)
			s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "OPEN\x1b[2J", Value: former})
			s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "MANY", Value: former, AllowedDomains: []string{"a.example.com", "b.example.com", "c.example.com", "d.example.com", "e.example.com"}})
			screen := s.sit(fmt.Sprintf("stty cols %d; vault-secret list", width)).ends(0)
			for line := range strings.SplitSeq(strings.ReplaceAll(screen, loudAny, "any host"), "\n") {
				if n := utf8.RuneCountInString(line); n > width || strings.Contains(line, "\x1b") {
					t.Errorf("%d characters: %q", n, line)
				}
			}
			for _, want := range []string{loudAny, `"OPEN\x1b[2J"`, "c.example.com", "and 2 more", "HOSTS", tokenID, "The vault has 3 secrets. 1 secret can be sent to any host."} {
				if !strings.Contains(screen, want) {
					t.Errorf("%q is not in %q", want, screen)
				}
			}
		})
	}
}

// Colours are left out where they are not wanted or would not show, and a pipe has columns.
func TestAListIsPlainWhereColoursAreNotWanted(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	for command, want := range map[string]string{
		"NO_COLOR=1 vault-secret list":                     "OPEN   any host  ",
		"NO_COLOR=1 CLICOLOR_FORCE=1 vault-secret list":    "OPEN   any host  ",
		"TERM=dumb vault-secret list":                      "OPEN   any host  ",
		"TERM=dumb CLICOLOR_FORCE=1 vault-secret list":     "OPEN   " + loudAny + "  ",
		"NO_COLOR= vault-secret list":                      "OPEN   " + loudAny + "  ",
		"vault-secret list | cat -":                        "OPEN\tany host\t2",
		"CLICOLOR_FORCE=0 vault-secret list | cat -":       "OPEN\tany host\t2",
		"CLICOLOR_FORCE=1 vault-secret list | cat -":       "OPEN\t" + loudAny + "\t2",
		"vault-secret list --json | grep -c '\"results\"'": "\n1\n",
	} {
		together.run(command, func(t *testing.T) {
			s := newStage(t)
			s.AddSecret(s.VaultID, nairitest.Stored{EnvKey: "OPEN", Value: former})
			screen := s.sit(command).ends(0)
			if !strings.Contains(screen, want) || strings.Contains(screen, "\x1b") != strings.Contains(want, "\x1b") {
				t.Errorf("%q is not in %q", want, screen)
			}
		})
	}
}
