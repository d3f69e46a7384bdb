package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// runner is a program that runs a workflow on this machine, without containers and
// offline.
type runner interface {
	name() string
	// command is how a job is run, with files in dir. Its arguments have no secret in
	// them: other users of the machine can read those.
	command(t *testing.T, dir string, j job) *exec.Cmd
}

// runners are those in which every story is run.
var runners = []runner{act{}, gitea{}}

// act is github.com/nektos/act.
type act struct{}

func (act) name() string { return "act" }

func (act) command(t *testing.T, dir string, j job) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(tool(t, findAct), j.event)
	if j.payload != "" {
		payload := filepath.Join(dir, "event.json")
		write(t, payload, j.payload, 0o600)
		cmd.Args = append(cmd.Args, "--eventpath", payload)
	}
	cmd.Args = append(cmd.Args,
		"--workflows", writeWorkflow(t, dir, j),
		"--platform", "ubuntu-latest=-self-hosted", // on this machine, without a container
		"--local-repository", releasedAs+"@v1="+released,
		"--secret-file", writeYAML(t, dir, "secrets", j.secrets),
		"--var-file", writeYAML(t, dir, "vars", j.vars),
		"--env-file", writeYAML(t, dir, "env", j.env),
		"--input-file", writeYAML(t, dir, "inputs", j.inputs),
		"--use-gitignore=false", // dist is ignored on the main branch
		"--no-cache-server",
	)
	return cmd
}

// gitea is gitea.com/gitea/runner, whose exec runs a workflow as its daemon does, but
// without a server: github.event_name is empty, there is no payload of an event, there
// are no inputs, and the log is that of the act inside (internal/app/cmd/exec.go).
type gitea struct{}

func (gitea) name() string { return "Gitea's runner" }

func (gitea) command(t *testing.T, dir string, j job) *exec.Cmd {
	t.Helper()
	if j.payload != "" || j.inputs != nil {
		t.Fatal("exec takes neither a payload nor inputs")
	}
	cmd := exec.Command(tool(t, findGiteaRunner), gitea{}.offline(t)...)
	cmd.Args = append(cmd.Args,
		"--event", j.event,
		"--workflows", writeWorkflow(t, dir, j),
		"--directory", j.in(),
		"--image=-self-hosted",
		"--use-gitignore=false",
	)
	for name, text := range j.vars {
		cmd.Args = append(cmd.Args, "--var", name+"="+text)
	}
	// A secret without a value is taken from the variable of its name, which every step
	// would have too, were it not for the file.
	env := map[string]string{}
	for name, value := range j.secrets {
		if value == "" {
			continue // exec would ask for it
		}
		cmd.Args = append(cmd.Args, "--secret", name)
		cmd.Env = append(cmd.Env, name+"="+value)
		env[name] = ""
	}
	for name, value := range j.env {
		env[name] = value
	}
	cmd.Args = append(cmd.Args, "--env-file", writeDotenv(t, dir, env))
	return cmd
}

// offline is exec, with the actions that are here and a server for artifacts that takes
// no port from another.
func (gitea) offline(t *testing.T) []string {
	t.Helper()
	return []string{
		"exec", "--default-actions-url", strings.TrimSuffix(released, filepath.FromSlash("/"+releasedAs)),
		"--artifact-server-path", t.TempDir(), "--artifact-server-addr", "127.0.0.1", "--artifact-server-port", "0",
	}
}

func writeWorkflow(t *testing.T, dir string, j job) string {
	t.Helper()
	path := filepath.Join(dir, "workflow.yml")
	write(t, path, j.text, 0o600)
	return path
}

// writeYAML writes a file as act reads it: JSON is YAML too, and holds lines.
func writeYAML(t *testing.T, dir, name string, pairs map[string]string) string {
	t.Helper()
	if pairs == nil {
		pairs = map[string]string{}
	}
	data, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name+".yaml")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeDotenv writes a file as github.com/joho/godotenv reads it.
func writeDotenv(t *testing.T, dir string, pairs map[string]string) string {
	t.Helper()
	var lines []string
	for name, value := range pairs {
		if strings.ContainsAny(value, "'\n") {
			t.Fatalf("%s cannot be quoted", name)
		}
		lines = append(lines, name+"='"+value+"'\n")
	}
	slices.Sort(lines)
	path := filepath.Join(dir, "env")
	write(t, path, strings.Join(lines, ""), 0o600)
	return path
}
