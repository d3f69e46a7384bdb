package nairi

import (
	"bytes"
	"net/http"
	"slices"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// isRateLimit reports whether a refusal is for having sent too much: by its status, or
// by what a 403 says, which is the answer of some firewalls and gateways to a rate
// (Cloudflare's 1015, GitHub's secondary limits).
func isRateLimit(status int, header http.Header, body []byte) bool {
	switch status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		return header.Get("Retry-After") != "" || header.Get("X-Ratelimit-Remaining") == "0" || header.Get("Ratelimit-Remaining") == "0" ||
			speaksOfRates(body)
	}
	return false
}

// words of a body that speaks of a rate.
var rateWords = []string{
	"rate limit", "rate-limit", "rate_limit", "ratelimit", "rate exceeded", "too many requests", "request limit", "requests per",
	"throttl", "slow down", "error code: 1015", "error 1015",
}

// maxRateWords is how much of a body is looked at: a page says so in its title.
const maxRateWords = 4 << 10

func speaksOfRates(body []byte) bool {
	start := bytes.ToLower(body[:min(len(body), maxRateWords)])
	return slices.ContainsFunc(rateWords, func(words string) bool {
		at := bytes.Index(start, []byte(words))
		return at == 0 || at > 0 && !ascii.Only(string(start[at-1:at]), ascii.Letters) // and no moderate limit
	})
}
