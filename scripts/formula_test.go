package scripts

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	section = regexp.MustCompile(`(?s)\n  on_(macos|linux) do\n(.*?)\n  end\n`)
	choice  = regexp.MustCompile(`    on_(arm|intel) do\n      url "([^"]*)"\n      sha256 "([^"]*)"\n    end`)
	goWord  = map[string]string{"macos": "darwin", "linux": "linux", "arm": "arm64", "intel": "amd64"}
)

// The formula names an archive of the release for each platform that Homebrew runs on,
// with the sum that it has there.
func TestFormula(t *testing.T) {
	t.Parallel()
	r := release(t)
	formula := r.read(t, "release/dist/vault-secret.rb")
	named := map[string]string{}
	for _, system := range section.FindAllStringSubmatch(formula, -1) {
		for _, arch := range choice.FindAllStringSubmatch(system[2], -1) {
			archive := "vault-secret_v1.2.3_" + goWord[system[1]] + "_" + goWord[arch[1]] + ".tar.gz"
			if want := "https://github.com/nairi-community/vault-secret/releases/download/v1.2.3/" + archive; arch[2] != want {
				t.Errorf("%s on %s: %s, want %s", arch[1], system[1], arch[2], want)
			}
			named[archive] = arch[3]
		}
	}
	sums := map[string]string{}
	for line := range strings.Lines(r.read(t, "release/dist/SHA256SUMS")) {
		if sum, name, _ := strings.Cut(strings.TrimSpace(line), "  "); strings.HasSuffix(name, ".tar.gz") && name != sourceArchive {
			sums[name] = sum
		}
	}
	if diff := cmp.Diff(sums, named); diff != "" {
		t.Errorf("- archives, + in the formula:\n%s", diff)
	}
	if !strings.Contains(formula, "\n  version \"1.2.3\" #") {
		t.Error("the formula is of another version")
	}
	checkInstalls(t, r, formula)
}

var installs = regexp.MustCompile(`\.install "([^"]*)"`)

// checkInstalls checks that what the formula installs is in the archive.
func checkInstalls(t *testing.T, r repository, formula string) {
	t.Helper()
	const name = "vault-secret_v1.2.3_darwin_arm64"
	files := unpack(t, name+".tar.gz", r.read(t, "release/dist/"+name+".tar.gz"))
	found := installs.FindAllStringSubmatch(formula, -1)
	for _, match := range found {
		if _, there := files[name+"/"+match[1]]; !there {
			t.Errorf("%s is not in %s", match[1], name)
		}
	}
	if len(found) != 5 {
		t.Errorf("%d files are installed", len(found))
	}
}

// Ruby reads the formula, where there is Ruby.
func TestFormulaIsRuby(t *testing.T) {
	t.Parallel()
	ruby, err := exec.LookPath("ruby")
	if err != nil {
		t.Skip("no ruby to read the formula")
	}
	r := release(t)
	if _, err := start(".", nil, ruby, "-c", filepath.Join(r.dir, "release", "dist", "vault-secret.rb")); err != nil {
		t.Error(err)
	}
}
