package input_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/input"
)

const dotenvCases = "testdata/dotenv.txtar"

// What no two readers of a dotenv text would take alike is refused, and nothing
// of it is repeated; the rest arrives as it is written.
func TestADotenvTextIsReadAsItIsWrittenOrRefused(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile(dotenvCases)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		given := string(archive.Files[i].Data)
		if quoted := strings.TrimSuffix(given, "\n"); strings.HasPrefix(quoted, `go:"`) {
			if given, err = strconv.Unquote(quoted[len("go:"):]); err != nil {
				t.Fatal(err)
			}
		}
		told := strings.Join(append(input.Told(given), ""), "\n")
		if *update {
			archive.Files[i+1].Data = []byte(told)
		} else if diff := cmp.Diff(string(archive.Files[i+1].Data), told); diff != "" {
			t.Errorf("%s (-told +tells)\n%s", archive.Files[i].Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(dotenvCases, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A line that the parser cannot hold is refused, and never cut.
func TestALongLineOfADotenvTextIsRefused(t *testing.T) {
	t.Parallel()
	for length, fits := range map[int]bool{60_000: true, 1<<16 - 3: true, 1<<16 - 2: false, 1 << 16: false, 1 << 20: false} {
		told := input.Told("A=" + strings.Repeat("x", length))
		if read := told[0] == `A="`+strings.Repeat("x", length)+`"`; read != fits || !fits && !strings.Contains(told[0], "longer than 64 KiB") {
			t.Errorf("%d characters: %.80s", length, told[0])
		}
	}
}

// Any text can be written so that it arrives byte for byte: in single quotes, or
// in double quotes with the escapes of JSON, over the ends of lines as well.
func TestADotenvTextArrivesByteForByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		var want []string
		for i := range rapid.IntRange(1, 5).Draw(t, "count") {
			value := texts.Draw(t, "value")
			want = append(want, fmt.Sprintf("N%d=%q", i, value))
			fmt.Fprintf(&text, "%sN%d=%s%s\n", rapid.SampledFrom([]string{"", "export ", "  ", "# a comment\n", "\r\n"}).Draw(t, "before"), i,
				spelled(t, value), rapid.SampledFrom([]string{"", " ", " # a \" comment", "\r"}).Draw(t, "behind"))
		}
		if diff := cmp.Diff(want, input.Told(text.String())); diff != "" {
			t.Fatalf("%q: %s", &text, diff)
		}
	})
}

// spelled is a value in quotes.
func spelled(t *rapid.T, value string) string {
	if !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == '\'' }) && rapid.Bool().Draw(t, "single") {
		return "'" + value + "'"
	}
	breaks := `\n`
	if rapid.Bool().Draw(t, "over lines") {
		breaks = "\n"
	}
	var quoted strings.Builder
	for _, r := range value {
		switch {
		case r == '\n':
			quoted.WriteString(breaks)
		case r == '"' || r == '\\':
			quoted.WriteString(`\` + string(r))
		case r < ' ':
			fmt.Fprintf(&quoted, `\u%04x`, r)
		default:
			quoted.WriteRune(r)
		}
	}
	return `"` + quoted.String() + `"`
}

// FuzzDotenv holds that a text which is read says nothing else than what was
// written: no character of a value comes from nowhere, and none of it is told.
func FuzzDotenv(f *testing.F) {
	archive, err := txtar.ParseFile(dotenvCases)
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		f.Add(string(archive.Files[i].Data), uint(i))
	}
	f.Fuzz(func(t *testing.T, text string, at uint) {
		at %= uint(len(text)) + 1
		for _, line := range input.Told(text[:at] + stray + text[at:]) {
			if strings.HasPrefix(line, "! ") && strings.Contains(line, stray) {
				t.Errorf("it is told what stands there: %s", line)
			}
		}
	})
}
