package e2e

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// started is a program that tells that it runs, as large as its copies can be told apart.
const started = "#!/bin/sh\necho started $INPUT_VALUE in $0\n"

// absent is a platform whose program is not in dist.
const absent = "vault-secret_darwin_arm64"

// unreleased is a copy of a release that has the sum of a program and not the program,
// and the variables of a runner of its platform. What is fetched comes from the handler,
// as from a mirror.
func unreleased(t *testing.T, program string, handler http.HandlerFunc) (folder string, env map[string]string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of these tests are scripts")
	}
	if handler == nil {
		handler = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, program) }
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	folder = actionFolder(t, "action")
	write(t, filepath.Join(folder, "dist", "SHA256SUMS"), strings.Repeat("0", 64)+"  vault-secret_darwin_amd64\n"+sumOf(program)+"  "+absent+"\n", 0o644)
	write(t, filepath.Join(folder, "dist", "VERSION"), "v1.2.3\n", 0o644)
	return folder, map[string]string{
		"PATH": os.Getenv("PATH"), "RUNNER_OS": "macOS", "RUNNER_ARCH": "ARM64", "RUNNER_TEMP": t.TempDir(), "RUNNER_TOOL_CACHE": t.TempDir(),
		"INPUT_VALUE": "x", "VAULT_SECRET_DOWNLOAD_URL": server.URL + "/mirror/",
	}
}

func sumOf(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

func cachedIn(env map[string]string) string {
	return filepath.Join(env["RUNNER_TOOL_CACHE"], "vault-secret", "v1.2.3", absent)
}

// launched checks that the launcher became the program, in a folder of this run alone.
func launched(t *testing.T, folder string, env map[string]string) (out string) {
	t.Helper()
	out, code := finish(t, composite(t, folder, env))
	if _, in, _ := strings.Cut(out, "started x in "); code != 0 || !strings.HasPrefix(in, env["RUNNER_TEMP"]+"/vault-secret.") {
		t.Errorf("exit code %d, %q", code, out)
	}
	return out
}

// notFetched checks that nothing was started, and nothing is left.
func notFetched(t *testing.T, folder string, env map[string]string, reasons ...string) {
	t.Helper()
	if code := notStarted(t, env, folder, reasons...); code != 1 {
		t.Errorf("exit code %d", code)
	}
	for _, folder := range []string{env["RUNNER_TEMP"], env["RUNNER_TOOL_CACHE"]} {
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	}
}

// The first step fetches the program, and those after it take it from the cache.
func TestLaunchFetchesOnce(t *testing.T) {
	t.Parallel()
	var asked []string
	folder, env := unreleased(t, started, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		fmt.Fprint(w, started)
	})
	for range 3 {
		launched(t, folder, env)
	}
	if want := "[GET /mirror/v1.2.3/" + absent + "]"; fmt.Sprint(asked) != want {
		t.Errorf("asked for %v, want %s", asked, want)
	}
	if got := read(t, cachedIn(env)); got != started {
		t.Errorf("the cache holds %q", got)
	}
}

// Without a tool cache, steps of one job have RUNNER_TEMP, and a shell has its user's.
func TestLaunchFetchesWithoutAToolCache(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"RUNNER_TEMP", "XDG_CACHE_HOME", ""} {
		var count atomic.Int32
		folder, env := unreleased(t, started, func(w http.ResponseWriter, _ *http.Request) {
			count.Add(1)
			fmt.Fprint(w, started)
		})
		delete(env, "RUNNER_TOOL_CACHE")
		want := int32(1)
		switch name {
		case "RUNNER_TEMP":
		case "":
			want = 2
			fallthrough
		default:
			env["TMPDIR"] = env["RUNNER_TEMP"]
			delete(env, "RUNNER_TEMP")
			env[name] = t.TempDir()
			delete(env, "")
		}
		for range 2 {
			if out, code := finish(t, composite(t, folder, env)); code != 0 || !strings.Contains(out, "started x in ") {
				t.Errorf("%s: exit code %d, %q", name, code, out)
			}
		}
		if count.Load() != want {
			t.Errorf("%s: fetched %d times", name, count.Load())
		}
	}
}

func TestLaunchFetchesInManyJobsAtATime(t *testing.T) {
	t.Parallel()
	folder, env := unreleased(t, started, nil)
	var jobs sync.WaitGroup
	for range 4 {
		jobs.Go(func() { launched(t, folder, env) })
	}
	jobs.Wait()
	entries, err := os.ReadDir(filepath.Dir(cachedIn(env)))
	if err != nil || len(entries) != 1 || read(t, cachedIn(env)) != started {
		t.Errorf("the cache holds %v, %v", entries, err)
	}
}

