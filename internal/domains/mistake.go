package domains

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// ErrAnyHost is the cause of the error for an entry that stands for every host, or
// nearly every one. A list of such limits nothing: that any host is meant has a
// name of its own among the inputs.
var ErrAnyHost = errors.New("any host is asked for")

// mistake is a form that people give a host and that is none: how to tell it, what
// it is, and what to write instead.
type mistake struct {
	is      []string // the whole entry, in lower case
	begins  []string
	has     []string
	looks   func(entry string) bool
	says    string
	anyHost bool
}

// Error says what is wrong.
func (m *mistake) Error() string { return m.says }

// Is knows ErrAnyHost.
func (m *mistake) Is(target error) bool { return m.anyHost && target == ErrAnyHost }

const alone = ". Write the host alone, as in api.example.com"

// errSuffix is for a wildcard over a public suffix.
var errSuffix error = &mistake{
	says: "is a wildcard over a public suffix, below which anybody can get a host. " +
		"Write the hosts themselves, or a wildcard over a name that is yours, as in *.example.com",
	anyHost: true,
}

// mistakes are asked one after the other: the first one that fits has the words.
var mistakes = []mistake{
	{is: []string{"", ".", "*.."}, says: "is empty. Write a host, as in api.example.com"},
	{is: []string{"*", "*."}, says: "is a lone *, which names no host. Write hosts, as in *.example.com", anyHost: true},
	{is: []string{"any", "all", "any host", "all hosts", "anywhere", "everything", "everywhere"},
		says: "is a word for any host, not a host. Write hosts, as in api.example.com", anyHost: true},
	{is: []string{"none", "no", "nothing", "nowhere", "-", "no host", "no hosts"},
		says: "is a word for no host, but a list needs at least one. Write a host, as in api.example.com, or remove the list to keep the present hosts"},
	{is: []string{"null", "nil", "undefined", "<nil>", "<null>", "<no value>", "nan", "n/a"},
		says: "is what a program prints when it has no value, not a host. Write a host, as in api.example.com, or remove the list to keep the present hosts"},
	{is: []string{"true", "false", "yes", "on", "off"}, says: "is a yes or a no, not a host. Write a host, as in api.example.com"},
	{looks: func(entry string) bool { return entry == "Array" || entry == "Object" },
		says: "is only the word Array or Object, which an expression that is not text turns into. Pass the list with toJSON"},
	{begins: []string{"#", "//", ";", "--", "<!--", "/*"}, says: "is a comment. Put it on a line of its own that begins with #"},
	{has: []string{" #", "\t#", " //", "\t//"}, says: "has a comment after it. Put the comment on a line of its own that begins with #"},
	{has: []string{`"`, "'", "`", "\u201c", "\u201d", "\u201e", "\u2018", "\u2019", "\u00ab", "\u00bb"}, says: "has quotes in it. Write the host without them"},
	{begins: []string{"- ", "* ", "+ ", "\u2022"}, says: "begins like a line of a list in YAML or Markdown" + alone},
	{looks: isExpression, says: "looks like a regular expression. Write *.example.com for the hosts below a name"},
	{looks: isTemplate, says: "contains a variable or a placeholder that was not filled in. Write the host itself"},
	{begins: []string{"!", "~"}, says: "is an exception, and a list names only the hosts that are allowed. Leave it out"},
	{has: []string{"://"}, says: "has a scheme" + alone},
	{looks: isNetwork, says: "is an address with a mask, which stands for many. Write each address, or better the names of the hosts"},
	{has: []string{"/"}, says: "has a path" + alone},
	{has: []string{`\`}, says: "has a backslash in it" + alone},
	{has: []string{"?"}, says: "has a query" + alone},
	{has: []string{"#"}, says: "has a # in it" + alone + ", and a comment on a line of its own"},
	{looks: hasUser, says: "has a user name" + alone},
	{has: []string{"@"}, says: "has an @, as an e-mail address has" + alone},
	{looks: hasZone, says: "is an address with a zone, which means another host on each machine. Leave the zone out"},
	{looks: hasPort, says: "has a port" + alone},
	{has: []string{":"}, says: "has a colon in it, which no host name has" + alone},
	{looks: hasControl, says: "has a character in it that does not show. Type the host again"},
	{has: []string{"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"}, says: "has a dash in it that is no hyphen. Type the host again, with -"},
	{has: []string{"[", "]", "{", "}", "(", ")"}, says: "has brackets in it" + alone},
	{has: []string{","}, says: "has a comma in it. Make each host an entry of its own"},
	{has: []string{";", "|"}, says: "has a semicolon or a bar in it. Separate entries by commas or new lines"},
	{looks: hasSpace, says: "has a space in it. Separate entries by commas or new lines"},
	{has: []string{"%"}, says: "has a % in it, as a part of a URL has" + alone},
	{begins: []string{"."}, says: "begins with a dot. Write *.example.com for the hosts below a name, and example.com for that name itself"},
	{has: []string{"**"}, says: "has ** in it. A wildcard is one * for the whole first label, as in *.example.com"},
	{looks: hasInnerStar, says: "has a * that is not the whole first label. Write *.example.com"},
}

// mistaken is the mistake that an entry looks like; nil for none.
func mistaken(entry string) error {
	if _, isAddress := address(entry); isAddress {
		return nil
	}
	for i := range mistakes {
		if mistakes[i].fits(entry) {
			return &mistakes[i]
		}
	}
	return nil
}

func (m *mistake) fits(entry string) bool {
	return slices.ContainsFunc(m.is, func(word string) bool { return strings.EqualFold(entry, word) }) ||
		slices.ContainsFunc(m.begins, func(prefix string) bool { return strings.HasPrefix(entry, prefix) }) ||
		slices.ContainsFunc(m.has, func(part string) bool { return strings.Contains(entry, part) }) ||
		m.looks != nil && m.looks(entry)
}

func hasSpace(entry string) bool { return strings.ContainsFunc(entry, unicode.IsSpace) }

// hasControl leaves white space to hasSpace.
func hasControl(entry string) bool {
	return strings.ContainsFunc(entry, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

func hasInnerStar(entry string) bool {
	return strings.Contains(strings.TrimPrefix(entry, wildcard), star)
}

func isExpression(entry string) bool {
	for _, part := range []string{`\.`, `\w`, `\d`, ".+", "[^", "(?"} {
		if strings.Contains(entry, part) {
			return true
		}
	}
	return strings.HasPrefix(entry, "^") || strings.HasPrefix(entry, ".*") || strings.HasSuffix(entry, "$")
}

// isTemplate tells ${HOST}, {{ .Host }}, <host> and %HOST%.
func isTemplate(entry string) bool {
	return strings.ContainsAny(entry, "$<>") || strings.Contains(entry, "{{") || strings.Contains(entry, "{%") ||
		len(entry) > 2 && strings.HasPrefix(entry, "%") && strings.HasSuffix(entry, "%")
}

// isNetwork tells 10.0.0.0/8 and 10.0.0.0/255.0.0.0 from a path below an address.
func isNetwork(entry string) bool {
	before, mask, found := strings.Cut(entry, "/")
	if !found || mask == "" {
		return false
	}
	_, isAddress := address(before)
	shortened := before != "" && strings.Trim(before, "0123456789.") == ""
	_, err := netip.ParseAddr(mask)
	return (isAddress || shortened) && (err == nil || strings.Trim(mask, "0123456789") == "")
}

func hasUser(entry string) bool {
	user, _, found := strings.Cut(entry, "@")
	return found && strings.Contains(user, ":")
}

func hasZone(entry string) bool {
	before, _, found := strings.Cut(strings.Trim(entry, "[]"), "%")
	_, isAddress := address(before)
	return found && isAddress && strings.Contains(before, ":")
}

func hasPort(entry string) bool {
	at := strings.LastIndex(entry, ":")
	return at >= 0 && strings.Trim(entry[at+1:], "0123456789*") == "" && (strings.Count(entry, ":") == 1 || strings.Contains(entry, "]"))
}
