package env_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/nairi-community/vault-secret/internal/env"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hidden is what no error may hold.
const hidden = "zq7-hidden-text"

// limit is that of most reads of these tests.
const limit = 1 << 20

// of is an environment of one file.
func of(file io.Reader) env.Env {
	return env.Env{Open: func(string) (io.ReadCloser, error) { return io.NopCloser(file), nil }}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	e := env.Env{Lookup: func(name string) (string, bool) {
		value, found := map[string]string{"A": "text", "EMPTY": "", "YES": "true", "CI": "True", "ONE": "1"}[name]
		return value, found
	}}
	for name, want := range map[string]string{"A": "text", "EMPTY": "", "NONE": ""} {
		if got := e.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]bool{"YES": true, "CI": true, "ONE": false, "A": false, "EMPTY": false, "NONE": false} {
		if got := e.IsTrue(name); got != want {
			t.Errorf("%s is true: %v, want %v", name, got, want)
		}
	}
}

func TestProcessIsThisOne(t *testing.T) {
	t.Setenv("VAULT_SECRET_TEST", "")
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := env.Process()
	if _, found := e.Lookup("VAULT_SECRET_TEST"); !found {
		t.Error("an empty variable is not found")
	}
	if text, err := e.ReadFile(name, limit); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
}

// A variable is listed by its name alone, also one that is empty.
func TestProcessListsTheNamesOfItsVariables(t *testing.T) {
	t.Setenv("ZQ7_WITH-HYPHEN", "a=b")
	t.Setenv("ZQ7_EMPTY", "")
	names := env.Process().Names()
	for _, name := range []string{"ZQ7_WITH-HYPHEN", "ZQ7_EMPTY"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not listed", name)
		}
	}
	for _, name := range names {
		if name == "" || strings.Contains(name, "=") {
			t.Errorf("%q is listed", name)
		}
	}
}

func TestFilesAreReadByteForByte(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "abc\n", " \t\r\n\r\n ", "\xff\xfe\x00\x1a", "\ufeffabc", strings.Repeat("x", limit)} {
		if got, err := of(strings.NewReader(text)).ReadFile("name", limit); err != nil || string(got) != text {
			t.Errorf("%d bytes became %d; %v", len(text), len(got), err)
		}
	}
}

// endless is a file without an end.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

