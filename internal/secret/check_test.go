package secret_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestTrimNewline(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"none", "abc", "abc"},
		{"LF", "abc\n", "abc"},
		{"CR LF", "abc\r\n", "abc"},
		{"CR alone stays", "abc\r", "abc\r"},
		{"only one of two LF", "abc\n\n", "abc\n"},
		{"only one of two CR LF", "abc\r\n\r\n", "abc\r\n"},
		{"CR before CR LF stays", "abc\r\r\n", "abc\r"},
		{"LF CR stays", "abc\n\r", "abc\n\r"},
		{"only LF", "\n", ""},
		{"only CR LF", "\r\n", ""},
		{"only CR", "\r", "\r"},
		{"empty", "", ""},
		{"first newline stays", "\nabc", "\nabc"},
		{"spaces stay", "  abc \t\n", "  abc \t"},
		{"other line ends stay", "abc\v\f\u0085\u2028", "abc\v\f\u0085\u2028"},
		{"not UTF-8", "\xff\n", "\xff"},
	} {
		if got := secret.New(test.text).TrimNewline().Reveal(); got != test.want {
			t.Errorf("%s: %q becomes %q, want %q", test.name, test.text, got, test.want)
		}
	}
}

func TestTrimNewlineTakesAtMostOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.SampledFrom([]byte("a \r\n\xff"))).Draw(t, "text"))
		got := secret.New(text).TrimNewline().Reveal()
		cut, found := strings.CutPrefix(text, got)
		if !found || cut != "" && cut != "\n" && cut != "\r\n" {
			t.Fatalf("%q becomes %q", text, got)
		}
		if cut == "" && strings.HasSuffix(text, "\n") {
			t.Fatalf("%q keeps its final newline", text)
		}
		if cut == "\n" && strings.HasSuffix(got, "\r") {
			t.Fatalf("%q loses half of its CR LF", text)
		}
	})
}

func TestTrimNewlineOfTheAbsentValue(t *testing.T) {
	t.Parallel()
	if !(secret.Value{}).TrimNewline().IsZero() {
		t.Error("the absent value has become one")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"ASCII", "abc", ""},
		{"one character", "x", ""},
		{"white space", " \t\r\n", ""},
		{"control characters", "\x01\x1b[31m\x7f", ""},
		{"every plane", "é €\u2028 🂡 \U0010ffff", ""},
		{"UTF-8 byte order mark", "\ufeffabc", ""},
		{"replacement character", "\ufffd", ""},
		{"as long as can be", strings.Repeat("x", secret.MaxSize), ""},

		{"empty", "", "is empty"},
		{"too long", strings.Repeat("x", secret.MaxSize+1), "is longer than 1024 KiB"},
		{"UTF-16 little endian", "\xff\xfea\x00b\x00", "UTF-16"},
		{"UTF-16 big endian", "\xfe\xff\x00a\x00b", "UTF-16"},
		{"UTF-16 of nothing", "\xff\xfe", "UTF-16"},
		{"UTF-16 without a mark", "a\x00b\x00", "UTF-16"},
		{"Latin-1", "caf\xe9", "not UTF-8"},
		{"half a character", "abc\xe2\x82", "not UTF-8"},
		{"surrogate", "\xed\xa0\x80", "not UTF-8"},
		{"overlong", "\xc0\x80", "not UTF-8"},
		{"NUL inside", "abc\x00def", "NUL"},
		{"NUL last", "abc\x00", "NUL"},
	} {
		err := secret.New(test.text).Check()
		if test.want == "" && err != nil {
			t.Errorf("%s: %v, want no error", test.name, err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want an error with %q", test.name, err, test.want)
		}
	}
}

func TestCheckNamesEmpty(t *testing.T) {
	t.Parallel()
	if err := secret.New("").Check(); !errors.Is(err, secret.ErrEmpty) {
		t.Errorf("got %v, want ErrEmpty", err)
	}
	if err := secret.New("\n").Check(); err != nil {
		t.Errorf("a new line that is not trimmed is a value; got %v", err)
	}
}

func TestCheckShowsNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{hidden + "\xff", hidden + "\x00", "\xff\xfe" + hidden, strings.Repeat(hidden, secret.MaxSize/10)} {
		err := secret.New(text).Check()
		if err == nil {
			t.Fatal("a bad value was taken")
		}
		absentFrom(t, err.Error(), "the error")
	}
}
