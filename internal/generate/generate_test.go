package generate

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

func TestMain(m *testing.M) {
	flag.Parse()
	samples.SameEachTime()
	os.Exit(m.Run())
}

// seeded is randomness that is the same each time, so that no test fails by chance.
func seeded(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// made is a value of a Spec. No failure shows it.
func made(t rapid.TB, s Spec, random io.Reader) string {
	t.Helper()
	value, err := s.Make(random)
	if err != nil {
		t.Fatal(err)
	}
	return value.Reveal()
}

// passwords are a Spec of a password for each choice of symbols.
func passwords(size int) []Spec {
	var specs []Spec
	for _, symbols := range SymbolChoices {
		specs = append(specs, Spec{Kind: Password, Size: size, Symbols: symbols})
	}
	return specs
}

// specs draws what Parse could have read.
var specs = rapid.Custom(func(t *rapid.T) Spec {
	s := Spec{Kind: rapid.SampledFrom(Kinds).Draw(t, "kind")}
	if s.Kind == Password {
		s.Symbols = rapid.SampledFrom(SymbolChoices).Draw(t, "symbols")
	}
	if s.Kind != UUID {
		least := s.least()
		s.Size = rapid.IntRange(least, rapid.SampledFrom([]int{least, 64, Most}).Draw(t, "at most")).Draw(t, "size")
	}
	return s
})

func TestKnownRandomnessMakesKnownValues(t *testing.T) {
	t.Parallel()
	bits := func() io.Reader {
		return bytes.NewReader([]byte("\xfb\xff\xbf\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41"))
	}
	for want, s := range map[string]Spec{
		"-_-_ABCDEFGHIJKLMNOPQQ":               {Kind: Base64URL, Size: 16},
		"fbffbf0010831051872092 8b30d38f41":    {Kind: Hex, Size: 16},
		"fbffbf00-1083-4051-8720-928b30d38f41": {Kind: UUID},
	} {
		if got := made(t, s, bits()); got != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%s: %s, want %s", s.Kind, got, want)
		}
	}
}

// All but the six bits that say what it is are random.
func TestAUUIDHasTheBitsThatItIsSaidToHave(t *testing.T) {
	t.Parallel()
	for want, b := range map[string]byte{"00000000-0000-4000-8000-000000000000": 0, "ffffffff-ffff-4fff-bfff-ffffffffffff": 0xff} {
		if got := made(t, Spec{Kind: UUID}, bytes.NewReader(bytes.Repeat([]byte{b}, 16))); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// shapes are what the values of each kind look like, of any size.
var shapes = map[Kind]*regexp.Regexp{
	Base64URL:    regexp.MustCompile(`^[A-Za-z0-9_-]+$`),
	Hex:          regexp.MustCompile(`^([0-9a-f]{2})+$`),
	Alphanumeric: regexp.MustCompile(`^[A-Za-z0-9]+$`),
	UUID:         regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`),
	Password:     regexp.MustCompile(`^[A-HJ-NP-Za-km-np-z][!-~]*$`),
}

func TestEveryValueIsOfItsKindAndSize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := specs.Draw(t, "spec")
		text := made(t, s, seeded(rapid.Byte().Draw(t, "seed")))
		size := map[Kind]int{Base64URL: (8*s.Size + 5) / 6, Hex: 2 * s.Size, Alphanumeric: s.Size, UUID: 36, Password: s.Size}[s.Kind]
		if !shapes[s.Kind].MatchString(text) || len(text) != size {
			t.Errorf("%+v makes a value of %d characters, or of others than its kind has", s, len(text))
		}
	})
}

func TestAPasswordHasEachClassAndNothingThatLooksLikeAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(passwords(rapid.IntRange(22, 64).Draw(t, "size"))).Draw(t, "spec")
		text := made(t, s, seeded(rapid.Byte().Draw(t, "seed")))
		for _, class := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"} {
			if !strings.ContainsAny(text, class) {
				t.Errorf("%s: no character of %s", s.Symbols, class)
			}
		}
		if symbols := strings.ContainsFunc(text, isSymbol); symbols == (s.Symbols == NoSymbols) || strings.ContainsAny(text, "0Oo1Il|'\"`\\ ") {
			t.Errorf("%s: symbols %t, or one that is left out", s.Symbols, symbols)
		}
	})
}

func isSymbol(r rune) bool { return !strings.ContainsRune(alphanumeric, r) }

