package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files are a repository with nothing wrong, besides what a test adds.
func files(added map[string]string) fstest.MapFS {
	root := fstest.MapFS{}
	for name, text := range map[string]string{
		"README.md": "# Title\n\nSee [the docs](docs/README.md#one-page).\n",
		"docs/README.md": "# Docs\n\n## One page\n\n" +
			"[Two](two.md), [two again](two.md#the-same-1), ![a picture](img/picture.svg), [a file](../main.go#L3).\n",
		"docs/two.md": "# `two_words`, and: more\n\n[self](#two_words-and-more) [root](/README.md#title)\n\n" +
			"## The same\n\n## The same\n\n<a id=\"old\"></a>\n\n[old](#old) [folder](../docs#docs)\n",
		"docs/img/picture.svg":                    "<svg/>",
		"main.go":                                 "package main\n",
		"cmd/prose/words.txt":                     "Nairi\nenv\n",
		"cmd/prose/unfinished.txt":                "",
		"internal/problem/testdata/banned.txt":    "# The phrases.\n?.\nANY\nhas to\n",
		"internal/report/testdata/created.golden": "### Created in a Nairi vault, with its ENV and env.\n",
	} {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range added {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

// pages is where our own are. The checker reads this file as well.
const pages = "https://github.com/" + "nairi-community/vault-secret/blob/v1/"

// slips is a dictionary that has all words but a few.
func slips(words []string) ([]string, error) {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return !slices.Contains([]string{"hostz", "Hostz", "colour", "Nairi", "env"}, word)
	}), nil
}

// check is what the program prints after the count of long sentences.
func check(t *testing.T, root fstest.MapFS, unknown speller) string {
	t.Helper()
	var out strings.Builder
	err := run(nil, root, &out, unknown)
	_, findings, _ := strings.Cut(out.String(), "words\n")
	if (err != nil) != (findings != "") {
		t.Errorf("it says %v and prints %q", err, findings)
	}
	return findings
}

func TestNothingIsWrong(t *testing.T) {
	t.Parallel()
	if got := check(t, files(nil), slips); got != "" {
		t.Error(got)
	}
}

// Each bad file is found, by its line.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	long := "One" + strings.Repeat(" more", 40) + " word."
	for name, c := range map[string]struct{ file, text, want string }{
		"a missing file":       {"README.md", "# Title\n\n[docs](docs/README.md)\n[x](docs/gone.md)\n", "README.md:4: there is no file docs/gone.md"},
		"a missing anchor":     {"README.md", "# Title\n\n[docs](docs/two.md#the-same-2)\n", "README.md:3: docs/two.md has no heading #the-same-2"},
		"an anchor of its own": {"README.md", "# Title\n\n[me](#tit1e)\n", "README.md:3: README.md has no heading #tit1e"},
		"outside":              {"README.md", "# Title\n\n[up](../elsewhere)\n", "README.md:3: there is no file ../elsewhere"},
		"a reference":          {"README.md", "# Title\n\n[docs][d]\n\n[d]: gone.md\n", "README.md:3: there is no file gone.md"},
		"a picture":            {"README.md", "# Title\n\n<img src=\"docs/img/gone.png\" alt=\"\">\n", "README.md:3: there is no file docs/img/gone.png"},
		"a cell":               {"README.md", "| a | b |\n| - | - |\n| c | [d](gone) |\n", "README.md:3: there is no file gone"},
		"no https":             {"README.md", "# Title\n\n<http://example.com/a>\n", "README.md:3: http://example.com/a is not https"},
		"no host":              {"README.md", "# Title\n\n[a](https://docs/page)\n", "README.md:3: https://docs/page has no host"},
		"a full stop":          {"README.md", "# Title\n\n[a](https://example.com/page.)\n", "README.md:3: https://example.com/page. ends with a full stop"},
		"help of the program": {"internal/cli/a.go", "package cli\n\nconst a = \"" + pages + "docs/two.md#gone\"\n",
			"internal/cli/a.go:3: docs/two.md has no heading #gone"},
		"help of a golden": {"internal/report/testdata/a.golden", "Help: " + pages + "docs/gone.md\n",
			"internal/report/testdata/a.golden:1: there is no file docs/gone.md"},
		"a page outside the index": {"docs/three.md", "# Three\n", "docs/README.md:1: it does not link docs/three.md"},
		"a file that is not shown": {"docs/img/other.png", "\xff", "docs/img/other.png:1: no page links it"},
		"a code without help":      {"docs/troubleshooting.md", "# T\n", ""},

		"a misspelled word":   {"README.md", "# Title\n\nYou will\nhostz it.\n", `README.md:4: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"in bold":             {"README.md", "# Title\n\n**Hostz**, “colours”.\n", `README.md:3: "Hostz" is not a word, nor in cmd/prose/words.txt`},
		"in a cell":           {"README.md", "| a | b |\n| - | - |\n| c | to re-hostz |\n", `README.md:3: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"in HTML":             {"README.md", "<details>\n<summary>hostz</summary>\n</details>\n", `README.md:2: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"in a description":    {"action.yml", "name: A\ninputs:\n  a:\n    description: >-\n      To set\n      the colour of `hostz`\n    default: hostz\n", `action.yml:6: "colour" is not a word, nor in cmd/prose/words.txt`},
		"in an issue form":    {".github/ISSUE_TEMPLATE/bug.yml", "body:\n  - attributes:\n      label: The colour\n", `.github/ISSUE_TEMPLATE/bug.yml:3: "colour" is not a word, nor in cmd/prose/words.txt`},
		"in a comment":        {".github/workflows/a.yml", "on: push\njobs: {} # of any colour\n", `.github/workflows/a.yml:2: "colour" is not a word, nor in cmd/prose/words.txt`},
		"in a message":        {"internal/a/a.go", "package a\n\nvar a = map[string]string{\n\t\"hostz\": \"you hostz it\",\n}\n", `internal/a/a.go:4: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"in a golden":         {"internal/report/testdata/b.golden", "- Done\n- hostz\n", `internal/report/testdata/b.golden:2: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"in help":             {"internal/cli/testdata/help.txt", "\n    -to    hostz\n", `internal/cli/testdata/help.txt:2: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"in the launcher":     {"scripts/launch.sh", "#!/bin/sh\nrefuse \"To\nhostz\"\n", `scripts/launch.sh:3: "hostz" is not a word, nor in cmd/prose/words.txt`},
		"a word nobody uses":  {"cmd/prose/words.txt", "Nairi\nenv\nzip\n", `cmd/prose/words.txt:3: no text has "zip"; prose -tidy drops it`},
		"words in no order":   {"cmd/prose/words.txt", "env\nNairi\n", "cmd/prose/words.txt:2: Nairi is out of order"},
		"phrases in no order": {"internal/problem/testdata/banned.txt", "b\na\n", "internal/problem/testdata/banned.txt:2: a is out of order"},
		"a banned phrase":     {"README.md", "# Title\n\nIt\nhas\nto be.\n", `README.md:4: "has to" is banned (internal/problem/testdata/banned.txt)`},
		"in capitals":         {"README.md", "# Title\n\nAny. Company. ANY.\n", `README.md:3: "ANY" is banned (internal/problem/testdata/banned.txt)`},
		"two ends":            {"README.md", "# Title\n\nIs it?.\n", `README.md:3: "?." is banned (internal/problem/testdata/banned.txt)`},
		"a long sentence":     {"README.md", "# Title\n\nShort.\n" + long + "\n", "README.md:4: a sentence of 42 words; 40 are enough"},
		"a page that is done": {"cmd/prose/unfinished.txt", "README.md\n", "cmd/prose/unfinished.txt:1: README.md has nothing that is banned; prose -tidy drops it"},
		"one that is not there": {"cmd/prose/unfinished.txt", "docs/gone.md\n",
			"cmd/prose/unfinished.txt:1: docs/gone.md has nothing that is banned; prose -tidy drops it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.Split(check(t, files(map[string]string{c.file: c.text}), slips), "\n")
			if !slices.Contains(got, c.want) {
				t.Errorf("%q is not in\n%s", c.want, strings.Join(got, "\n"))
			}
		})
	}
}

// What is neither a word nor a phrase of a page is left alone.
func TestGoodFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"code":        "`hostz ANY has to`\n\n```sh\nhostz # has to\n```\n",
		"identifiers": "hostz_it, hostz=1, $hostz, ./hostz, hostz.com, -hostz, --hostz-it and HOSTZ\n",
		"addresses":   "<https://example.com/hostz>, https://example.com/has-to and [a page](https://example.com/hostz)\n",
		"our words":   "Nairi’s env, Nairi's Env\n",
		"other words": "Whas to, has too, has `a` to. A company, any: many.\n",
		"comments":    "<!-- hostz -->\n\nText.\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := "# Title\n\n[docs](docs/README.md)\n\n" + text
			if got := check(t, files(map[string]string{"README.md": page}), slips); got != "" {
				t.Error(got)
			}
		})
	}
}

