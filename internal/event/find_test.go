package event_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/event"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Only what somebody typed is looked at, and it is said in which field. What is
// short or ordinary is no reason to refuse, unless it is a whole input.
func TestOnlyWhatSomebodyTypedCounts(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/seen.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	var content string
	for line := 1; scanner.Scan(); line++ {
		text := scanner.Text()
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
			continue
		case strings.HasPrefix(text, "{"):
			content = text
			continue
		}
		want, value, _ := strings.Cut(text, ": ")
		if strings.HasPrefix(value, `"`) {
			if value, err = strconv.Unquote(value); err != nil {
				t.Fatalf("line %d: %v", line, err)
			}
		}
		// A byte order mark before the event changes nothing.
		for _, e := range []event.Event{event.Read(run(content)), event.Read(run("\ufeff" + content))} {
			if got := verdict(e, value); got != want || e.Err() != nil {
				t.Errorf("line %d: %q: %s, want %s; %v", line, value, got, want, e.Err())
			}
		}
	}
}

func verdict(e event.Event, value string) string {
	seen, found := e.Find(secret.New(value))
	switch {
	case !found:
		return "pass"
	case seen.Chance:
		return "warn " + seen.Path
	}
	return "refuse " + seen.Path
}

// A value in the part of an event that could be read is found, and that the rest
// was not looked at is told.
func TestHalfAnEventIsLookedAtAndSaysSo(t *testing.T) {
	t.Parallel()
	const half = `{"inputs":{"password":"hunter2-hunter2","x":"`
	for name, content := range map[string]string{
		"cut":      half,
		"broken":   half + "y\"}]",
		"two":      half + `"}}{}`,
		"too long": half + strings.Repeat("x", 25<<20) + `"}}`,
	} {
		e := event.Read(run(content))
		if got := verdict(e, "hunter2-hunter2"); got == "pass" || e.Err() == nil {
			t.Errorf("%s: %s, %v", name, got, e.Err())
		}
	}
}

// What was read once may be gone when the path is asked for.
func TestAnEventThatIsGoneHasNoPath(t *testing.T) {
	t.Parallel()
	e := run(`{"inputs":{"password":"hunter2-hunter2"}}`)
	open := e.Open
	first := event.Read(env.Env{Lookup: e.Lookup, Open: open})
	if got := verdict(first, "hunter2-hunter2"); got != "refuse inputs.password" {
		t.Errorf("it is %s", got)
	}
	gone := false
	once := e
	once.Open = func(name string) (io.ReadCloser, error) {
		if gone {
			return nil, os.ErrNotExist
		}
		gone = true
		return open(name)
	}
	if got := verdict(event.Read(once), "hunter2-hunter2"); got != "refuse something that somebody typed" {
		t.Errorf("it is %s", got)
	}
}

// A value is found wherever it lies in whatever amount of text.
func TestAValueIsFoundInManyTexts(t *testing.T) {
	t.Parallel()
	const value = "hunter2-hunter2-of-the-many"
	filler := strings.Repeat("x", 1<<20)
	for _, before := range []int{0, 1, 1<<20 - 30, 1<<20 - 10, 1<<20 - 2, 1<<20 - 1, 1 << 20, 3<<20 - 5} {
		var content strings.Builder
		content.WriteString(`{"inputs":{"a":"`)
		for left := before; left > 0; left -= len(filler) {
			content.WriteString(filler[:min(left, len(filler))])
		}
		content.WriteString(`","b":["\n ` + value + ` \r\n"]}, "comment":{"body":"see ` + value + `."}}`)
		if got := verdict(event.Read(run(content.String())), value); got != "refuse inputs.b[0]" {
			t.Errorf("behind %d characters: %s", before, got)
		}
	}
	long := strings.Repeat("k9", secret.MaxSize/2)
	content := `{"comment":{"body":"` + filler[:999] + `"},"review":{"body":"x ` + long + ` x"}}`
	if got := verdict(event.Read(run(content)), long); got != "warn review.body" {
		t.Errorf("the longest value: %s", got)
	}
}

// An event is one JSON text for this reader exactly if it is one for
// encoding/json, and what is asked of it is the same.
func TestEventsAreReadAsJSON(t *testing.T) {
	t.Parallel()
	part := rapid.SampledFrom([]string{
		"{", "}", "[", "]", ",", ":", `"a"`, `"pull_request"`, `"number"`, `"\u00e4\n\""`, `"\ud83d\udd11"`, `"\ud83d"`, `"\x"`, "\"\t\"", "1", "-1.5e+3", "01", "1.", "-",
		"true", "false", "null", "nul", " ", "\n", "x", `"`, `\`, "7", `{"a":`, `[1,`,
	})
	rapid.Check(t, func(t *rapid.T) {
		content := strings.Join(rapid.SliceOfN(part, 1, 12).Draw(t, "parts"), "")
		var want any
		valid := json.Unmarshal([]byte(content), &want) == nil
		if err := event.Read(run(content)).Err(); valid != (err == nil) {
			t.Fatalf("%q is JSON: %t, and %v", content, valid, err)
		}
	})
}

// Whatever an event is, a text under an input is found as encoding/json reads it.
func TestEveryInputIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringN(1, 20, -1), 1, 5).Draw(t, "texts")
		content, err := json.Marshal(map[string]any{"inputs": texts, "other": []any{texts, map[string]any{"a": nil}}})
		if err != nil {
			t.Fatal(err)
		}
		e := event.Read(run(string(content)))
		for _, text := range texts {
			if plain := strings.ToValidUTF8(text, ""); plain != text || strings.Trim(text, " \n\t\r\v\f") == "" || strings.ContainsAny(text, "\x00\r") {
				continue
			}
			if seen, found := e.Find(secret.New(text)); !found || !strings.HasPrefix(seen.Path, "inputs[") {
				t.Fatalf("%q of %s is found: %t, at %q", text, content, found, seen.Path)
			}
		}
	})
}

// An event is as long as whoever sets it off wants it to be.
func BenchmarkRead(b *testing.B) {
	var flat strings.Builder
	flat.WriteString(`{"inputs":{"a":""`)
	for i := range 800_000 {
		fmt.Fprintf(&flat, `,"key%07d":"value-%07d"`, i, i)
	}
	flat.WriteString("}}")
	for name, content := range map[string]string{
		"flat, 24 MB":   flat.String(),
		"nested, 54 KB": strings.Repeat(`["x",`, 9000) + `""` + strings.Repeat("]", 9000),
		"nested, 24 MB": strings.Repeat("[", 12_000_000) + strings.Repeat("]", 12_000_000),
		"one, 24 MB":    `{"comment":{"body":"` + strings.Repeat("x", 24_000_000) + `"}}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e := event.Read(run(content))
				if _, found := e.Find(secret.New("hunter2-hunter2")); found || e.Err() != nil {
					b.Fatal(e.Err())
				}
			}
		})
	}
}
