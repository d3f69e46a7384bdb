package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// Whoever copies the first commands of the README has rotated a secret, without an account.
func TestTheReadmeIsFollowed(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("runs a shell")
	}
	r := newReader(t, "../README.md")
	checkDid(t, r.follow("Try it without an account"),
		did{0, map[string][]string{"result": {"unchanged", "updated", "unchanged"}, "env_key": {"", "DATABASE_URL", ""}}})
	listed := regexp.MustCompile(`(?m)^DATABASE_URL\tdb\.example\.com,\*\.replicas\.example\.com\t([0-9-]+)`).FindAllStringSubmatch(r.log.String(), -1)
	if len(listed) != 2 || listed[0][1] != "2024-06-06" || listed[1][1] <= listed[0][1] {
		t.Errorf("the lists show %q", listed)
	}
}

// startedPage is the page that goes on from there.
const startedPage = "../docs/getting-started.md"

func TestGettingStartedAsItIsPrinted(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("runs a shell")
	}
	r := newReader(t, startedPage)
	is := func(results ...string) map[string][]string { return map[string][]string{"result": results} }
	checkDid(t, r.follow("1. Try it on your machine"),
		did{}, did{0, is("unchanged")}, did{0, is("planned", "updated", "unchanged")}, did{}, did{2, is("failed")}, did{})
	outcome{log: r.log.String()}.hides(t, "not-a-real-database-url-bf6219b6")

	r.findsTheVault()
	r.storesSecrets()
}

// findsTheVault pastes the key of an emulator where the page asks for one, and finds the ID.
func (r *reader) findsTheVault() {
	r.t.Helper()
	p := newPlace(r.t, nil)
	if err := os.Remove(filepath.Join(p.bin, "curl")); err != nil { // the page needs a real one
		r.t.Fatal(err)
	}
	key := filepath.Join(p.dir, "key")
	write(r.t, key, p.vault.Key+"\n", 0o600)
	lines := strings.Join(blocks(r.section("3. Find the vault"), "sh"), "")
	if err := p.run(nil, "bash", "-ec", "exec <'"+key+"'\n"+lines); err != nil {
		r.t.Errorf("%v\n%s", err, p.log.String())
	}
	p.printed(`"id":"` + shownVault + `"`)
	p.printed(`"name":"shown"`)
}

// storesSecrets stores the secrets that the workflow reads, where its job may read them.
func (r *reader) storesSecrets() {
	r.t.Helper()
	p := newPlace(r.t, nil)
	write(r.t, filepath.Join(p.bin, "gh"), "#!/bin/sh\necho \"$*\" >>stored\n", 0o755)
	if err := p.script(nil, blocks(r.section("4. Make an environment with reviewers"), "sh")...); err != nil {
		r.t.Errorf("%v\n%s", err, p.log.String())
	}
	workflow := workflows(r.page)[0]
	environment := regexp.MustCompile(`(?m)^    environment: (\w+)$`).FindStringSubmatch(workflow)
	want := map[string]bool{}
	for _, read := range regexp.MustCompile(`secrets\.([A-Z_]+)`).FindAllStringSubmatch(workflow, -1) {
		want["secret set "+read[1]+" --env "+environment[1]] = true
	}
	stored, err := os.ReadFile(filepath.Join(p.dir, "stored"))
	if err != nil {
		r.t.Fatal(err)
	}
	got := slices.Sorted(slices.Values(strings.Split(strings.TrimSpace(string(stored)), "\n")))
	if !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		r.t.Errorf("stored are %q, read are %v", got, want)
	}
}
