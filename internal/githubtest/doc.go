// Package githubtest is an emulator of the part of GitHub's API that
// internal/github uses: the comments of a pull request, its head, issues, and whose
// token it is. It emulates Gitea's in the same way, by the sources of version 1.26.0.
//
// It shares no code with that package, so that the two cannot be wrong
// together, and fails the test for every request that is not exactly as
// documented:
// https://docs.github.com/en/rest/issues/issues,
// https://docs.github.com/en/rest/issues/comments,
// https://docs.github.com/en/rest/pulls/pulls and
// https://docs.github.com/en/graphql/guides/forming-calls-with-graphql.
package githubtest
