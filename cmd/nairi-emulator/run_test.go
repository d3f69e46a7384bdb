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
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
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
	tests := []struct {
		args []string
		want []string
	}{
		{[]string{"-addr", "0.0.0.0:0"}, []string{"-addr: 0.0.0.0:0 is not a loopback address; use 127.0.0.1:PORT or [::1]:PORT"}},
		{[]string{"-addr", ":8080"}, []string{"-addr: :8080 is not a loopback address; use 127.0.0.1:PORT or [::1]:PORT"}},
		{[]string{"-addr", "192.0.2.1:80"}, []string{"-addr: 192.0.2.1:80 is not a loopback address; use 127.0.0.1:PORT or [::1]:PORT"}},
		{[]string{"-addr", "[::]:0"}, []string{"-addr: [::]:0 is not a loopback address; use 127.0.0.1:PORT or [::1]:PORT"}},
		{[]string{"-addr", "127.0.0.1"}, []string{"-addr: address 127.0.0.1: missing port in address"}},
		{[]string{"-vault-id", "sec_01KQ27AQH800XQTQPJZ0DH14SJ", "-latency", "-1s", "-api-key", "a key", "more"}, []string{
			"there are no arguments besides the flags",
			"-api-key: a key has no white space and only ASCII",
			"-vault-id: must be vlt_ and a ULID of 26 upper-case characters, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ",
			"-latency: must not be negative",
		}},
		{[]string{"-tls"}, []string{"-tls: needs -ca-file, for clients to trust"}},
		{[]string{"-ca-file", "ca.pem"}, []string{"-ca-file: needs -tls"}},
		{[]string{"-api-key", "nr_x", "-admin-key", "nr_x"}, []string{"-admin-key: must not be the API's key"}},
		{[]string{"-admin-key", "a key", "-fault", "delay=1", "-fault", "refuse", "-fault", "patch:refuse"}, []string{
			"-admin-key: a key has no white space and only ASCII",
			`fault "delay=1": delay: "1" is no duration from 0s to 24h0m0s`,
			`fault "patch:refuse": "patch" is neither a method in capitals nor any, [look list create update delete other]`,
		}},
	}
	for _, test := range tests {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), test.args, &stdout, &stderr); code != exitUsage {
			t.Errorf("%q: exit code %d, want %d", test.args, code, exitUsage)
		}
		want := prefix + strings.Join(test.want, "\n"+prefix) + "\n"
		if diff := cmp.Diff(want, stderr.String()); diff != "" {
			t.Errorf("%q: stderr (-want +got):\n%s", test.args, diff)
		}
		if stdout.Len() != 0 {
			t.Errorf("%q: stdout = %q, want none", test.args, &stdout)
		}
	}
}

func TestUnknownFlagIsUsageAndHelpIsNot(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]int{"-unknown": exitUsage, "-latency=soon": exitUsage, "-h": exitDone} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{arg}, &stdout, &stderr); code != want {
			t.Errorf("%s: exit code %d, want %d", arg, code, want)
		}
		if stdout.Len() != 0 || !strings.Contains(stderr.String(), "-vault-id") {
			t.Errorf("%s: want the flags on stderr alone", arg)
		}
	}
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

func TestTakenPortFails(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-addr", taken.Addr().String()}, &stdout, &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if stdout.Len() != 0 || !strings.HasPrefix(stderr.String(), prefix+"listen tcp") {
		t.Errorf("stdout %q and stderr %q, want a complaint about listening alone", &stdout, &stderr)
	}
}

func TestClosedStdoutFails(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	_ = r.CloseWithError(errors.New("nobody reads"))
	var stderr bytes.Buffer
	if code := run(t.Context(), nil, w, &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if got := stderr.String(); got != prefix+"nobody reads\n" {
		t.Errorf("stderr = %q", got)
	}
}

// TestStopDoesNotWaitForLatency has the program say so if it had to wait.
func TestStopDoesNotWaitForLatency(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	lines, w := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() { code <- run(ctx, []string{"-latency", "1h"}, w, &stderr) }()
	var r ready
	if err := json.NewDecoder(lines).Decode(&r); err != nil {
		t.Fatal(err)
	}
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
	cancel()
	if got := <-code; got != exitDone || stderr.Len() != 0 {
		t.Errorf("exit code %d with stderr %q, want %d and none", got, &stderr, exitDone)
	}
	if answer, _ := io.ReadAll(conn); len(answer) != 0 {
		t.Errorf("answer = %q, want none", answer)
	}
}

// TestNothingIsRecorded: a record would hold every value, and grow.
func TestNothingIsRecorded(t *testing.T) {
	t.Parallel()
	e, _ := new(settings).emulator()
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

// runHere runs the emulator in this process until the test ends, when it must
// exit with 0.
func runHere(t *testing.T, args ...string) ready {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	lines, w := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, w, &stderr)
		_ = w.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if got := <-code; got != exitDone || stderr.Len() != 0 {
			t.Errorf("exit code %d with stderr %q, want %d and none", got, &stderr, exitDone)
		}
	})
	var r ready
	decoder := json.NewDecoder(lines)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("no ready line: %v", err)
	}
	return r
}

// status asks for the vault of the ready line.
func status(t *testing.T, r ready) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.BaseURL+"/api/public/v1/vaults/"+r.VaultID, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.APIKey)
	resp, err := direct(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
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
