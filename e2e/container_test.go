package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The image that the Dockerfile makes, in a Docker engine: see docs/containers.md.
func TestContainer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds an image")
	}
	s := newSite(t)
	for name, test := range map[string]func(t *testing.T, s site){
		"image": checkImage, "files": checkFiles, "version": checkVersion,
		"step": checkContainerSteps, "signal": checkContainerSignals,
		"workflow": checkPageWorkflow, "command": checkPageCommand,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// maxImage is the size that docs/containers.md promises.
const maxImage = 21 << 19

// GitHub's file commands need root, and a shell form of ENTRYPOINT would need a
// shell, which would be the one to get the signals.
func checkImage(t *testing.T, s site) {
	var got []struct {
		Size   int64
		Config struct {
			User, WorkingDir string
			Entrypoint, Cmd  []string
			Volumes          map[string]any
			ExposedPorts     map[string]any
		}
	}
	if err := json.Unmarshal([]byte(docker(t, "image", "inspect", s.image)), &got); err != nil {
		t.Fatal(err)
	}
	image, config := got[0], got[0].Config
	t.Logf("the image has %.2f MiB", float64(image.Size)/(1<<20))
	if image.Size > maxImage {
		t.Errorf("the image has %d bytes, over %d", image.Size, maxImage)
	}
	if !slices.Equal(config.Entrypoint, []string{"/vault-secret"}) || len(config.Cmd) > 0 {
		t.Errorf("entrypoint %q, command %q", config.Entrypoint, config.Cmd)
	}
	if config.User != "" || strings.Trim(config.WorkingDir, "/") != "" || len(config.Volumes)+len(config.ExposedPorts) > 0 {
		t.Errorf("the image has settings of its own: %+v", config)
	}
}

// What Docker itself puts into a container.
var ofDocker = []string{".dockerenv", "dev", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf", "proc", "sys"}

func checkFiles(t *testing.T, s site) {
	id := docker(t, "create", s.image)
	s.later(t, "rm", "--force", id)
	files := strings.Split(output(t, ".", "sh", "-c", "docker export "+id+" | tar -t"), "\n")
	files = slices.DeleteFunc(files, func(file string) bool {
		return strings.HasSuffix(file, "/") || slices.ContainsFunc(ofDocker, func(name string) bool {
			return file == name || strings.HasPrefix(file, name+"/")
		})
	})
	slices.Sort(files)
	if diff := cmp.Diff([]string{"etc/ssl/certs/ca-certificates.crt", "vault-secret"}, files); diff != "" {
		t.Errorf("files, - wanted, + in the image:\n%s", diff)
	}
}

func checkVersion(t *testing.T, s site) {
	want := "vault-secret " + builtVersion + " (commit " + builtCommit + ")"
	if got := docker(t, "run", "--rm", "--network=none", s.image, "-version"); got != want {
		t.Errorf("version %q, want %q", got, want)
	}
}

// containerStep is a step as GitHub's runner runs it in a container.
type containerStep struct {
	site
	vault   vault
	folder  string   // of the four that the runner mounts
	options []string // of docker run, besides the runner's
}

// newStep makes the runner's folders, which everyone can enter, with files of a
// mode.
func (s site) newStep(t *testing.T, mode os.FileMode, options ...string) containerStep {
	t.Helper()
	c := containerStep{s, s.newVault(t), t.TempDir(), options}
	for name, text := range map[string]string{
		"home/.keep": "", "workspace/.keep": "", "workflow/event.json": `{"inputs":{}}`,
		"file_commands/set_output_1": "", "file_commands/step_summary_1": "",
	} {
		path := filepath.Join(c.folder, name)
		write(t, path, text, mode)
		if err := os.Chmod(path, mode); err != nil { // past the umask
			t.Fatal(err)
		}
	}
	return c
}

// command is what the runner starts. It gives variables by their names, so that
// no value is on a command line (actions/runner, ContainerActionHandler.cs and
// DockerCommandManager.cs).
func (c containerStep) command(t *testing.T, with map[string]string) *exec.Cmd {
	t.Helper()
	env := map[string]string{
		"GITHUB_OUTPUT": "/github/file_commands/set_output_1", "GITHUB_STEP_SUMMARY": "/github/file_commands/step_summary_1",
		"GITHUB_EVENT_PATH": "/github/workflow/event.json", "GITHUB_WORKSPACE": "/github/workspace", "HOME": "/github/home",
		"INPUT_API_KEY": c.vault.Key, "INPUT_BASE_URL": c.byName(t, c.vault), "INPUT_VAULT_ID": c.vault.VaultID,
	}
	for name, value := range with {
		env["INPUT_"+strings.ToUpper(name)] = value
	}
	cmd := exec.Command("docker", "run", "--workdir", "/github/workspace", "--rm")
	cmd.Env = os.Environ()
	for _, name := range slices.Sorted(maps.Keys(env)) {
		cmd.Args, cmd.Env = append(cmd.Args, "-e", name), append(cmd.Env, name+"="+env[name])
	}
	cmd.Args = append(cmd.Args, "-e", "GITHUB_ACTIONS=true", "-e", "CI=true")
	for _, name := range []string{"home", "workflow", "file_commands", "workspace"} {
		cmd.Args = append(cmd.Args, "-v", filepath.Join(c.folder, name)+":/github/"+name)
	}
	cmd.Args = append(append(cmd.Args, c.options...), c.image)
	return cmd
}

func (c containerStep) outputs(t *testing.T) map[string]string {
	t.Helper()
	return outputsIn(t, filepath.Join(c.folder, "file_commands/set_output_1"))
}

func (c containerStep) summary(t *testing.T) string {
	t.Helper()
	return read(t, filepath.Join(c.folder, "file_commands/step_summary_1"))
}
