package action

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const listPage = "docs/list.md"

// blocksOf are the blocks of a page that are in a language.
func blocksOf(t *testing.T, page, language string) []string {
	t.Helper()
	var found []string
	for _, block := range strings.Split(text(t, page), "\n```"+language+"\n")[1:] {
		block, _, _ = strings.Cut(block, "\n```\n")
		found = append(found, block+"\n")
	}
	return found
}

// shownDay is the time at which the page lists its vault.
var shownDay = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// shownVault is the vault that the page lists, as old as it is there. asShown puts the
// times of the page in the place of those of today.
func shownVault() (e *nairitest.Emulator, asShown *strings.Replacer) {
	today := time.Now().Truncate(time.Second)
	var times []string
	e = nairitest.New(nairitest.Options{})
	e.AddVaultWithID(vaultID, "production")
	for _, s := range []struct {
		id, name string
		age      time.Duration
		hosts    []string
	}{
		{tokenID, "DATABASE_URL", 3 * 24 * time.Hour, []string{"db.example.com", "*.replicas.example.com"}},
		{otherID, "OPEN_TOKEN", 2 * time.Hour, nil},
		{"sec_01KQ27AQH800XQTQPJZ0DH14SM", "STRIPE_KEY", 21 * 24 * time.Hour, []string{"api.stripe.com"}},
	} {
		created := time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC)
		e.AddSecret(vaultID, nairitest.Stored{ID: s.id, EnvKey: s.name, Value: former, AllowedDomains: s.hosts, CreatedAt: created, UpdatedAt: today.Add(-s.age)})
		times = append(times, inMilliseconds(today.Add(-s.age)), inMilliseconds(shownDay.Add(-s.age)))
	}
	return e, strings.NewReplacer(times...)
}

// What the page shows is what the program prints: on a terminal, in a pipe and as JSON.
func TestTheListPageShowsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	e, asShown := shownVault()
	listed := func(command cli.Command, width int) (stdout, stderr string) {
		var out, log bytes.Buffer
		command.Verb, command.Flags = "list", input.Flags{"operation": "list", "vault_id": vaultID}
		h := host(inputs{"NAIRI_API_KEY": e.Options().Key, "NO_COLOR": "1"}, &out, e.Transport())
		h.Command, h.Width, h.Stderr = &command, width, &log
		if code := Run(t.Context(), h); code != 0 {
			t.Errorf("exit code %d: %s", code, log.String())
		}
		return asShown.Replace(out.String()), log.String()
	}
	shown := blocksOf(t, listPage, "text")
	table, count := listed(cli.Command{}, 100)
	same(t, "on a terminal", shown[0], table+count)
	columns, _ := listed(cli.Command{}, 0)
	same(t, "in a pipe", shown[1], columns)
	object, _ := listed(cli.Command{JSON: true}, 0)
	var printed struct{ Results []any }
	var first any
	if json.Unmarshal([]byte(object), &printed) != nil || json.Unmarshal([]byte(blocksOf(t, listPage, "json")[0]), &first) != nil || len(printed.Results) != 3 {
		t.Fatal(object)
	}
	same(t, "as JSON", first, printed.Results[0])
}

// The pipes of the page find what they say.
func TestThePipesOfTheListPageWork(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	e, _ := shownVault()
	server := httptest.NewServer(e)
	defer server.Close()
	pipes := strings.FieldsFunc(strings.Join(blocksOf(t, listPage, "sh")[1:], ""), func(c rune) bool { return c == '\n' })
	finds := []string{`^DATABASE_URL\nOPEN_TOKEN\nSTRIPE_KEY\n$`, `^OPEN_TOKEN\tany host\t[^\n]*\n$`, `^STRIPE_KEY\t[^\n]*\n$`, `^OPEN_TOKEN\n$`}
	if len(pipes) != len(finds) {
		t.Fatalf("the page has %d pipes", len(pipes))
	}
	for i, pipe := range pipes {
		t.Run(pipe, func(t *testing.T) {
			for _, needed := range []string{"sh", "jq"} {
				if _, err := exec.LookPath(needed); err != nil && (needed == "sh" || strings.Contains(pipe, needed)) {
					t.Skipf("there is no %s", needed)
				}
			}
			cmd := exec.CommandContext(t.Context(), "sh", "-c", pipe)
			cmd.Env = []string{
				"PATH=" + filepath.Dir(path) + string(filepath.ListSeparator) + os.Getenv("PATH"), "SystemRoot=" + os.Getenv("SystemRoot"),
				"NAIRI_API_KEY=" + e.Options().Key, "NAIRI_BASE_URL=" + server.URL, "NAIRI_VAULT_ID=" + vaultID,
			}
			if out, err := cmd.Output(); err != nil || !regexp.MustCompile(finds[i]).Match(out) {
				t.Errorf("it prints %q: %v", out, err)
			}
		})
	}
}
