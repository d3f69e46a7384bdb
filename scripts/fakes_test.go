package scripts

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakes are a gh and a docker that note how they are called, and answer from the
// variables DRAFT, IMMUTABLE and DIGEST.
type fakes struct{ repository }

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
	f := fakes{repository{t.TempDir()}}
	f.write(t, "gh", fakeGh, 0o755)
	f.write(t, "docker", fakeDocker, 0o755)
	f.write(t, "calls", "", 0o600)
	return f
}

// env leads a script to the fakes, with variables of its own.
func (f fakes) env(more ...string) []string {
	return append([]string{"FAKES=" + f.dir, "PATH=" + f.dir + string(os.PathListSeparator) + os.Getenv("PATH")}, more...)
}

// temporary are names that are others in each run: of a file, and of a builder by
// the number of its process.
var temporary = regexp.MustCompile(`(-file |vault-secret-)(\S*/\S+|\d+)`)

// calls since the last time that they were looked at.
func (f fakes) calls(t *testing.T) []string {
	t.Helper()
	text := f.read(t, "calls")
	f.write(t, "calls", "", 0o600)
	return strings.Split(strings.TrimSpace(temporary.ReplaceAllString(text, "${1}TEMP")), "\n")
}

func (f fakes) called(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, f.calls(t)); diff != "" {
		t.Errorf("calls, - wanted:\n%s", diff)
	}
}
