package action

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// A plan of a vault that has every secret of the manifest, each with a value to
// write: what a pull request waits for, but for the network.
func BenchmarkPlanOfSync(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			e := nairitest.New(nairitest.Options{Unrecorded: true})
			id := e.AddVault("large")
			var manifest strings.Builder
			fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  secrets:\n", id)
			for i := range n {
				name := fmt.Sprintf("SECRET_NUMBER_%05d", i)
				fmt.Fprintf(&manifest, "    %s: {env: %s, allowed_domains: [api.example.com]}\n", name, name)
				e.AddSecret(id, nairitest.Stored{EnvKey: name, Value: former, AllowedDomains: []string{"api.example.com"}, CreatedAt: time.Now()})
			}
			vars := inputs{
				"INPUT_API_KEY": e.Options().Key, "INPUT_OPERATION": "sync", "INPUT_DRY_RUN": "true", "INPUT_SECRETS": manifest.String(),
			}
			b.ReportAllocs()
			for b.Loop() {
				var out bytes.Buffer
				if code := Run(b.Context(), host(vars, &out, e.Transport())); code != 0 {
					b.Fatal(out.String())
				}
			}
		})
	}
}