// An unfinished page may have what is banned, but no broken link.
func TestUnfinishedPage(t *testing.T) {
	t.Parallel()
	got := check(t, files(map[string]string{
		"README.md": "# Title\n\nIt has to be [there](gone.md).\n", "cmd/prose/unfinished.txt": "# For now.\nREADME.md\n",
	}), slips)
	if want := "README.md:3: there is no file gone.md\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Without a dictionary the rest is checked, and the log says what is not.
func TestNoSpeller(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run(nil, files(map[string]string{"README.md": "# Title\n\nhostz [x](gone)\n"}), &out, func([]string) ([]string, error) { return nil, errNoSpeller })
	want := "0 sentences have more than 25 words\nspelling was not checked: hunspell is not installed\nREADME.md:3: there is no file gone\n"
	if diff := cmp.Diff(want, out.String()); diff != "" || err == nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// Hunspell takes words as we hand them over, and knows American English alone.
func TestHunspell(t *testing.T) {
	t.Parallel()
	got, err := hunspell([]string{"receive", "don't", "The", "hostz", "colour", "Nairi", "misspelled"})
	if errors.Is(err, errNoSpeller) {
		t.Skip(err)
	}
	if want := []string{"hostz", "colour", "Nairi"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

// A list loses the lines that nothing needs, and keeps its comments.
func TestTidy(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"words.txt": "# Ours.\na\nb\nc\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		list := file{name, text}
		if err := rewrite(list, unusedWords(list, map[string]bool{"b": true})); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("words.txt"); err != nil || string(got) != "# Ours.\nb\n" {
		t.Errorf("%q, %v", got, err)
	}
}

// Addresses of other hosts are asked for once each, and dead ones are named.
func TestAskAll(t *testing.T) {
	t.Parallel()
	linking := []*page{parse("a.md", []byte("<https://example.com/well> [x](https://example.com/gone#a)\n[x](https://example.com/gone#b)\n[y](b.md)\n\nhttps://example.com/down\n"))}
	got := askAll(linking, func(address string) (int, error) {
		switch address {
		case "https://example.com/well":
			return http.StatusOK, nil
		case "https://example.com/down":
			return 0, errors.New("no answer")
		}
		return http.StatusNotFound, nil
	})
	var out strings.Builder
	err := report(&out, got)
	want := "a.md:1: https://example.com/gone: 404\na.md:5: no answer\n"
	if out.String() != want || fmt.Sprint(err) != "2 to mend" {
		t.Errorf("%q, %v, want %q", out.String(), err, want)
	}
}
