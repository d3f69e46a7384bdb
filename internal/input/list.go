package input

import "github.com/nairi-community/vault-secret/internal/plan"

// list is the configuration for showing what the vaults hold that vault_id names.
func (c *checker) list(config *Config) {
	config.ResultsFile = c.fileToWrite("results_file", c.ResultsFile)
	config.Concurrency = c.number("concurrency", c.Concurrency, 1, maxConcurrency)
	config.Manifest = string(plan.OpList) // which has none
	config.Vaults = c.vaultIDs()
}
