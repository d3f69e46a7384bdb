package action

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// Whatever the value is, on no runner is it readable, nor any of its forms, in
// what we print or in what the rest of the job prints. For a long run:
//
//	go test ./internal/action -run TestNothingReadable -rapid.checks=67000 -timeout 0
func TestNothingReadable(t *testing.T) {
	t.Parallel()
	for name, where := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			rapid.Check(t, func(t *rapid.T) {
				scenes(where).Draw(t, "scene").check(t, dir)
			})
		})
	}
}

// The largest value that a variable should hold.
func TestNothingReadableOfHugeValues(t *testing.T) {
	t.Parallel()
	for name, where := range places {
		for _, end := range []string{"", "\r\n"} {
			t.Run(fmt.Sprintf("%s %q", name, end), func(t *testing.T) {
				t.Parallel()
				s := scene{place: where, Sample: samples.Huge(1, end), parts: true, head: "x"}
				if s.onAct() {
					s.runners = s.runners[:1]
				}
				s.echoed = echoes[0](s.Text)
				s.check(t, t.TempDir())
			})
		}
	}
}

func FuzzNothingReadable(f *testing.F) {
	for _, text := range append(slices.Concat(samples.Ours, samples.Nasty), "{\n  \"a\": \"leaf-number-one\"\n}\n", "ab\r\ncd\rlonger line\n",
		"postgres://u:p%40ss@h/d", "Server=h;Password='p4;s''s';Pwd={a}}b};", "a%0Ab%250Ac::d]e", "KEY=\"line one\nline two\"") {
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, parts bool) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Skip("no value: a variable holds no NUL, and the program refuses what is not UTF-8")
		}
		for _, where := range places {
			s := scene{place: where, Sample: samples.Sample{Text: text}, parts: parts, head: "x", tail: "\n"}
			s.echoed = echoes[len(text)%len(echoes)](text)
			s.check(t, t.TempDir())
		}
	})
}