// All symbols are those of ASCII, without those that the documentation leaves out.
func TestAllSymbolsAreThoseOfASCII(t *testing.T) {
	t.Parallel()
	for r := rune(' '); r <= '~'; r++ {
		if want := isSymbol(r) && !strings.ContainsRune(" |'\"`\\", r); strings.ContainsRune(allSymbols, r) != want {
			t.Errorf("%q is a symbol: %t", r, !want)
		}
	}
	classes := []string{clearLower, clearUpper, clearDigits, allSymbols}
	for i, r := range strings.Join(classes, "") {
		if strings.IndexRune(strings.Join(classes, ""), r) != i {
			t.Errorf("%q is there twice, so that it is likelier than others", r)
		}
	}
}

// safe are values that need no quotes anywhere.
func safe(t *testing.T) []string {
	t.Helper()
	random := seeded(1)
	var texts []string
	for range 2000 {
		texts = append(texts, made(t, Spec{Kind: Password, Size: 32, Symbols: SafeSymbols}, random))
	}
	return texts
}

func TestSafeSymbolsMeanThemselvesInAURLAndInYAML(t *testing.T) {
	t.Parallel()
	for _, text := range safe(t) {
		var read struct{ A any }
		if err := yaml.Unmarshal([]byte("a: "+text), &read); err != nil || read.A != text {
			t.Fatal("YAML reads a safe password as something else")
		}
		if url.QueryEscape(text) != text || url.PathEscape(text) != text || url.UserPassword("a", text).String() != "a:"+text {
			t.Fatal("a URL has a safe password in another spelling")
		}
	}
}

func TestSafeSymbolsMeanThemselvesInAShell(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh here")
	}
	texts := safe(t)
	command := exec.Command(shell)
	command.Stdin = strings.NewReader("printf '%s\\n' " + strings.Join(texts, " ") + "\n")
	out, err := command.Output()
	if err != nil || string(out) != strings.Join(texts, "\n")+"\n" {
		t.Error("a shell reads a safe password as something else")
	}
}

// Each number below n comes of equally many bytes, for every n: so none is likelier.
func TestNoNumberIsLikelierThanAnother(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 256; n++ {
		counts := make([]int, n)
		for b := range 256 {
			s := source{random: bytes.NewReader([]byte{byte(b)})}
			if got := s.below(n); s.err == nil { // else the byte was thrown away
				counts[got]++
			}
		}
		if slices.Max(counts) != slices.Min(counts) || counts[0] != 256/n {
			t.Errorf("below %d: from %d to %d bytes make a number", n, slices.Min(counts), slices.Max(counts))
		}
	}
}

// Each character of a password is as likely, at each place, as it is among all passwords
// that have a character of each class.
func TestPasswordsAreDrawnWithoutBias(t *testing.T) {
	t.Parallel()
	const size, draws = 22, 100_000
	for _, s := range passwords(size) {
		random := seeded(2)
		var counts [size][128]int
		for range draws {
			for place, c := range made(t, s, random) {
				counts[place][c]++
			}
		}
		for place := range counts {
			if chi, limit := deviation(s, place, counts[place], draws); chi > limit {
				t.Errorf("%s, place %d: chi squared is %.1f, and with 1 in a million it is above %.1f", s.Symbols, place, chi, limit)
			}
		}
	}
}

// deviation is chi squared of what was counted at a place, and the limit that it is above
// in one of a million draws without a bias.
func deviation(s Spec, place int, counts [128]int, draws int) (chi, limit float64) {
	all := ratio(passwordsOf(s, -1, 0))
	kinds := 0
	for i, class := range s.classes() {
		if place == 0 && i > 1 {
			continue
		}
		for _, c := range class {
			want := float64(draws) * ratio(passwordsOf(s, place, i)) / all / float64(len(class))
			chi += (float64(counts[c]) - want) * (float64(counts[c]) - want) / want
			kinds++
		}
	}
	return chi, wilsonHilferty(float64(kinds - 1))
}

// wilsonHilferty is the number that chi squared with so many degrees of freedom is above once
// in a million draws (E. B. Wilson and M. M. Hilferty, 1931).
func wilsonHilferty(degrees float64) float64 {
	const z = 4.7534 // of the normal distribution, for 1 in a million
	return degrees * math.Pow(1-2/(9*degrees)+z*math.Sqrt(2/(9*degrees)), 3)
}

func ratio(n *big.Int) float64 {
	f, _ := new(big.Float).SetInt(n).Float64()
	return f
}