// What is cut must never pass for the whole, and what has no end is not read for
// ever.
func TestALongerFileIsCutAndSaysSo(t *testing.T) {
	t.Parallel()
	for size, want := range map[int64]string{1 << 20: "more than 1 MiB", 25 << 20: "more than 25 MiB", 64 << 10: "more than 64 KiB"} {
		file := &endless{}
		text, err := of(file).ReadFile("name", size)
		if !errors.Is(err, env.ErrTooLarge) || err.Error() != "names a file that is too large: "+want || int64(len(text)) != size {
			t.Errorf("%d bytes, %v; want %d and %s", len(text), err, size, want)
		}
		if file.read > 2*size {
			t.Errorf("of %d bytes %d were read", size, file.read)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: hidden, Err: errors.New("input/output error")}
}

// The name of a file may be a value that was put in the wrong place.
func TestErrorsHoldNoName(t *testing.T) {
	t.Parallel()
	failing := func(err error) env.Opener {
		return func(name string) (io.ReadCloser, error) {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	for name, test := range map[string]struct {
		open env.Opener
		want string
	}{
		"not there":            {failing(fs.ErrNotExist), "names a file that does not exist"},
		"not allowed":          {failing(fs.ErrPermission), "names a file that this run may not read"},
		"anything else":        {failing(errors.New("too many open files: " + hidden)), "names a file that cannot be read"},
		"broken while reading": {of(io.MultiReader(strings.NewReader(hidden), broken{})).Open, "names a file that cannot be read"},
		"a folder":             {func(string) (io.ReadCloser, error) { return os.Open(t.TempDir()) }, "names a folder, not a file"},
		"a name with NUL":      {func(name string) (io.ReadCloser, error) { return os.Open(name + "\x00") }, "names a file that cannot be read"},
		"a real miss":          {func(name string) (io.ReadCloser, error) { return fstest.MapFS{}.Open(name) }, "names a file that does not exist"},
	} {
		for _, e := range []env.Env{{Open: test.open}, env.Env{Open: test.open}.Until(t.Context())} {
			text, err := e.ReadFile(hidden, limit)
			if err == nil || err.Error() != test.want || text != nil {
				t.Errorf("%s: %d bytes, %v; want %q", name, len(text), err, test.want)
			}
			if errors.Unwrap(err) != nil {
				t.Errorf("%s: the error holds another", name)
			}
		}
	}
}

// closer counts how often it is closed.
type closer struct {
	io.Reader
	closed int
}

func (c *closer) Close() error {
	c.closed++
	return nil
}

func TestFilesAreClosed(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]io.Reader{"read": strings.NewReader("abc"), "broken": broken{}, "cut": &endless{}} {
		synctest.Test(t, func(t *testing.T) {
			plain, copied := &closer{Reader: file}, &closer{Reader: file}
			_, _ = env.Env{Open: func(string) (io.ReadCloser, error) { return plain, nil }}.ReadFile("name", limit)
			_, _ = env.Env{Open: func(string) (io.ReadCloser, error) { return copied, nil }}.Until(t.Context()).ReadFile("name", limit)
			synctest.Wait()
			if plain.closed != 1 || copied.closed != 1 {
				t.Errorf("%s: closed %d and %d times, want once", name, plain.closed, copied.closed)
			}
		})
	}
}

func TestUntilReadsTheWholeFile(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("0123456789", 100_000)
	text, err := of(strings.NewReader(want)).Until(t.Context()).ReadFile("name", limit)
	if err != nil || string(text) != want {
		t.Errorf("%d bytes of %d, %v", len(text), len(want), err)
	}
}

// stuck is a pipe whose other end nobody opens, or opens and writes nothing to,
// until it is freed.
type stuck struct {
	free    chan struct{}
	opening bool
}

func (s *stuck) open(string) (io.ReadCloser, error) {
	if s.opening {
		<-s.free
	}
	return io.NopCloser(s), nil
}

func (s *stuck) Read([]byte) (int, error) {
	<-s.free
	return 0, io.EOF
}

// Neither call can be interrupted: the run goes on without them.
func TestAStuckFileIsGivenUpWhenTheRunEnds(t *testing.T) {
	t.Parallel()
	for _, opening := range []bool{true, false} {
		for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				if cause == context.Canceled { //nolint:errorlint // one of two
					time.AfterFunc(2*time.Second-1, cancel)
				}
				file := &stuck{free: make(chan struct{}), opening: opening}
				defer close(file.free)
				start := time.Now()
				text, err := env.Env{Open: file.open}.Until(ctx).ReadFile(hidden, limit)
				if !errors.Is(err, cause) || text != nil || time.Since(start) > 2*time.Second {
					t.Errorf("opening %v: %q, %v after %s; want %v", opening, text, err, time.Since(start), cause)
				}
				if strings.Contains(err.Error(), hidden) {
					t.Error("the error holds the name")
				}
			})
		}
	}
}

func TestNothingIsReadAfterTheEndOfTheRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if text, err := of(strings.NewReader("text")).Until(ctx).ReadFile("name", limit); !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v; want context.Canceled", text, err)
	}
}

// counting is a context that counts who wait for its end.
type counting struct {
	context.Context
	waiting int
}

// AfterFunc is what context.AfterFunc calls of a context that has it.
func (c *counting) AfterFunc(f func()) func() bool {
	c.waiting++
	stop := context.AfterFunc(c.Context, f)
	return func() bool {
		c.waiting--
		return stop()
	}
}

// A manifest may name ten thousand files: what waits for the end of the run is
// let go of when each is read.
func TestAFileThatIsReadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		parent, cancel := context.WithCancel(t.Context())
		defer cancel()
		ctx := &counting{Context: parent}
		for range 10 {
			if _, err := of(strings.NewReader("text")).Until(ctx).ReadFile("name", limit); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if ctx.waiting != 0 {
				t.Fatalf("%d still wait", ctx.waiting)
			}
		}
	})
}

// Find says what reading would say, and opens nothing.
func TestFindOpensNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	e := env.Env{Stat: os.Stat, Open: func(string) (io.ReadCloser, error) { t.Error("a file was opened"); return nil, io.EOF }}
	for name, want := range map[string]error{name: nil, dir: env.Folder, filepath.Join(dir, "gone"): env.NotThere, filepath.Join(name, "x"): env.FileOnWay} {
		if err := e.Find(name); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if err := (env.Env{}).Find(dir); err != nil {
		t.Errorf("where nothing is known: %v", err)
	}
}
