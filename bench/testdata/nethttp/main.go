// Nethttp changes one secret with net/http and nothing else, as a Go program does
// that follows https://nairi.ai/docs/api/vault-secrets/update.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	body, err := json.Marshal(map[string]any{
		"value":           os.Getenv("SECRET_VALUE"),
		"allowed_domains": []string{os.Getenv("ALLOWED_DOMAIN")},
	})
	if err != nil {
		log.Fatal(err)
	}
	url := os.Getenv("NAIRI_BASE_URL") + "/api/public/v1/vaults/" + os.Getenv("VAULT_ID") + "/secrets/" + os.Getenv("SECRET_ID")
	req, err := http.NewRequest(http.MethodPatch, url, bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("NAIRI_API_KEY"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		log.Fatal(resp.Status)
	}
	if _, err := io.Copy(os.Stdout, resp.Body); err != nil {
		log.Fatal(err)
	}
}
