package domains

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/network"
)

// International labels are read by the idna.Lookup that net/http has a copy of, through
// network.Dialed: to import golang.org/x/net/idna as well would put it, and the tables of
// Unicode that it needs, into the program a second time (184 KB, of which 38 KB are left
// when it is compressed). The tests hold both functions against that package.

// toASCII is a label with characters beyond ASCII as idna.Lookup.ToASCII maps it;
// false if it cannot be one. The copy of net/http takes some characters beyond the
// first 65,536 for others when it composes what follows them: a label with those is
// taken only if nothing in it changes but its case.
func toASCII(label string) (string, bool) {
	if strings.ContainsFunc(label, func(r rune) bool { return r < utf8.RuneSelf && !ascii.Only(string(r), hostCharacters) }) {
		return "", false // a URL would be cut there
	}
	spelled := network.Dialed(label)
	if !isASCII(spelled) {
		return "", false
	}
	if strings.ContainsFunc(label, func(r rune) bool { return r > math.MaxUint16 }) {
		decoded, ok := decodeLabel(spelled)
		return spelled, ok && decoded == strings.ToLower(label)
	}
	return spelled, true
}

// toUnicode is a label that begins with xn-- as it is read; false if it is not the
// ASCII form of what it decodes to.
func toUnicode(label string) (string, bool) {
	label = strings.ToLower(label)
	decoded, ok := decodeLabel(label)
	if !ok || isASCII(decoded) {
		return "", false
	}
	encoded, ok := toASCII(decoded)
	return decoded, ok && encoded == label
}

func decodeLabel(label string) (string, bool) {
	encoded, ok := strings.CutPrefix(label, "xn--")
	if !ok {
		return "", false
	}
	return decodePunycode(encoded)
}

// Parameters of Punycode (RFC 3492, section 5).
const (
	punyBase        = 36
	punyMin         = 1
	punyMax         = 26
	punySkew        = 38
	punyDamp        = 700
	punyInitialBias = 72
	punyInitialRune = 0x80
)

// decodePunycode decodes a label in lower case, without its xn-- (RFC 3492,
// section 6.2).
func decodePunycode(encoded string) (string, bool) {
	at := strings.LastIndex(encoded, "-")
	runes := []rune(encoded[:max(at, 0)])
	next, i, bias := punyInitialRune, 0, punyInitialBias
	for rest := encoded[at+1:]; rest != ""; i++ {
		start := i
		for k, weight := punyBase, 1; ; k += punyBase {
			if rest == "" {
				return "", false
			}
			digit := strings.IndexByte("abcdefghijklmnopqrstuvwxyz0123456789", rest[0])
			if rest = rest[1:]; digit < 0 || weight > math.MaxInt32 {
				return "", false
			}
			i += digit * weight
			threshold := min(max(k-bias, punyMin), punyMax)
			if digit < threshold {
				break
			}
			weight *= punyBase - threshold
		}
		length := len(runes) + 1
		bias = adapt(i-start, length, start == 0)
		next += i / length
		i %= length
		if next > utf8.MaxRune {
			return "", false
		}
		runes = append(runes, 0)
		copy(runes[i+1:], runes[i:])
		runes[i] = rune(next)
	}
	return string(runes), true
}

// adapt is the next bias (RFC 3492, section 6.1).
func adapt(delta, length int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / length
	k := 0
	for ; delta > (punyBase-punyMin)*punyMax/2; k += punyBase {
		delta /= punyBase - punyMin
	}
	return k + (punyBase-punyMin+1)*delta/(delta+punySkew)
}