// passwordsOf counts the passwords that can be drawn, character by character: all of them,
// or those with a character of the fixed class at a place.
func passwordsOf(s Spec, place, fixed int) *big.Int {
	classes := s.classes()
	counts := make([]*big.Int, 1<<len(classes)) // by the classes that there are so far
	for i := range counts {
		counts[i] = new(big.Int)
	}
	counts[0].SetInt64(1)
	for at := range s.Size {
		next := make([]*big.Int, len(counts))
		for i := range next {
			next[i] = new(big.Int)
		}
		for has, count := range counts {
			for i, class := range classes {
				if at == 0 && i > 1 || at == place && i != fixed {
					continue
				}
				next[has|1<<i].Add(next[has|1<<i], new(big.Int).Mul(count, big.NewInt(int64(len(class)))))
			}
		}
		counts = next
	}
	return counts[len(counts)-1]
}

// The bits are those of the number of values that there are, counted in another way.
func TestBitsAreThoseOfAllValues(t *testing.T) {
	t.Parallel()
	wholeBits := func(n *big.Int) int { return max(n.BitLen()-1, 0) }
	for _, size := range []int{1, 2, 3, 4, 5, 8, 16, 21, 22, 23, 24, 32, 64, 100, 1000, Most} {
		for kind, want := range map[Kind]int{
			Base64URL: 8 * size, Hex: 8 * size, UUID: 122,
			Alphanumeric: wholeBits(new(big.Int).Exp(big.NewInt(62), big.NewInt(int64(size)), nil)),
		} {
			if got := (Spec{Kind: kind, Size: size}).Bits(); got != want {
				t.Errorf("%s of %d: %d bits, want %d", kind, size, got, want)
			}
		}
		for _, s := range passwords(size) {
			if got, want := s.Bits(), wholeBits(passwordsOf(s, -1, 0)); got != want {
				t.Errorf("a password of %d, symbols %s: %d bits, want %d", size, s.Symbols, got, want)
			}
		}
	}
}

// What is left out is random enough, and the least sizes are those of the documentation.
func TestSizes(t *testing.T) {
	t.Parallel()
	for s, want := range map[Spec]int{
		{Kind: Base64URL}: 16, {Kind: Hex}: 16, {Kind: Alphanumeric}: 22,
		{Kind: Password, Symbols: SafeSymbols}: 22, {Kind: Password, Symbols: AllSymbols}: 21, {Kind: Password, Symbols: NoSymbols}: 23,
	} {
		if got := s.least(); got != want {
			t.Errorf("%+v: at least %d, want %d", s, got, want)
		}
		usual, faults := Given{Kind: string(s.Kind), Symbols: string(s.Symbols)}.Parse()
		if least := map[bool]int{true: 256, false: 185}[s.Kind.CountsBytes()]; len(faults) > 0 || usual.Bits() < least {
			t.Errorf("%+v: %d bits if nothing is said, %v", s, usual.Bits(), faults)
		}
	}
}

// Without all of the randomness there is no value, not even a part of one.
func TestWithoutRandomnessThereIsNoValue(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	rapid.Check(t, func(t *rapid.T) {
		s := specs.Draw(t, "spec")
		needs := map[Kind]int{Base64URL: s.Size, Hex: s.Size, Alphanumeric: s.Size, UUID: 16, Password: s.Size}[s.Kind]
		some := io.LimitReader(seeded(3), int64(rapid.IntRange(0, needs-1).Draw(t, "bytes")))
		value, err := s.Make(io.MultiReader(some, iotest.ErrReader(broken)))
		if !value.IsZero() || !errors.Is(err, broken) {
			t.Errorf("%+v: a value %t, %v", s, !value.IsZero(), err)
		}
	})
}

// A reader may give less at a time than it is asked for.
func TestRandomnessMayComeInParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := specs.Draw(t, "spec")
		if made(t, s, seeded(4)) != made(t, s, iotest.HalfReader(iotest.OneByteReader(seeded(4)))) {
			t.Errorf("%+v: another value", s)
		}
	})
}

func TestNoTwoValuesAreTheSame(t *testing.T) {
	t.Parallel()
	random, seen := seeded(5), map[string]bool{}
	for range 1000 {
		for _, kind := range Kinds {
			s, _ := Given{Kind: string(kind)}.Parse()
			seen[made(t, s, random)] = true
		}
	}
	if len(seen) != 1000*len(Kinds) {
		t.Errorf("%d of %d values are new", len(seen), 1000*len(Kinds))
	}
}
