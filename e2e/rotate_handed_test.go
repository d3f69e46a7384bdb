package e2e

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// handedOver is a workflow for a value that a person hands over as a secret of an
// environment, and which a service takes before the vault gets it.
type handedOver struct {
	env    held
	vault  vault
	job    job
	secret string // its name in the environment
	value  string
	says   string // the log of a run that stores it
}

func newHandedOver(t *testing.T, workflow, secret, envKey, value string, needs ...string) handedOver {
	t.Helper()
	for _, name := range needs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("there is no %s: the rotation of %s is not run", name, envKey)
		}
	}
	h := handedOver{env: held{envKey, oldValue, []string{"api.example.com"}}, vault: newVault(t), secret: secret, value: value}
	h.vault.hold(h.env)
	h.job = job{
		text: workflow, event: "workflow_dispatch", vault: h.vault, repository: userRepository(t), secrets: map[string]string{secret: value},
	}
	return h
}

// check runs the workflow, where it should store the value.
func (h handedOver) check(t *testing.T) {
	t.Helper()
	got := h.job.run(t)
	got.succeeded(t)
	if !strings.Contains(got.log, h.says) {
		t.Errorf("%q is not in the log", h.says)
	}
	got.hides(t, h.value)
	h.vault.holds(t, held{h.env.EnvKey, h.value, h.env.Domains})
}

// checkStopped runs the workflow, where it should store nothing.
func (h handedOver) checkStopped(t *testing.T) {
	t.Helper()
	got := h.job.run(t)
	if !got.failed {
		t.Error("the job did not fail")
	}
	got.hides(t, h.value)
	h.vault.holds(t, h.env)
}

// checkEach runs the workflow as it goes wrong at each step, and after each as it should.
func (h handedOver) checkEach(t *testing.T, refuse func(bool)) {
	t.Helper()
	given := h.job.secrets
	h.job.secrets = nil
	h.checkStopped(t) // nobody has handed anything over
	h.job.secrets = given
	refuse(true)
	h.checkStopped(t)
	refuse(false)
	h.vault.script(t, "always*update:status=503")
	h.checkStopped(t)
	h.vault.Set(func(o *nairitest.Options) { o.Script = nil })
	h.check(t)
	h.check(t) // once more changes nothing
}

// githubApp stands for GitHub's API as far as a private key of an App needs it:
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
type githubApp struct {
	clientID string
	key      *rsa.PublicKey
	deleted  bool // the key
}

func (a *githubApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if r.URL.Path != "/app" || a.deleted || a.check(token) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"message": "A JSON web token could not be decoded"}`)
		return
	}
	_, _ = fmt.Fprintf(w, `{"id": 1, "client_id": %q, "slug": "cats"}`, a.clientID)
}

// check checks a JSON Web Token as GitHub does: RS256, issued in the past, and for ten
// minutes at most.
func (a *githubApp) check(token string) error {
	signed, signature, _ := cutLast(token, ".")
	head, payload, _ := strings.Cut(signed, ".")
	var header struct{ Alg, Typ string }
	var claims struct {
		Iat, Exp int64
		Iss      string
	}
	sig, err := base64.RawURLEncoding.DecodeString(signature)
	err = errors.Join(err, decodePart(head, &header), decodePart(payload, &claims))
	if err != nil {
		return err
	}
	now := time.Now().Unix()
	if header.Alg != "RS256" || claims.Iss != a.clientID || claims.Iat > now || claims.Exp <= now || claims.Exp > now+600 {
		return errors.New("the claims are not as GitHub wants them")
	}
	sum := sha256.Sum256([]byte(signed))
	return rsa.VerifyPKCS1v15(a.key, crypto.SHA256, sum[:], sig)
}

func decodePart(part string, into any) error {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// cutLast is strings.Cut at the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if at := strings.LastIndex(s, sep); at >= 0 {
		return s[:at], s[at+len(sep):], true
	}
	return s, "", false
}

func TestAKeyOfAGitHubAppIsRotated(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	app := &githubApp{clientID: "Iv23liSynthetic0App1", key: &key.PublicKey}
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	// PKCS #1, as GitHub makes it.
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	h := newHandedOver(t, read(t, "../examples/workflows/rotate-github-app.yml"), "APP_PRIVATE_KEY", "GITHUB_APP_KEY", strings.TrimSuffix(text, "\n"), "openssl", "curl", "jq")
	h.job.vars = map[string]string{"APP_CLIENT_ID": app.clientID}
	h.job.env = map[string]string{"GITHUB_API_URL": server.URL}
	h.says = "fingerprint=SHA256:" + fingerprint(t, &key.PublicKey)
	h.checkEach(t, func(refuse bool) { app.deleted = refuse })
}

// fingerprint is that by which the settings of an App name a key:
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps#verifying-private-keys
func fingerprint(t *testing.T, key *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// provider stands for an API whose keys only a person can make.
type provider struct {
	path, key string
	revoked   bool
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.URL.Path != p.path || r.Header.Get("Authorization") != "Bearer "+p.key || p.revoked {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("GitHub-Authentication-Token-Expiration", "2027-02-28 12:00:00 UTC")
	_, _ = fmt.Fprint(w, `{"login": "cats-bot"}`)
}

// named serves a handler over TLS, and makes the curl of a job take it for a host.
func (j *job) named(t *testing.T, host string, handler http.Handler) {
	t.Helper()
	certificate, ca, err := selfSigned(host, net.IPv4(127, 0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ca.pem"), string(ca), 0o600)
	write(t, filepath.Join(dir, ".curlrc"), fmt.Sprintf("cacert = %q\nconnect-to = \"%s:443:%s\"\n", filepath.Join(dir, "ca.pem"), host, server.Listener.Addr()), 0o600)
	j.environ = append(j.environ, "CURL_HOME="+dir)
}

const pastedKey = "pk_synthetic_7Qm2xV9cRt4LbN8sKd3W"

func TestAPastedKeyIsRotated(t *testing.T) {
	t.Parallel()
	p := &provider{path: "/v1/account", key: pastedKey}
	h := newHandedOver(t, read(t, "../examples/workflows/rotate-pasted.yml"), "PROVIDER_KEY", "PROVIDER_KEY", pastedKey, "curl")
	h.job.named(t, "api.example.com", p)
	h.checkEach(t, func(refuse bool) { p.revoked = refuse })
}

// On a schedule, nothing is stored, and an issue says that the key has grown too old.
func TestAPastedKeyThatGrewOldIsInAnIssue(t *testing.T) {
	t.Parallel()
	h := newHandedOver(t, read(t, "../examples/workflows/rotate-pasted.yml"), "PROVIDER_KEY", "PROVIDER_KEY", pastedKey)
	h.vault.age([]string{"PROVIDER_KEY"})
	h.job.event, h.job.payload = "schedule", payloads["on main"]
	server := githubtest.New(t, githubtest.Options{})
	h.job.on(server)

	got := h.job.run(t)

	got.succeeded(t)
	checkIssue(t, server, []string{"PROVIDER&#95;KEY"})
	h.vault.holds(t, h.env)
}

func TestAFineGrainedTokenIsRotated(t *testing.T) {
	t.Parallel()
	const token = "github_pat_synthetic_11AAAAAAA0aBcDeFgHiJk"
	p := &provider{path: "/user", key: token}
	h := newHandedOver(t, workflows(read(t, "../docs/rotation-keys.md"))[0], "BOT_TOKEN", "BOT_TOKEN", token, "curl")
	h.job.named(t, "api.github.com", p)
	h.checkEach(t, func(refuse bool) { p.revoked = refuse })
}
