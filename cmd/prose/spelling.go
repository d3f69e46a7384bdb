package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// speller returns those of some words that no dictionary of American English has.
type speller func(words []string) ([]string, error)

var errNoSpeller = errors.New("hunspell is not installed")

// hunspell asks the program of this name.
func hunspell(words []string) ([]string, error) {
	program, err := exec.LookPath("hunspell")
	if err != nil {
		return nil, errNoSpeller
	}
	cmd := exec.Command(program, "-d", "en_US", "-i", "utf-8", "-l") //nolint:gosec,noctx // found by its name, and short
	cmd.Stdin = strings.NewReader(strings.Join(words, "\n") + "\n")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("hunspell: %w: %s", err, &complaints)
	}
	return strings.Fields(string(out)), nil
}

// checkSpelling says which words neither a dictionary nor our list has, and which of the
// list nobody uses, also if there is no dictionary: one may know a word that another does not.
func (t *texts) checkSpelling(unknown speller) (misspelled, unused []finding, err error) {
	places := map[string][]finding{}
	own := map[string]bool{}
	for _, word := range t.words.lines() {
		own[word.what] = false
	}
	for _, s := range t.spelled {
		for _, p := range s.prose {
			for _, w := range words(p) {
				if known := ownWord(own, w.text); known != "" {
					own[known] = true
				} else {
					places[w.text] = append(places[w.text], finding{s.path, w.line, w.text})
				}
			}
		}
	}
	bad, err := unknown(slices.Sorted(maps.Keys(places)))
	for _, word := range bad {
		for _, place := range places[word] {
			place.what = fmt.Sprintf("%q is not a word, nor in %s", word, t.words.path)
			misspelled = append(misspelled, place)
		}
	}
	return append(misspelled, unsorted(t.words)...), unusedWords(t.words, own), err
}

// ownWord is the entry that allows a word: as it is, or in small letters.
func ownWord(own map[string]bool, word string) string {
	for _, form := range []string{word, strings.ToLower(word)} {
		if _, is := own[form]; is {
			return form
		}
	}
	return ""
}

func unusedWords(list file, used map[string]bool) []finding {
	var found []finding
	for _, word := range list.lines() {
		if !used[word.what] {
			word.what = fmt.Sprintf("no text has %q; prose -tidy drops it", word.what)
			found = append(found, word)
		}
	}
	return found
}

// unsorted is the first line of a list that is not behind the one before.
func unsorted(list file) []finding {
	lines := list.lines()
	for i := 1; i < len(lines); i++ {
		if lines[i-1].what >= lines[i].what {
			lines[i].what += " is out of order"
			return lines[i : i+1]
		}
	}
	return nil
}

// word is one of a passage, in the line where it stands.
type word struct {
	text string
	line int
}

// words are those of a passage that can be spelled: no names of things in code, no
// addresses, numbers or acronyms.
func words(p passage) []word {
	var found []word
	start := 0
	for start < len(p.text) {
		token := p.text[start:]
		if end := strings.IndexFunc(token, unicode.IsSpace); end >= 0 {
			token = token[:end]
		}
		for _, text := range split(strings.TrimLeft(token, `"'“‘([`)) {
			found = append(found, word{text, p.lines[start]})
		}
		start += len(token)
		if start < len(p.text) {
			_, size := utf8.DecodeRuneInString(p.text[start:])
			start += size
		}
	}
	return found
}

// split is a token as words: none if it is not of letters alone.
func split(token string) []string {
	if strings.Contains(token, "--") || len(token) > 1 && token[0] == '-' { // a flag
		return nil
	}
	token = strings.ReplaceAll(token, "’", "'")
	var found []string
	for part := range strings.FieldsFuncSeq(token, func(r rune) bool { return strings.ContainsRune("—–", r) }) {
		part = strings.TrimFunc(part, func(r rune) bool { return strings.ContainsRune(`"'“”‘()[]{},.;:!?…*~|→·-`, r) })
		part = strings.TrimSuffix(part, "'s")
		if strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' }) {
			continue
		}
		for word := range strings.SplitSeq(part, "-") {
			if utf8.RuneCountInString(word) > 1 && !strings.ContainsFunc(tail(word), unicode.IsUpper) {
				found = append(found, word)
			}
		}
	}
	return found
}

// tail is a word without its first letter.
func tail(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[size:]
}
