package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goInstall is go install as for a release, whose packages Go has already built.
const goInstall = `eval "$(sed -n '/^gcflags=(/,/^)/p' dist.sh)" && go install "${gcflags[@]}" "$0"`

// go install builds a version of this module as anybody fetches it, and the program knows
// which. The module comes from a proxy of files, and what it needs from Go's own cache.
func TestGoInstall(t *testing.T) {
	t.Parallel()
	folder := repository{t.TempDir()}
	serveModule(t, release(t), folder)
	cache, err := start("..", nil, "go", "env", "GOMODCACHE")
	if err != nil {
		t.Fatal(err)
	}
	proxies := "file://" + filepath.ToSlash(folder.dir) + ",file://" + filepath.ToSlash(cache) + "/cache/download"
	env := []string{
		"GOPROXY=" + proxies, "GOSUMDB=off", "GOPRIVATE=", "GONOPROXY=", "GONOSUMDB=", "GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local",
		"CGO_ENABLED=0", "GOFLAGS=-modcacherw -trimpath", "GOMODCACHE=" + filepath.Join(folder.dir, "mod"), "GOBIN=" + filepath.Join(folder.dir, "bin"),
	}
	if _, err := start(".", env, "bash", "-c", goInstall, module+"@v1.2.3"); err != nil {
		t.Fatal(err)
	}
	got, err := start(folder.dir, nil, filepath.Join(folder.dir, "bin", "vault-secret"), "version")
	if want := "vault-secret v1.2.3 (commit unknown)"; got != want || err != nil {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

const module = "github.com/nairi-community/vault-secret"

// serveModule writes what a proxy has of a release into a folder. As go packs a module,
// nothing is left out of it but other modules (ensureGitAttributes, codehost/git.go).
func serveModule(t *testing.T, released, folder repository) {
	t.Helper()
	r := clone(t, released.dir)
	r.write(t, ".git/info/attributes", "* -export-subst -export-ignore\n", 0o600)
	at := filepath.Join(folder.dir, module, "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{"archive", "--format=zip", "--prefix=" + module + "@v1.2.3/", "--output=" + filepath.Join(at, "v1.2.3.zip"), "v1.2.3", "."}
	for other := range strings.FieldsSeq(r.git(t, "ls-files", "*/go.mod")) {
		args = append(args, ":!"+strings.TrimSuffix(other, "/go.mod"))
	}
	r.git(t, args...)
	repository{at}.write(t, "v1.2.3.mod", r.read(t, "go.mod"), 0o600)
	repository{at}.write(t, "list", "v1.2.3\n", 0o600)
	repository{at}.write(t, "v1.2.3.info", `{"Version":"v1.2.3"}`, 0o600)
}
