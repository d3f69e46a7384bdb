package ci

import "time"

// woodpecker runs the image as a plugin, and hides what is in its own store.
type woodpecker struct{ plain }

func (*woodpecker) dialect() Dialect { return Settings }

// grace is for an agent that is stopped, and for `woodpecker-cli exec`: they have five
// seconds to stop the container and also to remove it, its volume and its network (3.17,
// pipeline/runtime/shutdown.go: shutdownTimeout). With a grace of four the container was left
// behind. A cancelled pipeline gives its steps twenty seconds unless it is set to less
// (pipeline/backend/docker/flags.go: backend-docker-stop-timeout, since 3.14); before 3.14,
// and on an agent without containers, they are killed (pipeline/backend/local/cmd_unix.go).
func (*woodpecker) grace() time.Duration { return 3 * time.Second }
