// Package githubtest is an emulator of the part of GitHub's API that
// internal/github uses: the comments of a pull request, its head, issues, whose token
// it is, and secrets. It emulates Gitea's in the same way, by the sources of version
// 1.26.0, which has none of the secrets.
//
// It shares no code with that package, so that the two cannot be wrong
// together, and fails the test for every request that is not exactly as
// documented:
// https://docs.github.com/en/rest/issues/issues,
// https://docs.github.com/en/rest/issues/comments,
// https://docs.github.com/en/rest/pulls/pulls,
// https://docs.github.com/en/rest/actions/secrets,
// https://docs.github.com/en/rest/dependabot/secrets and
// https://docs.github.com/en/graphql/guides/forming-calls-with-graphql.
//
// # Secrets
//
// Of these the pages say: the addresses, keys and bodies; 201 for a secret that is new and
// 204 for one that is replaced; pages of at most 100; names without case, which begin with
// neither a digit nor GITHUB_, and values of at most 48 KB
// (https://docs.github.com/en/actions/reference/security/secrets); a sealed box
// (https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api); times in whole
// seconds, in the examples.
//
// From elsewhere:
//
//   - A job's own token is answered with 403, for the public key too
//     (https://github.com/actions/runner/issues/1008).
//   - A write names all repositories that may read a secret of an organization, and none for
//     an empty list (https://github.com/integrations/terraform-provider-github/issues/842).
//   - updated_at is later after each write. On GitHub it is so too when somebody chooses other
//     repositories (https://github.com/integrations/terraform-provider-github/issues/1924),
//     which nothing here does.
//
// Assumed, since no page says it, and nothing that the product reports depends on it:
//
//   - What GitHub does not take is answered with 422, whatever it is.
//   - total_count of the repositories that may read a secret counts those too which the token
//     does not see. If it does not, a write by such a token takes the secret away from them.
//   - A token is refused before the body of a request is looked at.
//   - A name is in capitals in a list.
package githubtest
