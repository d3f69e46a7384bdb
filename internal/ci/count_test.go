package ci

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/mask"
	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// letters is a text of n letters and digits that says nothing.
func letters(seed uint64, n int) string {
	var b strings.Builder
	for ; b.Len() < n; seed++ {
		for _, r := range samples.Printable(seed, n) {
			if '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
				b.WriteRune(r)
			}
		}
	}
	return b.String()[:n]
}

// joined are n texts with a separator between them.
func joined(n int, between string, text func(i int) string) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = text(i)
	}
	return strings.Join(texts, between)
}

// privateKey is a PEM of n lines, with signs of base64 in each.
func privateKey(n int, between string) string {
	body := joined(n, between, func(i int) string { return letters(uint64(i), 31) + "+" + letters(uint64(i)+90, 31) + "/" })
	return "-----BEGIN PRIVATE KEY-----" + between + body + between + "-----END PRIVATE KEY-----" + between
}

// typical are the values of the table in docs/masking.md.
func typical() map[string]string {
	return map[string]string{
		"an API key, or a token of 40 letters and digits": letters(1, 40),
		"64 hexadecimal digits":                           strings.Repeat("0a1b2c3d4e5f6789", 4),
		"a password of 24 characters, 10 of them signs":   "Xk29!vL@#q%w8(rT)+z/K=mB",
		"the URL of a database":                           "postgres://app_rw:s3cr3t%21Pw9x@db.example.com:5432/app?sslmode=require",
		"the JSON of AWS RDS": `{"username":"app_rw","password":"Xk29;pq!Tz","engine":"postgres",` +
			`"host":"db.c9x.eu-west-3.rds.amazonaws.com","port":5432,"dbname":"billing","dbInstanceIdentifier":"prod-billing"}`,
		"the JSON of a GCP service account": `{"type":"service_account","project_id":"my-project-123456",` +
			`"private_key_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567","private_key":"` + privateKey(26, `\n`) + `",` +
			`"client_email":"deploy@my-project-123456.iam.gserviceaccount.com","client_id":"123456789012345678901",` +
			`"auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token"}`,
		"a private key in 30 lines": privateKey(28, "\n"),
		"30 lines of 40 letters":    joined(30, "\n", func(i int) string { return letters(uint64(i), 40) }),
		"a dotenv file of 20 lines": joined(20, "\n", func(i int) string { return fmt.Sprintf("SERVICE_%d_TOKEN=%s", i, letters(uint64(i), 32)) }),
		"64 KiB on one line":        samples.Printable(1, 64<<10),
	}
}

// Each mask makes every later line of a job cost more, on runners of act's family and on
// GitHub's. So that their number does not grow unseen, the page says it, and this test
// holds the program to it.
func TestNoMoreMasksThanThePageSays(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/masking.md")
	if err != nil {
		t.Fatal(err)
	}
	values := typical()
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (\d+) \| (\d+) \| (\d+) \|$`).FindSubmatch(page)
			if row == nil {
				t.Fatal("the page has no row for it")
			}
			forms := mask.Of(secret.New(value), mask.WithParts(nil, nil))
			for i, lookup := range []env.Lookup{onGitHub, vars("ACT=true"), onGitea} {
				var out bytes.Buffer
				NewConsole(&out, lookup).Mask(forms)
				if n := bytes.Count(out.Bytes(), []byte("\n")); strconv.Itoa(n) != string(row[i+1]) {
					t.Errorf("column %d: %d masks, and the page says %s", i+1, n, row[i+1])
				}
			}
		})
	}
}
