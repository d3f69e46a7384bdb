package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestProgramServesTLS trusts the file of the real program, by each of the
// names that the certificate is for.
func TestProgramServesTLS(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, bytes.Repeat([]byte("old"), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	r := startProgram(t, "-tls", "-ca-file", file)
	if r.CAFile != file || !strings.HasPrefix(r.BaseURL, "https://127.0.0.1:") {
		t.Errorf("ready = %s with %s", r.BaseURL, r.CAFile)
	}
	client := trusting(t, file)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		to := r
		to.BaseURL = strings.Replace(r.BaseURL, "127.0.0.1", host, 1)
		if listed := list(t, client, to); len(listed) != 0 {
			t.Errorf("%s: %d secrets, want none", host, len(listed))
		}
	}
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != caMode {
		t.Errorf("mode of the file: %v, %v; want %o", info.Mode(), err, caMode)
	}
	if text, err := os.ReadFile(file); err != nil || bytes.Contains(text, []byte("PRIVATE")) || bytes.Contains(text, []byte("old")) {
		t.Errorf("the file is not one certificate alone: %v", err)
	}
}

// TestCurlTrustsTheFile is a client of OpenSSL's kind, which reads the
// authority's constraints by itself.
func TestCurlTrustsTheFile(t *testing.T) {
	t.Parallel()
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not on the PATH")
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	r := startProgram(t, "-tls", "-ca-file", file)
	cmd := exec.CommandContext(t.Context(), curl, "--silent", "--show-error", "--noproxy", "*", "--cacert", file, r.BaseURL)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "404 page not found\n" {
		t.Errorf("%q, %v", out, err)
	}
}

// trusting is a client that trusts the certificate in a file and no other.
func trusting(t *testing.T, file string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		t.Fatal("no certificate to trust")
	}
	client := direct(t)
	client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	return client
}
