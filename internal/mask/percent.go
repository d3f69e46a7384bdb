package mask

import "strings"

// unreserved are the characters that RFC 3986, section 2.3, never escapes.
const unreserved = alphanumerics + "-._~"

var (
	// strictEscape is RFC 3986's: .NET's Uri.EscapeDataString, jq's @uri,
	// curl's --data-urlencode.
	strictEscape = percent(unreserved)
	formEscape   = strictEscape.with(" ", "+")
	// pathEscape is Go's url.PathEscape.
	pathEscape = percent(unreserved + "$&+=:@")
	// componentEscape is JavaScript's encodeURIComponent.
	componentEscape = percent(unreserved + "!*'()")
	// quoteEscape is Python's urllib.parse.quote.
	quoteEscape = percent(unreserved + "/")
	// uriEscape is JavaScript's encodeURI.
	uriEscape = percent(unreserved + "!*'();,/?:@&=+$#")
	// userEscape and urlPathEscape are those of Go's url.URL, for a password and for
	// a path.
	userEscape    = percent(unreserved + "$&+,;=")
	urlPathEscape = percent(unreserved + "$&+,/:;=@")
	// javaEscape, phpEscape and netEscape are URLEncoder, urlencode and
	// HttpUtility.UrlEncode, which write a form and do not agree on what to keep.
	javaEscape = percent(alphanumerics+"-._*").with(" ", "+")
	phpEscape  = percent(alphanumerics+"-._").with(" ", "+")
	netEscape  = percent(alphanumerics+"-._!*()").with(" ", "+")
)

// alphanumerics are what no percent-encoding escapes.
const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// small returns a percent-encoding with its digits in lower case, as .NET, Node's
// libraries and many servers write them.
func small(escape func(string) string) func(string) string {
	return func(text string) string {
		escaped := escape(text)
		if escaped == text {
			return text
		}
		digits := []byte(escaped)
		for i := 0; i+2 < len(digits); i++ {
			if digits[i] == '%' {
				digits[i+1], digits[i+2] = smallDigit(digits[i+1]), smallDigit(digits[i+2])
			}
		}
		return string(digits)
	}
}

func smallDigit(b byte) byte {
	if isCapital(b) {
		return b + 'a' - 'A'
	}
	return b
}

// queryEscape is that of HTML forms: Go's url.QueryEscape.
func queryEscape(text string) string {
	if strings.IndexByte(text, ' ') < 0 {
		return text // as strictEscape has it
	}
	return formEscape.escape(text)
}

// percent returns the spelling that escapes all but the kept characters.
func percent(kept string) spelling {
	return spelled(func() table {
		var t table
		for i := range t.size {
			b := byte(i)
			t.size[i] = 3
			t.spelling[i] = uint64('%') | uint64(upperDigits[b>>4])<<8 | uint64(upperDigits[b&15])<<16
		}
		for i := range len(kept) {
			t.spelling[kept[i]], t.size[kept[i]] = uint64(kept[i]), 1
		}
		return t
	})
}
