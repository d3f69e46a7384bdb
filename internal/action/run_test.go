package action

import (
	"cmp"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Requests of a step.
const (
	list   = "GET /secrets"
	look   = "PATCH /secrets/" + tokenID + " {}"
	rotate = "PATCH /secrets/" + tokenID + ` {"value":"` + value + `"}`
)

// What the vault holds after it.
const (
	asBefore = "TOKEN " + former + " [api.example.com]"
	rotated  = "TOKEN " + value + " [api.example.com]"
	created  = "NEW " + value + " [db.example.com *.example.org]"
)

const hosts = "db.example.com\n*.example.org"

type inputs = map[string]string

// operation is one of testdata/operations.yaml, which tells what its fields are.
type operation struct {
	Name      string       `yaml:"name"`
	Beside    string       `yaml:"beside"`
	With      inputs       `yaml:"with"`
	Requests  []string     `yaml:"requests"`
	Result    string       `yaml:"result"`
	ErrorCode problem.Code `yaml:"error_code"`
	Stored    []string     `yaml:"stored"`
	Title     string       `yaml:"title"`
}

// titled are the tags in a title.
var titled = regexp.MustCompile("</?code>")

func operations(t *testing.T) []operation {
	t.Helper()
	text, err := os.ReadFile("testdata/operations.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.NewReplacer("$TOKEN", tokenID, "$OTHER", otherID, "$VALUE", value, "$FORMER", former)
	decoder := yaml.NewDecoder(strings.NewReader(names.Replace(string(text))))
	decoder.KnownFields(true)
	var all []operation
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Each operation, on a secret that is there and on one that is not, by ID and by
// name: no request is sent but those that it takes, and all that is told of it agrees.
func TestOperationsSendAndSayWhatTheyAreDocumentedTo(t *testing.T) {
	t.Parallel()
	for _, tt := range operations(t) {
		t.Run(tt.Name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			if tt.Beside != "" {
				another := token()
				another.ID, another.EnvKey = otherID, tt.Beside
				s.AddSecret(s.VaultID, another)
			}
			got := s.step(tt.With)
			same(t, "requests", tt.Requests, got.requests)
			if tt.Stored == nil {
				tt.Stored = []string{asBefore}
			}
			same(t, "the vault", tt.Stored, s.stored())
			got.ends(t, min(len(tt.ErrorCode), 1), tt.Result, tt.ErrorCode)
			same(t, "vault_id", s.VaultID, got.outputs["vault_id"])
			title, _, _ := strings.Cut(plainly(got.summary), "\n")
			same(t, "the title of the summary", "### "+tt.Title, titled.ReplaceAllString(strings.ReplaceAll(title, s.VaultID, "$VAULT"), ""))
			if tt.ErrorCode != "" {
				got.advises(t)
			}
			for _, r := range s.Requests() {
				same(t, "User-Agent", "vault-secret/devel", r.Header.Get("User-Agent"))
			}
		})
	}
}

// A second set by name finds what the first one created. Within the second in
// which a secret was written, its updated_at says nothing of a new value.
func TestASecondSetByNameFindsWhatTheFirstCreated(t *testing.T) {
	t.Parallel()
	for later, result := range map[time.Duration]string{0: "updated", time.Minute: "unchanged"} {
		s := newStage(t)
		with := inputs{"env_key": "NEW", "value": value, "allowed_domains": hosts}
		first := s.step(with)
		first.ends(t, 0, "created", "")
		s.Set(func(o *nairitest.Options) { o.Now = func() time.Time { return noon.Add(later) } })
		second := s.step(with)
		second.ends(t, 0, result, "")
		same(t, "secret_id", first.outputs["secret_id"], second.outputs["secret_id"])
		same(t, "the vault", []string{asBefore, created}, s.stored())
	}
}

// A value arrives byte for byte, but for one final new line.
func TestValuesArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	for given, stored := range map[string]string{
		"  two  spaces  ":                "",
		"-@$%&\"'`\\{}[]<>#!*~|;":        "",
		"a%0Ab%25c":                      "",
		"first\nsecond\r\nthird line":    "",
		"a tab\t":                        "",
		"::error::x\n##[stop-commands]y": "",
		"Ünïcode 秘密 🔑\u202e":             "",
		"<a href=\"x\">\u2028&\x01":      "",
		"updated_at":                     "",
		"ab":                             "",
		"line\n":                         "line",
		"line\r\n":                       "line",
		"line\n\n":                       "line\n",
	} {
		s := newStage(t)
		s.step(inputs{"secret_id": tokenID, "value": given})
		same(t, "trimmed", []string{"TOKEN " + cmp.Or(stored, given) + " [api.example.com]"}, s.stored())
		s.step(inputs{"secret_id": tokenID, "value": given, "trim": "none"})
		same(t, "not trimmed", []string{"TOKEN " + given + " [api.example.com]"}, s.stored())
	}
}
