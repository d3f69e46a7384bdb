package e2e

import (
	"context"
	"crypto/rand"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// engine is a Docker engine, and what begins the name of everything that one
// test makes there: many may use the engine at once.
type engine struct{ name string }

// answersWithin is for an engine that is there but hangs.
const answersWithin = 20 * time.Second

// newEngine skips the test where no engine answers that runs programs of this
// machine.
func newEngine(t *testing.T) engine {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answersWithin)
	defer cancel()
	out, err := exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Os}}/{{.Server.Arch}}").Output()
	if err != nil {
		t.Skip("no Docker engine answers: the image is not tested")
	}
	if platform := strings.TrimSpace(string(out)); runtime.GOOS != "linux" || platform != "linux/"+runtime.GOARCH {
		t.Skipf("the Docker engine is %s and not this machine: the image is not tested", platform)
	}
	return engine{"vault-secret-e2e-" + strings.ToLower(rand.Text()[:10])}
}

// docker runs the client, and returns what it prints.
func docker(t *testing.T, args ...string) string {
	t.Helper()
	return output(t, ".", "docker", args...)
}

// later runs the client at the end of the test, when there may be nothing left
// to do.
func (e engine) later(t *testing.T, args ...string) {
	t.Cleanup(func() { _ = exec.Command("docker", args...).Run() })
}

// privateNetwork makes a network that leads nowhere but to this machine, and
// returns its name and the address that this machine has in it.
func (e engine) privateNetwork(t *testing.T) (name, address string) {
	t.Helper()
	e.later(t, "network", "rm", e.name)
	docker(t, "network", "create", "--internal", e.name)
	return e.name, docker(t, "network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", e.name)
}
