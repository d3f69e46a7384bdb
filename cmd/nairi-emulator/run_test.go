package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.uber.org/goleak"

	"github.com/nairi-community/vault-secret/internal/env"
)

func TestMain(m *testing.M) {
	code := m.Run()
	removeProgram()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func TestBadFlagsAreAllNamedAndNothingIsServed(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/flags.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		args := strings.Fields(file.Name)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "·", " ")
		}
		var want string
		for line := range strings.Lines(string(file.Data)) {
			want += prefix + line
		}
		code, stdout, stderr := runToTheEnd(t, args...)
		if diff := cmp.Diff(want, stderr); code != exitUsage || stdout != "" || diff != "" {
			t.Errorf("%q: exit code %d, stdout %q, stderr (-want +got):\n%s", args, code, stdout, diff)
		}
	}
}

func TestUnknownFlagIsUsageAndHelpIsNot(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]int{"-unknown": exitUsage, "-latency=soon": exitUsage, "-h": exitDone} {
		code, stdout, stderr := runToTheEnd(t, arg)
		if code != want || stdout != "" || !strings.Contains(stderr, "-vault-id") {
			t.Errorf("%s: exit code %d, want %d and the flags on stderr alone", arg, code, want)
		}
	}
}

// noVariables is an environment without any, and without files.
var noVariables = env.Env{
	Lookup: func(string) (string, bool) { return "", false },
	Open:   func(string) (io.ReadCloser, error) { return nil, os.ErrNotExist },
}

// runToTheEnd is for a run that does not serve.
func runToTheEnd(t *testing.T, args ...string) (code int, stdout, stderr string) {
	var out, complaints bytes.Buffer
	code = run(t.Context(), args, noVariables, &out, &complaints)
	return code, out.String(), complaints.String()
}

func TestReadyLineSaysWhatTheFlagsSaid(t *testing.T) {
	t.Parallel()
	const key, vault = "nr_given", "vlt_01KEQ6963XS96YDP3NF9NKB7QJ"
	for _, addr := range []string{"127.0.0.1:0", "localhost:0", "[::1]:0"} {
		t.Run(addr, func(t *testing.T) {
			t.Parallel()
			skipWithoutAddress(t, addr)
			r := runHere(t, "-addr", addr, "-api-key", key, "-vault-id", vault, "-latency", "1ms")
			if r.APIKey != key || r.VaultID != vault || !regexp.MustCompile(`^http://(127\.0\.0\.1|\[::1\]):[1-9][0-9]*$`).MatchString(r.BaseURL) {
				t.Errorf("ready = %+v", r)
			}
			if got := status(t, r); got != http.StatusOK {
				t.Errorf("status of the vault = %d, want 200", got)
			}
		})
	}
}

func TestKeyAndVaultAreNewByDefault(t *testing.T) {
	t.Parallel()
	a, b := runHere(t), runHere(t)
	if a.APIKey == b.APIKey || a.VaultID == b.VaultID {
		t.Error("two emulators have the same key or vault")
	}
	if !regexp.MustCompile(`^nr_[A-Za-z0-9_-]{43}=$`).MatchString(a.APIKey) {
		t.Errorf("api_key = %q, want nr_ and 44 characters of base64", a.APIKey)
	}
	if got := status(t, a); got != http.StatusOK {
		t.Errorf("status of the vault = %d, want 200", got)
	}
	a.VaultID = b.VaultID
	if got := status(t, a); got != http.StatusNotFound {
		t.Errorf("status of the other's vault = %d, want 404", got)
	}
}

func TestNothingIsServedIfItCannotBe(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	file := filepath.Join(t.TempDir(), "none", "ca.pem")
	for want, args := range map[string][]string{
		"listen tcp":   {"-addr", taken.Addr().String()},
		"open " + file: {"-tls", "-ca-file", file},
	} {
		code, stdout, stderr := runToTheEnd(t, args...)
		if code != exitFailed || stdout != "" || !strings.HasPrefix(stderr, prefix+want) {
			t.Errorf("%q: exit code %d, stdout %q and stderr %q, want %d and a complaint alone", args, code, stdout, stderr, exitFailed)
		}
	}
}

