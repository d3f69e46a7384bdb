package manifest

import (
	"fmt"
	"strings"
	"testing"
)

// flow and block are texts of n entries in the two styles of YAML.
func flow(n int) []byte {
	return vaultOf(n, "      SECRET_%05d: { env: SECRET_%05d, allowed_domains: [api-%d.example.com] }\n")
}

func block(n int) []byte {
	return vaultOf(n, "      SECRET_%05d:\n        env: SECRET_%05d\n        allowed_domains:\n"+
		"          - api-%d.example.com\n          - \"*.example.com\"\n")
}

func vaultOf(n int, entry string) []byte {
	var text strings.Builder
	text.WriteString("vaults:\n  - vault_id: vlt_01KEQ6963XS96YDP3NF9NKB7QJ\n    secrets:\n")
	for i := range n {
		fmt.Fprintf(&text, entry, i, i, i)
	}
	return []byte(text.String())
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 50_000} {
		b.Run(fmt.Sprintf("flow/%d", n), func(b *testing.B) { parseAgain(b, flow(n)) })
		b.Run(fmt.Sprintf("block/%d", n), func(b *testing.B) { parseAgain(b, block(n)) })
	}
}

func parseAgain(b *testing.B, text []byte) {
	b.Helper()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := Parse(Source{Name: Default}, text); problems != nil {
			b.Fatal(problems)
		}
	}
}

// As many entries as the documentation says there may be are read, in either
// style.
func TestAManifestOf50000EntriesIsRead(t *testing.T) {
	t.Parallel()
	file, problems := Parse(Source{Name: Default}, flow(50_000)) // in one line
	if len(problems) > 0 || len(file.Vaults) != 1 || len(file.Vaults[0].Entries) != 50_000 {
		t.Errorf("%.300v", problems)
	}
}
