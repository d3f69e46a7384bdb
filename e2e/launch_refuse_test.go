package e2e

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// Each way in which a download goes wrong ends in a reason and in what to do.
func TestLaunchCannotFetch(t *testing.T) {
	t.Parallel()
	wrong := strings.Replace(started, "started", "tampered", 1)
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		reasons []string
	}{
		"a wrong sum": {
			func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, wrong) },
			[]string{"sent something else, which was not run: its SHA-256 is " + sumOf(wrong) + ", and must be " + sumOf(started), "127.0.0.1"},
		},
		"a page": {
			func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!DOCTYPE html>") },
			[]string{"SHA-256 is " + sumOf("<!DOCTYPE html>"), "It is a web page"},
		},
		"nothing": {func(http.ResponseWriter, *http.Request) {}, []string{"SHA-256 is"}},
		"no such release": {
			http.NotFound,
			[]string{"127.0.0.1", "answered 404.", "nairi-community/vault-secret@v1.2.3-full", "VAULT_SECRET_DOWNLOAD_URL to a mirror"},
		},
		"forbidden": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, []string{"answered 403."}},
		"cut short": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(len(started)))
				fmt.Fprint(w, started[:10])
			},
			[]string{"127.0.0.1", "bytes remaining to read"},
		},
		"cut short, without a length": {
			func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, started[:10])
				_ = http.NewResponseController(w).Flush()
			},
			[]string{"SHA-256 is " + sumOf(started[:10])},
		},
		"a redirect away from TLS": {
			func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
			},
			[]string{`Protocol "http" not supported`},
		},
		"never an answer": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, []string{"timed out"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, env := unreleased(t, started, tt.handler)
			impatient(t, folder)
			notFetched(t, folder, env, tt.reasons...)
		})
	}
}

// impatient makes the launcher of a folder wait for one second, and not retry then.
func impatient(t *testing.T, folder string) {
	t.Helper()
	script := filepath.Join(folder, "scripts", "provide.sh")
	const patient = "--max-time 60"
	text := read(t, script)
	if !strings.Contains(text, patient) || !strings.Contains(text, "--retry 3") {
		t.Fatalf("%s has no %s", script, patient)
	}
	write(t, script, strings.NewReplacer(patient, "--max-time 1", "--retry 3", "--retry 0").Replace(text), 0o755)
}

// What passes is retried: a server that is busy, and a connection that breaks.
func TestLaunchFetchesAgain(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]http.HandlerFunc{
		"busy": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(started)))
			fmt.Fprint(w, started[:10])
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var count atomic.Int32
			folder, env := unreleased(t, started, func(w http.ResponseWriter, r *http.Request) {
				if count.Add(1) == 1 {
					fails(w, r)
					return
				}
				fmt.Fprint(w, started)
			})
			launched(t, folder, env)
			if count.Load() != 2 {
				t.Errorf("asked %d times", count.Load())
			}
		})
	}
}

func TestLaunchIsOffline(t *testing.T) {
	t.Parallel()
	folder, env := unreleased(t, started, nil)
	for address, reason := range map[string]string{
		"http://127.0.0.1:1":          "127.0.0.1:1: Failed to connect",
		"http://mirror.example":       "must begin with https://",
		"https://u:p@mirror.example":  "must not hold a password",
		"http://127.0.0.1:1@evil.com": "must begin with https://",
		"file:///tmp":                 "must begin with https://",
		"https://":                    "must begin with https://",
	} {
		env["VAULT_SECRET_DOWNLOAD_URL"] = address
		notFetched(t, folder, env, reason)
	}
}

// A proxy is used, and its answer is reported.
func TestLaunchFetchesThroughAProxy(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host)
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	t.Cleanup(proxy.Close)
	folder, env := unreleased(t, started, nil)
	env["HTTPS_PROXY"], env["VAULT_SECRET_DOWNLOAD_URL"] = proxy.URL, "https://mirror.example"
	notFetched(t, folder, env, "The proxy refused to connect to mirror.example: it answered 407.")
	if asked.Load() != "CONNECT mirror.example:443" {
		t.Errorf("the proxy was asked for %v", asked.Load())
	}
}

// A mirror's certificate is checked, and a variable of curl names whom to trust.
func TestLaunchFetchesByTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, started) }))
	t.Cleanup(server.Close)
	folder, env := unreleased(t, started, nil)
	env["VAULT_SECRET_DOWNLOAD_URL"] = server.URL
	notFetched(t, folder, env, "certificate")
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	write(t, bundle, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})), 0o600)
	env["CURL_CA_BUNDLE"] = bundle
	launched(t, folder, env)
}

