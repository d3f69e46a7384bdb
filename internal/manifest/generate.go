package manifest

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/generate"
)

// kind reads how a value is made. What it needs is checked when all keys are known.
func (r *reader) kind(at place, n *yaml.Node, d *draft) {
	if d.made.Kind, _ = text(n); !slices.Contains(generate.Kinds, generate.Kind(d.made.Kind)) {
		r.add(n, at, "must be one of "+generate.KindsInWords())
		d.made.Kind = ""
	}
}

// size reads how many bytes or characters there are; "" for what is no number. One that
// begins with 0 is another to YAML 1.1.
func (r *reader) size(at place, n *yaml.Node) string {
	octal := len(n.Value) > 1 && n.Value[0] == '0'
	if n.Kind != yaml.ScalarNode || n.Tag == textTag || n.Value == "" || octal || !ascii.Only(n.Value, ascii.Digits) {
		r.add(n, at, "must be a whole number, without quotes")
		return ""
	}
	return n.Value
}

// symbols reads which symbols a password has; "" for what is no choice of them.
func (r *reader) symbols(at place, n *yaml.Node) string {
	word, _ := text(n)
	if !slices.Contains(generate.SymbolChoices, generate.Symbols(word)) {
		r.add(n, at, "must be one of "+generate.SymbolsInWords())
		return ""
	}
	return word
}

// spec is how the value of an entry is made; nil if it is given, or if that is not clear.
func (r *reader) spec(parent string, d *draft, keys given) *generate.Spec {
	if d.made.Kind == "" {
		return nil
	}
	spec, faults := d.made.Parse()
	for _, fault := range faults {
		key := string(fault.Field)
		r.note(keys[key], place{parent, key}, fault.Err.Error())
	}
	return &spec
}

// fromMade are the keys that contradict a value that is made, and why.
var fromMade = []struct{ key, why string }{
	{"env", oneValue},
	{"file", oneValue},
	{"value", oneValue},
	{"value_encoding", "has value_encoding, which is for a value that is given, and generate makes one. Remove it"},
	{"allow_suspicious", "has allow_suspicious, which is for a value that is given, and generate makes one. Remove it"},
}

const oneValue = "has generate, which makes a value, and another one is given. Keep one of them"

// ofMade are the keys that mean nothing without a value that is made.
var ofMade = []generate.Field{generate.FieldBytes, generate.FieldLength, generate.FieldSymbols}

// madeAndGiven is what cannot be meant together about a value that is made; "" for nothing.
func (d *draft) madeAndGiven(keys given) string {
	if !keys.has(string(generate.FieldKind)) {
		for _, of := range ofMade {
			if keys.has(string(of)) {
				return "has " + string(of) + " without generate, which makes the value. Set generate too, or remove it"
			}
		}
		return ""
	}
	for _, not := range fromMade {
		if keys.has(not.key) {
			return not.why
		}
	}
	if d.Values == always {
		return "has generate and values: always, which would make a new value in each run. Set rotated or max_age instead"
	}
	return ""
}
