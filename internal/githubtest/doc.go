// Package githubtest is an emulator of the part of GitHub's API that
// internal/github uses: the comments of a pull request, and whose token it is.
//
// It shares no code with that package, so that the two cannot be wrong
// together, and fails the test for every request that is not exactly as
// documented:
// https://docs.github.com/en/rest/issues/comments and
// https://docs.github.com/en/graphql/guides/forming-calls-with-graphql.
package githubtest
