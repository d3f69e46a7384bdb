// Package samples draws values that are hard to hide, and spells the texts in
// which each could show. Like the models of runners beside it, it shares no code
// with the program: its spellings are the standard library's.
package samples

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"pgregory.net/rapid"
)

// Key stands for the API key: some of the values hold it, or a part of it.
const Key = "nr_0123456789abcdefghijklmnopqrstuvwxyzABCDEF"

// Sample is a value and what is known, from how it was made, to leak alone.
type Sample struct {
	Text      string
	Passwords []string // of URLs and connection strings
	Leaves    []string // strings of JSON, values of dotenv
}

func (s Sample) has(password string) Sample {
	s.Passwords = append(s.Passwords, password)
	return s
}

// Ours are words that the program prints itself, as names or as text.
var Ours = []string{
	"updated", "result", "true", "false", "error", "hint", "Hint", "warning", "vault-secret", "vault", "secret_id",
	"DATABASE_URL", "changed", "title", "updated at", "<code>", "plan: update", "error_code", "::error title=vault-secret::",
	"***", "add-mask", "::add-mask::", "400 Bad Request", ". Hint: ", "failed", "2026", "vlt_01KEQ6963XS96YDP3NF9NKB7QJ",
}

// Nasty are texts that some runner, shell or encoding takes for something else.
var Nasty = []string{
	"::", ":", "##[", "]", "%", "%25", "%0A", "%0a", "%250A", "%0D", "%3A", "{", "}", "a", "1", "***", "*", "&+", "&", "'", `"`, `\`, " ", "  ",
	"\t", "\u200f", "\u202e", "\u2028", "\u0085", "\u00a0", "\ufeff", "\uffff", "\x1b[31m", "\x01", "\x7f", "é", "🙂", "`", "$", "<", ">", "~", "=", ";", "#",
	"::error::", "::stop-commands::x", "##[stop-commands]x", "##[add-mask]e", "::add-mask::e", "::set-output name=result::x", "##[error]",
	"::debug::", "::group::", "pass", "word",
}

// Values draws what secrets are made of, and what would be hardest to hide.
func Values() *rapid.Generator[Sample] {
	return rapid.OneOf(
		plainText(), plainText(), mixture(), mixture(), mixture(), lines(), lines(), armoured(), object(), object(), dotenv(),
		address(), address(), connection(), connection(), inside(), rarelyHuge(),
	)
}

// Printable is random text that tells when a part of it shows.
func Printable(seed uint64, n int) string {
	random := rand.New(rand.NewPCG(seed, 0))
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('!' + random.IntN('~'-'!'+1))
	}
	return string(text)
}

func plainText() *rapid.Generator[Sample] {
	text := rapid.OneOf(
		rapid.StringMatching(`[ -~]{1,40}`),
		rapid.StringMatching(`[a-zA-Z0-9+/_-]{4,64}={0,2}`),
		rapid.String(),
		rapid.SampledFrom(Ours),
	)
	return rapid.Map(text, func(text string) Sample { return Sample{Text: text} })
}

// mixture draws texts of several words, most of them nasty.
func mixture() *rapid.Generator[Sample] {
	word := rapid.OneOf(rapid.SampledFrom(Nasty), rapid.SampledFrom(Nasty), rapid.SampledFrom(Ours), rapid.StringMatching(`[ -~]{1,9}`))
	return rapid.Map(rapid.SliceOfN(word, 1, 8), func(words []string) Sample {
		return Sample{Text: strings.Join(words, "")}
	})
}

// lines draws texts of several lines, long and short, in any spelling of a line
// end, with and without space around.
func lines() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		of := rapid.SliceOfN(rapid.OneOf(mixture(), plainText()), 1, 6).Draw(t, "lines")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r", "\n\n", "\n  "}).Draw(t, "line end")
		texts := make([]string, len(of))
		for i, line := range of {
			texts[i] = line.Text
		}
		around := rapid.SampledFrom([]string{"", "", "", " ", "\t", "\n"})
		return Sample{Text: around.Draw(t, "before") + strings.Join(texts, end) + around.Draw(t, "behind")}
	})
}

// inside draws values that hold the API key, or a part of it, or stand in it.
func inside() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		from := rapid.IntRange(0, len(Key)-1).Draw(t, "from")
		piece := Key[from:rapid.IntRange(from+1, len(Key)).Draw(t, "to")]
		other := mixture().Draw(t, "other").Text
		shape := rapid.SampledFrom([]string{"%s", "%[1]s%[1]s", "%[1]s\n%[2]s\n%[1]s%[2]s", "%[2]s%[1]s"}).Draw(t, "shape")
		return Sample{Text: fmt.Sprintf(shape+"%.0[1]s%.0[2]s", piece, other)}
	})
}

// rarelyHuge draws a text of 64 KiB once in a few thousand times.
func rarelyHuge() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		if rapid.IntRange(0, 199).Draw(t, "luck") != 77 {
			return plainText().Draw(t, "text")
		}
		return Huge(rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom([]string{"", "\n", "\r\n"}).Draw(t, "line end"))
	})
}

// Huge is a text of 64 KiB, of lines of 70 characters if there is a line end.
func Huge(seed uint64, end string) Sample {
	text := Printable(seed, 64<<10)
	if end == "" {
		return Sample{Text: text}
	}
	var b strings.Builder
	for ; len(text) > 70; text = text[70:] {
		b.WriteString(text[:70] + end)
	}
	return Sample{Text: b.String()}
}