// fakeCurl stands for curl: it keeps the addresses that it is asked for, in a file
// beside it, and has one file.
const fakeCurl = `#!/bin/sh
for address; do :; done
echo "$address" >>"${0%/*}/asked"
while [ "$1" != -o ]; do shift; done
case $address in https://github.com/*) cat "${0%/*}/github" ;; *) cat "${0%/*}/forge" ;; esac >"$2" && [ -s "$2" ] || { printf 404; exit 22; }
`

// On GHES, Gitea and Forgejo, the server of the workflow is asked first. It may know
// nothing of the release, or have something else by its name.
func TestLaunchAsksTheServerOfTheWorkflowAndThenGitHub(t *testing.T) {
	t.Parallel()
	const path = "/nairi-community/vault-secret/releases/download/v1.2.3/" + absent
	for name, tt := range map[string]struct{ server, forge, github, asked, reason string }{
		"GitHub":                {"https://github.com", "", started, "github.com", ""},
		"no server":             {"", "", started, "github.com", ""},
		"GHES has it":           {"https://ghes.example", started, "", "ghes.example", ""},
		"GHES has it not":       {"https://ghes.example/", "", started, "ghes.example github.com", ""},
		"a page to log in":      {"https://gitea.example", "<html>", started, "gitea.example github.com", ""},
		"a program of others":   {"https://gitea.example", "#!/bin/sh\necho others", started, "gitea.example github.com", ""},
		"neither":               {"https://ghes.example:8443", "", "", "ghes.example:8443 github.com", "ghes.example:8443 answered 404. github.com answered 404. Make the release reachable"},
		"both are wrong":        {"https://ghes.example", "<html>", "#!", "ghes.example github.com", "SHA-256 is " + sumOf("#!")},
		"a server without TLS":  {"http://gitea.example", started, started, "github.com", ""},
		"a server that is none": {"https://x@y", started, started, "github.com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, env := unreleased(t, started, nil)
			bin := t.TempDir()
			write(t, filepath.Join(bin, "curl"), fakeCurl, 0o755)
			write(t, filepath.Join(bin, "forge"), tt.forge, 0o600)
			write(t, filepath.Join(bin, "github"), tt.github, 0o600)
			env["PATH"] = bin + string(os.PathListSeparator) + env["PATH"]
			env["GITHUB_SERVER_URL"] = tt.server
			delete(env, "VAULT_SECRET_DOWNLOAD_URL")
			if tt.reason == "" {
				launched(t, folder, env)
			} else {
				notFetched(t, folder, env, tt.reason)
			}
			var want string
			for host := range strings.FieldsSeq(tt.asked) {
				want += "https://" + host + path + "\n"
			}
			if got := read(t, filepath.Join(bin, "asked")); got != want {
				t.Errorf("asked for\n%swant\n%s", got, want)
			}
		})
	}
}

// The error names the program that a runner lacks.
func TestLaunchFetchesWithoutItsTools(t *testing.T) {
	t.Parallel()
	folder, env := unreleased(t, started, nil)
	for _, tt := range []struct{ tools, want string }{
		{"curl", "There is no sha256sum and no shasum to check " + absent},
		{"sha256sum", "There is no curl to fetch " + absent + " with. Install it on this runner, or use nairi-community/vault-secret@v1.2.3-full"},
	} {
		bin := t.TempDir()
		for name := range strings.FieldsSeq("cp mkdir rm " + tt.tools) {
			path, err := exec.LookPath(name)
			if err != nil {
				t.Skipf("there is no %s", name)
			}
			if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
				t.Fatal(err)
			}
		}
		env["PATH"] = bin
		notFetched(t, folder, env, tt.want)
	}
	write(t, filepath.Join(folder, "dist", "VERSION"), "latest\n", 0o644)
	notFetched(t, folder, env, "dist/VERSION in this copy of the action names no version")
}

// A disk that is full while the program is written, as a limit for the size of a file.
func TestLaunchFetchesOntoAFullDisk(t *testing.T) {
	t.Parallel()
	large := started + strings.Repeat("# fill\n", 1000)
	folder, env := unreleased(t, large, nil)
	bash := composite(t, folder, env)
	env["GITHUB_OUTPUT"] = filepath.Join(t.TempDir(), "output")
	cmd := exec.Command(bash.Path, append([]string{"-c", `ulimit -f 2; exec "$@"`, "bash"}, bash.Args...)...)
	cmd.Env = append(slices.Clone(bash.Env), "GITHUB_OUTPUT="+env["GITHUB_OUTPUT"])
	out, code := finish(t, cmd)
	if code != 1 || !strings.Contains(out, absent+" could not be written to ") || !strings.Contains(out, "the disk is full") {
		t.Errorf("exit code %d, %q", code, out)
	}
	if told := read(t, env["GITHUB_OUTPUT"]); told != "changed=false\nresult=failed\nerror_code=not_started\n" {
		t.Errorf("outputs:\n%s", told)
	}
	if left, err := os.ReadDir(env["RUNNER_TEMP"]); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
