package input_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// certificate is one in PEM, and its DER.
func certificate(t *testing.T) (text string, der []byte) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	der = server.Certificate().Raw
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), der
}

// count is how many certificates a PEM holds.
func count(t *testing.T, text []byte) int {
	t.Helper()
	found := 0
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return found
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			t.Error(err)
		}
		found++
	}
}

// Certificates come as text, in base64 or as the name of a file, and through
// settings that take their line breaks away.
func TestCertificatesAreTakenInEveryFormTheyAreHandedAroundIn(t *testing.T) {
	t.Parallel()
	text, der := certificate(t)
	inBase64 := base64.StdEncoding.EncodeToString([]byte(text))
	key := "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
	for name, test := range map[string]struct {
		content string
		want    int
	}{
		"PEM":                              {text, 1},
		"two, and a comment":               {"# ours\n" + text + text, 2},
		"Windows line ends":                {strings.ReplaceAll(text, "\n", "\r\n"), 1},
		"line ends as \\n":                 {strings.ReplaceAll(text, "\n", `\n`), 1},
		"line ends as \\r\\n":              {strings.ReplaceAll(text+text, "\n", `\r\n`), 2},
		"folded into spaces":               {strings.ReplaceAll(text+text, "\n", " "), 2},
		"all line breaks lost":             {strings.ReplaceAll(text, "\n", ""), 1},
		"indented":                         {"  " + strings.ReplaceAll(text, "\n", "\n  "), 1},
		"base64 of PEM":                    {inBase64, 1},
		"base64 of two":                    {base64.StdEncoding.EncodeToString([]byte(text + text)), 2},
		"base64 in lines":                  {inBase64[:76] + "\n" + inBase64[76:] + "\n", 1},
		"base64 without padding, for URLs": {base64.RawURLEncoding.EncodeToString([]byte(text + " ")), 1},
		"base64 of PEM with \\n":           {base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", `\n`))), 1},
		"base64 of DER":                    {base64.StdEncoding.EncodeToString(der), 1},
		"a file of PEM":                    {" ca.pem\n", 1},
		"a file of DER":                    {"ca.der", 1},
		"a file of base64":                 {"ca.b64", 1},
		"beside a private key":             {text + key, 1},
	} {
		got := load(good(env{"INPUT_CA_CERT": test.content}), env{"ca.pem": text, "ca.der": string(der), "ca.b64": inBase64})
		got.wantProblems(t)
		if found := count(t, got.config.CACert); found != test.want {
			t.Errorf("%s: %d certificates, want %d", name, found, test.want)
		}
	}
}

func TestCertificatesThatCannotBeReadAreTold(t *testing.T) {
	t.Parallel()
	text, _ := certificate(t)
	const none = "ca_cert holds no certificate. Give one or more in PEM (-----BEGIN CERTIFICATE-----), as base64 of that, or the name of such a file"
	const broken = "ca_cert holds a certificate that cannot be read. Copy it whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"
	for content, want := range map[string]string{
		text[:len(text)/2]:                    broken,
		text[100:]:                            "ca_cert has several lines",
		"-----BEGIN CERTIFICATE REQUEST-----": none,
		"-----BEGIN CERTIFICATE-----":         broken,
		"empty.pem":                           none,
		base64.StdEncoding.EncodeToString([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")): broken,
		strings.Repeat("#", 1<<20) + "\n" + "-": "ca_cert has several lines",
		"long.pem":                              "ca_cert names a file that is too large: more than 1 MiB",
	} {
		files := env{"empty.pem": "", "long.pem": strings.Repeat("#", 1<<20) + text}
		load(good(env{"INPUT_CA_CERT": content}), files).wantProblems(t, want)
	}
	got := load(good(env{"INPUT_CA_CERT": text + text[:len(text)/2]}), nil)
	got.wantProblems(t)
	if d := cmp.Diff([]string{"ca_cert has 1 certificates that cannot be read and are left out. Copy them whole."}, got.config.Warnings.Lines()); d != "" {
		t.Error(d)
	}
}

// The other steps of a job trust what this variable names, and none of them fails
// for a file that is not there.
func TestCertificatesThatOtherStepsTrustAreTrusted(t *testing.T) {
	t.Parallel()
	text, _ := certificate(t)
	files := env{"extra.pem": text + text, "no.pem": "#"}
	got := load(good(env{"NODE_EXTRA_CA_CERTS": "extra.pem", "INPUT_CA_CERT": text}), files)
	got.wantProblems(t)
	if found := count(t, got.config.CACert) + count(t, got.config.ExtraCACert); found != 3 {
		t.Errorf("%d certificates", found)
	}
	if d := cmp.Diff([]string{"The certificates in the file of NODE_EXTRA_CA_CERTS are trusted too."}, got.config.Notes); d != "" {
		t.Error(d)
	}
	for name, why := range map[string]string{"gone.pem": "names a file that does not exist", "no.pem": "names a file that holds no certificate"} {
		got := load(good(env{"NODE_EXTRA_CA_CERTS": name}), files)
		got.wantProblems(t)
		want := []string{"NODE_EXTRA_CA_CERTS " + why + ". It is left out."}
		if d := cmp.Diff(want, got.config.Warnings.Lines()); d != "" || got.config.ExtraCACert != nil || got.config.Notes != nil {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A private key in the wrong place is still a secret.
func TestAPrivateKeyAmongTheCertificatesIsMasked(t *testing.T) {
	t.Parallel()
	const key = "-----BEGIN PRIVATE KEY-----\nc3ludGhldGlj\n-----END PRIVATE KEY-----"
	got := load(good(env{"INPUT_CA_CERT": key}), nil)
	if len(got.problems) == 0 || !strings.Contains(got.config.Warnings.Error(), "ca_cert holds a private key") {
		t.Errorf("%v, %v", got.problems, got.config.Warnings)
	}
	for _, secret := range got.secrets {
		if secret.Reveal() == key {
			return
		}
	}
	t.Error("the key is not among the secrets")
}
