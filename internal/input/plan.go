package input

import "github.com/nairi-community/vault-secret/internal/plan"

// expectPlan is the plan that was approved.
func (c *checker) expectPlan(shard plan.Shard) plan.Approved {
	if c.ExpectPlan == "" {
		return plan.Approved{}
	}
	approved, err := plan.ParseApproved(c.ExpectPlan, shard)
	c.check("expect_plan", err)
	return approved
}
