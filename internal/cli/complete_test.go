package cli_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// completes are lines, each with what a shell offers at its end.
var completes = []struct{ line, want string }{
	{"vault-secret ", "set|list|lint|completion|help"},
	{"vault-secret s", "set"},
	{"vault-secret nosuch", ""},
	{"vault-secret nosuch --", ""},
	{"vault-secret set --", "--key-file|--url|--host|--vault|--trim|--dry-run|--verify"},
	{"vault-secret set --t", "--trim"},
	{"vault-secret set NAME --t", "--trim"},
	{"vault-secret set --trim ", "newline|none"},
	{"vault-secret set --trim=", "newline|none"},
	{"vault-secret set --trim=no", "none"},
	{"vault-secret set --trim=x", ""},
	{"vault-secret set --url ", ""},
	{"vault-secret set --url=", ""},
	{"vault-secret set --dry-run=", "true|false"},
	{"vault-secret set --dry-run=f", "false"},
	{"vault-secret set --verify=f", "false"},
	// What was given is not offered again, except for lists.
	{"vault-secret set --trim none --t", ""},
	{"vault-secret set --trim=none --t", ""},
	{"vault-secret set --dry-run --d", ""},
	{"vault-secret set --dry-run=true NAME --d", ""},
	{"vault-secret set --verify=false --", "--key-file|--url|--host|--vault|--trim|--dry-run"},
	{"vault-secret set --host a --ho", "--host"},
	{"vault-secret set --host=a --ho", "--host"},
	{"vault-secret lint --manifest a --m", "--manifest"},
	{"vault-secret set --vault a --va", ""},
	{"vault-secret list --vault a --va", "--vault"},
	{"vault-secret list --vault=a b --va", "--vault"},
	// Colons are in addresses and names of files.
	{"vault-secret set --url https://example.com --t", "--trim"},
	{"vault-secret set --url=https://example.com:8443/x --t", "--trim"},
	{"vault-secret set --key-file su", "sub"},
	{"vault-secret set --key-file=su", "sub"},
	{"vault-secret set --key-file my", "my file.txt|my folder"},
	{"vault-secret set --key-file nosuch", ""},
	{"vault-secret lint su", "sub"},
	{"vault-secret lint sub/", "deep.yml"},
	{"vault-secret lint a su", "sub"},
	{"vault-secret lint --dry-run su", "sub"},
	{"vault-secret lint --manifest a --manifest su", "sub"},
	{"vault-secret list su", ""},
	{"vault-secret help ", "set|list|lint|completion|help"},
	{"vault-secret help l", "list|lint"},
	{"vault-secret help set ", ""},
	{"vault-secret completion ", "bash|zsh|fish"},
	{"vault-secret completion z", "zsh"},
	{"vault-secret completion zsh ", ""},
}

// expect checks what a shell offers for the lines.
func expect(t *testing.T, got [][]string) {
	t.Helper()
	if len(got) != len(completes) {
		t.Fatalf("%d answers for %d lines", len(got), len(completes))
	}
	for i, tt := range completes {
		_, _, inText := strings.Cut(tt.line[strings.LastIndex(tt.line, " "):], "=")
		var offered []string
		for _, text := range got[i] {
			offered = append(offered, plain(text, inText))
		}
		slices.Sort(offered)
		want := strings.Split(tt.want, "|")
		slices.Sort(want)
		if got := strings.Join(slices.Compact(offered), "|"); got != strings.Join(want, "|") {
			t.Errorf("%q: got %s, want %s", tt.line, got, tt.want)
		}
	}
}

// plain is what is offered, in the same way for all shells: the flag or its text, and the
// last part of a file's name.
func plain(text string, inText bool) string {
	if flag, rest, found := strings.Cut(text, "="); found && inText {
		text = rest
	} else if found {
		text = flag
	}
	return path.Base(text)
}

// scene is a shell, and a folder with files to complete.
type scene struct{ program, dir string }

// stage finds a shell, and skips the test where there is none.
func stage(t *testing.T, shell string) scene {
	t.Helper()
	program, err := exec.LookPath(shell)
	if err != nil || runtime.GOOS == "windows" {
		t.Skipf("there is no %s here: its completions are not run", shell)
	}
	dir := t.TempDir()
	for _, name := range []string{"my file.txt", "my folder/x", "sub/deep.yml", "a:b.txt", " first.txt", "*"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return scene{program, dir}
}

// file writes a file outside of the folder with files to complete.
func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// run runs the shell, and returns what it prints.
func (s scene) run(t *testing.T, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program, arguments...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TERM=dumb", "LC_ALL=C.UTF-8", "TMPDIR=" + t.TempDir()}
	cmd.WaitDelay = time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v\n%s", s.program, err, stderr.String())
	}
	return string(out)
}

// answers reads what is offered for each line, up to a line of dashes.
func answers(out string) [][]string {
	var all [][]string
	for part := range strings.SplitSeq(out, "--\n") {
		all = append(all, strings.FieldsFunc(part, func(r rune) bool { return r == '\n' }))
	}
	return all[:len(all)-1]
}
