package scripts

import (
	"crypto/sha1"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The archive of the sources holds all that the commit does, as it is in git, and not what
// a job downloads.
func TestSources(t *testing.T) {
	t.Parallel()
	r := release(t)
	files := untar(t, gunzip(t, r.read(t, "release/dist/"+sourceArchive)))
	checkOrigins(t, r, sourceArchive, files)
	var got []string
	for name, is := range files {
		mode := "100644"
		if is.mode == 0o755 {
			mode = "100755"
		}
		blob := sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(is.data), is.data))
		got = append(got, fmt.Sprintf("%s %x %s", mode, blob, r.home(t, sourceArchive, name)))
	}
	want := strings.Split(r.git(t, "ls-tree", "-r", "--format=%(objectmode) %(objectname) %(path)", "HEAD"), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- in the commit, + in the archive:\n%s", diff)
	}
}

// offline is a build without the network, of packages that Go has already built.
const offline = `eval "$(sed -n '/^gcflags=(/,/^)/p' "$DIST")"; export GOFLAGS="${gcflags[*]}" GOPROXY=off GOWORK=off
`

// What the page says of the sources makes a program that knows its version, its commit, and
// its manual page.
func TestSourcesBuild(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the commands of the page are for a shell")
	}
	r, f := release(t), newFakes(t)
	f.write(t, "curl", fakeInstaller, 0o755)
	dist, err := filepath.Abs("dist.sh")
	if err != nil {
		t.Fatal(err)
	}
	folder := repository{t.TempDir()}
	env := f.env("FILES="+filepath.Join(r.dir, "release", "dist"), "DIST="+dist)

	if _, err := start(folder.dir, env, "bash", "-c", "set -euo pipefail\n"+offline+blocks(t, "From the sources")); err != nil {
		t.Fatal(err)
	}

	made := filepath.Join(folder.dir, "vault-secret_v1.2.3_source")
	if got, err := start(made, nil, filepath.Join(made, "vault-secret"), "version"); got != r.says(t) || err != nil {
		t.Errorf("%q, %v, want %q", got, err, r.says(t))
	}
	if page := (repository{made}).read(t, "vault-secret.1"); !strings.Contains(page, "v1.2.3") {
		t.Errorf("manual page %.200q", page)
	}
}