func TestClosedStdoutFails(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	_ = r.CloseWithError(errors.New("nobody reads"))
	var stderr bytes.Buffer
	if code := run(t.Context(), nil, noVariables, w, &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if got := stderr.String(); got != prefix+"nobody reads\n" {
		t.Errorf("stderr = %q", got)
	}
}

// TestStopDoesNotWaitForLatency has the program say so if it had to wait.
func TestStopDoesNotWaitForLatency(t *testing.T) {
	t.Parallel()
	r, stop := serveHere(t, "-latency", "1h")
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.BaseURL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	// The interim answer shows that the request has arrived.
	const interim = "HTTP/1.1 100 Continue\r\n\r\n"
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	got := make([]byte, len(interim))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != interim {
		t.Fatalf("%q, %v; want to be asked for the body", got, err)
	}
	_, _ = io.WriteString(conn, "{}")
	stop()
	if answer, _ := io.ReadAll(conn); len(answer) != 0 {
		t.Errorf("answer = %q, want none", answer)
	}
}

// TestNothingIsRecorded: a record would hold every value, and grow.
func TestNothingIsRecorded(t *testing.T) {
	t.Parallel()
	e, _, err := new(settings).emulator(noVariables, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if got := len(e.Requests()); got != 0 {
		t.Errorf("%d requests recorded, want none", got)
	}
}

// TestManualsNameTheFlags holds docs/emulator.md and the package comment
// against the program.
func TestManualsNameTheFlags(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	var want [][]string
	newFlagSet(new(settings), io.Discard).VisitAll(func(f *flag.Flag) {
		value := "`" + f.DefValue + "`"
		switch {
		case f.Name == "api-key" || f.Name == "vault-id":
			value = "a new one"
		case f.DefValue == "":
			value = "none"
		}
		want = append(want, []string{"-" + f.Name, value, f.Usage})
	})
	var got [][]string
	for _, row := range regexp.MustCompile("(?m)^\\| `(-[a-z-]+)` \\| (.*?) \\| (.*?) \\|$").FindAllStringSubmatch(string(doc), -1) {
		got = append(got, row[1:])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flags in docs/emulator.md (-program +page):\n%s", diff)
	}
	manual, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range want {
		if !regexp.MustCompile(`(?m)^//\t` + f[0] + ` `).Match(manual) {
			t.Errorf("the package comment does not explain %s", f[0])
		}
	}
}

// runHere runs the emulator in this process until the test ends.
func runHere(t *testing.T, args ...string) ready {
	t.Helper()
	r, stop := serveHere(t, args...)
	t.Cleanup(stop)
	return r
}

// serveHere runs the emulator in this process until stop, when it must exit with
// 0 and have written nothing but its line.
func serveHere(t *testing.T, args ...string) (r ready, stop func()) {
	t.Helper()
	r, end, stderr := serveWith(t, noVariables, args...)
	return r, func() {
		end()
		if stderr.Len() != 0 {
			t.Errorf("stderr %q, want none", stderr)
		}
	}
}

// serveWith runs the emulator in this process with an environment. What it has written
// may be read after stop, when it must exit with 0.
func serveWith(t *testing.T, outside env.Env, args ...string) (r ready, stop func(), stderr *bytes.Buffer) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	lines, w := io.Pipe()
	stderr = new(bytes.Buffer)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, outside, w, stderr)
		_ = w.Close()
	}()
	decoder := json.NewDecoder(lines)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		cancel()
		t.Fatalf("no ready line: %v", err)
	}
	return r, func() {
		cancel()
		if got := <-code; got != exitDone {
			t.Errorf("exit code %d with stderr %q, want %d", got, stderr, exitDone)
		}
	}, stderr
}

// status asks for the vault of the ready line.
func status(t *testing.T, r ready) int {
	t.Helper()
	status, _ := ask(t, direct(t), r, "Bearer "+r.APIKey, "GET", "/api/public/v1/vaults/"+r.VaultID, "")
	return status
}

// direct is a client that uses no proxy and leaves no connection behind.
func direct(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// skipWithoutAddress is for machines without IPv6.
func skipWithoutAddress(t *testing.T, addr string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skipf("cannot listen on %s here", addr)
	}
	_ = l.Close()
}
