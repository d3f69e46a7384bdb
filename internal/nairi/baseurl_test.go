package nairi_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// The vendor's own client takes the address with and without the path of the API.
func TestTheBaseURLMayLackThePathOfTheAPI(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		nairi.DefaultBaseURL:                          "https://api.nairi.ai/api/public/v1",
		"https://api.nairi.ai///":                     "https://api.nairi.ai/api/public/v1",
		"https://api.nairi.ai/api/public/v1":          "https://api.nairi.ai/api/public/v1",
		"https://api.nairi.ai/api/public/v1/":         "https://api.nairi.ai/api/public/v1",
		"https://example.com/gateway":                 "https://example.com/gateway/api/public/v1",
		"https://example.com/gateway/api/public/v1//": "https://example.com/gateway/api/public/v1",
		"https://example.com/myapi/public/v1":         "https://example.com/myapi/public/v1/api/public/v1",
		"https://example.com/a%20b":                   "https://example.com/a%20b/api/public/v1",
		"http://[::1]:8080":                           "http://[::1]:8080/api/public/v1",
	} {
		got, err := nairi.ParseBaseURL(text)
		if err != nil || got.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, got, err, want)
		}
	}
	const want = "must be a URL such as https://api.nairi.ai"
	if u, err := nairi.ParseBaseURL("api.nairi.ai"); u != nil || err == nil || err.Error() != want {
		t.Errorf("%v, %v; want %s", u, err, want)
	}
}
