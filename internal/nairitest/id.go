package nairitest

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// Prefixes of IDs, from the table of https://nairi.ai/docs/api, and of keys,
// from https://nairi.ai/docs/help/using-the-api.
const (
	vaultPrefix  = "vlt_"
	secretPrefix = "sec_"
	keyPrefix    = "nr_"
)

// idSyntax is what the vendor's agent daemon asks of any ID: some prefix, and a
// ULID (github.com/nairiai/nairid, core/ids.go). It does not ask for the right
// prefix, so an ID of another kind is not malformed, only not there.
var idSyntax = regexp.MustCompile(`^[a-z0-9]+_[0-7][0-9A-HJKMNP-TV-Z]{25}$`)

// ValidVaultID reports whether text has the form of a vault's ID.
func ValidVaultID(text string) bool {
	return strings.HasPrefix(text, vaultPrefix) && idSyntax.MatchString(text)
}

// newKey makes a public API key: nr_ and 44 characters of URL-safe base64, of
// which the last is the padding that the dashboard's hint nr_…maA= shows.
func newKey(entropy io.Reader) string {
	var random [32]byte
	fill(random[:], entropy)
	return keyPrefix + base64.URLEncoding.EncodeToString(random[:])
}

// newID makes an ID of the time and of 80 random bits. A time that no ULID can
// hold, before 1970 or after 10889, leaves that part zero.
func newID(prefix string, now time.Time, entropy io.Reader) string {
	var id ulid.ULID
	_ = id.SetTime(ulid.Timestamp(now))
	fill(id[6:], entropy)
	return prefix + id.String()
}

// fill reads random bytes; crypto/rand, which never fails, stands in for
// entropy that has run dry.
func fill(random []byte, entropy io.Reader) {
	if _, err := io.ReadFull(entropy, random); err != nil {
		_, _ = rand.Read(random)
	}
}
