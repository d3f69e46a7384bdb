package manifest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// A vault of many secrets is written, and merged into a text that has half of them.
func BenchmarkExport(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		held := Held{ID: firstVault}
		for i := range n {
			held.Secrets = append(held.Secrets, nairi.Secret{
				ID: nairi.SecretID(fmt.Sprintf("sec_%d", i)), EnvKey: fmt.Sprintf("SECRET_%06d", i), AllowedDomains: domains.List{"api.example.com"},
			})
		}
		e := exporter()
		e.Hides = func(text string) bool { return text == "" }
		run := func(b *testing.B, merge []byte) {
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if merge == nil {
					_, err = e.New([]Held{held})
				} else {
					_, err = e.Merge(merge, []Held{held})
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		whole, err := e.New([]Held{held})
		if err != nil {
			b.Fatal(err)
		}
		lines := bytes.SplitAfter(whole.Text, []byte("\n"))
		half := bytes.Join(lines[:len(lines)/2], nil)
		b.Run(fmt.Sprintf("new/%d", n), func(b *testing.B) { run(b, nil) })
		b.Run(fmt.Sprintf("merge/%d", n), func(b *testing.B) { run(b, half) })
		b.Run(fmt.Sprintf("parse/%d", n), func(b *testing.B) {
			for b.Loop() {
				Parse(Source{Name: "f"}, whole.Text)
			}
		})
	}
}
