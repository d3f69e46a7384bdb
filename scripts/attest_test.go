package scripts

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The SBOM is of the program: it is attested of all that has one, and not of the sources.
func TestSBOMIsAttested(t *testing.T) {
	t.Parallel()
	w := parse(t, here.read(t, ".github/workflows/release.yml"))
	steps := w.Jobs["attest"].Steps
	i := slices.IndexFunc(steps, func(s step) bool { return s.With["sbom-path"] != nil })
	if i < 0 {
		t.Fatal("no SBOM is attested")
	}
	pattern, _ := steps[i].With["subject-path"].(string)
	var want, got []string
	for _, name := range slices.Concat(packagesOf(allPrograms), allPrograms, []string{sourceArchive, "sbom.cdx.json", "SHA256SUMS"}) {
		if strings.Contains(name, "amd64") || strings.Contains(name, "arm64") {
			want = append(want, name)
		}
		if matches, err := path.Match(pattern, "release/dist/"+name); matches || err != nil {
			got = append(got, name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- has the program, + attested:\n%s", diff)
	}
}
