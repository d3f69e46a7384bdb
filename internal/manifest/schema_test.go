package manifest

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the schema to docs, and the problems to testdata")

const (
	schemaFile = "../../docs/nairi-vault.schema.json"
	schemaURL  = "https://raw.githubusercontent.com/nairi-community/vault-secret/v1/docs/nairi-vault.schema.json"
)

// object is a piece of JSON. Its keys are written in the order of the alphabet.
type object = map[string]any

// Parts of the patterns for hosts. A letter outside ASCII counts as one here, and
// which of them a name can have no pattern says.
const (
	edge   = `[^\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]`         // of a label
	inner  = `[^\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]` // has the hyphen too
	host   = edge + `(` + inner + `{0,61}` + edge + `)?`
	number = `(^|\.)([0-9]+|0[xX][0-9a-fA-F]*)\.?$`
	octet  = `(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`
)

// domainSchema is a host as domains.Parse takes it: a name or an address. The
// longest name has 253 characters beside "*." and a final dot.
func domainSchema() object {
	return object{"type": "string", "anyOf": []object{
		{"pattern": `^(\*\.)?` + host + `(\.` + host + `)*\.?$`, "maxLength": 256, "not": object{"pattern": number}},
		{"pattern": `^` + octet + `(\.` + octet + `){3}\.?$`},
		{"pattern": `^\[?[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]?$`},
	}}
}

// variableName is ascii.Name as a pattern.
const variableName = `^[A-Za-z_][A-Za-z0-9_]*$`

// keySchemas describe every key of the tables, by its name. That value has none
// is what refuses it in a file.
var keySchemas = map[string]object{
	"vaults": {
		"description": "The vaults, each at most once.",
		"type":        "array", "minItems": 1,
	},
	"vault_id": {
		"description": "The vault's ID, as the dashboard shows it.",
		"type":        "string", "pattern": `^vlt_[0-7][0-9A-HJKMNP-TV-Z]{25}$`,
	},
	"secrets": {
		"description":   "What is wanted of each secret, by its env_key. {} if nothing is.",
		"type":          "object",
		"propertyNames": object{"pattern": variableName, "not": object{"pattern": "^(CCASECRET_|NAIRI_|CCAGENT_)"}},
	},
	"env": {
		"description": "The name of the variable of the step that holds the value. Without env and file the value is left alone.",
		"type":        "string", "pattern": variableName,
	},
	"value_encoding": {
		"description": "How the value is written: text, or base64 of the text to store. Left out, it is text.",
		"enum":        []string{"text", Base64},
	},
	"file": {
		"description": "The name of the file that holds the value, in the working folder. Not one that is committed.",
		"type":        "string", "pattern": `^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$`,
		"not": object{"pattern": `^(/|\.\./|\.\.$)|(^|[/\\])\.[gG][iI][tT]([/\\]|$)`},
	},
	"allowed_domains": {
		"description": "The only hosts the secret may be sent to, as api.example.com or \"*.example.com\". Replaces the list that is there; left out, the list is left alone.",
		"anyOf":       []object{{"type": "array", "minItems": 1, "maxItems": maxDomains, "items": domainSchema()}, domainSchema()},
	},
	"any_domain": {
		"description": "true lets the secret go to any host: the only way to a secret without a list.",
		"type":        "boolean",
	},
	"absent": {
		"description": "true deletes the secret. It stands alone.",
		"type":        "boolean",
	},
	"allow_suspicious": {
		"description": "true stores the value even if it looks like a mistake, such as a template that nothing filled in.",
		"type":        "boolean",
	},
}

// entryRules are what the keys of an entry say between them.
func entryRules() []object {
	is := func(key string) object {
		return object{"required": []string{key}, "properties": object{key: object{"const": true}}}
	}
	has := func(key ...string) object { return object{"required": key} }
	return []object{
		{"not": has("env", "file")},
		{"if": has("value_encoding"), "then": object{"anyOf": []object{has("env"), has("file")}}},
		{"not": object{"allOf": []object{is("any_domain"), has("allowed_domains")}}},
		{"if": is("absent"), "then": object{"maxProperties": 1}},
		{"if": has("allow_suspicious"), "then": object{"anyOf": []object{has("env"), has("file")}}},
		{"anyOf": []object{has("env"), has("file"), has("allowed_domains"), is("any_domain"), is("absent")}},
	}
}

// keysOnly is a mapping with these keys; what is in the one of them that holds
// further mappings is under inner.
func keysOnly(t *testing.T, names []string, inner object) object {
	t.Helper()
	properties := object{}
	for _, name := range names {
		if keySchemas[name] == nil {
			t.Fatalf("the schema does not describe %s", name)
		}
		properties[name] = keySchemas[name]
	}
	for name, more := range inner {
		described := maps.Clone(keySchemas[name])
		maps.Copy(described, more.(object))
		properties[name] = described
	}
	return object{"type": "object", "additionalProperties": false, "properties": properties}
}

// schemaText is the schema as it is published, made of the tables of the code.
// It is of draft 7, the newest that yaml-language-server reads in full.
func schemaText(t *testing.T) []byte {
	t.Helper()
	inFiles := slices.DeleteFunc(entryKeys.names(), func(name string) bool { return name == "value" })
	entry := keysOnly(t, inFiles, nil)
	entry["allOf"] = entryRules()
	vault := keysOnly(t, vaultKeys.names(), object{"secrets": object{"additionalProperties": entry}})
	vault["required"] = vaultKeys.names()
	file := keysOnly(t, fileKeys.names(), object{"vaults": object{"items": vault}})
	file["required"] = fileKeys.names()
	file["$schema"], file["$id"] = "http://json-schema.org/draft-07/schema#", schemaURL
	file["title"], file["description"] = "Nairi vaults as code", "What vaults should hold, for nairi-community/vault-secret. Never a value."
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(file); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestSchemaIsThatOfTheCode(t *testing.T) {
	t.Parallel()
	want := schemaText(t)
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("go test ./internal/manifest -run Schema -update writes it\n- code, + file:\n%s", diff)
	}
}
