package action

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// manifestOf is a manifest of n entries of one vault, from a number on.
func manifestOf(first, n int) string {
	var text strings.Builder
	text.WriteString("vaults:\n  - vault_id: " + vaultID + "\n    secrets:\n")
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&text, "      SECRET_%06d: { env: SECRET_%06d, allowed_domains: [api.example.com] }\n", i, i)
	}
	return text.String()
}

// What a lint costs without the start of a process. 100,000 entries are in two files.
func BenchmarkLint(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		files := map[string]string{}
		var names []string
		for first := 0; first < n; first += 50_000 {
			name := fmt.Sprintf("%d.yml", first)
			files[name], names = manifestOf(first, min(n, 50_000)), append(names, name)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var out bytes.Buffer
				if Run(b.Context(), linting(b, inputs{"INPUT_MANIFEST": strings.Join(names, ",")}, files, &out)) != 0 {
					b.Fatal(&out)
				}
			}
		})
	}
}
