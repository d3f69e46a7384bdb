// Package nairi is a client of the vault-secret endpoints of Nairi's public API
// (https://nairi.ai/docs/api/vault-secrets/overview), and knows the API's rules
// for IDs, names, keys and domains. It alone knows its URLs, JSON and statuses.
//
// A value goes out in a request body and nowhere else. No error holds a value,
// a key, a header or a body; of a server's answer to a failed request an error
// holds the documented "error" text, redacted and cut, and nothing more.
package nairi
