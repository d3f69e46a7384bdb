// Package scripts tests the shell scripts beside it, which build and publish a
// release, the workflows that run them, and that the documentation has an index.
// git, bash and Go are real; gh, docker and the registry are fakes that note how
// they were called. launch.sh, which starts the action, is tested in e2e. It holds
// tests alone.
package scripts
