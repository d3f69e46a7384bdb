package ci_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"pgregory.net/rapid"
)

// sample is a value and what is known, from how it was made, to leak alone.
type sample struct {
	text      string
	passwords []string // of URLs and connection strings
	leaves    []string // strings of JSON, values of dotenv
}

func (s sample) has(password string) sample {
	s.passwords = append(s.passwords, password)
	return s
}

// ours are words that the program prints itself, as names or as text.
var ours = []string{
	"updated", "result", "true", "false", "error", "hint", "Hint", "warning", "vault-secret", "vault", "secret_id",
	"DATABASE_URL", "changed", "title", "updated at", "<code>", "plan: update", "error_code", "::error title=vault-secret::",
	"***", "add-mask", "::add-mask::", "400 Bad Request", ". Hint: ", "failed", "2026", "vlt_01KEQ6963XS96YDP3NF9NKB7QJ",
}

// nasty are texts that some runner, shell or encoding takes for something else.
var nasty = []string{
	"::", ":", "##[", "]", "%", "%25", "%0A", "%0a", "%250A", "%0D", "%3A", "{", "}", "a", "1", "***", "*", "&+", "&", "'", `"`, `\`, " ", "  ",
	"\t", "\u200f", "\u202e", "\u2028", "\u0085", "\u00a0", "\ufeff", "\uffff", "\x1b[31m", "\x01", "\x7f", "é", "🙂", "`", "$", "<", ">", "~", "=", ";", "#",
	"::error::", "::stop-commands::x", "##[stop-commands]x", "##[add-mask]e", "::add-mask::e", "::set-output name=result::x", "##[error]",
	"::debug::", "::group::", "pass", "word",
}

// values draws what secrets are made of, and what would be hardest to hide.
func values() *rapid.Generator[sample] {
	return rapid.OneOf(
		plainText(), plainText(), mixture(), mixture(), mixture(), lines(), lines(), armoured(), object(), object(), dotenv(),
		address(), address(), connection(), connection(), inside(), rarelyHuge(),
	)
}

// printable is random text that tells when a part of it shows.
func printable(seed uint64, n int) string {
	random := rand.New(rand.NewPCG(seed, 0))
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('!' + random.IntN('~'-'!'+1))
	}
	return string(text)
}

func plainText() *rapid.Generator[sample] {
	text := rapid.OneOf(
		rapid.StringMatching(`[ -~]{1,40}`),
		rapid.StringMatching(`[a-zA-Z0-9+/_-]{4,64}={0,2}`),
		rapid.String(),
		rapid.SampledFrom(ours),
	)
	return rapid.Map(text, func(text string) sample { return sample{text: text} })
}

// mixture draws texts of several words, most of them nasty.
func mixture() *rapid.Generator[sample] {
	word := rapid.OneOf(rapid.SampledFrom(nasty), rapid.SampledFrom(nasty), rapid.SampledFrom(ours), rapid.StringMatching(`[ -~]{1,9}`))
	return rapid.Map(rapid.SliceOfN(word, 1, 8), func(words []string) sample {
		return sample{text: strings.Join(words, "")}
	})
}

// lines draws texts of several lines, long and short, in any spelling of a line
// end, with and without space around.
func lines() *rapid.Generator[sample] {
	return rapid.Custom(func(t *rapid.T) sample {
		of := rapid.SliceOfN(rapid.OneOf(mixture(), plainText()), 1, 6).Draw(t, "lines")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r", "\n\n", "\n  "}).Draw(t, "line end")
		texts := make([]string, len(of))
		for i, line := range of {
			texts[i] = line.text
		}
		around := rapid.SampledFrom([]string{"", "", "", " ", "\t", "\n"})
		return sample{text: around.Draw(t, "before") + strings.Join(texts, end) + around.Draw(t, "behind")}
	})
}

// inside draws values that hold the API key, or a part of it, or stand in it.
func inside() *rapid.Generator[sample] {
	return rapid.Custom(func(t *rapid.T) sample {
		from := rapid.IntRange(0, len(apiKey)-1).Draw(t, "from")
		piece := apiKey[from:rapid.IntRange(from+1, len(apiKey)).Draw(t, "to")]
		other := mixture().Draw(t, "other").text
		shape := rapid.SampledFrom([]string{"%s", "%[1]s%[1]s", "%[1]s\n%[2]s\n%[1]s%[2]s", "%[2]s%[1]s"}).Draw(t, "shape")
		return sample{text: fmt.Sprintf(shape+"%.0[1]s%.0[2]s", piece, other)}
	})
}

// rarelyHuge draws a text of 64 KiB once in a few thousand times.
func rarelyHuge() *rapid.Generator[sample] {
	return rapid.Custom(func(t *rapid.T) sample {
		if rapid.IntRange(0, 199).Draw(t, "luck") != 77 {
			return plainText().Draw(t, "text")
		}
		return huge(rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom([]string{"", "\n", "\r\n"}).Draw(t, "line end"))
	})
}

// huge is a text of 64 KiB, of lines of 70 characters if there is a line end.
func huge(seed uint64, end string) sample {
	text := printable(seed, 64<<10)
	if end == "" {
		return sample{text: text}
	}
	var b strings.Builder
	for ; len(text) > 70; text = text[70:] {
		b.WriteString(text[:70] + end)
	}
	return sample{text: b.String()}
}
