//go:build unix

package action

import (
	"encoding/base64"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// What a prompt says.
const (
	prompt = "Value of TOKEN (it is not shown): "
	repeat = "The same once more: "
)

// set is a command that lacks its value.
const set = "vault-secret set TOKEN"

func TestAMissingValueIsAskedForTwice(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	encoded := base64.StdEncoding.EncodeToString([]byte(value))
	for command, want := range map[string]struct{ prompt, typed, stored string }{
		set:                         {prompt, value, rotated},
		"vault-secret update TOKEN": {prompt, value, rotated},
		"vault-secret set --trim none --secret-id " + tokenID:                      {"Value of " + tokenID, value, rotated},
		set + " --value-encoding base64":                                           {prompt, encoded, rotated},
		set + " --quiet":                                                           {prompt, "wrong\x15" + value + "x\x7f", rotated}, // corrected
		"vault-secret create NEW --allowed-domains 'db.example.com,*.example.org'": {"Value of NEW", value, created},
	} {
		together.run(command, func(t *testing.T) {
			s := newStage(t)
			p := s.sit(command)
			p.answers(want.prompt, want.typed+"\n")
			p.answers(repeat, want.typed+"\n")
			p.ends(0)
			if held := s.stored(); held[len(held)-1] != want.stored {
				t.Error("the vault does not hold what was typed")
			}
		})
	}
}

// A line that the system puts together would end after 4,095 bytes on Linux and 1,024 on
// macOS.
func TestALongValueThatIsTypedIsWhole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	long := strings.Repeat("kF7qvB2xWm", 500)
	s.hidden = append(s.hidden, long[:20])
	p := s.sit(set)
	p.answers(prompt, long+"\n")
	p.answers(repeat, long+"\n")
	p.ends(0)
	if s.stored()[0] != "TOKEN "+long+" [api.example.com]" {
		t.Error("the vault does not hold what was typed")
	}
}

