package input

import (
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// drift is the configuration for comparing vaults with a manifest.
func (c *checker) drift(config *Config) {
	config.FailOnDrift = c.boolean("fail_on_drift", c.FailOnDrift)
	config.Issue = c.boolean("issue", c.Issue)
	config.ResultsFile = c.fileToWrite("results_file", c.ResultsFile)
	config.Concurrency = c.number("concurrency", c.Concurrency, 1, maxConcurrency)
	if config.Issue {
		c.checkIssue()
	}
	// A check has none of the variables and files that a sync has.
	config.Manifest, config.Vaults = c.desired(reading{noValues: true, desired: plan.Desired{Operation: plan.OpSet}})
	c.manageAll(config.Vaults)
}

// checkIssue checks what an issue on GitHub needs.
func (c *checker) checkIssue() {
	if c.GitHubToken == "" {
		text := "is not set, and " + c.spelled("issue") + " needs a token that may write issues"
		if c.dialect("issue") == ci.Expressions {
			text += ". Set it to ${{ github.token }}"
		}
		c.add("github_token", text)
	}
	if _, _, known := c.event.Repository(); !known {
		c.add("issue", "needs a repository, and GITHUB_REPOSITORY names none")
	}
}
