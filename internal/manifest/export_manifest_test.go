package manifest

import (
	"fmt"
	"strings"
)

// What follows writes manifests as people do: in many styles, with comments everywhere.

// manifest is a random one, and the names in it.
func (c *chance) manifest() (text string, names []string) {
	w := &manifestWriter{chance: c, dash: c.IntN(3), gap: 2 + c.IntN(2), step: 1 + c.IntN(4)}
	if c.IntN(4) == 0 {
		w.line(0, c.one("---", "%YAML 1.1\n---", "# yaml-language-server: $schema=x"))
	}
	w.noise(0)
	if c.IntN(8) == 0 {
		w.flowFile()
	} else {
		w.line(0, "vaults:"+w.comment())
		for range 1 + c.IntN(3) {
			w.noise(w.dash)
			w.vault()
		}
	}
	w.noise(0)
	text = w.text.String()
	if c.IntN(10) == 0 {
		text += c.one("...\n", "...\n# behind\n")
	}
	if c.IntN(4) == 0 {
		text = strings.TrimSuffix(text, "\n")
	}
	if c.IntN(4) == 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if c.IntN(10) == 0 {
		text = "\uFEFF" + text
	}
	return text, w.names
}

type manifestWriter struct {
	*chance
	text            strings.Builder
	dash, gap, step int
	names           []string
}

func (w *manifestWriter) line(indent int, text string) {
	w.text.WriteString(strings.Repeat(" ", indent) + text + "\n")
}

// comment is the end of a line.
func (w *manifestWriter) comment() string {
	return w.one("", "", "", " ", "  # }, é", "\t# ] {a: b}", " # - x: 'y")
}

// noise are lines that say nothing.
func (w *manifestWriter) noise(indent int) {
	for range w.IntN(3) {
		w.line(0, w.one("", "  ", "# at the edge", strings.Repeat(" ", indent)+"# here: {a}", strings.Repeat(" ", indent+w.IntN(6))+"# - deeper"))
	}
}

func (w *manifestWriter) quoted(text string) string {
	return w.one(text, "'"+text+"'", `"`+text+`"`)
}

func (w *manifestWriter) vault() {
	keys := w.dash + w.gap
	first := strings.Repeat(" ", w.dash) + "-" + strings.Repeat(" ", w.gap-1)
	id := w.quoted("vault_id") + ": " + w.quoted(string(w.vaultID())) + w.comment()
	more := w.one("# more: {a}", "", "allow_empty: true", "unmanaged: error # }", "defaults: {}", "defaults: { max_age: 90d, any_domain: true }", "names: ['*']", "defaults:\n"+strings.Repeat(" ", keys+1)+"values: always")
	if w.IntN(2) == 0 {
		w.text.WriteString(first + id + "\n")
		w.noise(keys)
		w.secrets(strings.Repeat(" ", keys), keys)
		w.line(keys, more)
		return
	}
	w.secrets(first, keys)
	w.line(keys, more)
	w.noise(keys)
	w.line(keys, id)
}

func (w *manifestWriter) secrets(begin string, keys int) {
	w.text.WriteString(begin + w.quoted("secrets") + ":")
	switch w.IntN(6) {
	case 0:
		w.text.WriteString(w.one(" {}", " { }") + w.one("", " # {}") + "\n")
		return
	case 1:
		w.text.WriteString(" { " + strings.Join(w.flowEntries(), ", ") + w.one(" ", ", ", ",") + "} # in one line {}\n")
		return
	case 2:
		w.flowLines(keys)
		return
	}
	w.text.WriteString(w.comment() + "\n")
	for range 1 + w.IntN(5) {
		w.noise(keys + w.step)
		w.entry(keys + w.step)
	}
	w.noise(keys + w.step)
}

