// Package github keeps one comment on a pull request up to date, and one issue about
// a manifest. It also writes secrets of GitHub Actions and of Dependabot, as mirrors of a
// vault.
//
// It is the only importer of go-github, and decides beside it what that library
// leaves open: how long a request may take, that no redirect is followed, what
// is tried again, and what an error may say. Nothing a server writes is ever in
// an error: the status and our own words are.
package github
