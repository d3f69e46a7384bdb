package e2e

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	findAct         = sync.OnceValues(func() (string, error) { return findTool("ACT_BINARY", "../tools", "act") })
	findActionlint  = sync.OnceValues(func() (string, error) { return findTool("ACTIONLINT_BINARY", "../tools", "actionlint") })
	findGiteaRunner = sync.OnceValues(func() (string, error) { return findTool("GITEA_RUNNER_BINARY", "../tools/gitea", "runner") })
)

// findTool returns the path of a tool: what the variable names, or else what Go
// builds from the module in a folder and keeps in its cache.
func findTool(variable, module, name string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	build := exec.Command("go", "tool", "-n", name)
	build.Dir = module
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	build.Stderr = os.Stderr
	out, err := build.Output()
	return strings.TrimSpace(string(out)), err
}

func tool(t *testing.T, find func() (string, error)) string {
	t.Helper()
	path, err := find()
	if err != nil {
		t.Fatalf("a tool of tools cannot be built: %v", err)
	}
	return path
}

// goEnv is a setting of Go as it is here, for Go in an environment of its own.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return name + "=" + strings.TrimSpace(string(out))
}

// goEnvs are the settings by which Go finds what it has built and fetched.
func goEnvs(t *testing.T) []string {
	t.Helper()
	found, err := findGoEnvs()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(found)
}

var findGoEnvs = sync.OnceValues(func() ([]string, error) {
	names := []string{"GOCACHE", "GOMODCACHE", "GOTOOLCHAIN"}
	out, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	for i, text := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if i < len(names) {
			names[i] += "=" + text
		}
	}
	return names, err
})
