package github_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// With some keys everybody can read what is sealed: the points of low order, in each of
// their spellings (https://cr.yp.to/ecdh.html#validate). Others have the wrong size.
func TestKeysThatKeepNoSecretAreRefused(t *testing.T) {
	t.Parallel()
	ones := strings.Repeat("ff", 30)
	for _, key := range []string{
		"", "00", strings.Repeat("41", 31), strings.Repeat("41", 33),
		strings.Repeat("00", 32),
		"01" + strings.Repeat("00", 31),
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ec" + ones + "7f", "ed" + ones + "7f", "ee" + ones + "7f", // p-1, p, p+1
		strings.Repeat("00", 31) + "80", "01" + strings.Repeat("00", 30) + "80", "ec" + ones + "ff", "ed" + ones + "ff", "ee" + ones + "ff",
	} {
		raw, err := hex.DecodeString(key)
		if err != nil {
			t.Fatal(err)
		}
		server := githubtest.New(t, githubtest.Options{})
		server.Fail(githubtest.Fault{On: "key", Answer: githubtest.Text(fmt.Sprintf(`{"key_id":"1","key":%q}`, base64.StdEncoding.EncodeToString(raw)))})
		const want = "read the public key of repo:octo/cats: 200 OK: the answer is not the documented JSON"
		_, err = secretsOf(t, server).Look(t.Context(), target(t, inRepo), "TOKEN")
		wantError(t, err, want)
		_, err = secretsOf(t, server).Write(t.Context(), target(t, inRepo), "TOKEN", secret.New(value))
		wantError(t, err, want)
		wantSecrets(t, server, inRepo)
	}
}

// A visibility that nobody documents is not handed back, nor left out.
func TestReadersThatNobodyKnowsAreNotKept(t *testing.T) {
	t.Parallel()
	for _, visibility := range []string{"", "everyone", "ALL", "private\n"} {
		server := githubtest.New(t, githubtest.Options{})
		server.AddSecret(inOrg, githubtest.Secret{Name: "TOKEN", Value: "old", Visibility: visibility})
		const want = "write TOKEN to org:octo: GitHub does not say who may read it in words that are known, so the mirror must"
		_, err := secretsOf(t, server).Look(t.Context(), target(t, inOrg), "TOKEN")
		wantError(t, err, want)
		_, err = secretsOf(t, server).Write(t.Context(), target(t, inOrg), "TOKEN", secret.New(value))
		wantError(t, err, want)
		if _, err := secretsOf(t, server).Write(t.Context(), target(t, inOrg+":private"), "TOKEN", secret.New(value)); err != nil {
			t.Errorf("%q, and the mirror names the readers: %v", visibility, err)
		}
	}
}

// A repository that moves from page to page while they are read is told twice, and another
// one not at all: a write would take the secret away from that.
func TestARepositoryThatIsToldTwiceIsNoOther(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"total_count":2,"repositories":[{"id":3},{"id":3}]}`: "the token sees 1 of the 2, and a write by it would take the secret away from the others",
		`{"total_count":2,"repositories":[{"id":3},null]}`:     "200 OK: the answer is not the documented JSON",
		`{"total_count":2,"repositories":[{"id":3},{"id":0}]}`: "200 OK: the answer is not the documented JSON",
	} {
		server := octo(t)
		server.Fail(githubtest.Fault{On: "selected", Answer: githubtest.Text(text)})
		_, err := secretsOf(t, server).Write(t.Context(), target(t, inOrg), "TOKEN", secret.New(value))
		wantError(t, err, "list the repositories that may read TOKEN of org:octo: "+want)
	}
}

// atWrite does something when a write is on the wire.
type atWrite struct {
	next http.RoundTripper
	do   func(*http.Request)
}

// RoundTrip implements http.RoundTripper.
func (a *atWrite) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut {
		a.do(r)
	}
	return a.next.RoundTrip(r)
}

// A run that is cancelled waits for the answer to what it has sent, until it is told to give
// that up.
func TestACancelledRunLearnsWhatBecameOfItsWrite(t *testing.T) {
	t.Parallel()
	for _, abandons := range []bool{false, true} {
		server := octo(t)
		ctx, cancel := context.WithCancel(t.Context())
		abandon := make(chan struct{})
		o := options(server)
		o.Abandon = abandon
		o.Transport = &atWrite{o.Transport, func(r *http.Request) {
			if cancel(); abandons {
				close(abandon)
				<-r.Context().Done()
			}
		}}
		_, err := newClient(t, o).Secrets(rand.Reader).Write(ctx, target(t, inOrg), "TOKEN", secret.New(value))
		if known := err == nil && server.Secrets(inOrg)[0].Value == value; known == abandons {
			t.Errorf("abandoned is %t: %v", abandons, err)
		}
		if abandons && !errors.Is(err, context.Canceled) && !errors.Is(err, mirror.ErrUnknown) {
			t.Errorf("it is not said to be cancelled: %v", err)
		}
	}
}
