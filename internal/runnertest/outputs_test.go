package runnertest

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type outputCase struct {
	name, file string
	want       map[string]string
	fails      bool
}

func checkOutputs(t *testing.T, parse func([]byte) (map[string]string, error), cases []outputCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse([]byte(tt.file))
			if (err != nil) != tt.fails {
				t.Errorf("error %v, want one: %v", err, tt.fails)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// actions/runner FileCommandManager.cs, on Linux.
func TestParseOutputs(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	checkOutputs(t, ParseOutputs, []outputCase{
		{"empty file", "", m{}, false},
		{"pair", "a=1\n", m{"a": "1"}, false},
		{"no last newline", "a=1", m{"a": "1"}, false},
		{"first equals sign", "a=1=2\n", m{"a": "1=2"}, false},
		{"nothing is trimmed", " a = 1 \n", m{" a ": " 1 "}, false},
		{"empty value", "a=\n", m{"a": ""}, false},
		{"empty lines", "\n\na=1\n\nb=2\n\n", m{"a": "1", "b": "2"}, false},
		{"last one stays", "a=1\na=2\n", m{"a": "2"}, false},
		{"case folds", "a=1\nA=2\n", m{"A": "2"}, false},
		{"block", "a<<E\n1\n2\nE\n", m{"a": "1\n2"}, false},
		{"block ends the file", "a<<E\n1\nE", m{"a": "1"}, false},
		{"empty block", "a<<E\nE\n", m{"a": ""}, false},
		{"block of one newline", "a<<E\n\n\nE\n", m{"a": "\n"}, false},
		{"block keeps outer newlines", "a<<E\n\n1\n\nE\n", m{"a": "\n1\n"}, false},
		{"block hides pairs", "a<<E\nb=2\nc<<F\nE\nd=4\n", m{"a": "b=2\nc<<F", "d": "4"}, false},
		{"delimiter fills the line", "a<<E\n E\nE \nEE\nE\n", m{"a": " E\nE \nEE"}, false},
		{"delimiter with a blank", "a<< E\n1\n E\n", m{"a": "1"}, false},
		{"delimiter with an equals sign", "a<<=\n1\n=\n", m{"a": "1"}, false},
		{"equals sign first", "a=<<E\n", m{"a": "<<E"}, false},
		{"injection by a known delimiter", "a<<E\n1\nE\nb=2\nE\n", m{"a": "1", "b": "2"}, true},
		{"carriage return stays", "a=1\r\nb<<E\n2\r\nE\n", m{"a": "1\r", "b": "2\r"}, false},
		{"delimiter with a carriage return", "a<<E\r\n1\r\nE\r\n", m{"a": "1\r"}, false},
		{"line of one carriage return", "a=1\n\r\n", m{"a": "1"}, true},
		{"byte order mark", "\ufeffa=1\n", m{"a": "1"}, false},
		{"not utf-8", "a=\xff\n", m{"a": "\ufffd"}, false},
		{"no sign", "a=1\nb\nc=3\n", m{"a": "1"}, true},
		{"no name", "a=1\n=2\n", m{"a": "1"}, true},
		{"no name before a block", "<<E\nE\n", m{}, true},
		{"no delimiter", "a<<\n\n", m{}, true},
		{"block not closed", "a=1\nb<<E\n1\n", m{"a": "1"}, true},
		{"block without lines", "b<<E", m{}, true},
		{"delimiter in the last line", "b<<E\n1 E", m{}, true},
		{"utf-16", "\xff\xfea\x00", nil, true},
	})
}

// actions/runner FileCommandManager.cs under OS_WINDOWS.
func TestParseOutputsWindows(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	checkOutputs(t, ParseOutputsWindows, []outputCase{
		{"crlf", "a=1\r\n\r\nb<<E\r\n1\r\n2\r\nE\r\n", m{"a": "1", "b": "1\r\n2"}, false},
		{"lf", "a<<E\n1\n2\nE\n", m{"a": "1\n2"}, false},
		{"lone carriage return", "a=1\r2\r", m{"a": "1\r2\r"}, false},
	})
}

// nektos/act v0.2.87 pkg/container/parse_env_file.go.
func TestParseOutputsAct(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	long := strings.Repeat("x", 1<<17)
	checkOutputs(t, ParseOutputsAct, []outputCase{
		{"empty file", "", m{}, false},
		{"pair and block", "a=1\nb<<E\n1\n\n2\nE\n", m{"a": "1", "b": "1\n\n2"}, false},
		{"empty line", "a=1\n\nb=2\n", nil, true},
		{"leading newlines lost", "a<<E\n\n\n1\n\nE\n", m{"a": "1\n"}, false},
		{"carriage return at the end of a line lost", "a=1\r\n", m{"a": "1"}, false},
		{"no name", "=1\n", m{"": "1"}, false},
		{"case matters", "a=1\nA=2\n", m{"a": "1", "A": "2"}, false},
		{"byte order mark", "\ufeffa=1\n", m{"a": "1"}, false},
		{"block not closed", "a=1\nb<<E\n", nil, true},
		{"no sign", "a=1\nb\n", nil, true},
		{"long line", "a=" + long + "\nb=2\n", m{"a": long, "b": "2"}, false},
	})
}

// Forgejo runner v12 and Gitea act v0.261.10, parse_env_file.go.
func TestParseOutputsForgejo(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	long := strings.Repeat("x", 1<<16)
	checkOutputs(t, ParseOutputsForgejo, []outputCase{
		{"pair and block", "a=1\nb<<E\n\n1\nE\n", m{"a": "1", "b": "1"}, false},
		{"empty line", "a=1\n\nb=2\n", nil, true},
		{"byte order mark stays", "\ufeffa=1\n", m{"\ufeffa": "1"}, false},
		{"longest line", "a=" + long[:1<<16-3] + "\nb=2\n", m{"a": long[:1<<16-3], "b": "2"}, false},
		{"line too long", "a=1\nb=" + long + "\nc=3\n", m{"a": "1"}, false},
		{"line too long in a block", "a=1\nb<<E\n" + long + "\nE\n", nil, true},
	})
}

func FuzzParseOutputs(f *testing.F) {
	f.Add([]byte("a=1\nb<<E\n1\nE\n"))
	f.Add([]byte("a<<E\r\nE\r\n\n=\n<<\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ParseOutputs(data)
		for name := range got {
			if name == "" || strings.Contains(name, "\n") {
				t.Errorf("name %q", name)
			}
		}
		// What could be read is read the same after more lines.
		if err == nil && len(data) > 0 {
			more, err := ParseOutputs(append(data, "\nzz_other=1\n"...))
			if err != nil {
				t.Fatal(err)
			}
			delete(more, "zz_other")
			maps.DeleteFunc(got, func(k, _ string) bool { return strings.EqualFold(k, "zz_other") })
			if diff := cmp.Diff(got, more); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// A block that all models read alike is what an output writer should aim at.
func FuzzOutputModelsAgree(f *testing.F) {
	f.Add("name", "one\ntwo")
	f.Fuzz(func(t *testing.T, name, value string) {
		if name == "" || strings.ContainsAny(name, "=<\n\r") || value != strings.ToValidUTF8(value, "") ||
			name != strings.ToValidUTF8(name, "") || strings.HasPrefix(name, "\ufeff") ||
			strings.HasPrefix(value, "\n") || strings.Contains(value, "\r") || len(value) > 1<<15 || len(name) > 1<<15 {
			t.Skip()
		}
		const delimiter = "delimiter-3f0c1d"
		if strings.Contains(value, delimiter) {
			t.Skip()
		}
		file := []byte(name + "<<" + delimiter + "\n" + value + "\n" + delimiter + "\n")
		want := map[string]string{name: value}
		for model, parse := range map[string]func([]byte) (map[string]string, error){
			"github": ParseOutputs, "windows": ParseOutputsWindows,
			"act": ParseOutputsAct, "forgejo": ParseOutputsForgejo,
		} {
			got, err := parse(file)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Error(model, err, diff)
			}
		}
	})
}
