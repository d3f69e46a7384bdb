package ci

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/env"
)

// torn is a disk that fills up while a file is written.
type torn struct{ *os.File }

func (t torn) Write(p []byte) (int, error) {
	n, _ := t.File.Write(p[:len(p)/2])
	return n, errors.New("no space left for " + hidden)
}

// late is a disk that tells only at the end that it is full.
type late struct{ *os.File }

func (l late) Close() error {
	return errors.Join(l.File.Close(), errors.New("no space left for "+hidden))
}

// A runner that finds half a heredoc fails the step, and takes what earlier
// commands of it have set along.
func TestAFullDiskLeavesNoHalfAnOutput(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"", "before=1\n", "before=1"} {
		for name, fill := range map[string]func(*file){
			"while it is written": func(f *file) { f.WriteCloser = torn{f.disk} },
			"when it is closed":   func(f *file) { f.WriteCloser = late{f.disk} },
		} {
			dir := t.TempDir()
			output, variables := filepath.Join(dir, "output"), filepath.Join(dir, "variables")
			write(t, output, before)
			write(t, variables, before)
			d := open(variables, "GITHUB_OUTPUT="+output)
			fill(d.outputs)
			fill(d.variables[0])
			err := d.Write([]Output{{"result", "updated"}}, []Output{{"NAIRI_RESULT", "updated"}})
			if err == nil || strings.Count(err.Error(), "cannot be written to the file that") != 2 || strings.Contains(err.Error(), "taken back") {
				t.Errorf("%s: %v", name, err)
			}
			if got := []string{read(t, output), read(t, variables)}; !cmp.Equal([]string{before, before}, got) {
				t.Errorf("%s: of %q the files have become %q", name, before, got)
			}
		}
	}
}

// Until there is something to write, nobody's file is touched: a line without its
// end is the content of a value, too.
func TestAFileIsAsItWasUntilItIsWritten(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "variables")
	write(t, name, "BEFORE=1")
	if d := open(name); d.unopened != nil || read(t, name) != "BEFORE=1" {
		t.Errorf("%v, %q", d.unopened, read(t, name))
	}
}

// spellings are other names of a file in a folder.
var spellings = map[string]func(t *testing.T, dir string) string{
	"the same":       func(_ *testing.T, dir string) string { return filepath.Join(dir, "value") },
	"with .":         func(_ *testing.T, dir string) string { return dir + "/./value" },
	"with ..":        func(_ *testing.T, dir string) string { return dir + "/sub/../value" },
	"a link":         func(t *testing.T, dir string) string { return linked(t, os.Symlink, dir) },
	"a second name":  func(t *testing.T, dir string) string { return linked(t, os.Link, dir) },
	"through a link": func(t *testing.T, dir string) string { return filepath.Join(linkedFolder(t, dir), "value") },
}

func info(t *testing.T, name string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func linked(t *testing.T, link func(string, string) error, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "other")
	if err := link(filepath.Join(dir, "value"), name); err != nil {
		t.Skip(err)
	}
	return name
}

func linkedFolder(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "folder")
	if err := os.Symlink(dir, name); err != nil {
		t.Skip(err)
	}
	return name
}

// The next run would store the lines that this one added. That it is the same
// file does not depend on how it is spelled, nor on which of the two comes first.
func TestOutputsAreNotAddedToTheValue(t *testing.T) {
	t.Parallel()
	for name, spell := range spellings {
		for _, source := range []string{"output_file", "GITHUB_OUTPUT", "DRONE_OUTPUT", "GITHUB_STEP_SUMMARY"} {
			t.Run(name+" as "+source, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
					t.Fatal(err)
				}
				value := filepath.Join(dir, "value")
				write(t, value, "a value")
				lookup := vars(source + "=" + spell(t, dir))
				c, log := console(lookup)
				log.Reset()
				f := c.Files(env.Env{Lookup: lookup}, entropy{})
				problems := append(f.Open(), f.Spare([]env.Named{{Input: "manifest", Info: info(t, dir)}, {Input: "value_file", Info: info(t, value)}})...)
				if source == "output_file" {
					outputFile, _ := lookup("output_file")
					problems = append(problems, f.OpenVariables(outputFile)...)
				}
				f.WriteSummary("a summary")
				if err := f.Write([]Output{{"result", "failed"}}, []Output{{"NAIRI_RESULT", "failed"}}); err != nil {
					t.Error(err)
				}
				const why = " cannot be opened for writing: it is the file that value_file names, and the next run would read what is added to it"
				told := strings.Contains(log.String(), why)
				if source != "GITHUB_STEP_SUMMARY" {
					told = len(problems) == 1 && problems[0].Input == source && problems[0].Text == "names a file that"+why
				}
				if !told || read(t, value) != "a value" {
					t.Errorf("%v, %s, and the value is %q", problems, log, read(t, value))
				}
			})
		}
	}
}

// A name of standard output is standard output: a second way to it would write
// over what the first has written.
func TestOutputsByANameOfStandardOutputArePrinted(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "log")
	write(t, name, "")
	out, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	lookup := vars("GITHUB_OUTPUT=" + name)
	c := NewConsole(out, lookup)
	f := c.Files(env.Env{Lookup: lookup}, entropy{})
	problems := f.Open()
	c.Print("before")
	err = errors.Join(f.Write([]Output{{"result", "updated"}}, nil))
	c.Print("after")
	want := "before\nresult<<" + delimiter + "\nupdated\n" + delimiter + "\nafter\n"
	if got := read(t, name); got != want || err != nil || problems != nil || out.Close() != nil {
		t.Errorf("%q, %v, %v", got, problems, err)
	}
}

// Printed outputs that nobody can read are lost, if no file has them.
func TestOutputsThatCannotBePrintedAreLost(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", filepath.Join(t.TempDir(), "variables")} {
		f := NewConsole(closed{}, inShell).Files(env.Env{Lookup: inShell}, entropy{})
		if problems := f.OpenVariables(file); problems != nil {
			t.Fatal(problems)
		}
		if err := f.Write([]Output{{"result", "updated"}}, []Output{{"NAIRI_RESULT", "updated"}}); (err != nil) != (file == "") {
			t.Errorf("with the file %q: %v", filepath.Base(file), err)
		}
	}
}
