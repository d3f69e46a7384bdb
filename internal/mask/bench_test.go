package mask

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// armoured returns a PEM with n body lines.
func armoured(n int) string {
	body := []byte(samples.Printable(7, n*48))
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: body}))
}

// jsonText returns an object of about n bytes with many string leaves.
func jsonText(n int) string {
	var b bytes.Buffer
	b.WriteString("{\n")
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "  \"key_%d\": %q,\n", i, samples.Printable(uint64(i), 20))
	}
	b.WriteString("  \"last\": 1\n}\n")
	return b.String()
}

func BenchmarkOf(b *testing.B) {
	for name, text := range map[string]string{
		"1KiB": samples.Printable(1, 1<<10), "64KiB": samples.Printable(1, 64<<10), "PEM200": armoured(200),
		"JSON64KiB": jsonText(64 << 10), "ShortLines64KiB": strings.ReplaceAll(samples.Printable(1, 64<<10), "a", "\n"),
		"FiveByteLines64KiB": fiveByteLines(), "Small": "hunter2-is-not-enough",
		"NonASCII64KiB": strings.Repeat("pässwörd🙂\u2028", 3200),
	} {
		v := secret.New(text)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Of(v, Options{Parts: true})
			}
		})
	}
}

func fiveByteLines() string {
	var b strings.Builder
	for i := range 13000 {
		fmt.Fprintf(&b, "%04x\n", i)
	}
	return b.String()
}

// BenchmarkHundredSecrets is what a process pays before its first line of text:
// the forms of a hundred values of 1 KiB and the redactor made of them.
func BenchmarkHundredSecrets(b *testing.B) {
	values := make([]secret.Value, 100)
	for i := range values {
		values[i] = secret.New(samples.Printable(uint64(i), 1<<10))
	}
	for b.Loop() {
		sets := make([]Forms, len(values))
		for i, v := range values {
			sets[i] = Of(v, Options{Parts: true})
		}
		NewRedactor(sets...).Redact("the first line")
	}
}

func BenchmarkRedactText(b *testing.B) {
	r := NewRedactor(formsOf(10))
	for _, kib := range []int{1, 16, 256, 4096} {
		text := samples.Printable(99, kib<<10)
		b.Run(fmt.Sprintf("%dKiB", kib), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Redact(text)
			}
		})
	}
}

func BenchmarkRedactForms(b *testing.B) {
	text := samples.Printable(99, 256<<10)
	for _, values := range []int{1, 10, 100, 1000} {
		r := NewRedactor(formsOf(values))
		r.Redact(text)
		b.Run(fmt.Sprintf("%dvalues", values), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Redact(text)
			}
		})
	}
}

// BenchmarkRedactPeriodic is the text that suits the index least: everywhere
// the longest form begins.
func BenchmarkRedactPeriodic(b *testing.B) {
	r := NewRedactor(Of(secret.New(strings.Repeat("a", 1<<10)), Options{}))
	text := strings.Repeat("a", 256<<10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Redact(text)
	}
}

func formsOf(values int) Forms {
	sets := make([]Forms, values)
	for i := range sets {
		sets[i] = Of(secret.New(samples.Printable(uint64(i), 64)), Options{Parts: true})
	}
	return Join(sets...)
}
