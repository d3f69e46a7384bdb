package e2e

import (
	"testing"
	"time"
)

// rotating is a job that syncs a value with a date twice, then shows a plan of it without
// one, and reads the results that an output may be too short for.
var rotating = `on: push

permissions: {}

jobs:
  sync:
    runs-on: ubuntu-latest
    env:
      DATABASE_URL: ${{ secrets.VALUE }}
    steps:
      - uses: actions/checkout@v4
` + syncing("first", intoFile, dated) + counting("written", "updated") +
	syncing("second", intoFile, dated) + counting("left", "unchanged") +
	syncing("undated", "dry_run: true", "")

const (
	intoFile = "results_file: ${{ runner.temp }}/results.json"
	dated    = ", rotated: ${{ vars.ROTATED }}"
)

// syncing is a step that syncs one secret, with one more input and one more key.
func syncing(id, input, key string) string {
	return `      - id: ` + id + `
        uses: ./
        with:
          operation: sync
          base_url: ${{ vars.NAIRI_BASE_URL }}
          api_key: ${{ secrets.NAIRI_API_KEY }}
          ` + input + `
          secrets: |
            vaults:
              - vault_id: ${{ vars.NAIRI_VAULT_ID }}
                secrets:
                  DATABASE_URL: { env: DATABASE_URL, allowed_domains: [db.example.com]` + key + ` }
`
}

// counting is a step that counts the results in the file that have an outcome.
func counting(id, outcome string) string {
	return `      - id: ` + id + `
        run: echo "lines=$(grep -c '"result":"` + outcome + `"' "$RUNNER_TEMP/results.json")" >>"$GITHUB_OUTPUT"
`
}

// A value with a date is written once, and without one in each run.
func TestADatedValueIsWrittenOnce(t *testing.T) {
	t.Parallel()
	for _, runner := range runners {
		t.Run(runner.name(), func(t *testing.T) {
			t.Parallel()
			v := newVault(t)
			v.hold(held{"DATABASE_URL", oldValue, []string{"db.example.com"}}, held{"LEFT", oldValue, []string{"left.example.com"}})
			got := job{
				runner: runner, text: rotating + seeing, vault: v, secrets: map[string]string{"VALUE": freshValue},
				vars: map[string]string{"ROTATED": time.Now().UTC().Format(time.DateOnly)},
			}.run(t)
			got.succeeded(t)
			v.holds(t, held{"DATABASE_URL", freshValue, []string{"db.example.com"}}, held{"LEFT", oldValue, []string{"left.example.com"}})
			for id, outputs := range map[string]map[string]string{
				"first":   {"result": "updated", "updated_count": "1", "rewritten_count": "0", "unmanaged_count": "1"},
				"written": {"lines": "1"},
				"second":  {"result": "unchanged", "updated_count": "0", "unchanged_count": "1"},
				"left":    {"lines": "1"},
				"undated": {"result": "planned", "planned_count": "1", "rewritten_count": "1"},
			} {
				for name, want := range outputs {
					if is := got.steps[id].Outputs[name]; is != want {
						t.Errorf("%s: %s is %q, want %q", id, name, is, want)
					}
				}
			}
			got.hides(t, freshValue)
		})
	}
}
