package suspect

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// nothings are what programs print when they have no value, in small letters:
// JSON and JavaScript, Python, Ruby and Go, C, Java and .NET, Swift, Terraform,
// SQL, spreadsheets.
var nothings = []string{
	"null", "undefined", "none", "nil", "nan", "nullptr", "nulll", "<nil>", "<null>", "<none>", "<undefined>", "<unset>", "<not set>", "<not-set>",
	"<empty>", "<missing>", "<no value>", "<not available>", "(null)", "(nil)",
	"(none)", "(undefined)", "(unset)", "(not set)", "(empty)", "(no value)",
	"[none]", "[undefined]", "[nil]", "[empty]", "[not set]", "map[]", "set()", "dict()", "list()", "n/a", "<n/a>", "void 0", "not set",
	"#n/a", "#ref!", "#name?", "#value!", "#null!", "std::nullopt", "dbnull", "system.dbnull", "optional.empty", "optional.none", "kotlin.unit",
	"java.lang.nullpointerexception", "nullnull", "undefinedundefined", "nonenone", ".nan",
}

// bareNothings are those that are words.
var bareNothings = []string{"null", "undefined", "none", "nil", "nan"}

// nothing is what is printed when there is no value.
func nothing(s *sample) bool {
	if s.lines {
		return false
	}
	object, isObject := s.document.(map[string]any)
	list, isList := s.document.([]any)
	if emptyPair(s.text) || slices.Contains([]string{"~", "()", `\n`}, s.core) || isObject && len(object) == 0 || isList && len(list) == 0 {
		return true
	}
	return s.anyPart(func(part string) bool {
		part = strings.ToLower(strings.TrimSpace(part))
		return slices.Contains(nothings, part) || pairOfNothings(part) || badVerb(part)
	})
}

// emptyPair is a pair of quotes around nothing.
func emptyPair(text string) bool { return slices.Contains(quotes, strings.TrimSpace(text)) }

// pairOfNothings is nothing where several were to be put together, as in
// undefined:undefined or user:null.
func pairOfNothings(part string) bool {
	words := strings.FieldsFunc(part, func(r rune) bool { return strings.ContainsRune(":/@ ,;|-_", r) })
	others := slices.DeleteFunc(words, func(word string) bool { return slices.Contains(bareNothings, word) })
	if len(others) == 0 {
		return len(words) > 0
	}
	user, password, found := strings.Cut(part, ":")
	return found && slices.Contains(bareNothings, password) && ascii.Only(user, ascii.Word+"-.")
}

// verbErrors are what it says besides, in small letters.
var verbErrors = []string{"<nil>", "missing", "noverb", "badwidth", "badprec", "badindex"}

// badVerb is what fmt.Sprintf writes of a missing or a wrong operand
// (https://pkg.go.dev/fmt#hdr-Format_errors).
func badVerb(part string) bool {
	for _, inner := range insides(part, [2]string{"%!", ")"}) {
		verb, operand, found := strings.Cut(inner, "(")
		kind, _, typed := strings.Cut(operand, "=")
		if found && len(verb) <= 1 && (typed && name(kind) || slices.Contains(verbErrors, operand)) {
			return true
		}
	}
	return false
}

