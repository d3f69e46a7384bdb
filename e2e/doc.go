// Package e2e runs the action as its users do: workflows in a real runner,
// nektos/act without containers and offline, against the emulator of the API.
// What act is laxer about than GitHub is checked by GitHub's rules, as
// internal/runnertest has them. It holds tests alone.
//
// ACT_BINARY and ACTIONLINT_BINARY name the tools to use; without them they are
// built from tools/go.mod. The tests that need act are left out by -short.
package e2e
