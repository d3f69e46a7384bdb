package ci

// drone, and Harness after it, run the image as a plugin. They end a step with SIGKILL
// (drone-runners/drone-runner-docker 1.8.4, engine/engine.go: Destroy): there is nothing to
// be done in the time after it.
type drone struct{ plain }

func (*drone) dialect() Dialect { return DroneSettings }
