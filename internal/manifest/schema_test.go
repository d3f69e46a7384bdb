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

	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/mirror"
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

// agePattern is any number of hours, days or weeks up to maxAge.
const agePattern = `^([1-9][0-9]{0,3}h|[1-7][0-9]{4}h|8[0-6][0-9]{3}h|87[0-5][0-9]{2}h|87600h` +
	`|[1-9][0-9]{0,2}d|[12][0-9]{3}d|3[0-5][0-9]{2}d|36[0-4][0-9]d|3650d|[1-9][0-9]?w|[1-4][0-9]{2}w|5[01][0-9]w|52[01]w)$`

// variableName is ascii.Name as a pattern.
const variableName = `^[A-Za-z_][A-Za-z0-9_]*$`

// Parts of the schema that several keys have.
var (
	hostsSchema    = object{"$ref": "#/definitions/hosts"}
	someHosts      = []object{{"type": "array", "minItems": 1, "maxItems": maxDomains, "items": domainSchema()}, domainSchema()}
	patternSchema  = object{"type": "string", "pattern": `^[A-Za-z_*][A-Za-z0-9_*]{0,63}$`}
	listNameSchema = object{"type": "string", "pattern": listName}
)

// mirrorSchema is a target as mirror.Parse takes it.
var mirrorSchema = object{"type": "string", "not": object{"pattern": `^[a-z]+:(\.+([/:]|$)|[^/]*/\.+(/|$)|[^/]*/[^/]*/\.+$)`}, "anyOf": []object{
	{"pattern": `^(repo|dependabot):` + nameOnGitHub + `/` + nameOnGitHub + `$`},
	{"pattern": `^env:` + nameOnGitHub + `/` + nameOnGitHub + `/[^\x00-\x20\x7f-\xa0]([^\x00-\x1f\x7f]{0,253}[^\x00-\x20\x7f-\xa0])?$`},
	{"pattern": `^org:` + nameOnGitHub + `(:(all|private|selected))?$`},
}}

// nameOnGitHub is that of an owner, or of a repository.
const nameOnGitHub = `[A-Za-z0-9_.-]{1,100}`

// listName is a name of one of domain_lists.
const listName = `^[A-Za-z0-9_.-]{1,64}$`

// envKeySchema is nairi.CheckEnvKey.
func envKeySchema() object {
	return object{"pattern": variableName, "maxLength": 1024, "not": object{"pattern": "^(CCASECRET_|NAIRI_|CCAGENT_)"}}
}