// What others left in the cache is never run, and where it can be, it is replaced.
func TestLaunchTrustsNoCache(t *testing.T) {
	t.Parallel()
	tampered := strings.Replace(started, "started", "tampered", 1)
	for name, tt := range map[string]struct {
		plant func(t *testing.T, cached string)
		mends bool
	}{
		"half of it": {func(t *testing.T, cached string) { write(t, cached, started[:len(started)/2], 0o755) }, true},
		"empty":      {func(t *testing.T, cached string) { write(t, cached, "", 0o755) }, true},
		"another":    {func(t *testing.T, cached string) { write(t, cached, tampered, 0o755) }, true},
		"a link": {func(t *testing.T, cached string) {
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			write(t, elsewhere, tampered, 0o755)
			write(t, filepath.Join(filepath.Dir(cached), "x"), "", 0o644)
			if err := os.Symlink(elsewhere, cached); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if read(t, elsewhere) != tampered {
					t.Error("what the link names was written to")
				}
			})
		}, true},
		"a folder":  {func(t *testing.T, cached string) { write(t, filepath.Join(cached, "x"), "", 0o644) }, false},
		"no folder": {func(t *testing.T, cached string) { write(t, filepath.Dir(cached), "", 0o644) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, env := unreleased(t, started, nil)
			tt.plant(t, cachedIn(env))
			if out := launched(t, folder, env); !tt.mends != strings.Contains(out, "cannot be written") {
				t.Errorf("%q", out)
			}
			if info, err := os.Lstat(cachedIn(env)); tt.mends && (err != nil || !info.Mode().IsRegular() || read(t, cachedIn(env)) != started) {
				t.Errorf("the cache holds %v, %v", info, err)
			}
		})
	}
}

// A file in the cache that somebody put there for a runner without a network.
func TestLaunchTakesWhatIsInTheCacheOffline(t *testing.T) {
	t.Parallel()
	folder, env := unreleased(t, started, nil)
	env["VAULT_SECRET_DOWNLOAD_URL"] = "https://127.0.0.1:1"
	write(t, cachedIn(env), started, 0o600)
	launched(t, folder, env)
}

// No program that the launcher runs gets a secret, whatever its variable is called,
// or a setting that makes it do something else.
func TestLaunchHandsNoSecretOn(t *testing.T) {
	t.Parallel()
	folder, env := unreleased(t, started, nil)
	bin := t.TempDir()
	log := filepath.Join(bin, "log")
	for _, name := range []string{"curl", "cp", "mkdir", "mv", "rm", "chmod", "sha256sum", "uname"} {
		real, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("there is no %s", name)
		}
		write(t, filepath.Join(bin, name), "#!/bin/sh\n{ echo "+name+"; env; } >>'"+log+"'\nexec "+real+" \"$@\"\n", 0o755)
	}
	home := t.TempDir()
	write(t, filepath.Join(home, ".curlrc"), "proxy = http://127.0.0.1:1\n", 0o600)
	env["PATH"] = bin + string(os.PathListSeparator) + env["PATH"]
	env["HOME"], env["CURL_HOME"] = home, home
	for _, name := range []string{"INPUT_API_KEY", "PLUGIN_VALUE", "NAIRI_API_KEY", "DATABASE_URL", "zebra", "_x", "SSLKEYLOGFILE", "LD_PRELOAD_32"} {
		env[name] = "made-up-secret"
	}
	env["NO_PROXY"] = "made-up.example"
	launched(t, folder, env)
	told := read(t, log)
	for _, name := range []string{"curl", "cp", "mkdir", "mv", "rm", "chmod", "sha256sum"} {
		if !strings.Contains(told, name+"\n") {
			t.Errorf("%s was not run", name)
		}
	}
	if strings.Contains(told, "made-up-secret") || strings.Contains(told, "SSLKEYLOGFILE") || !strings.Contains(told, "NO_PROXY=made-up.example") {
		t.Errorf("they were given:\n%s", told)
	}
}

// The runner cancels a step while it downloads.
func TestLaunchIsCancelledDuringADownload(t *testing.T) {
	t.Parallel()
	sent, ended := make(chan struct{}), make(chan struct{})
	folder, env := unreleased(t, started, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(started)))
		fmt.Fprint(w, started[:10])
		_ = http.NewResponseController(w).Flush()
		close(sent)
		<-r.Context().Done()
		close(ended)
	})
	env["GITHUB_OUTPUT"] = filepath.Join(t.TempDir(), "output")
	cmd := composite(t, folder, env)
	cmd.Dir = t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		select {
		case <-sent:
			_ = cmd.Process.Signal(os.Interrupt)
		case <-ctx.Done():
		}
	}()
	cancelled(t, cmd, env)
	<-ended // curl is gone too
	for _, folder := range []string{env["RUNNER_TEMP"], env["RUNNER_TOOL_CACHE"], cmd.Dir} {
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	}
}
