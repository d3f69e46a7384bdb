package manifest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// compiled is the schema that is published, or one part of it.
func compiled(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaURL, parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(schemaURL + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// obeys reports whether a text keeps to the schema, read as an editor reads it.
func obeys(t *testing.T, schema *jsonschema.Schema, text []byte) bool {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	value, err = jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value) == nil
}

// A file that an editor finds good is good, and the other way round; save what
// no schema can say, which is in documents of "beyond".
func TestSchemaAgreesWithParse(t *testing.T) {
	t.Parallel()
	schema := compiled(t, "")
	for file, want := range map[string]struct{ parse, schema bool }{
		"valid":   {true, true},
		"invalid": {false, false},
		"beyond":  {false, true},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", file+".yml"))
		if err != nil {
			t.Fatal(err)
		}
		for i, document := range strings.Split(string(text), "---\n") {
			name, _, _ := strings.Cut(document, "\n")
			_, problems := Parse(from(file, false), []byte(document))
			if parses := problems == nil; parses != want.parse {
				t.Errorf("%s %d %s: it parses: %t, %v", file, i, name, parses, problems)
			}
			if file == "beyond" && strings.Contains(name, "duplicate") {
				continue // the library's decoder, like an editor, refuses it before any schema
			}
			if got := obeys(t, schema, []byte(document)); got != want.schema {
				t.Errorf("%s %d %s: it keeps to the schema: %t", file, i, name, got)
			}
		}
	}
}

// parsed is what is wrong with a text, by a part of the reader.
func parsed(read func(r *reader, n *yaml.Node), text string) error {
	r := &reader{}
	if read(r, &yaml.Node{Kind: yaml.ScalarNode, Tag: textTag, Value: text}); len(r.problems) > 0 {
		return r.problems
	}
	return nil
}

// The patterns are those of the checks in the code.
func TestSchemaPatterns(t *testing.T) {
	t.Parallel()
	names := compiled(t, "#/properties/vaults/items/properties/secrets/propertyNames")
	ids := compiled(t, "#/properties/vaults/items/properties/vault_id")
	hosts := compiled(t, "#/properties/vaults/items/properties/secrets/additionalProperties/properties/allowed_domains")
	ages := compiled(t, "#/properties/vaults/items/properties/secrets/additionalProperties/properties/max_age")
	dates := compiled(t, "#/properties/vaults/items/properties/secrets/additionalProperties/properties/rotated")
	patterns := compiled(t, "#/properties/vaults/items/properties/names")
	mirrors := compiled(t, "#/properties/vaults/items/properties/secrets/additionalProperties/properties/mirror")
	agree := func(t *rapid.T, schema *jsonschema.Schema, text string, err error) {
		if good := schema.Validate(text) == nil; good != (err == nil) {
			t.Errorf("%q: by the schema %t, by the code %v", text, good, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`(NAIRI_|CCAGENT_|CCASECRET_|NAIRI)?[A-Ca_0-9 é-]{0,6}`).Draw(t, "name")
		agree(t, names, name, nairi.CheckEnvKey(name))
		id := rapid.StringMatching(`(vlt_|sec_)[0-9][0-9A-HJKMNP-TV-Z]{24}[0-9A-Za]`).Draw(t, "id")
		_, err := nairi.ParseVaultID(id)
		agree(t, ids, id, err)
		word := rapid.StringMatching(`[1-9]?[0-9]{0,2}[hdwm]{0,2}|(52|3[56]|87[56])[0-9]{0,3}[hdw]|[12][09][0-9]{2}-[01]?[0-9]-[0-3][0-9](T0[0-9]:00:00(Z|[+]01:00)?)?`).Draw(t, "word")
		agree(t, ages, word, parsed(func(r *reader, n *yaml.Node) { r.age(place{}, n) }, word))
		if _, not := time.Parse("2006-01-02", word[:min(len(word), 10)]); not == nil || len(word) < 10 { // no pattern knows the days of a month
			agree(t, dates, word, parsed(func(r *reader, n *yaml.Node) { r.rotated(place{}, n) }, word))
		}
		pattern := rapid.StringMatching(`[A-B0-9_*-]{0,4}|[A*]{60,70}`).Draw(t, "pattern")
		agree(t, patterns, pattern, parsed(func(r *reader, n *yaml.Node) { r.names(place{}, n, &vaultDraft{}) }, pattern))
		domain := rapid.StringMatching(`(\*\.|\*)?([aB0-9_-]{1,3}\.){0,3}([a0-9_-]{1,2}|b{60,66}|1)\.{0,2}`).Draw(t, "domain")
		_, err = domains.Parse([]string{domain})
		agree(t, hosts, domain, err)
		target := rapid.StringMatching(`(repo|env|org|dependabot|user):([aB0_.-]{0,3}|[a.]{100,101})([/:]([a.]{0,3}|private|all|b{101})){0,2}(/[ab/:. ]{0,4})?`).Draw(t, "target")
		_, err = mirror.Parse(target)
		agree(t, mirrors, target, err)
	})
}
