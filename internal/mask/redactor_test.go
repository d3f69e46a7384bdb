package mask

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/secret"
)

func redactorOf(forms ...string) *Redactor {
	return NewRedactor(newForms(held{announced: slices.Clone(forms)}))
}

// cuts reports whether Redact would change text, as a mask of a runner would.
func (r *Redactor) cuts(text string) bool {
	if r == nil || r.build == nil {
		return false
	}
	for range r.build().covered(text) {
		return true
	}
	return false
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		forms      []string
		text, want string
	}{
		"none":                    {nil, "some text", "some text"},
		"no hit":                  {[]string{"secret"}, "secre", "secre"},
		"alone":                   {[]string{"secret"}, "secret", "***"},
		"start, middle, end":      {[]string{"word"}, "word a word b word", "*** a *** b ***"},
		"adjacent":                {[]string{"word", "pass"}, "a passwordpass b", "a *** b"},
		"overlapping":             {[]string{"abcdef", "defghi"}, "x abcdefghi y", "x *** y"},
		"overlapping itself":      {[]string{"abab"}, "xababab", "x***"},
		"longest":                 {[]string{"abcd", "abcdef"}, "abcdefg abcdz", "***g ***z"},
		"inside a longer":         {[]string{"bcde", "abcdefg"}, "abcdefg abcdef", "*** a***f"},
		"near miss, then shorter": {[]string{"abcd", "abcdefgh"}, "abcdefgx", "***efgx"},
		"prefix of prefix":        {[]string{"aaaa", "aaaaaa", "aaaaaaaa"}, "aaaaaaa b", "*** b"},
		"lines":                   {[]string{"one\ntwo"}, "a one\ntwo b", "a *** b"},
		"mark in the text":        {[]string{"word"}, "*** word ***", "*** *** ***"},
		"made by a mark, before":  {[]string{"word", "ab**"}, "abword", "****"},
		"made by a mark, behind":  {[]string{"word", "*abc"}, "wordabc", "*****"},
		"made of the mark":        {[]string{"word", "a***b"}, "awordb", "***"},
		"stars":                   {[]string{"word", "****"}, "*word*", "***"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := redactorOf(test.forms...)
			if got := r.Redact(test.text); got != test.want {
				t.Errorf("Redact(%q) = %q, want %q", test.text, got, test.want)
			}
			if got, want := r.cuts(test.text), test.text != test.want; got != want {
				t.Errorf("cuts(%q) = %t, want %t", test.text, got, want)
			}
		})
	}
}

// Where marks go on making forms, nothing of the text is left.
func TestRedactGivesUp(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", 2*maxRounds) + "word"
	if got := redactorOf("word", "a***").Redact(text); got != Mark {
		t.Errorf("Redact(%q) = %q, want %q", text, got, Mark)
	}
}

func TestRedactorWithoutForms(t *testing.T) {
	t.Parallel()
	for _, r := range []*Redactor{nil, {}, NewRedactor(), NewRedactor(Forms{})} {
		if got := r.Redact("text"); got != "text" || r.cuts("text") {
			t.Errorf("Redact(text) = %q, cuts = %t", got, r.cuts("text"))
		}
	}
}

func TestRedactTakesOutShortLinesOfTheWhole(t *testing.T) {
	t.Parallel()
	r := NewRedactor(Of(secret.New("ab\ncd\nef"), Options{}))
	if got, want := r.Redact("<ab\ncd\nef> ab cd ef"), "<***> ab cd ef"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRedactorIsConcurrent(t *testing.T) {
	t.Parallel()
	r := redactorOf("word")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := r.Redact("a word"); got != "a ***" {
				t.Errorf("got %q", got)
			}
		})
	}
	group.Wait()
}

// naive covers each occurrence of each form, and merges what is adjacent.
func naive(forms []string, text string) string {
	covered := make([]bool, len(text))
	for _, form := range forms {
		for i := range len(text) {
			if strings.HasPrefix(text[i:], form) {
				for j := range len(form) {
					covered[i+j] = true
				}
			}
		}
	}
	var b strings.Builder
	for i := range len(text) {
		if !covered[i] {
			b.WriteByte(text[i])
		} else if i == 0 || !covered[i-1] {
			b.WriteString(Mark)
		}
	}
	return b.String()
}

func TestRedactIsNaive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		forms := rapid.SliceOfN(rapid.StringMatching(`[ab]{4,12}`), 1, 12).Draw(t, "forms")
		text := rapid.StringMatching(`[abc]{0,80}`).Draw(t, "text")
		if got, want := redactorOf(forms...).Redact(text), naive(forms, text); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func TestNoFormSurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		forms := rapid.SliceOfN(rapid.StringMatching(`[ab*]{4,8}`), 1, 12).Draw(t, "forms")
		text := rapid.StringMatching(`[ab*]{0,80}`).Draw(t, "text")
		got := redactorOf(forms...).Redact(text)
		for _, form := range forms {
			if strings.Contains(got, form) {
				t.Fatalf("%q survives in %q", form, got)
			}
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add("word\x00abcdef\x00defghi", "a word abcdefghi")
	f.Add("****\x00a***", "aaaa****")
	f.Add("ab\ncd\x00é🙂ab", "ab\ncd é🙂ab")
	f.Fuzz(func(t *testing.T, list, text string) {
		forms := strings.Split(list, "\x00")
		forms = slices.DeleteFunc(forms, func(form string) bool { return len(form) < keyLen })
		r := redactorOf(forms...)
		got := r.Redact(text)
		for _, form := range forms {
			if strings.Contains(got, form) {
				t.Fatalf("%q survives in %q", form, got)
			}
		}
		if r.cuts(text) != (got != text) {
			t.Fatalf("cuts(%q) = %t, but Redact gives %q", text, r.cuts(text), got)
		}
		if !strings.Contains(list, "*") && got != naive(forms, text) {
			t.Fatalf("got %q, want %q", got, naive(forms, text))
		}
	})
}
