package domains

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"pgregory.net/rapid"
)

// idnaLabels are those that a way around golang.org/x/net/idna would get wrong.
var idnaLabels = []string{
	"bücher", "BÜCHER", "straße", "STRASSE", "ẞ", "ς", "Σ", "ﬀ", "ＡＢＣ", "①", "㎏", "İ", "ı", "K", "Å",
	"é", "e\u0301", "\u0301e", "क्\u200dष", "a\u200db", "a\u200cb", "ü\u200d", "\u00adü", "ü\u00ad", "a\ufe0f",
	"אבג", "אa", "1א", "א1", "ا١", "ا۱١", "ab\u202eü", "ü:80", "ü/x", "ü?x", "ü#x", "ü@x", "u@ü", "[ü]", "ü%2e", "ü%",
	"ü x", "ü_x", "_ü", "-ü", "ü-", "ab--ü", "ü\x00", "ü\n", "ü*", "*ü", "ü\u3002x", "ü\uff0ex", "ü\uff1a80", "ü\uff0fx", "\uff3bü\uff3d",
	"ü。", "…", "\u2024", "\ufffd", "ü\xff", "\xff", "\U0001f600", "\U0001f468\u200d\U0001f469", "\U0010ffff", "日本語", "한국", "한", "ー", "·", "l·l", "ａ－ü",
	"xn--ü", "XN--ü", "ｘn--bcher-kva", "ｘｎ－－bcher-kva", "xn--bcher-kvaü", strings.Repeat("ü", 40), strings.Repeat("ü", 70), strings.Repeat("a", 80) + "ü", strings.Repeat("語", 300),
	"xn--bcher-kva", "XN--BCHER-KVA", "Xn--Bcher-kva", "xn--", "xn---", "xn--a", "xn--a-", "xn--abc-", "xn--abc", "xn--0", "xn--99999999", "xn--zzzzzzzzzzzzzzzzzz",
	"xn--strae-oqa", "xn--strasse", "xn--zca", "xn--3xa", "xn--4xa", "xn--ls8h", "xn--a-ecp.ru", "xn--a_-eka", "xn--xn--bcher-kva-", "xn--u-ccb", "xn--e-xbb",
	"xn--11b4d3a", "xn--bcher-kva ", "xn--bcher_kva", "xn--bcher-\u212ava", "xn--BüCHER-KVA", "xn--4db", "xn--a-0hc", "xn--sgb", "xn--1ug", "xn--0ug", "xn--" + strings.Repeat("9", 70),
	"xn--l8j9q", "xn--wgv71a119e", "xn--a-m8i", "xn--tdali-d8a8w", "xn--ngb6iyr",
}

// someLabel is a label of letters of any script, of marks, joiners, dots of all
// kinds, and of what idna.Lookup maps, and its ASCII form broken now and then.
var someLabel = rapid.Custom(func(t *rapid.T) string {
	text := rapid.OneOf(
		rapid.SampledFrom(idnaLabels),
		rapid.String(),
		rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.M, unicode.N), 1, 12, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("aZ0-_ßςüÜ\u200c\u200d\u0301\u00adאا١.。：／％＠１ｘｎ－")), 1, 12, -1),
		rapid.StringMatching(`[xX][nN]--[a-zA-Z0-9-]{0,12}`),
		rapid.StringMatching(`xn--([a-z]{1,5}-)?[a-z0-9]{2,6}`),
	).Draw(t, "text")
	if encoded, err := idna.Punycode.ToASCII(text); err == nil && rapid.Bool().Draw(t, "encoded") {
		text = encoded
	}
	if rapid.IntRange(0, 4).Draw(t, "upper") == 0 {
		text = strings.ToUpper(text)
	}
	return text
})

func TestInternationalLabelsAreThoseOfIDNA(t *testing.T) {
	t.Parallel()
	for _, label := range idnaLabels {
		checkIDNA(t, label)
	}
	rapid.Check(t, func(t *rapid.T) { checkIDNA(t, someLabel.Draw(t, "label")) })
}

// Characters of every plane, alone and behind a letter, are taken for what they are.
func TestCharactersAreTakenAsIDNATakesThem(t *testing.T) {
	t.Parallel()
	const step = 61 // all of them take half a minute
	for r := 0x80 + rand.Int32N(step); r <= utf8.MaxRune; r += step {
		checkIDNA(t, string(r))
		checkIDNA(t, "a"+string(r))
	}
}

func FuzzIDNA(f *testing.F) {
	for _, label := range idnaLabels {
		f.Add(label)
	}
	f.Fuzz(func(t *testing.T, label string) { checkIDNA(t, label) })
}

// checkIDNA holds what is made of a label against idna.Lookup: what is taken is
// spelled the same, and what is refused it refuses as well.
func checkIDNA(t rapid.TB, label string) {
	t.Helper()
	if strings.Contains(label, ".") {
		return // it ends a label
	}
	name, ours, theirs := "toASCII", toASCII, idna.Lookup.ToASCII
	if isASCII(label) {
		name, ours, theirs = "toUnicode", toUnicode, idna.Lookup.ToUnicode
		label = "xn--" + strings.TrimPrefix(label, "xn--")
	}
	if strings.EqualFold(label, "xn--") {
		return // idna reads it as nothing at all; it is shown as it is
	}
	got, ok := ours(label)
	want, err := theirs(label)
	switch {
	case ok && (err != nil || got != want):
		t.Errorf("%s(%q) = %q; idna has %q, %v", name, label, got, want, err)
	case !ok && err == nil && !beyondFirstPlane(label) && !beyondFirstPlane(want):
		t.Errorf("%s(%q) is refused; idna has %q", name, label, want)
	}
}

func beyondFirstPlane(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r > 0xffff })
}

// What composes with others in the copy of net/http, and what is mapped at all, is
// refused beyond the first plane; what stays as it is there is taken.
func TestLabelsBeyondTheFirstPlaneAreTakenIfNothingChanges(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]bool{
		"\U0001f600": true, "B\u00fc\U0001f600": true, "\U00020000\u8a9e": true, "\U00010428": true, "\U00010400": true,
		"\U00030045\u0300": false, "\U0002304b\u3099": false, "\U0002304b\uff9e": false, "\U0001d400": false, "e\u0301\U0001f600": false,
	} {
		if _, got := toASCII(label); got != want {
			t.Errorf("%+q is taken: %v", label, got)
		}
	}
}
