package ci

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// root of the module, seen from here.
const root = "../.."

// exempt are the folders of what is not the product: it may print.
var exempt = []string{"cmd", "tools", "e2e", "examples", "bench", "internal/runnertest"}

// Everything that the product prints goes through a Console. No other file of
// it has a way to a stream; main.go hands those it has to the Console, or to
// internal/cli where there is no run.
func TestNothingPrintsPastTheConsole(t *testing.T) {
	t.Parallel()
	var found []string
	files := sources(t)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range streams(parsed) {
			found = append(found, file+": "+use)
		}
	}
	if d := cmp.Diff([]string{
		"internal/cli/line.go: flag.FlagSet", "internal/cli/line.go: flag.NewFlagSet", "internal/cli/line.go: flag.ContinueOnError", // which prints to io.Discard
		"main.go: os.Stdout", "main.go: os.Stdout", "main.go: os.Stderr", "main.go: os.Stdout", "main.go: os.Stdout", "main.go: os.Stderr", "main.go: os.Stdout", "main.go: os.Stderr",
	}, found); d != "" {
		t.Errorf("ways to a stream: %s", d)
	}
	if !slices.Contains(files, "internal/ci/console.go") || !slices.Contains(files, "internal/action/action.go") {
		t.Errorf("this test did not look everywhere: %v", files)
	}
}

// sources are the product's files, tests left out.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		hidden := strings.HasPrefix(name, ".") && name != "."
		if d.IsDir() && (hidden || slices.Contains(exempt, name) || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// ways to a stream: a package to the names in it, "" for all of them.
var ways = map[string][]string{
	"fmt":           {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"os":            {"Stdout", "Stderr", "NewFile"},
	"log":           {""},
	"log/syslog":    {""},
	"log/slog":      {"Debug", "DebugContext", "Info", "InfoContext", "Warn", "WarnContext", "Error", "ErrorContext", "Log", "LogAttrs", "Default", "With", "SetDefault"},
	"runtime/debug": {"PrintStack"},
	"syscall":       {"Stdout", "Stderr", "Write"},
	"flag":          {""},
}

// streams are the ways to standard output and standard error that a file uses.
func streams(file *ast.File) []string {
	imported := map[string]string{}
	var found []string
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if imported[name] = path; name == "." && ways[path] != nil {
			found = append(found, fmt.Sprintf("import . %q", path))
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if use := stream(node, imported); use != "" {
			found = append(found, use)
		}
		return true
	})
	return found
}

// stream names the way to a stream that node is, if it is one.
func stream(node ast.Node, imported map[string]string) string {
	switch n := node.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Obj == nil && (f.Name == "print" || f.Name == "println") {
			return f.Name
		}
	case *ast.SelectorExpr:
		x, ok := n.X.(*ast.Ident)
		if !ok || x.Obj != nil {
			return ""
		}
		names := ways[imported[x.Name]]
		if slices.Contains(names, "") || slices.Contains(names, n.Sel.Name) {
			return imported[x.Name] + "." + n.Sel.Name
		}
	}
	return ""
}

func TestStreamsAreFound(t *testing.T) {
	t.Parallel()
	tests := []struct{ imports, body, want string }{
		{`"fmt"`, `fmt.Println("x")`, "fmt.Println"},
		{`"fmt"`, `f := fmt.Printf; f("x")`, "fmt.Printf"},
		{`"fmt"`, `fmt.Fprintln(nil, fmt.Sprint("x"))`, ""},
		{`f "fmt"`, `f.Print("x")`, "fmt.Print"},
		{`. "fmt"`, `Print("x")`, `import . "fmt"`},
		{`"os"`, `w := os.Stdout`, "os.Stdout"},
		{`"os"`, `_ = []any{os.Stderr}`, "os.Stderr"},
		{`"os"`, `os.NewFile(1, "")`, "os.NewFile"},
		{`"os"`, `os.Getenv("X")`, ""},
		{`"log"`, `log.New(nil, "", 0)`, "log.New"},
		{`"log/slog"`, `slog.Info("x")`, "log/slog.Info"},
		{`"log/slog"`, `slog.StringValue("x")`, ""},
		{`"runtime/debug"`, `debug.PrintStack()`, "runtime/debug.PrintStack"},
		{`"runtime/debug"`, `debug.Stack()`, ""},
		{``, `println("x")`, "println"},
		{``, `println := 1; _ = println`, ""},
		{``, `os := x{}; os.Stdout()`, ""},
	}
	for _, tt := range tests {
		source := fmt.Sprintf("package p\nimport (%s)\nfunc body() { %s }", tt.imports, tt.body)
		file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(streams(file), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.body, got, tt.want)
		}
	}
}
