package report

import (
	"bytes"
	"strings"
)

// Object is all outputs as one JSON object, a line each and in their order: what is a
// number, a boolean or JSON already is that. An output that is not known is null, and the
// results are all that there are.
func (r *Report) Object() []byte {
	var object bytes.Buffer
	separator := "{\n"
	for _, output := range r.Outputs() {
		object.WriteString(separator + `  "` + output.Name + `": `)
		object.Write(r.member(output.Name, output.Value))
		separator = ",\n"
	}
	object.WriteString("\n}\n")
	return object.Bytes()
}

// member is an output as JSON.
func (r *Report) member(name, value string) []byte {
	switch {
	case name == "results": // the output leaves out those for which it has no room
		return bytes.ReplaceAll(r.AllResults(), []byte("\n"), nil) // of which none is in a text
	case value == "":
		return []byte("null")
	case isJSON(name):
		return []byte(value)
	}
	return mustJSON(value)
}

// isJSON reports whether an output is JSON as it stands.
func isJSON(name string) bool {
	switch name {
	case "changed", "drift", domainsOutput, "mirrors", "shards":
		return true
	}
	return strings.HasSuffix(name, "_count")
}
