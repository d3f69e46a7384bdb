package generate

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// faultsOf are the faults of what is written, a line each.
func faultsOf(g Given) string {
	var lines []string
	_, faults := g.Parse()
	for _, fault := range faults {
		lines = append(lines, fmt.Sprintf("%s %v", fault.Field, fault.Err))
	}
	return strings.Join(lines, "\n")
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	for given, want := range map[Given]Spec{
		{Kind: "base64url"}:                                 {Base64URL, 32, ""},
		{Kind: "hex", Bytes: "16"}:                          {Hex, 16, ""},
		{Kind: "hex", Bytes: "0064"}:                        {Hex, 64, ""},
		{Kind: "alphanumeric", Length: "22"}:                {Alphanumeric, 22, ""},
		{Kind: "alphanumeric", Length: "4096"}:              {Alphanumeric, 4096, ""},
		{Kind: "uuid"}:                                      {UUID, 0, ""},
		{Kind: "password"}:                                  {Password, 32, SafeSymbols},
		{Kind: "password", Length: "23", Symbols: "none"}:   {Password, 23, NoSymbols},
		{Kind: "password", Length: "21", Symbols: "all"}:    {Password, 21, AllSymbols},
		{Kind: "password", Length: "1000", Symbols: "safe"}: {Password, 1000, SafeSymbols},
		{Kind: "base64url", Bytes: "4096"}:                  {Base64URL, 4096, ""},
	} {
		if got, faults := given.Parse(); got != want || len(faults) > 0 {
			t.Errorf("%+v: %+v, %v", given, got, faults)
		}
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	const weak = " bits of randomness, and a value needs 128, so that nobody guesses it. Give at least "
	for given, want := range map[Given]string{
		{Kind: "base64"}:                                   "generate must be one of base64url, hex, alphanumeric, uuid, password",
		{Kind: "HEX", Bytes: "1"}:                          "generate must be one of base64url, hex, alphanumeric, uuid, password",
		{Kind: "hex", Bytes: "15"}:                         "generate_bytes gives 120" + weak + "16",
		{Kind: "hex", Bytes: "0"}:                          "generate_bytes gives 0" + weak + "16",
		{Kind: "hex", Bytes: "4097"}:                       "generate_bytes must be at most 4096",
		{Kind: "hex", Bytes: "99999999999999999999999999"}: "generate_bytes must be at most 4096",
		{Kind: "hex", Bytes: "-32"}:                        "generate_bytes must be a whole number",
		{Kind: "hex", Bytes: "32.0"}:                       "generate_bytes must be a whole number",
		{Kind: "hex", Bytes: "0x20"}:                       "generate_bytes must be a whole number",
		{Kind: "hex", Bytes: "٣٢"}:                         "generate_bytes must be a whole number",
		{Kind: "alphanumeric", Length: "21"}:               "generate_length gives 125" + weak + "22",
		{Kind: "password", Length: "20"}:                   "generate_length gives 117" + weak + "22",
		{Kind: "password", Length: "3"}:                    "generate_length gives 0" + weak + "22",
		{Kind: "password", Symbols: "some"}:                "generate_symbols must be one of safe, all, none",
		{Kind: "hex", Length: "32"}:                        "generate_length is for alphanumeric and password. Give generate_bytes for hex",
		{Kind: "password", Bytes: "32"}:                    "generate_bytes is for base64url and hex. Give generate_length for password",
		{Kind: "uuid", Bytes: "16", Length: "1", Symbols: "all"}: "generate_bytes is for base64url and hex. A uuid has one size, so leave it out\n" +
			"generate_length is for alphanumeric and password. A uuid has one size, so leave it out\ngenerate_symbols is for password. Leave it out",
		{Kind: "password", Length: "8", Bytes: "8", Symbols: "x"}: "generate_bytes is for base64url and hex. Give generate_length for password\n" +
			"generate_symbols must be one of safe, all, none\ngenerate_length gives 44" + weak + "22",
	} {
		if got := faultsOf(given); got != want {
			t.Errorf("%+v:\n%s\nwant:\n%s", given, got, want)
		}
	}
}

// holds checks what is true of whatever is written: it is refused without being repeated,
// or makes a value that nobody guesses.
func holds(t rapid.TB, g Given) {
	t.Helper()
	s, faults := g.Parse()
	if len(faults) > 0 {
		if s != (Spec{}) {
			t.Errorf("%q: faults, and a Spec", g)
		}
		return
	}
	value, err := s.Make(seeded(6))
	if err != nil || s.Check() != nil || s.Bits() < MinBits && s.Kind != UUID || len(value.Reveal()) < 21 || len(value.Reveal()) > 2*Most {
		t.Errorf("%q: %+v, %v", g, s, err)
	}
}

func TestWhateverIsWrittenIsRefusedOrStrong(t *testing.T) {
	t.Parallel()
	kinds := rapid.OneOf(rapid.SampledFrom(Kinds), rapid.Just(Kind("other")))
	numbers := rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[0-9]{1,5}|-?[0-9]{1,30}|[^0-9]*`))
	symbols := rapid.OneOf(rapid.SampledFrom(append([]Symbols{"", "other"}, SymbolChoices...)))
	rapid.Check(t, func(t *rapid.T) {
		holds(t, Given{string(kinds.Draw(t, "kind")), numbers.Draw(t, "bytes"), numbers.Draw(t, "length"), string(symbols.Draw(t, "symbols"))})
	})
}

// What is written in the wrong place may be a secret.
func TestNoFaultRepeatsWhatIsWritten(t *testing.T) {
	t.Parallel()
	const marked = "hunter2+hunter2"
	for _, kind := range append([]Kind{marked}, Kinds...) {
		if told := faultsOf(Given{string(kind), marked, marked, marked}); told == "" || strings.Contains(told, marked) {
			t.Errorf("of %s: %s", kind, strings.ReplaceAll(told, marked, "…"))
		}
	}
}

func FuzzGiven(f *testing.F) {
	f.Add("hex", "32", "", "")
	f.Add("password", "", "22", "all")
	f.Add("uuid", "", "", "")
	f.Fuzz(func(t *testing.T, kind, bytes, length, symbols string) { holds(t, Given{kind, bytes, length, symbols}) })
}
