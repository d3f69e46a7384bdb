package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reader follows a page: runs what it says to run, and compares what that prints.
type reader struct {
	*terminal
	page    string
	outputs string // the file of the program's outputs
	file    string // the manifest
}

// did is what came of a block of commands: the exit code of the last one, and what
// each run of the program gave as some outputs.
type did struct {
	Code    int
	Outputs map[string][]string
}

// newReader has a clone of this working tree where the page gets one from GitHub.
func newReader(t *testing.T, page string, environ ...string) *reader {
	t.Helper()
	source, dir := filepath.Join(t.TempDir(), "source"), t.TempDir()
	if err := newRepository(source, everything); err != nil {
		t.Fatal(err)
	}
	config, outputs := filepath.Join(dir, "gitconfig"), filepath.Join(dir, "nairi.env")
	write(t, config, "[user]\n\tname = e2e\n\temail = e2e@example.com\n[url \"file://"+source+"\"]\n\tinsteadOf = "+gitHub+"nairi-community/vault-secret\n", 0o600)
	s := newTerminal(t, append(environ, "GIT_CONFIG_GLOBAL="+config, "GIT_CONFIG_SYSTEM="+os.DevNull, "INPUT_OUTPUT_FILE="+outputs)...)
	return &reader{s, read(t, page), outputs, filepath.Join(s.dir, "team", ".github", "nairi-vault.yml")}
}

// shownBlock finds the blocks of a page that are followed.
var shownBlock = regexp.MustCompile("(?ms)^```(sh|text|yaml)\n(.*?)^```$")

// section is the part of the page below a heading.
func (r *reader) section(heading string) string {
	r.t.Helper()
	_, text, found := strings.Cut(r.page, "\n## "+heading+"\n")
	if !found {
		r.t.Fatalf("the page has no section %q", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// follow does what a section says, block by block: sh is run, text is what that
// prints, and yaml is a line to change in the manifest, or lines that it has.
func (r *reader) follow(heading string) []did {
	r.t.Helper()
	var all []did
	printed := ""
	for _, block := range shownBlock.FindAllStringSubmatch(r.section(heading), -1) {
		switch language, text := block[1], block[2]; {
		case language == "sh":
			_ = os.Remove(r.outputs)
			var code int
			printed, code = r.run(text)
			all = append(all, did{code, r.given()})
		case language == "text":
			r.has(heading, printed, text)
		case strings.HasPrefix(text, "      "):
			r.edit(text)
		default:
			r.has(heading, undated(read(r.t, r.file)), text)
		}
	}
	return all
}

// anyPort is that of the emulator, which takes a free one.
var anyPort = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

// has checks that each line of a page is one of a text.
func (r *reader) has(heading, text, lines string) {
	r.t.Helper()
	there := strings.Split(anyPort.ReplaceAllString(text, "127.0.0.1:40123"), "\n")
	for line := range strings.Lines(lines) {
		if line = strings.TrimSuffix(line, "\n"); !slices.Contains(there, line) {
			r.t.Errorf("%s: there is no line %q in\n%s", heading, line, text)
		}
	}
}

// edit changes the line of an entry in the manifest.
func (r *reader) edit(entry string) {
	r.t.Helper()
	name, _, _ := strings.Cut(strings.TrimSpace(entry), ":")
	line := regexp.MustCompile("(?m)^ +" + name + ": .*\n")
	manifest := read(r.t, r.file)
	if found := line.FindAllString(manifest, -1); len(found) != 1 || found[0] == entry {
		r.t.Fatalf("the manifest has %q, to become %q", found, entry)
	}
	write(r.t, r.file, line.ReplaceAllLiteralString(manifest, entry), 0o600)
}

// given are the outputs since the file was removed, each in the order of the runs.
func (r *reader) given() map[string][]string {
	r.t.Helper()
	data, err := os.ReadFile(r.outputs)
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	given := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), "=")
		name = strings.ToLower(strings.TrimPrefix(name, "NAIRI_"))
		given[name] = append(given[name], text)
	}
	return given
}

// checkDid compares what blocks did with what they were to do, as far as that is said.
func checkDid(t *testing.T, got []did, want ...did) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		for name := range got[i].Outputs {
			if want[i].Outputs[name] == nil {
				delete(got[i].Outputs, name)
			}
		}
		if len(got[i].Outputs) == 0 {
			got[i].Outputs = nil
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- wanted, + done:\n%s", diff)
	}
}
