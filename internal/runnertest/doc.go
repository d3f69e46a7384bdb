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
//   - actions/runner 2.336.0 (258d6c85, 2026-08-17)
//   - nektos/act v0.2.87 (bd861521, 2026-04-08)
//   - gitea.com/gitea/act v0.261.10 and the reporter of Gitea's act_runner
//     (e6dbe2a1, 2025-12-02), and their successor, gitea.com/gitea/runner: v1.0.8
//     (2026-06-02), and as of the second half of 2026
//   - Forgejo's runner v12 (0988a0cb, 2025-12-10)
//
// Two of them are in tools/ and run in the tests of e2e, so that these show where the
// models differ from the real ones: act, and exec of Gitea's runner, which has no
// reporter. The daemons of Gitea and Forgejo need a server, and GitHub's runner needs
// GitHub: these have models alone, and so has Forgejo's exec.
//
// Text is bytes in UTF-8 throughout. The GitHub runner counts UTF-16 units;
// where a limit is counted, the model converts.
package runnertest
