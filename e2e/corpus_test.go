package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
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
		values = append(values, fmt.Sprintf(shape, fmt.Sprintf("correct-horse-%02d-battery", i)))
	}
	return values
}

// What a real runner shows of each value, when a later step prints it: no line
// of it, nor its base64. act's --json log is left out: it repeats the command
// that masks a value, and no action can help it.
func TestCorpusShowsNowhere(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	values := corpus()
	if len(values) < 40 {
		t.Fatalf("%d values", len(values))
	}
	folder := t.TempDir()
	numbers := make([]int, len(values))
	for i, value := range values {
		numbers[i] = i
		if err := os.WriteFile(filepath.Join(folder, strconv.Itoa(i)), []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		t.Fatal(err)
	}

	got := job{text: read(t, "testdata/corpus/corpus.yml"), vault: v, vars: map[string]string{"VALUES": string(list), "FOLDER": folder}}.run(t)

	got.succeeded(t)
	for i, value := range values {
		if !slices.ContainsFunc(v.Secrets(v.VaultID), func(s nairitest.Stored) bool {
			return s.EnvKey == fmt.Sprintf("VALUE_%d", i) && s.Value == value
		}) {
			t.Errorf("value %d did not arrive byte for byte", i)
		}
		got.hides(t, value)
		got.hidesBase64(t, i, value)
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