// keySchemas describe every key of the tables, by its name. That value has none
// is what refuses it in a file.
var keySchemas = map[string]object{
	"vaults": {
		"description": "The vaults, each at most once.",
		"type":        "array", "minItems": 1,
	},
	"vault_id": {
		"description": "The vault's ID, as the dashboard shows it, or ${NAME} for the variable of the step that holds it.",
		"type":        "string", "pattern": `^(vlt_[0-7][0-9A-HJKMNP-TV-Z]{25}|\$\{[A-Za-z_][A-Za-z0-9_]*\})$`,
	},
	"secrets": {
		"description":   "What is wanted of each secret, by its env_key. {} if nothing is.",
		"type":          "object",
		"propertyNames": envKeySchema(),
	},
	"domain_lists": {
		"description":          "Lists of hosts by names of your own, for domain_list.",
		"type":                 "object",
		"propertyNames":        object{"pattern": listName},
		"additionalProperties": hostsSchema,
	},
	"defaults": {
		"description":   "What the secrets have that do not say otherwise. Those of a vault come before those of the file.",
		"minProperties": 1,
		"not":           object{"required": []string{"allowed_domains", "domain_list"}},
	},
	"unmanaged": {
		"description": "error fails if a vault has a secret that no file names; show only shows it.",
		"enum":        []string{"show", "error"},
	},
	"names": {
		"description": "Patterns of the names that this file owns of the vault, as in BILLING_*. It changes no others.",
		"anyOf":       []object{{"type": "array", "minItems": 1, "maxItems": maxPatterns, "items": patternSchema}, patternSchema},
	},
	"allow_empty": {
		"description": "true lets the vault lose all of its secrets.",
		"type":        "boolean",
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
	"generate": {
		"description": "A new random value of this kind, made when the secret is created, when rotated is later than its last change, or when that was longer ago than max_age.",
		"enum":        generate.Kinds,
	},
	"generate_bytes": {
		"description": "How many random bytes base64url and hex have. Left out, 32.",
		"type":        "integer", "maximum": generate.Most,
	},
	"generate_length": {
		"description": "How many characters alphanumeric and password have. Left out, 32.",
		"type":        "integer", "maximum": generate.Most,
	},
	"generate_symbols": {
		"description": "Which symbols a password has: safe (those that need no quotes in a shell, a URL or YAML), all or none. Left out, safe.",
		"enum":        generate.SymbolChoices,
	},
	"mirror": {
		"description": "Secrets of GitHub that get the same value, as repo:octo/cats, env:octo/cats/production, org:octo:private or dependabot:octo/cats.",
		"anyOf":       []object{{"type": "array", "minItems": 1, "maxItems": mirror.Most, "items": mirrorSchema}, mirrorSchema},
	},
	"allowed_domains": {
		"description": "The only hosts the secret may be sent to, as api.example.com or \"*.example.com\". Replaces the list that is there; left out, the list is left alone.",
		"allOf":       []object{hostsSchema},
	},
	"domain_list": {
		"description": "The name of one of domain_lists, or several, in place of allowed_domains.",
		"anyOf":       []object{{"type": "array", "minItems": 1, "items": listNameSchema}, listNameSchema},
	},
	"rotated": {
		"description": "When the value was last rotated, as a date or a time in UTC: it is written only if the secret was last changed before. A date is its first moment.",
		"type":        "string", "pattern": `^[2-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z)?$`,
	},
	"max_age": {
		"description": "How old the value may become, for operation: check, and for a lint by its date: a whole number of hours, days or weeks, as in 90d.",
		"type":        "string", "pattern": agePattern,
	},
	"values": {
		"description": "When the value of a secret that is there is written.",
		"enum":        ValueModes,
	},
	"renamed_from": {
		"description": "The name that the secret had. It is created under its new name, and then deleted under the old one.",
		"type":        "string", "allOf": []object{envKeySchema()},
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
	value := object{"anyOf": []object{has("env"), has("file"), has("generate")}}
	rules := []object{
		{"not": has("env", "file")},
		{"not": has("allowed_domains", "domain_list")},
		{"not": object{"allOf": []object{is("any_domain"), {"anyOf": []object{has("allowed_domains"), has("domain_list")}}}}},
		{"if": is("absent"), "then": object{"maxProperties": 1}},
		{"anyOf": []object{
			has("env"), has("file"), has("generate"), has("allowed_domains"), has("domain_list"), has("max_age"), is("any_domain"), is("absent"),
		}},
	}
	for _, of := range ofValue {
		rules = append(rules, object{"if": has(of.key), "then": value})
	}
	return append(rules, madeRules()...)
}

// madeRules are what the keys say of a value that is made.
func madeRules() []object {
	has := func(key string) object { return object{"required": []string{key}} }
	var rules []object
	for _, not := range fromMade {
		rules = append(rules, object{"not": object{"required": []string{"generate", not.key}}})
	}
	rules = append(rules, object{"not": object{"required": []string{"generate", "values"}, "properties": object{"values": object{"const": always}}}})
	sizes := map[generate.Field][]any{}
	for _, kind := range generate.Kinds {
		if key := sizeKey(kind); key != "" {
			sizes[key] = append(sizes[key], kind)
		}
	}
	sizes[generate.FieldSymbols] = []any{generate.Password}
	for _, key := range ofMade {
		rules = append(rules, object{"if": has(string(key)), "then": object{"required": []string{"generate"}, "properties": object{"generate": object{"enum": sizes[key]}}}})
	}
	for _, kind := range generate.Kinds {
		for _, symbols := range generate.SymbolChoices {
			if rule := leastRule(kind, symbols); rule != nil && (kind == generate.Password || symbols == generate.SafeSymbols) {
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

// sizeKey is the key of the size of a kind; "" for one that has one size.
func sizeKey(kind generate.Kind) generate.Field {
	switch {
	case kind.CountsBytes():
		return generate.FieldBytes
	case kind.CountsCharacters():
		return generate.FieldLength
	}
	return ""
}

// leastRule says how long a value must be at least; nil for a kind that has one size.
func leastRule(kind generate.Kind, symbols generate.Symbols) object {
	key := string(sizeKey(kind))
	if key == "" {
		return nil
	}
	least := generate.Spec{Kind: kind, Symbols: symbols}
	for least.Size = 1; least.Check() != nil; least.Size++ {
	}
	is := object{"generate": object{"const": kind}}
	required := []string{"generate"}
	if kind == generate.Password {
		if is["generate_symbols"] = (object{"const": symbols}); symbols != generate.SafeSymbols { // which is the default
			required = append(required, "generate_symbols")
		}
	}
	return object{"if": object{"required": required, "properties": is}, "then": object{"properties": object{key: object{"minimum": least.Size}}}}
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
	around := keysOnly(t, defaultKeys.names(), nil)
	vault := keysOnly(t, vaultKeys.names(), object{"secrets": object{"additionalProperties": entry}, "defaults": around})
	vault["required"] = needed
	file := keysOnly(t, fileKeys.names(), object{"vaults": object{"items": vault}, "defaults": around})
	file["required"] = []string{"vaults"}
	file["definitions"] = object{"hosts": object{"anyOf": someHosts}}
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
