package samples

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// InKey reports whether a name is in a key of a mapping anywhere in a text of YAML.
func InKey(text, name string) bool {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return false
	}
	var in func(n *yaml.Node) bool
	in = func(n *yaml.Node) bool {
		for i, child := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 && strings.Contains(child.Value, name) || in(child) {
				return true
			}
		}
		return false
	}
	return in(&doc)
}
