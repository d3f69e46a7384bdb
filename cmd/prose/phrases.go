package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	tooLong = 40 // words in a sentence: nobody reads it once
	long    = 25 // words in a sentence that should have been two
)

// checkPhrases says which pages have banned phrases or sentences that are too long, and
// which pages of the list of unfinished ones have none any more. It prints how many long
// sentences there are.
func (t *texts) checkPhrases(stdout io.Writer) (found, finished []finding) {
	unfinished := map[string]finding{}
	for _, f := range t.unfinished.lines() {
		unfinished[f.what] = f
	}
	var counted int
	for _, p := range t.pages {
		here, sentences := p.checkPhrases(t.banned.lines())
		counted += sentences
		if _, is := unfinished[p.path]; !is {
			found = append(found, here...)
		} else if len(here) > 0 {
			delete(unfinished, p.path)
		}
	}
	_, _ = fmt.Fprintf(stdout, "%d sentences have more than %d words\n", counted, long)
	for _, f := range unfinished {
		f.what += " has nothing that is banned; prose -tidy drops it"
		finished = append(finished, f)
	}
	return slices.Concat(found, unsorted(t.unfinished), unsorted(t.banned)), finished
}

// checkPhrases returns what is wrong with a page, and how many sentences are long.
func (p *page) checkPhrases(banned []finding) (found []finding, sentences int) {
	for _, text := range p.prose {
		for _, phrase := range banned {
			for _, at := range places(text.text, phrase.what) {
				found = append(found, finding{p.path, text.lines[at], fmt.Sprintf("%q is banned (%s)", phrase.what, phrase.file)})
			}
		}
		for _, s := range sentencesOf(text.text) {
			if s.words > tooLong {
				found = append(found, finding{p.path, text.lines[s.start], fmt.Sprintf("a sentence of %d words; %d are enough", s.words, tooLong)})
			}
			if s.words > long {
				sentences++
			}
		}
	}
	return found, sentences
}

// places are where a phrase stands as whole words. Capitals count if it has any.
func places(text, phrase string) []int {
	if strings.ToLower(phrase) == phrase {
		text = strings.ToLower(text)
	}
	var found []int
	for from := 0; ; {
		at := strings.Index(text[from:], phrase)
		if at < 0 {
			return found
		}
		at += from
		from = at + len(phrase)
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[from:])
		first, _ := utf8.DecodeRuneInString(phrase)
		last, _ := utf8.DecodeLastRuneInString(phrase)
		if (!letter(first) || !letter(before)) && (!letter(last) || !letter(after)) {
			found = append(found, at)
		}
	}
}

// letter reports whether a character belongs to a word or an identifier.
func letter(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

type sentence struct{ start, words int }

// sentencesOf are the sentences of a text. One ends with a full stop, a question mark or
// an exclamation mark before white space and anything but a small letter.
func sentencesOf(text string) []sentence {
	var found []sentence
	var now sentence
	ended := true
	for start := 0; start < len(text); {
		token := text[start:]
		if end := strings.IndexFunc(token, unicode.IsSpace); end >= 0 {
			token = token[:end]
		}
		first, _ := utf8.DecodeRuneInString(token)
		if ended && token != "" && !unicode.IsLower(first) {
			found = append(found, now)
			now = sentence{start: start}
		}
		if token != "" {
			ended = strings.ContainsAny(token[len(token)-1:], ".?!") || strings.HasSuffix(strings.TrimRight(token, `)"*”’`), ".")
			if strings.ContainsFunc(token, func(r rune) bool { return r == 0 || letter(r) }) {
				now.words++
			}
		}
		start += len(token) + 1
	}
	return append(found, now)
}