// objects are what programs print of something that is no text, by its two ends.
var objects = [][2]string{
	{"[object ", "]"}, {"[Function", "]"}, {"[AsyncFunction", "]"}, {"[class ", "]"}, {"Promise {", "}"}, {"<Buffer ", ">"}, {"Symbol(", ")"}, // JavaScript
	{"<function ", ">"}, {"<bound method ", ">"}, {"<built-in ", ">"}, {"<class '", "'>"}, {"<coroutine ", ">"}, {"<generator ", ">"}, {"<Response [", "]>"}, // Python
	{"b'", "'"}, {`b"`, `"`}, {"bytearray(b'", "')"}, {"SecretStr('", "')"}, {"dict_values(", ")"}, {"dict_keys(", ")"}, {"<_io.", ">"},
	{"#<struct ", ">"}, {"HASH(0x", ")"}, {"ARRAY(0x", ")"}, {"SCALAR(0x", ")"}, {"CODE(0x", ")"}, // Ruby, Perl
	{"&map[", "]"},                                                                                                                  // Go
	{`Some("`, `")`}, {`Ok("`, `")`}, {`Err("`, `")`}, {`Secret("`, `")`}, {"Secret(", ")"}, {"Optional[", "]"}, {"Optional(", ")"}, // Rust, Java, Swift
	{"[Ljava.", ""}, {"java.lang.", ""}, {"java.util.", ""},
	{"System.Object", ""}, {"System.String", ""}, {"System.Byte", ""},
	{"System.Char", ""}, {"System.Collections.", ""}, {"System.Security.SecureString", ""},
	{"System.Management.Automation.", ""}, {"System.Linq.", ""}, {"System.Func", ""},
	{"System.Threading.Tasks.", ""}, {"Microsoft.PowerShell.", ""},
	{"Microsoft.Azure.Commands.", ""}, {"System.Text.", ""}, {"System.IO.", ""},
	{"System.Net.", ""}, {"System.Data.", ""}, {"System.Xml.", ""}, {"Newtonsoft.Json.", ""},
	{"<System.", ">"}, {"Calling [toString] on an [Output<T>]", ""},
}

// expressionObjects are what GitHub's expressions make of an object and a list in
// a text.
var expressionObjects = []string{"Object", "Array"}

// printedObject is what is printed of something that is no text.
func printedObject(s *sample) bool {
	if s.lines || s.document != nil {
		return false
	}
	return s.anyPart(func(part string) bool {
		object := strings.Contains(part, "[object ") && strings.Contains(part, "]")
		return object || slices.Contains(expressionObjects, part) || addressed(part) || numbersOnly(part) || printedMap(part) || enclosed(part)
	})
}

// enclosed reports whether a part has the ends of one of objects. A name without
// an end of its own is one word.
func enclosed(part string) bool {
	return slices.ContainsFunc(objects, func(pair [2]string) bool {
		inner, ok := between(part, pair[0], pair[1])
		return ok && (pair[1] != "" || !strings.Contains(inner, " ") || strings.Contains(pair[0], " "))
	})
}

// addressed is the address of an object, as Python, Java and Go print it.
func addressed(part string) bool {
	if _, python := between(part, "<", ">"); python && strings.Contains(part, " at 0x") {
		return true
	}
	if _, ruby := between(part, "#<", ">"); ruby && strings.Contains(part, ":0x") {
		return true
	}
	if pointer, ok := strings.CutPrefix(part, "0xc000"); ok && len(pointer) <= 8 {
		return ascii.Only(pointer, ascii.Digits+"abcdef")
	}
	class, hash, found := strings.Cut(part, "@")
	if array := slices.Contains([]string{"[B", "[C", "[I"}, class); array {
		return len(hash) <= 8 && ascii.Only(hash, ascii.Digits+"abcdef")
	}
	last := class[strings.LastIndexByte(class, '.')+1:]
	return found && len(hash) >= 5 && len(hash) <= 8 && ascii.Only(hash, ascii.Digits+"abcdef") && strings.Count(class, ".") >= 2 &&
		last != "" && ascii.Only(last[:1], ascii.Upper) && ascii.Only(class, ascii.Word+".$")
}

// numbersOnly is a list of bytes as Go prints it.
func numbersOnly(part string) bool {
	inner, ok := between(part, "[", "]")
	return ok && strings.Count(inner, " ") >= 2 && ascii.Only(inner, ascii.Digits+" ")
}

// printedMap is a map or a struct as Go or PowerShell prints it.
func printedMap(part string) bool {
	inner, isMap := between(part, "map[", "]")
	table, isTable := between(part, "@{", "}")
	fields, isStruct := between(part, "&{", "}")
	key, _, found := strings.Cut(table, "=")
	return isMap && strings.Contains(inner, ":") || isTable && found && name(key) || isStruct && strings.Contains(fields, " ")
}