// fresh is a name that is not in the text yet.
func (w *manifestWriter) fresh() string {
	name := fmt.Sprintf("%s_%d", w.one("A", "B", "é", "TOKEN")[:1], len(w.names))
	if name[0] > 'Z' {
		name = "Z" + name[1:]
	}
	w.names = append(w.names, name)
	return name
}

func (w *manifestWriter) flowEntries() []string {
	var list []string
	for range 1 + w.IntN(4) {
		list = append(list, w.quoted(w.fresh())+": "+w.flowEntry())
	}
	return list
}

func (w *manifestWriter) flowEntry() string {
	return w.one(`{ env: A, allowed_domains: [a.example.com, "*.b.example"] }`, "{any_domain: true}", "{ absent: true, }", "{ file: 'it''s }' }",
		`{ file: "a \" , } é" }`, "{ allowed_domains: [a.example.com,] }", "{ file: a name, any_domain: true }", "{ allowed_domains: a.example.com }")
}

// flowLines are entries in braces over several lines.
func (w *manifestWriter) flowLines(keys int) {
	w.text.WriteString(" {" + w.comment() + "\n")
	list := w.flowEntries()
	if w.IntN(5) == 0 {
		list = nil
	}
	for i, entry := range list {
		w.noise(keys + w.step)
		if w.IntN(3) == 0 {
			entry = strings.Replace(entry, "{", "{ # {\n"+strings.Repeat(" ", keys+2*w.step), 1)
		}
		comma := ","
		if i == len(list)-1 {
			comma = w.one(",", "", " ,")
		}
		w.line(keys+w.step, entry+comma+w.comment())
	}
	w.noise(keys + w.step)
	w.line(keys+w.IntN(3)+1, "}"+w.comment())
}

func (w *manifestWriter) entry(indent int) {
	name, deeper := w.quoted(w.fresh()), indent+w.step
	if w.IntN(2) == 0 {
		w.line(indent, name+": "+w.flowEntry()+w.comment())
		return
	}
	if w.IntN(10) == 0 {
		w.line(indent, "? "+name)
		w.line(indent, ": "+w.flowEntry()+w.comment())
		return
	}
	w.line(indent, name+":"+w.comment())
	w.noise(deeper)
	pad := strings.Repeat(" ", deeper+w.step)
	switch w.IntN(7) {
	case 0:
		w.line(deeper, "any_domain: true"+w.comment())
	case 1:
		w.line(deeper, "allowed_domains:"+w.comment())
		w.line(deeper+w.IntN(3), "- a.example.com"+w.comment())
	case 2:
		w.line(deeper, "any_domain: true")
		w.line(deeper, "file: "+w.one(">-", "|-", ">-  # folded")+"\n"+pad+"a # name"+w.one("", " }"))
	case 3:
		w.line(deeper, "file: a name\n"+pad+"of two  lines"+w.comment())
	case 4:
		w.line(deeper, `file: "a \"name\"`+"\n"+pad+`of: # two"`+w.comment())
	case 5:
		w.line(deeper, "file: 'a ''name''\n"+pad+"of: # three'"+w.comment())
		w.line(deeper, "allowed_domains: [a.example.com,\n"+pad+"b.example.com # ]\n"+pad+"]"+w.comment())
	case 6:
		w.line(deeper, "allowed_domains: "+w.quoted("é.example.com")+w.comment())
	}
}

// flowFile is a file in braces.
func (w *manifestWriter) flowFile() {
	separator := w.one(" ", "\n", "\n  ")
	var vaults []string
	for range 1 + w.IntN(3) {
		vaults = append(vaults, fmt.Sprintf(`{"vault_id": "%s",%s"secrets": {%s}%s}`, w.vaultID(), separator, strings.Join(w.flowEntries(), ","+separator), w.one("", ",", " ", "\n")))
	}
	w.line(0, `{"vaults":`+separator+"["+strings.Join(vaults, ","+separator)+w.one("", ",", "\n", "\n ,")+"]"+w.one("", "\n")+"} # in one line {} {} {} {}")
}
