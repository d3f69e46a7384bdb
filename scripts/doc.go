// Package scripts tests the shell scripts beside it, which build and publish a
// release, and the workflows that run them. git, bash and Go are real; gh, docker
// and the registry are fakes that note how they were called. It holds tests alone.
package scripts
