// Package e2e runs the action as its users do: workflows in real runners, nektos/act
// and Gitea's, without containers and offline, against the emulator of the API.
// What act is laxer about than GitHub is checked by GitHub's rules, as
// internal/runnertest has them. It holds tests alone.
//
// Every block of every page is run as it is printed, or has a test of its own: see "Blocks on
// pages" in CONTRIBUTING.md. The pipelines of CIs that are not in tools/ run in models of
// those CIs, written from their sources and references: which steps an event starts, with
// which variables and secrets, and what becomes of a script before a shell gets it.
//
// TestContainer builds the Dockerfile and runs the image as GitHub's runner, act
// in containers, and a shell do. It needs a Docker engine on this machine and no
// registry, leaves nothing in it, and is left out where there is none.
//
// TestARotationOfPostgres starts a PostgreSQL server of its own on loopback, with the
// programs of this machine, and is left out where there are none.
//
// ACT_BINARY, GITEA_RUNNER_BINARY and ACTIONLINT_BINARY name the tools to use; without
// them they are built from the modules in tools/. The tests that need a runner or
// Docker are left out by -short.
package e2e
