package input

import (
	"math"
	"strconv"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// comment says whether and where the plan is shown. It is read whatever the
// operation is and whatever else is wrong: a comment that shows an earlier plan
// has to be told that there is none now.
func (c *checker) comment(config *Config) {
	config.CommentPR = isTrue(c.CommentPR)
	config.PullRequest, _ = parsePullRequest(c.PullRequest)
	if c.GitHubToken != "" {
		config.GitHubToken = secret.New(c.GitHubToken)
	}
}

// checkComment checks what comment reads.
func (c *checker) checkComment() {
	if c.boolean("comment_pr", c.CommentPR) && c.GitHubToken == "" {
		c.add("github_token", "is not set, and comment_pr needs it. "+c.dialect("comment_pr").Token())
	}
	if _, ok := parsePullRequest(c.PullRequest); !ok {
		c.add("pull_request", "must be the number of a pull request, as in 7")
	}
}

// parsePullRequest reads the number of a pull request; 0 is for none.
func parsePullRequest(text string) (number int, ok bool) {
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > math.MaxInt32 {
		return 0, false
	}
	return n, true
}
