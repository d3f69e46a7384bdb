package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The page's pipelines in woodpecker-cli itself, on this machine and without
// containers: there, an image is the name of a program. It is not in tools/, so this runs
// only where it is installed.
func TestWoodpeckerItself(t *testing.T) {
	t.Parallel()
	cli := os.Getenv("WOODPECKER_CLI_BINARY")
	if cli == "" {
		t.Skip("WOODPECKER_CLI_BINARY names no woodpecker-cli: Woodpecker's pipelines are run by a model alone")
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	for i, pipeline := range blocks(read(t, "../docs/ci/woodpecker.md"), "yaml") {
		p := newPlace(t, map[string]string{})
		p.addShownManifest()
		write(t, filepath.Join(p.dir, "pipeline.yaml"), "skip_clone: true\n"+pipeline, 0o644)
		write(t, filepath.Join(p.bin, "secrets.yaml"), "nairi_api_key: "+p.vault.Key+"\ndatabase_url: "+freshValue+"\nstripe_key: "+stripeValue+"\n", 0o600)
		for image, program := range map[string]string{
			filepath.Join(p.dir, "ghcr.io/nairi-community/vault-secret:v1"): releasedProgram(),
			filepath.Join(p.bin, "alpine:3.22"):                             shell,
		} {
			if err := os.MkdirAll(filepath.Dir(image), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(program, image); err != nil {
				t.Fatal(err)
			}
		}
		err := p.run(nil, cli, "exec", "--backend-engine=local", "--secrets-file="+filepath.Join(p.bin, "secrets.yaml"),
			"--repo-path="+p.dir, "pipeline.yaml")
		if err != nil {
			t.Errorf("pipeline %d: %v\n%s", i, err, p.log.String())
		}
		if i == 0 {
			p.rotated(said)
		} else {
			p.synced(saidOfMany)
		}
	}
}
