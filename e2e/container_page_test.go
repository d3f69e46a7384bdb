package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shownImage is the released image, as the page names it.
var shownImage = regexp.MustCompile(`ghcr\.io/nairi-community/vault-secret@sha256:[0-9a-f]{64}`)

// shown is what docs/containers.md shows as a language, about the image here.
func (s site) shown(t *testing.T, language string) string {
	t.Helper()
	_, block, found := strings.Cut(read(t, "../docs/containers.md"), "\n```"+language+"\n")
	block, _, closed := strings.Cut(block, "\n```\n")
	if !found || !closed || !shownImage.MatchString(block) {
		t.Fatalf("docs/containers.md has no %s that names the image", language)
	}
	return shownImage.ReplaceAllString(block, s.image) + "\n"
}

// shownVault is the vault that the page names.
func (s site) shownVault(t *testing.T) vault {
	t.Helper()
	v := s.newVault(t)
	v.AddVaultWithID(shownVault, "shown")
	v.VaultID = shownVault
	return v
}

// act runs the page's workflow, its job and its step in containers. They are
// named after the workflow, which therefore has another name.
func checkPageWorkflow(t *testing.T, s site) {
	v, user := s.shownVault(t), userRepository(t)
	addToolCache(t)

	got := job{
		text:  strings.Replace(s.shown(t, "yaml"), "name: rotate with the image\n", "name: "+s.name+"\n", 1) + seeing,
		event: "workflow_dispatch", repository: user, vault: v,
		secrets: map[string]string{"DATABASE_URL": freshValue},
		vars:    map[string]string{"SEEN": filepath.Join(user, "seen.json")}, // where the container has it, too
		env:     map[string]string{"NAIRI_BASE_URL": v.BaseURL},
		options: []string{
			"--platform", "ubuntu-latest=" + s.base, "--network", s.network, "--pull=false",
			"--bind", "--rm", "--container-daemon-socket", "-",
		},
		environ: dockerEnviron(),
	}.run(t)

	got.succeeded(t)
	got.saw(t, "rotate", v.outputs(t, "created", "true"))
	got.hides(t, freshValue)
	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
	if !strings.Contains(got.log, "DATABASE_URL was created\n") {
		t.Error("the next step does not see the outputs")
	}
}

// dockerEnviron is how a client finds the engine.
func dockerEnviron() []string {
	var env []string
	for _, pair := range os.Environ() {
		if strings.HasPrefix(pair, "DOCKER_") {
			env = append(env, pair)
		}
	}
	return env
}

// addToolCache makes the volume that act makes for all its jobs and keeps, so
// that the last of these tests knows by its label to drop it. One that was there
// before has no label.
func addToolCache(t *testing.T) {
	t.Helper()
	const volume, label = "act-toolcache", "vault-secret-e2e"
	t.Cleanup(func() {
		if docker(t, "volume", "ls", "--quiet", "--filter", "label="+label) != "" {
			_ = exec.Command("docker", "volume", "rm", volume).Run() // fails while another test uses it
		}
	})
	docker(t, "volume", "create", "--label", label, volume)
}

// The page's command, on the way to the emulator.
func checkPageCommand(t *testing.T, s site) {
	v := s.shownVault(t)
	command := strings.Replace(s.shown(t, "sh"), "docker run", "docker run --env NAIRI_BASE_URL "+strings.Join(s.onNetwork(), " "), 1)
	sh := exec.Command("sh", "-e")
	sh.Stdin = strings.NewReader(command)
	sh.Env = append(os.Environ(), "NAIRI_API_KEY="+v.Key, "NAIRI_BASE_URL="+s.byName(t, v), "DATABASE_URL="+freshValue)

	log, code := finish(t, sh)

	v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}})
	if code != 0 || !strings.Contains(log, "\nresult=created\n") {
		t.Errorf("exit code %d, outputs with the result: %t", code, strings.Contains(log, "\nresult=created\n"))
	}
	outcome{log: log}.hides(t, freshValue)
	outcome{log: log}.hides(t, v.Key)
}
