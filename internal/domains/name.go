package domains

import (
	"errors"
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// wildcard begins an entry for the hosts below a name.
const wildcard = star + "."

// Limits of a host name and of one label of it (RFC 1035, section 2.3.4).
const (
	maxName  = 253
	maxLabel = 63
)

// hostCharacters are those of a label in ASCII.
const hostCharacters = ascii.Word + "-"

// What is wrong with the form of a name.
var (
	errEmpty      = errors.New("is empty. Write a host, as in api.example.com")
	errLong       = errors.New("is longer than the 253 characters a host name can have")
	errDots       = errors.New("has two dots in a row, with nothing between them. Write a host, as in api.example.com")
	errLongLabel  = errors.New("has more than 63 characters between two dots, which no host name has")
	errHyphen     = errors.New("has a hyphen beside a dot or at an end, where no host name has one")
	errCharacter  = errors.New("has a character that no host name has. Write a host, as in api.example.com")
	errNumber     = errors.New("ends in a number and is no whole address. Write a host, as in api.example.com, or all four numbers")
	errNoWildcard = errors.New("is a wildcard over an address. Write the address itself")
)

// key is an entry as it is compared: its normal form or, if it is neither a host
// nor a wildcard, its text.
func key(entry string) string {
	if plain(entry) {
		return entry
	}
	if name, err := normal(entry); err == nil {
		return name
	}
	return entry
}

// plain tells most entries, which are in their normal form already.
func plain(entry string) bool {
	const set = ascii.Lower + ascii.Digits + "-._*"
	return ascii.Only(entry, set) && !strings.HasSuffix(entry, ".")
}

// normal is a host, or a wildcard over one, as it is sent and compared: in ASCII
// and lower case, without a final dot; of an address the shortest spelling.
func normal(entry string) (string, error) {
	host, isWildcard := strings.CutPrefix(entry, wildcard)
	if address, ok := address(host); ok {
		if isWildcard {
			return "", errNoWildcard
		}
		return address.String(), nil
	}
	name, err := hostName(host)
	if err == nil && isWildcard {
		name = wildcard + name
	}
	return name, err
}

// address reads an address, also between brackets as in a URL. One with a zone
// means another host on each machine, and is none.
func address(text string) (netip.Addr, bool) {
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		text = text[1 : len(text)-1]
	}
	text = strings.TrimSuffix(text, ".")
	if !strings.Contains(text, ":") && !ascii.Only(text, ascii.Digits+".") {
		return netip.Addr{}, false // without the error that a name would be
	}
	found, err := netip.ParseAddr(text)
	return found, err == nil && found.Zone() == ""
}

// dotted is a character, or a dot for what UTS #46 takes for one.
func dotted(r rune) rune {
	switch r {
	case '\u3002', '\uff0e', '\uff61':
		return '.'
	}
	return r
}

// hostName is a name in its normal form.
func hostName(text string) (string, error) {
	text = strings.TrimSuffix(strings.Map(dotted, text), ".")
	if text == "" {
		return "", errEmpty
	}
	labels := strings.Split(text, ".")
	for i, text := range labels {
		normalized, err := label(text)
		if err != nil {
			return "", err
		}
		labels[i] = normalized
	}
	name := strings.Join(labels, ".")
	if len(name) > maxName {
		return "", errLong
	}
	if _, isAddress := address(name); !isAddress && isNumber(labels[len(labels)-1]) {
		return "", errNumber
	}
	return name, nil
}

// label is one label in its normal form. The profile for looking names up is
// asked of what is not ASCII alone: it refuses the underscores and the hyphens
// side by side that hosts have, as r3---sn-aigl6nek.googlevideo.com.
func label(text string) (string, error) {
	if !isASCII(text) {
		mapped, ok := toASCII(text)
		if !ok || strings.ContainsRune(text, utf8.RuneError) {
			return "", errCharacter
		}
		text = mapped
	}
	switch {
	case text == "":
		return "", errDots
	case !ascii.Only(text, hostCharacters):
		return "", errCharacter
	case len(text) > maxLabel:
		return "", errLongLabel
	case strings.Trim(text, "-") != text:
		return "", errHyphen
	}
	return strings.ToLower(text), nil
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// isNumber reports whether browsers take a last label for a part of an address
// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
func isNumber(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return ascii.Only(hex, ascii.Digits+"abcdef")
	}
	return ascii.Only(label, ascii.Digits)
}
