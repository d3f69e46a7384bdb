package e2e

import (
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// ends are the exit codes of the page's blocks that are not 0, by what they begin with.
var ends = map[string]int{
	"vault-secret check nairi-vault.yml\n":                                     1,
	"vault-secret set WEBHOOK_SECRET --allowed-domain hooks.example.net\n":     2,
	"(\n  set -e\n  vault-secret lint nairi-vault.yml\n  vault-secret set MIS": 1,
}

// The page is followed from its first line to its last, as it is printed. Each text is all
// that the block before it prints, but for what a line of … stands for.
func TestTheCommandLineAsItIsPrinted(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("builds the program as the page does, and runs a shell")
	}
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("the page needs jq")
	}
	l := &living{reader: newReader(t, "../docs/command-line.md")}
	l.run("unset INPUT_OUTPUT_FILE\n") // a shell of whoever reads the page has none
	var first map[string]keptSecret
	printed, ended := "", 0
	for _, block := range shownBlock.FindAllStringSubmatch(l.page, -1) {
		if block[1] == "text" {
			printedAll(t, printed, block[2])
			continue
		}
		var code int
		if printed, code = l.run(block[2]); code != l.endOf(block[2], &ended) {
			t.Errorf("exit code %d of\n%s%s", code, block[2], printed)
		}
		if first == nil {
			l.open()
			first = l.held()
		}
		if strings.HasPrefix(block[2], "vault-secret delete") {
			l.holdsWritten(first)
		}
	}
	if ended != len(ends) {
		t.Errorf("%d blocks of %d fail as they should", ended, len(ends))
	}
	l.hidesAll(first)
}

// endOf is the exit code that a block should have. It counts those that should fail.
func (l *living) endOf(lines string, failed *int) int {
	for begin, code := range ends {
		if strings.HasPrefix(lines, begin) {
			*failed++
			return code
		}
	}
	return 0
}

// holdsWritten checks what the ten commands have written.
func (l *living) holdsWritten(first map[string]keptSecret) {
	l.t.Helper()
	l.holds(first,
		keptSecret{EnvKey: "WEBHOOK_SECRET", Value: webhookRotated.Value, AllowedDomains: []string{"hooks.example.net", "*.hooks.example.net"}},
		stripeWidened)
}

// What differs from run to run is replaced by what the page has in its place.
var (
	newID   = regexp.MustCompile(`sec_01[A-Z0-9]{24}`)
	anyTime = regexp.MustCompile(`20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.000)?(?:Z| UTC)`)
)

// alike is a text with what is the same in each run alone.
func alike(text string) string {
	text = anyPort.ReplaceAllString(text, "127.0.0.1:40123")
	return anyTime.ReplaceAllString(newID.ReplaceAllString(text, "sec_"), "a time")
}

// printedAll checks that a text is all of what was printed.
func printedAll(t *testing.T, printed, text string) {
	t.Helper()
	rest, whole := alike(printed), true // whether the next piece has to come at once
	for i, piece := range strings.Split("\n"+alike(text), "\n…\n") {
		if i == 0 {
			piece = strings.TrimPrefix(piece, "\n")
		} else {
			whole = false
		}
		if piece = strings.TrimSuffix(piece, "\n"); piece != "" {
			piece += "\n"
		}
		at := strings.Index(rest, piece)
		if at < 0 || whole && at > 0 {
			t.Errorf("%q is not what comes next in\n%s", piece, printed)
			return
		}
		rest, whole = rest[at+len(piece):], true
	}
	if rest != "" && !strings.HasSuffix(text, "\n…\n") {
		t.Errorf("the page leaves out\n%s", rest)
	}
}
