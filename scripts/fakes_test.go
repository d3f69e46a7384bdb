package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakes are a gh and a docker that note how they are called, and answer from the
// variables DRAFT, IMMUTABLE and DIGEST.
type fakes struct{ dir string }

const fakeGh = `#!/usr/bin/env bash
echo "gh $*" >>"$FAKES/calls"
case "$1 $2" in
"release view") [ -n "$DRAFT" ] && echo "$DRAFT" || { echo "release not found" >&2; exit 1; } ;;
"release create") while [ "$1" != --notes-file ]; do shift; done; cp "$2" "$FAKES/notes" ;;
"api "*) echo "$IMMUTABLE" ;;
esac
`

const fakeDocker = `#!/usr/bin/env bash
echo "docker $*" >>"$FAKES/calls"
if [ "$2" = build ]; then
	while [ "$1" != --metadata-file ]; do shift; done
	printf '{\n  "buildx.build.ref": "x/y/z",\n  "containerimage.digest": "%s"\n}\n' "$DIGEST" >"$2"
fi
`

func newFakes(t *testing.T) fakes {
	t.Helper()
	r := repository{t.TempDir()}
	r.write(t, "gh", fakeGh, 0o755)
	r.write(t, "docker", fakeDocker, 0o755)
	return fakes(r)
}

func (f fakes) env() []string {
	return []string{"FAKES=" + f.dir, "PATH=" + f.dir + string(os.PathListSeparator) + os.Getenv("PATH")}
}

var temporary = regexp.MustCompile(`--notes-file \S+`)

// calls since the last time that they were looked at.
func (f fakes) calls(t *testing.T) []string {
	t.Helper()
	path := filepath.Join(f.dir, "calls")
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(temporary.ReplaceAllString(string(data), "--notes-file NOTES")), "\n")
}

func (f fakes) called(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, f.calls(t)); diff != "" {
		t.Errorf("calls, - wanted:\n%s", diff)
	}
}

func (f fakes) notes(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(f.dir, "notes"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
