package suspect_test

import (
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/secret"
	"github.com/nairi-community/vault-secret/internal/suspect"
)

// A run looks at every value that it is given, of which a manifest may have
// thousands.
func BenchmarkCheck(b *testing.B) {
	for name, text := range map[string]string{
		"a password": "correct-horse-battery-staple-9",
		"a URL":      "postgres://app:synthetic@db.example.com/app?sslmode=require",
		"JSON":       `{"username":"app","password":"synthetic","host":"db.example.com"}`,
		"1 MiB line": strings.Repeat("c3ludGhldGlj", 87381),
		"1 MiB tags": strings.Repeat("{{ a }}\n", 131072),
	} {
		value := secret.New(text)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				suspect.Check(value, about)
			}
		})
	}
}
