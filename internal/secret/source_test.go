package secret_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

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
		{"UTF-16 without a mark", "a\x00b\x00", "NUL"},
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

// opens is an Opener of one file.
func opens(file io.Reader) secret.Opener {
	return func(string) (io.ReadCloser, error) { return io.NopCloser(file), nil }
}

func TestFromFileIsByteExact(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, name)) }
	for name, text := range map[string]string{
		"empty":      "",
		"newline":    "abc\n",
		"white":      " \t\r\n\r\n ",
		"not-utf8":   "\xff\xfe\x00\x1a",
		"byte-order": "\ufeffabc",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := secret.FromFile(open, name)
		if err != nil || got.IsZero() || got.Reveal() != text {
			t.Errorf("%s: %q, %v; want %q", name, got.Reveal(), err, text)
		}
	}
}

// A file is not read for ever; what is cut off must be seen as too long, and
// never be stored as if it were the whole.
func TestFromFileNeverCutsAValueSilently(t *testing.T) {
	t.Parallel()
	full := strings.Repeat("x", secret.MaxSize)
	for _, test := range []struct {
		name, text string
		fits       bool
	}{
		{"as long as can be", full, true},
		{"and LF", full + "\n", true},
		{"and CR LF", full + "\r\n", true},
		{"one more", full + "x", false},
		{"LF and one more", full + "\nx", false},
		{"LF and CR LF", full + "\n\r\n", false},
		{"CR LF and one more", full + "\r\nx", false},
		{"CR LF at the limit and more", full[1:] + "\r\nmore", false},
		{"much more", full + full, false},
	} {
		value, err := secret.FromFile(opens(strings.NewReader(test.text)), "name")
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		value = value.TrimNewline()
		if got := value.Check() == nil; got != test.fits {
			t.Errorf("%s: taken is %v, want %v", test.name, got, test.fits)
		}
		if test.fits && value.Reveal() != full {
			t.Errorf("%s: %d bytes are left, want %d", test.name, len(value.Reveal()), len(full))
		}
	}
}

func TestFromFileStopsReading(t *testing.T) {
	t.Parallel()
	endless := &counter{}
	if _, err := secret.FromFile(opens(endless), "name"); err != nil {
		t.Fatal(err)
	}
	if endless.read > 2*secret.MaxSize {
		t.Errorf("%d bytes were read", endless.read)
	}
}

// counter is a file without an end.
type counter struct{ read int }

func (c *counter) Read(p []byte) (int, error) {
	c.read += len(p)
	return len(p), nil
}

func TestFromFileErrorsHoldNoName(t *testing.T) {
	t.Parallel()
	failing := func(err error) secret.Opener {
		return func(name string) (io.ReadCloser, error) {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	for _, test := range []struct {
		name string
		open secret.Opener
		want string
	}{
		{"not there", failing(fs.ErrNotExist), "no such file"},
		{"not allowed", failing(fs.ErrPermission), "may not be read"},
		{"anything else", failing(errors.New("too many open files: " + hidden)), "cannot be read"},
		{"broken while reading", opens(io.MultiReader(strings.NewReader(hidden), failingReader{})), "cannot be read"},
		{"a folder", func(string) (io.ReadCloser, error) { return os.Open(t.TempDir()) }, "cannot be read"},
		{"a name with NUL", func(name string) (io.ReadCloser, error) { return os.Open(name + "\x00") }, "cannot be read"},
		{"a real miss", func(name string) (io.ReadCloser, error) { return fstest.MapFS{}.Open(name) }, "no such file"},
	} {
		value, err := secret.FromFile(test.open, hidden)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", test.name, err, test.want)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			absentFrom(t, err.Error(), test.name)
		}
		if !value.IsZero() {
			t.Errorf("%s: a value came with the error", test.name)
		}
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: hidden, Err: errors.New("input/output error")}
}

func TestFromFileClosesTheFile(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]io.Reader{"read": strings.NewReader("abc"), "broken": failingReader{}} {
		closing := &closer{Reader: file}
		_, _ = secret.FromFile(func(string) (io.ReadCloser, error) { return closing, nil }, "name")
		if closing.closed != 1 {
			t.Errorf("%s: closed %d times, want once", name, closing.closed)
		}
	}
}

type closer struct {
	io.Reader
	closed int
}

func (c *closer) Close() error {
	c.closed++
	return nil
}
