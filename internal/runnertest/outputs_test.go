package runnertest

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readers are the models that read a file of outputs, by their names in
// outputs.yaml.
var readers = map[string]func([]byte) (map[string]string, error){
	"github":            ParseOutputs,
	"github on windows": ParseOutputsWindows,
	"act":               ParseOutputsAct,
	"forgejo":           ParseOutputsForgejo,
	"gitlab": func(data []byte) (map[string]string, error) {
		return ParseVariables(data, map[string]string{"HOME": "/root", "TOKEN": "of the job"})
	},
}

type outputCase struct {
	File  string
	Sets  map[string]string
	Fails bool
}

func (c outputCase) check(t *testing.T, reader, name string) {
	t.Helper()
	got, err := readers[reader]([]byte(c.File))
	if diff := cmp.Diff(c.Sets, got); (err != nil) != c.Fails || diff != "" {
		t.Errorf("%s, %s: %v %.1000s", reader, name, err, diff)
	}
}

func TestOutputsAreReadAsTheRunnersDo(t *testing.T) {
	t.Parallel()
	var groups []struct {
		Source, Reader string
		Cases          map[string]outputCase
	}
	load(t, "outputs.yaml", &groups)
	for _, group := range groups {
		for name, c := range group.Cases {
			c.check(t, group.Reader, name)
		}
	}
}

// act has no limit, Forgejo that of bufio.Scanner, and GitLab limits the file.
func TestLimitsOfOutputs(t *testing.T) {
	t.Parallel()
	type m = map[string]string
	long := strings.Repeat("x", 1<<17)
	line, report := long[:1<<16], long[:maxReport-3]
	many := strings.Builder{}
	for i := range maxReportVariables + 1 {
		fmt.Fprintf(&many, "A%d=1\n", i)
	}
	for _, tt := range []struct {
		reader, name string
		outputCase
	}{
		{"act", "long line", outputCase{"a=" + long + "\nb=2\n", m{"a": long, "b": "2"}, false}},
		{"forgejo", "longest line", outputCase{"a=" + line[3:] + "\nb=2\n", m{"a": line[3:], "b": "2"}, false}},
		{"forgejo", "line too long", outputCase{"a=1\nb=" + line + "\nc=3\n", m{"a": "1"}, false}},
		{"forgejo", "line too long in a block", outputCase{"a=1\nb<<E\n" + line + "\nE\n", nil, true}},
		{"gitlab", "as big as can be", outputCase{"A=" + report, m{"A": report}, false}},
		{"gitlab", "too big", outputCase{"A=x" + report, nil, true}},
		{"gitlab", "too many", outputCase{many.String(), nil, true}},
	} {
		tt.check(t, tt.reader, tt.name)
	}
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
		for reader := range readers {
			if reader != "gitlab" { // which has no blocks
				outputCase{string(file), want, false}.check(t, reader, "block")
			}
		}
	})
}
