package ci

import "time"

// gitlab runs the program in the script of a job.
type gitlab struct{ plain }

// grace is less than the six seconds after which the runner goes on from our process to
// the shell that waits for it, with which the container ends (gitlab-runner 16.9.1,
// shells/bash.go: ContainerSigTermScriptForLinux). Without containers it waits for ten
// minutes (helpers/process/killer.go: GracefulTimeout).
func (*gitlab) grace() time.Duration { return 5 * time.Second }
