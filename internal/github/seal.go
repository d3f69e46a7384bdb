package github

import (
	"encoding/base64"
	"io"

	gogithub "github.com/google/go-github/v60/github"
	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// publicKey is a key of GitHub's: it alone can read what is sealed with it.
type publicKey struct {
	id  string
	key [32]byte
}

// readKey reads a key as GitHub tells it, and reports whether it is one.
func readKey(told *gogithub.PublicKey) (publicKey, bool) {
	if told.KeyID == nil || told.Key == nil {
		return publicKey{}, false
	}
	raw, err := base64.StdEncoding.DecodeString(*told.Key)
	if err != nil || len(raw) != len(publicKey{}.key) || *told.KeyID == "" || !ascii.Only(*told.KeyID, ascii.Word) {
		return publicKey{}, false
	}
	if isWeak([32]byte(raw)) {
		return publicKey{}, false
	}
	return publicKey{*told.KeyID, [32]byte(raw)}, true
}

// isWeak reports whether a key is one of the few points with which every secret key comes to
// the same zeros: everybody could read what is sealed with it (RFC 7748, section 6.1).
// nacl/box does not look.
func isWeak(key [32]byte) bool {
	scalar := [32]byte{1} // clamped to a multiple of 8, as each secret key is
	_, err := curve25519.X25519(scalar[:], key[:])
	return err != nil
}

// seal encrypts a value as libsodium's crypto_box_seal does, in Base64
// (https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api).
func (k *publicKey) seal(value secret.Value, random io.Reader) (string, error) {
	sealed, err := box.SealAnonymous(nil, []byte(value.Reveal()), &k.key, random)
	return base64.StdEncoding.EncodeToString(sealed), err
}
