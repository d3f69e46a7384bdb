package nairi

import (
	"net/url"
	"strings"

	"github.com/nairi-community/vault-secret/internal/network"
)

// DefaultBaseURL is where the API is served.
const DefaultBaseURL = "https://api.nairi.ai"

// apiPrefix begins every path of the public API. The vendor's own client takes
// NAIRI_BASE_URL with or without it, and so do we.
const apiPrefix = "/api/public/v1"

// ParseBaseURL checks the address of the API, as network.ParseURL does, and
// completes its path.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := network.ParseURL(text, DefaultBaseURL)
	if err == nil && !strings.HasSuffix(u.Path, apiPrefix) {
		u.Path += apiPrefix
	}
	return u, err
}
