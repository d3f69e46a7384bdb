package mask

import "strings"

// unreserved are the characters that RFC 3986, section 2.3, never escapes.
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

var (
	// strictEscape is RFC 3986's: .NET's Uri.EscapeDataString, jq's @uri,
	// curl's --data-urlencode.
	strictEscape = percent(unreserved)
	formEscape   = strictEscape.with(" ", "+")
	// pathEscape is Go's url.PathEscape.
	pathEscape = percent(unreserved + "$&+=:@")
	// componentEscape is JavaScript's encodeURIComponent.
	componentEscape = percent(unreserved + "!*'()")
)

// queryEscape is that of HTML forms: Go's url.QueryEscape.
func queryEscape(text string) string {
	if strings.IndexByte(text, ' ') < 0 {
		return text // as strictEscape has it
	}
	return formEscape.escape(text)
}

// percent returns the table that escapes all but the kept characters.
func percent(kept string) table {
	t, spell := keep(), inHex("%", upperDigits)
	for i := range len(t.size) {
		if strings.IndexByte(kept, byte(i)) < 0 {
			t.set(byte(i), spell(byte(i)))
		}
	}
	return t
}
