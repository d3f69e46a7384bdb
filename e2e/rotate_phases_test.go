package e2e

import (
	"strings"
	"testing"
)

// phases is the workflow with the steps that docs/rotation.md shows for a rotation in two
// phases, and with other steps between them.
func phases(t *testing.T, between string) string {
	t.Helper()
	const other = "      # … create, set and test the new value …\n"
	for _, text := range blocks(read(t, "../docs/rotation.md"), "yaml") {
		if strings.Contains(text, other) {
			return "on: push\njobs:\n  rotate:\n    runs-on: ubuntu-latest\n    steps:\n" + strings.Replace(text, other, between, 1) + seeing
		}
	}
	t.Fatal("docs/rotation.md shows no two phases")
	return ""
}

const fileOfToken = `      - env:
          TOKEN: ${{ secrets.TOKEN }}
        run: printf %s "$TOKEN" > "$RUNNER_TEMP/service-token"
`

func runPhases(t *testing.T, v vault, between string) outcome {
	t.Helper()
	workflow := phases(t, between)
	lint(t, strings.ReplaceAll(workflow, "nairi-community/vault-secret@v1", "./"))
	return job{text: workflow, vault: v, secrets: map[string]string{"TOKEN": freshValue}, repository: userRepository(t)}.run(t)
}

func TestTheStoreInsistsOnWhatWasLookedAt(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"SERVICE_TOKEN", oldValue, []string{"api.example.com"}})
	before := timestamp(v.Secrets(v.VaultID)[0].UpdatedAt)

	got := runPhases(t, v, fileOfToken)

	got.succeeded(t)
	now := timestamp(v.Secrets(v.VaultID)[0].UpdatedAt)
	for step, want := range map[string][2]string{"look": {before, before}, "store": {now, before}} {
		outputs := got.steps[step].Outputs
		if is := [2]string{outputs["updated_at"], outputs["previous_updated_at"]}; is != want {
			t.Errorf("%s: updated_at and previous_updated_at are %v, want %v", step, is, want)
		}
	}
	if !strings.Contains(got.log, "in use before "+now) {
		t.Error("what comes after the store was not reached")
	}
	v.holds(t, held{"SERVICE_TOKEN", freshValue, []string{"api.example.com"}})
}

// Somebody else writes after the look: the secret stays as they left it.
func TestTheStoreWritesNothingOverWhatSomebodyElseWrote(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.hold(held{"SERVICE_TOKEN", oldValue, []string{"api.example.com"}})

	got := runPhases(t, v, fileOfToken+`      - uses: nairi-community/vault-secret@v1
        with:
          operation: update
          api_key: ${{ secrets.NAIRI_API_KEY }}
          vault_id: ${{ vars.NAIRI_VAULT_ID }}
          env_key: SERVICE_TOKEN
          allowed_domains: other.example.com
`)

	if !got.failed || got.steps["store"].Outputs["error_code"] != "conflict" || strings.Contains(got.log, "in use before") {
		t.Errorf("the store ends with %q", got.steps["store"].Outputs["error_code"])
	}
	v.holds(t, held{"SERVICE_TOKEN", oldValue, []string{"other.example.com"}})
}
