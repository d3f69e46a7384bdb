// Package runnertest models how CI runners treat what an action is given and
// what it prints: which environment a composite step gets, how the output
// file is read, which printed lines are commands, and what a person who opens
// the log afterwards can see.
//
// The models are pure functions from bytes to bytes and stand in for runners
// in tests. They are written from the runners' sources, named beside each
// rule, and know nothing of this program's own code, so that a mistake there
// cannot hide behind the same mistake here.
//
// Sources read:
//   - actions/runner 2.336.0
//   - nektos/act v0.2.87
//   - gitea.com/gitea/act v0.261.10 and the reporter of Gitea's act_runner, and
//     their successor of 2026, gitea.com/gitea/runner
//   - Forgejo runner v12
//
// Text is bytes in UTF-8 throughout. The GitHub runner counts UTF-16 units;
// where a limit is counted, the model converts.
package runnertest
