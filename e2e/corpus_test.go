package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// corpus are values that are hard to carry or to mask. Each has a word of its
// own, so that one that shows is known from another.
func corpus() []string {
	var values []string
	for i, shape := range []string{
		"%s", "%s\n", "%s\r\n", " %s ", "\t%s\t", "'%s'", `"%s"`, "`%s`", "%s'quoted\"", `back\slash\%s`,
		"$%s", "${HOME}%s", "$(id)%s", "-%s", "@%s", "#%s", "=%s", "!%s", "*%s*", "~/%s",
		"::%s", "a::%s::b", "::add-mask::%s", "::error::%s", "##[error]%s", "##[add-mask]%s", "]]%s", "a]%s",
		"100%%%s", "%%0A%s", "%%250A%s", "%%25%s", "%s%%0D%%0A", "{%s}", "{\"key\":\"%s\"}", "[\"%s\",\"other-%[1]s\"]",
		"first line of %s\nsecond line of %[1]s", "first of %s\r\nsecond of %[1]s", "{\n  \"key\": \"leaf-%s\"\n}",
		"KEY=%s\nOTHER='other-%[1]s'", "postgres://app:%s@db.example.com/app", "Server=db;Password=%s;Pooling=true",
		"host=db password=%s", "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----", "é%sü", "日本%s語",
		"\u202e%s\u202c", "&<%s>\"'", "&+%s&+", "a b c %s d e", "nested %s {{ }} ${{ x }}",
		strings.Repeat("long ", 400) + "%s",
	} {
		values = append(values, fmt.Sprintf(shape, word(i)))
	}
	return values
}

// word is in a value of the corpus and in no other.
func word(number int) string { return fmt.Sprintf("correct-horse-%02d-battery", number) }

// What a real runner shows of each value, when a later step prints it, and of the
// commands that mask it: no line of it, nor what an encoding makes of it. act's
// --json log is left out: it repeats the command that masks a value, and no action
// can help it.
func TestCorpusShowsNowhere(t *testing.T) {
	t.Parallel()
	values := corpus()
	if len(values) < 40 {
		t.Fatalf("%d values", len(values))
	}
	for _, runner := range runners {
		t.Run("in "+runner.name(), func(t *testing.T) {
			t.Parallel()
			checkCorpus(t, runner, values)
		})
	}
}

func checkCorpus(t *testing.T, runner runner, values []string) {
	v := newVault(t)
	folder := t.TempDir()
	head, steps, _ := strings.Cut(read(t, "testdata/corpus/corpus.yml"), "    steps:\n")
	workflow := head + "    steps:\n"
	for i, value := range values {
		write(t, filepath.Join(folder, strconv.Itoa(i)), value, 0o600)
		workflow += strings.NewReplacer("VALUE_0", fmt.Sprint("VALUE_", i), "FOLDER }}/0", fmt.Sprint("FOLDER }}/", i)).Replace(steps)
	}

	got := job{runner: runner, text: workflow, vault: v, vars: map[string]string{"FOLDER": folder}, repository: userRepository(t)}.run(t)

	got.succeeded(t)
	for i, value := range values {
		if !slices.ContainsFunc(v.Secrets(v.VaultID), func(s nairitest.Stored) bool {
			return s.EnvKey == fmt.Sprintf("VALUE_%d", i) && s.Value == value
		}) {
			t.Errorf("value %d did not arrive byte for byte", i)
		}
		got.hides(t, word(i))
		got.hides(t, value)
		got.hidesBase64(t, i, value)
		got.hidesEncodings(t, i, value)
	}
}

// encodings are what the log of a job could hold in place of a value: what programs
// make of it, and how a runner's commands spell it.
var encodings = map[string]func(value string) string{
	"a command's data": strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace,
	"a query":          url.QueryEscape,
	"a path":           url.PathEscape,
	"a string of Go":   func(value string) string { return strings.Trim(strconv.Quote(value), `"`) },
	"hexadecimal":      func(value string) string { return hex.EncodeToString([]byte(value)) },
	"JSON": func(value string) string {
		text, _ := json.Marshal(value) // of a string it cannot fail
		return strings.Trim(string(text), `"`)
	},
}

// hidesEncodings checks the encodings of a value, and of each as a command's data.
func (o outcome) hidesEncodings(t *testing.T, number int, value string) {
	t.Helper()
	value = strings.TrimSpace(value)
	for name, encode := range encodings {
		encoded := encode(value)
		if strings.Contains(o.log, encoded) || strings.Contains(o.log, encodings["a command's data"](encoded)) {
			t.Errorf("the log shows value %d as %s", number, name)
		}
	}
}

// hidesBase64 checks the base64 of a value, whole and in the columns of base64,
// up to the digits in which a byte behind the value has a part.
func (o outcome) hidesBase64(t *testing.T, number int, value string) {
	t.Helper()
	digits := base64.RawStdEncoding.EncodeToString([]byte(value[:len(value)/3*3]))
	for column := range slices.Chunk([]byte(digits), 76) {
		if len(column) >= 8 && strings.Contains(o.log, string(column)) {
			t.Errorf("the log shows base64 of value %d", number)
		}
	}
}
