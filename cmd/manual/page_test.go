package main

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/input"
)

var page1 = manual("v1.2.3", "2026-11-30")

// sections are what stands in the page under each heading.
func sections(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	last := -1
	order := []string{
		"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SECURITY", "SEE ALSO",
	}
	for part := range strings.SplitSeq(page1, "\n.SH ") {
		title, text, _ := strings.Cut(part, "\n")
		title = strings.Trim(title, `"`)
		all[title] = "\n" + text
		if last >= 0 && title != order[last] {
			t.Errorf("%q is in the place of %s", title, order[last])
		}
		last++
	}
	if last != len(order) {
		t.Errorf("%d sections, not %d", last, len(order))
	}
	return all
}

// Everything that the tables have is in its section.
func TestPageHasEverything(t *testing.T) {
	t.Parallel()
	has := sections(t)
	expect := func(section, text string) {
		t.Helper()
		if !strings.Contains(has[section], text) {
			t.Errorf("%s: there is no %s", section, text)
		}
	}
	for _, v := range cli.Verbs() {
		expect("COMMANDS", bold("vault-secret "+v.Name))
		for _, e := range v.Examples {
			expect("EXAMPLES", "\n"+escaped(e.Line)+"\n")
		}
		for _, f := range v.Flags() {
			expect("OPTIONS", "\n"+term(f)+"\n")
		}
	}
	for _, code := range cli.ExitCodes() {
		expect("EXIT STATUS", fmt.Sprintf("\n.TP\n%s\n", bold(fmt.Sprint(code.Code))))
	}
	for _, spec := range input.Specs() {
		if spec.Variable() != "" {
			expect("ENVIRONMENT", bold(spec.Variable()))
		}
		isOption := strings.Contains(has["OPTIONS"], bold(input.Flag(spec.Name)))
		if want := spec.Never() == "" && spec.Name != "operation" && spec.Name != "generated_env"; isOption != want {
			t.Errorf("%s: whether it is an option: %v, want %v", spec.Name, isOption, want)
		}
		if spec.Never() != "" {
			expect("SECURITY", italic(spec.Name))
		}
	}
}

func TestPageSaysWhichVerbs(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]string{
		"--export-file": "For export.",
		"--yes":         "For delete and sync.",
		"--secret-id":   "For set, update and delete.",
		"--json":        "",
		"--help":        "",
	} {
		for _, f := range cli.FlagsOf(cli.Verbs()...) {
			if f.String() == flag && takers(f) != want {
				t.Errorf("%s: got %q, want %q", flag, takers(f), want)
			}
		}
	}
}

// Nobody complains about the page.
func TestPageIsClean(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{
		{"groff", "-man", "-Tutf8", "-ww", "-rLL=80n"},
		{"groff", "-man", "-Tutf8", "-ww", "-rLL=50n"},
		{"man", "-Tutf8", "--warnings=w", "-l"},
		{"mandoc", "-Tlint", "-Wstyle"},
	} {
		t.Run(strings.Join(command, " "), func(t *testing.T) {
			t.Parallel()
			if command[0] == "man" && runtime.GOOS != "linux" {
				t.Skip("the man of this system knows no --warnings")
			}
			shown := render(t, page1, command[0], command[1:]...)
			if command[0] != "mandoc" && !strings.Contains(shown, "--allowed-domains") {
				t.Errorf("it does not show the page: %s", shown)
			}
		})
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	err := run([]string{"-version", "v1.2.3", "-date", "2026-11-30"}, &stdout, &stderr)
	if err != nil || stderr.Len() > 0 || stdout.String() != page1 {
		t.Errorf("%v %s", err, stderr.String())
	}
	if first := `.TH VAULT\-SECRET 1 2026-11-30 "vault\-secret v1.2.3" "User Commands"` + "\n"; !strings.HasPrefix(page1, first) {
		t.Errorf("it begins with %.80q", page1)
	}
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]string{
		"":                                   "-version is not set",
		"-date 2026-11-30":                   "-version is not set",
		"-version v1.2.3":                    "-date is not a day",
		"-version v1.2.3 -date yesterday":    "-date is not a day",
		"-version v1.2.3 -date 2026-11-30 x": "there are no arguments besides the flags",
		"-nosuch":                            "flag provided but not defined: -nosuch",
	} {
		var stdout, stderr bytes.Buffer
		err := run(strings.Fields(arguments), &stdout, &stderr)
		if err == nil || stdout.Len() > 0 || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: got %v, %q, want %q", arguments, err, stderr.String(), want)
		}
	}
}