// What goes wrong at the prompt sends nothing and leaves nothing: no changed mode of the
// terminal, and nothing that was typed.
func TestAValueThatIsNotTypedWellIsNotSent(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	const ctrlC, ctrlD, ctrlZ, ctrlBackslash, arrow = "\x03", "\x04", "\x1a", "\x1c", "\x1b[D"
	lines := value + "\n" + value + "\n"
	for name, tt := range map[string]struct {
		first, second string
		code          int
		says          string
	}{
		"two that differ":           {value + "\n", value + "!\n", 2, "The value was not the same the second time; nothing was sent"},
		"an empty one":              {"\n", "", 2, "The value is empty"},
		"nothing the second time":   {value + "\n", "\n", 2, "was not the same"},
		"the end":                   {ctrlD, "", 2, "The value was not typed; nothing was sent"},
		"the end, the second time":  {value + "\n", ctrlD, 2, "The value was not typed; nothing was sent"},
		"Ctrl-C":                    {value[:5] + ctrlC, "", 130, "The run was cancelled. Nothing was changed."},
		"Ctrl-C, the second time":   {value + "\n", value[:5] + ctrlC, 130, "The run was cancelled. Nothing was changed."},
		"Ctrl-Z":                    {ctrlZ + value + "\n", "", 2, "holds a key that is no character"},
		`Ctrl-\`:                    {ctrlBackslash + value + "\n", "", 2, "holds a key that is no character"},
		"an arrow":                  {value + arrow + "\n", "", 2, "--value-file -"},
		"two lines pasted":          {lines, "", 2, "The value has more than one line, and a prompt takes one. Put it into a file and name that with --value-file, or pipe it in with --value-file -"},
		"a second line without end": {value + "\nrm -r x", "", 2, "has more than one line"},
		"lines, the second time":    {value + "\n", lines, 2, "has more than one line"},
		"a template":                {"${TOKEN}\n", "${TOKEN}\n", 2, "To store it anyway, set --allow-suspicious-value"},
		"no text":                   {"\xff\xfe\xfd\n", "\xff\xfe\xfd\n", 2, "The value is UTF-16 text."},
	} {
		together.run(name, func(t *testing.T) {
			s := newStage(t)
			p := s.sit(set)
			p.answers(prompt, tt.first)
			if tt.second != "" {
				p.answers(repeat, tt.second)
			}
			shows(t, p.ends(tt.code), tt.says)
			same(t, "requests", 0, len(s.Requests()))
		})
	}
}

// However long a text of many lines is that is pasted, nothing of it is left for the shell.
// The program is stopped until all is there: else a paste that stops for a moment, as on a
// machine with much to do, is one that has ended.
func TestNothingOfALongPasteIsLeft(t *testing.T) {
	t.Parallel()
	size := 6 << 10 // more than the program reads at once, and less than Linux holds
	if runtime.GOOS != "linux" {
		size = 900 // which every system holds (MAX_INPUT)
	}
	s := newStage(t)
	p := s.sit(toldPID + set + "'")
	p.sees(prompt)
	p.signals(syscall.SIGSTOP)
	p.types(strings.Repeat(value+"\n", size/len(value)))
	p.signals(syscall.SIGCONT)
	shows(t, p.ends(2), "has more than one line")
	same(t, "requests", 0, len(s.Requests()))
}

// toldPID is the beginning of a command that tells its process, up to an apostrophe.
const toldPID = `sh -c 'echo "<pid $$>"; exec `

var processID = regexp.MustCompile(`<pid (\d+)>`)

// signals sends a signal to the process that was told.
func (p *sitting) signals(signal syscall.Signal) {
	p.t.Helper()
	pid := processID.FindStringSubmatch(p.screen.String())
	if pid == nil {
		p.t.Fatal("no process was told")
	}
	if id, err := strconv.Atoi(pid[1]); err != nil || syscall.Kill(id, signal) != nil {
		p.t.Fatalf("process %s: it cannot be sent %v", pid[1], signal)
	}
}

func TestASignalEndsAPrompt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.sit(toldPID + set + "'")
	p.answers(prompt, value[:5])
	p.signals(syscall.SIGTERM)
	shows(t, p.ends(130), "error: The run was cancelled. Nothing was changed. [cancelled]")
	same(t, "requests", 0, len(s.Requests()))
}

// A window that changes its size while somebody types is told to the program, and ends
// nothing.
func TestAPromptOutlastsAResize(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.sit(set)
	p.answers(prompt, value[:9])
	p.resize(20)
	p.types(value[9:])
	p.resize(120)
	p.types("\n")
	p.answers(repeat, value+"\n")
	p.ends(0)
	same(t, "stored as typed", true, s.stored()[0] == rotated)
}

// What is typed before the prompt shows, as it always does, and is no answer.
func TestWhatIsTypedBeforeAPromptIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.sit(`echo ready; while [ ! -e go ]; do sleep 0.01; done; ` + set + ` `)
	p.answers("ready", "early\nearly\n")
	p.sees("early\r\nearly\r\n")
	p.tells("go")
	p.answers(prompt, value+"\n")
	p.answers(repeat, value+"\n")
	p.ends(0)
	same(t, "stored as typed", true, s.stored()[0] == rotated)
}

// Nobody is asked who cannot answer, or need not, or would type a value for nothing.
func TestNobodyIsAskedForAValueInVain(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	for command, code := range map[string]int{
		"echo x | " + set:   2,
		set + " </dev/null": 2,
		set + " 2>log; cat log; grep -q 'nothing to write' log": 0,
		set + " --dry-run":                                           0,
		set + " --timeout soon":                                      2,
		set + " --vault-id nonsense":                                 2,
		set + " --allowed-domains api.example.com":                   0,
		"vault-secret update TOKEN --allow-any-domain":               0,
		"vault-secret create NEW":                                    2,
		"V=" + value + " vault-secret set TOKEN --value-env V":       0,
		"echo " + value + " | vault-secret set TOKEN --value-file -": 0,
		"INPUT_ENV_KEY=TOKEN vault-secret":                           2,
	} {
		together.run(command, func(t *testing.T) {
			screen := newStage(t).sit(command).ends(code)
			if strings.Contains(screen, "it is not shown") {
				t.Errorf("it asks: %s", screen)
			}
		})
	}
}
